"""Programs that ask the API in tests: each with a token, and what comes back as plain data."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from digest.models import ApiToken, User

SCOPES = ["read", "write", "account"]
ROOT = "/api/v1"


def token(user: User, *scopes: str) -> str:
    return ApiToken.make(user, "a test", list(scopes or SCOPES), timezone.now())[1]


@dataclass
class Program:
    """`ask` answers the response, the methods what is in it; an error is raised where they do not expect it."""

    secret: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        how: dict[str, Any] = {"headers": {"Authorization": f"Bearer {self.secret}"} | headers}
        if body is not None:
            how |= {"data": body, "content_type": "application/json"}
        return getattr(Client(), method)(f"{ROOT}{path}", **how)

    def _json(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.ask(method, path, body)
        assert answer.status_code < 300, answer.content.decode()
        return answer.json() if answer.content else None

    def get(self, path: str) -> Any:
        return self._json("get", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self._json("post", path, body)

    def put(self, path: str, body: Any) -> Any:
        return self._json("put", path, body)

    def patch(self, path: str, body: Any) -> Any:
        return self._json("patch", path, body)

    def delete(self, path: str) -> Any:
        return self._json("delete", path)

    def refused(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        """The status of an error, and what it tells."""
        answer = self.ask(method, path, body)
        assert answer["Content-Type"] == "application/problem+json", answer.content.decode()
        told = answer.json()
        assert told["status"] == answer.status_code
        return answer.status_code, told
