"""Each request's id, for the log; each reader's own zone and language; what staff must have to administrate."""

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from digest import sessions
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
        if request.path.startswith(("/static/", "/f/", "/api/v")):
            return self.get_response(request)  # no session, no cookie for feed readers and programs
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        now = timezone.now()
        user.seen(now)
        sessions.used(request, now)
        language = user.interface_language or translation.get_language() or settings.LANGUAGE_CODE
        with timezone.override(user.zone), translation.override(language):
            request.LANGUAGE_CODE = language
            answer = self.get_response(request)
            answer.headers.setdefault("Content-Language", language)
            return answer


class StaffMiddleware:
    """Where PAPERGLOT_STAFF_SECOND_FACTOR asks for it, nobody administrates by a password alone: they are led to where
    a passkey or an authenticator app is added. Reading needs none."""

    PAGES = ("people", "start", "board")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.guarded = (f"/{settings.ADMIN_PATH}", *(f"/{name}/" for name in self.PAGES), "/sentences/")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STAFF_SECOND_FACTOR and request.path.startswith(self.guarded):
            user = request.user
            if user.is_authenticated and not user.has_second_factor:
                messages.warning(request, _("First add a passkey or an authenticator app: it is asked of all who "
                                            "administrate here."))  # fmt: skip
                return redirect("mfa_index")
        return self.get_response(request)
