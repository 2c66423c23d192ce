"""Each reader's own zone and interface language, for the pages they see."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


class ReaderMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(("/static/", "/f/", "/api/v")):
            return self.get_response(request)  # no session, no cookie for feed readers and programs
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
