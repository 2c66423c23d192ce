"""A form that was sent after the session had ended: what was typed is kept, and offered again after logging in.

It lies in the new session, with the address that it was sent to. Passwords, files, and addresses of chats and webhooks
(they hold tokens) are never kept.
"""

import re
import secrets
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import resolve_url
from django.urls import reverse

KEY = "unsent"
SENT = "_unsent"
"""The hidden field of a form that is sent again: which of the kept it is."""
MOST = 5
LONGEST = 512 * 1024
"""Characters of one form; a longer one is not kept, and its reader is told."""
ENTRANCE = ("/accounts/", "/login/", "/logout/", "/setup/")
_BESIDE = {"keyword-suggest", "start-models"}
"""Pieces that pages with forms ask for by themselves. To lead to the log-in from there would lose what is being typed;
the form itself, when it is sent, leads there and is kept."""
_NEVER = ("password", "csrfmiddlewaretoken", "token", "secret", "code", "credential", "address")
_MAIL = re.compile(r"[^\s/:@]+@[^\s/:@]+")
"""A mail address, which is no secret; a chat's has `://`."""


class Unsent(NamedTuple):
    key: str
    path: str
    fields: list[tuple[str, str]]
    files: list[str]
    withheld: bool
    """Whether something that was typed is not kept, since it may be a secret."""


class UnsentMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if _asks_to_log_in(request, answer):
            return _to_log_in(request, answer)
        if request.method == "POST" and SENT in request.POST and answer.status_code < 400:
            discard(request, request.POST[SENT])
        return answer


def _asks_to_log_in(request: HttpRequest, answer: HttpResponse) -> bool:
    """Whether it is a page behind a log-in that sends somebody there, the admin's included."""
    if answer.status_code != 302:
        return False
    where = urlsplit(answer["Location"])
    doors = (resolve_url(settings.LOGIN_URL), reverse("admin:login"))
    return where.path in doors and parse_qs(where.query).get("next") == [request.get_full_path()]


def _to_log_in(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    htmx = request.headers.get("HX-Request")
    if request.method == "POST" and not request.user.is_authenticated and keep(request):
        answer["Location"] = _login(reverse("unsent"))
    elif htmx:  # what it asks for is a piece of a page; the page is where one wants to be
        answer["Location"] = _login(urlsplit(request.headers.get("HX-Current-URL", "")).path or "/")
    asked = request.resolver_match.url_name if request.resolver_match else ""
    if htmx and request.method == "GET" and asked in _BESIDE:
        return HttpResponse(status=204)
    if htmx:  # else it would put the log-in where the piece is
        return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})
    return answer


def _login(after: str) -> str:
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': after})}"


def keep(request: HttpRequest) -> bool:
    """Keep what was sent; False where it is too much, there are too many, or nobody typed it: it is about logging in,
    or a script's, which loads its page again."""
    if request.path.startswith(ENTRANCE) or request.headers.get("Accept") == "application/json":
        return False
    data = request.POST.copy()
    withheld = False
    for name in list(data):
        values = data.getlist(name)
        if name == SENT or _secret(name, values):
            withheld |= name not in (SENT, "csrfmiddlewaretoken") and any(values)
            del data[name]
    text = data.urlencode()
    if len(text) > LONGEST or not ratelimit.consume(request, action="unsent"):
        return False
    row = [
        secrets.token_hex(4),
        request.get_full_path(),
        text,
        [str(file) for file in request.FILES.values()],
        withheld,
    ]
    request.session[KEY] = [*request.session.get(KEY, []), row][-MOST:]
    return True


def _secret(name: str, values: list[str]) -> bool:
    if name == "address" and all(_MAIL.fullmatch(value) for value in values):
        return False
    return any(word in name.lower() for word in _NEVER)


def kept(request: HttpRequest) -> list[Unsent]:
    found = []
    for key, path, text, files, *withheld in request.session.get(KEY, []):
        data: Any = QueryDict(text)
        fields = [(name, value) for name, values in data.lists() for value in values]
        found.append(Unsent(key, path, fields, files, any(withheld)))
    return found


def discard(request: HttpRequest, key: str) -> None:
    rows = [row for row in request.session.get(KEY, []) if row[0] != key]
    if rows:
        request.session[KEY] = rows
    else:
        request.session.pop(KEY, None)
