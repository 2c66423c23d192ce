"""Each request's id, for the log; each reader's own zone and interface language, for the pages they see."""

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from digest.log import about

_SANE = re.compile(r"[\w.-]{8,64}", re.ASCII)


class RequestIdMiddleware:
    """The id that a proxy gave the request (X-Request-ID), or a new one: in each line of the log, and in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        told = given if _SANE.fullmatch(given) else uuid.uuid4().hex
        request.request_id = told  # type: ignore[attr-defined]
        with about(request=told):
            answer = self.get_response(request)
        answer["X-Request-ID"] = told
        return answer


class ReaderMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(("/static/", "/f/")):
            return self.get_response(request)  # no session, no cookie for feed readers
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        user.seen(timezone.now())
        language = user.interface_language or translation.get_language() or settings.LANGUAGE_CODE
        with timezone.override(user.zone), translation.override(language):
            request.LANGUAGE_CODE = language
            answer = self.get_response(request)
            answer.headers.setdefault("Content-Language", language)
            return answer
