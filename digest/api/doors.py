"""Who may come in: tokens in the header Authorization, each with what it may do. Cookies count for nothing here."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from ninja.security import HttpBearer

from digest import limits
from digest.api import problems
from digest.models import ApiToken, User

Scope = ApiToken.Scope


class ApiRequest(HttpRequest):
    """A request whose token is good."""

    user: User
    auth: ApiToken


class Token(HttpBearer):
    """Made under Account, API tokens. Every operation asks for one scope."""

    openapi_bearerFormat = "pgl_…"  # noqa: N815 (OpenAPI's own name)

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:
        found = super().__call__(request)
        if found is None:
            _spend(f"ip:{limits.address(request)}")
        return found

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        now = timezone.now()
        rows = ApiToken.objects.of(token).in_use(now).filter(user__is_active=True, user__is_lab=False)
        row = rows.select_related("user").first()
        if row is None:
            return None
        _spend(f"user:{row.user_id}")
        row.used(now)
        row.user.seen(now)
        request.user = row.user
        if row.user.interface_language:
            translation.activate(row.user.interface_language)
        if self.scope not in row.scopes:
            raise problems.RefusedError("no-scope")
        return row


def _spend(who: str) -> None:
    if wait := limits.spend("api", who):
        raise problems.RefusedError("too-many", wait=wait)


def searching(request: ApiRequest) -> None:
    """What costs as much as a search counts as one, with those on the pages."""
    if wait := limits.spend("search", limits.reader(request)):
        raise problems.RefusedError("too-many", wait=wait)


READ, WRITE, ACCOUNT = Token(Scope.READ), Token(Scope.WRITE), Token(Scope.ACCOUNT)


def plain(view: Any) -> Any:
    """Around every address of the API: nothing is kept by caches, and a wrong method is told as all else is."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = response["Allow"]
            response = problems.answer("not-allowed")
            response["Allow"] = allowed
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    guarded.csrf_exempt = True  # type: ignore[attr-defined]
    return guarded
