"""Errors in one shape, that of RFC 9457 (application/problem+json), whatever goes wrong."""

import re
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from digest.keywords import KeywordError
from digest.limits import told
from digest.models import Channel
from digest.wording import WordedError

MEDIA_TYPE = "application/problem+json"
TYPES = {
    "bad-request": (400, gettext_lazy("The body is no JSON.")),
    "unauthorized": (401, gettext_lazy("No token came with the request, or one that is not good any more.")),
    "no-scope": (403, gettext_lazy("The token has not the scope that the operation asks for.")),
    "forbidden": (403, gettext_lazy("It is not yours to do.")),
    "not-found": (404, gettext_lazy("There is nothing of that name, or it is not yours.")),
    "not-allowed": (405, gettext_lazy("The address knows other methods; Allow has them.")),
    "conflict": (409, gettext_lazy("It does not go with what is there: a limit is reached, a name taken.")),
    "too-large": (413, gettext_lazy("The body is larger than is read.")),
    "invalid": (422, gettext_lazy("Something that was sent is not valid; errors says what and where.")),
    "too-many": (429, gettext_lazy("Too many requests; Retry-After has the seconds to wait.")),
    "broken": (500, gettext_lazy("Something broke here.")),
}
"""What can go wrong: the end of `type`, with its status and what it means."""
DECLARED = (400, 401, 403, 404, 409, 413, 422, 429)
"""Every operation may answer so."""


class Mistake(Schema):
    """One thing that is not valid."""

    where: list[str | int] = Field(description="The way to it: body, query or path, then names and places.")
    message: str
    place: Annotated[int | None, Field(description="Of a rule: the code point at which it goes wrong.")] = (
        None
    )
    caret: Annotated[list[str] | None, Field(description="Of a rule: its text there, and below it a ^.")] = (
        None
    )


class Problem(Schema):
    """An error, as RFC 9457 has it."""

    type: str = Field(
        description="/api/#… says what it means.", json_schema_extra={"format": "uri-reference"}
    )
    title: str
    status: int
    detail: str = Field(description="For people, in the language of Accept-Language, or the reader's own.")
    errors: list[Mistake] = Field(default_factory=list)


class RefusedError(Exception):
    """Raised by an operation; `kind` is one of TYPES."""

    def __init__(self, kind: str, detail: str = "", errors: Sequence[Mistake] = (), wait: int = 0) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.errors, self.wait = kind, detail, list(errors), wait


def answer(kind: str, detail: str = "", errors: Sequence[Mistake] = (), wait: int = 0) -> HttpResponse:
    status, words = TYPES[kind]
    problem = Problem(
        type=f"/api/#{kind}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail or str(words),
        errors=list(errors),
    )
    response = HttpResponse(problem.model_dump_json(exclude_none=True), MEDIA_TYPE, status)
    response["Cache-Control"] = "private, no-store"
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="Paperglot"'
    if wait:
        response["Retry-After"] = str(wait)
    return response


def conflict(error: WordedError) -> RefusedError:
    return RefusedError("conflict", error.said(_))


def mistaken(message: str, *where: str | int) -> RefusedError:
    """Of one field of the body."""
    return RefusedError("invalid", message, [Mistake(where=["body", *where], message=message)])


def bad_rule(error: KeywordError, *where: str | int) -> RefusedError:
    """With the place at which the rule goes wrong."""
    message, caret = error.said(_), [line for line in error.caret if line]
    mistake = Mistake(where=["body", *where], message=message, place=error.place, caret=caret or None)
    return RefusedError("invalid", message, [mistake])


def checked(*forms: BaseForm) -> None:
    """The same checks as on the pages. Raises RefusedError."""
    mistakes = [
        Mistake(where=["body"] if name == "__all__" else ["body", name], message=str(message))
        for form in forms
        if not form.is_valid()
        for name, messages in form.errors.items()
        for message in messages
    ]
    if mistakes:
        raise RefusedError("invalid", " ".join(mistake.message for mistake in mistakes), mistakes)


def wired(api: NinjaAPI) -> None:
    """Whatever an operation raises becomes an answer of this shape."""

    def of_schema(_request: HttpRequest, error: Any) -> HttpResponse:
        mistakes = [Mistake(where=_way(e["loc"]), message=str(e["msg"])) for e in error.errors]
        return answer("invalid", errors=mistakes)

    def of_http(_request: HttpRequest, error: Any) -> HttpResponse:
        kind = next((kind for kind, row in TYPES.items() if row[0] == error.status_code), "bad-request")
        return answer(kind)

    def refused(_request: HttpRequest, error: Any) -> HttpResponse:
        return answer(
            error.kind, error.detail or (told(error.wait) if error.wait else ""), error.errors, error.wait
        )

    api.add_exception_handler(ValidationError, of_schema)
    api.add_exception_handler(HttpError, of_http)
    api.add_exception_handler(RefusedError, refused)
    for kind, raised in (
        ("unauthorized", AuthenticationError),
        ("forbidden", PermissionDenied),
        ("not-found", Http404),
        ("too-large", RequestDataTooBig),
    ):
        api.add_exception_handler(raised, partial(_plain, kind))


def _plain(kind: str, _request: HttpRequest, _error: Any) -> HttpResponse:
    return answer(kind)


def _way(place: Sequence[str | int]) -> list[str | int]:
    """Where in a request; the name that the body has in the code is nobody's business, nor what pydantic calls the
    choices that a value has: its type (`literal['any']`), or of a channel its kind."""
    return [
        part
        for number, part in enumerate(place)
        if not (place[0] == "body" and ((number, part) in _UNSAID or _CHOICE.search(str(part))))
    ]


_UNSAID = {(1, "given"), *((2, kind) for kind in Channel.Kind.values)}
_CHOICE = re.compile(r"^(constrained-|function-|literal\[|nullable\[)")
