"""Errors that no view answers: pages for people; below /api/ the shape that programs know (RFC 9457)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from digest.api import problems

_DOCUMENTATION = "/api/"


def _answered(kind: str, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def handler(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.path.startswith(_DOCUMENTATION) or request.path == _DOCUMENTATION:
            return page(request, *args, **kwargs)
        return problems.answer(kind)

    return handler


bad_request = _answered("bad-request", defaults.bad_request)
forbidden = _answered("forbidden", defaults.permission_denied)
not_found = _answered("not-found", defaults.page_not_found)
broken = _answered("broken", defaults.server_error)
