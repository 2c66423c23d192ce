"""Every operation of the API, as its own list has them: nobody gets in, a token does no more than it may, and with
charlie's token nothing of bob's comes out or changes. An operation that is new is walked too, or this fails."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from digest.api import api
from digest.models import ApiToken, Digest, Segment, User
from tests.api import ROOT, SCOPES, Program, token
from tests.test_access import PRIVATE, bobs, everything_of  # noqa: F401

OPERATIONS = sorted(
    (method, path, told["security"][0]["Token"][0])
    for path, methods in api.get_openapi_schema(path_prefix=f"{ROOT}/")["paths"].items()
    for method, told in methods.items()
)
ARGUMENTS = {
    "arxiv_id": lambda bob, path: "2605.90001",
    "day": lambda bob, path: (
        (bob.labs.get().reader if "/labs/" in path else bob).digests.get().day.isoformat()
    ),
    "slug": lambda bob, path: bob.labs.get().slug,
    "pk": lambda bob, path: OWNED[re.search(r"([a-z]+)/\{pk\}", path)[1]](bob, path),
}
OWNED = {
    "keywords": lambda bob, path: (
        (bob.labs.get().reader if "/labs/" in path else bob).subscriptions.first().pk
    ),
    "feeds": lambda bob, path: bob.feed_tokens.get().pk,
    "channels": lambda bob, path: (bob.labs.get().reader if "/labs/" in path else bob).channels.get().pk,
    "deliveries": lambda bob, path: (
        (bob.labs.get().reader if "/labs/" in path else bob).channels.get().deliveries.get().pk
    ),
    "tags": lambda bob, path: bob.tags.get().pk,
    "tokens": lambda bob, path: bob.api_tokens.first().pk,
    "papers": lambda bob, path: bob.lab_papers.get().pk,
    "members": lambda bob, path: bob.memberships.get().pk,
    "invitations": lambda bob, path: bob.invitations.get().pk,
    "sentences": lambda bob, path: Segment.objects.exclude(sentence=None).first().pk,
}
"""By the word before {pk}: which row of bob's is asked for."""
BODIES: dict[str, Any] = {
    "post /export": {"ids": ["2605.90001"], "format": "bib"},
    "post /keywords": {"rule": "charlie's own"},
    "post /keywords/try": {"rule": "robot"},
    "post /labs": {"name": "Charlie's"},
    "post /rules": {"text": "robot"},
    "post /channels": {"kind": "mail", "address": "charlie@example.org"},
    "post /labs/{slug}/keywords": {"rule": "robot"},
    "post /labs/{slug}/channels": {"kind": "webhook", "address": "https://hooks.example.org/"},
    "post /labs/{slug}/rules": {"text": "robot"},
    "post /labs/{slug}/papers": {"arxiv_id": "2605.90001"},
    "put /keywords/order": {"ids": [1, 2, 3]},
    "put /labs/{slug}/keywords/order": {"ids": [1, 2, 3]},
    "put /labs/{slug}/papers/{pk}/interest": {"interested": True},
    "put /sentences/{pk}/correction": {"text": "better"},
    "patch /labs/{slug}/keywords/{pk}": {"paused": True},
    "patch /labs/{slug}/members/{pk}": {"role": "member"},
    "patch /tags/{pk}": {"name": "charlie's"},
    "patch /keywords/{pk}": {"label": "charlie's"},
    "patch /labs/{slug}": {"name": "charlie's"},
}
QUERIES = {
    "file": "?format=json",
    "citation": "?format=json",
    "suggestions": "?q=robot",
    "rules": "?format=json",
}
MINE = ("{pk}", "{slug}", "{day}")
"""What has these in its address is one reader's, or one lab's."""
FOR_EDITORS = "/sentences/"


def address(bob: User, path: str) -> str:
    filled = re.sub(r"\{(\w+)\}", lambda found: str(ARGUMENTS[found[1]](bob, path)), path)
    return filled.removeprefix(ROOT) + QUERIES.get(path.rpartition("/")[2], "")


def body(method: str, path: str) -> Any:
    given = BODIES.get(f"{method} {path.removeprefix(ROOT)}", {})
    return None if method in ("get", "delete") else given


@pytest.fixture
def his(bobs):  # noqa: F811
    """Their lab has a digest too."""
    own = bobs.digests.get()
    Digest.objects.create(user=bobs.labs.get().reader, day=own.day, language="ja", published_at=own.published_at,
                          changed_at=own.changed_at)  # fmt: skip
    return bobs


def each(try_one: Callable[[str, str, str], str | None]) -> dict[str, str]:
    """What is wrong, by operation; whatever one has changed is taken back before the next."""
    wrong = {}
    for method, path, scope in OPERATIONS:
        with transaction.atomic():
            told = try_one(method, path, scope)
            transaction.set_rollback(True)
        if told:
            wrong[f"{method} {path}"] = told
    return wrong


def test_the_operations_are_those_of_the_url_table():
    """What Django routes to the API is in the document, operation by operation."""
    routed = [
        method
        for router in api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
        for method in operation.methods
    ]
    assert len(routed) == len(OPERATIONS) > 60


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer pgl_guessed"}, {"Authorization": "Basic Ym9i"}]
)
def test_nobody_gets_in(his, headers):
    def wrong(method: str, path: str, _scope: str) -> str | None:
        answer = Client(headers=headers).generic(
            method.upper(), ROOT + address(his, path), b"{}", "application/json"
        )
        known = answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")
        return None if known and answer.json()["type"] == "/api/#unauthorized" else answer.content.decode()

    before = everything_of(his)
    assert each(wrong) == {}
    assert everything_of(his) == before


def test_a_session_opens_nothing(client, his):
    client.force_login(his)

    def wrong(method: str, path: str, _scope: str) -> str | None:
        status = client.generic(method.upper(), ROOT + address(his, path)).status_code
        return None if status == 401 else str(status)

    assert each(wrong) == {}


def test_a_token_does_no_more_than_it_may(his):
    lacking = {scope: Program(token(his, *(name for name in SCOPES if name != scope))) for scope in SCOPES}

    def wrong(method: str, path: str, scope: str) -> str | None:
        status, told = lacking[scope].refused(method, address(his, path), body(method, path))
        return None if (status, told["type"]) == (403, "/api/#no-scope") else f"{status} {told}"

    assert each(wrong) == {}


def test_charlie_gets_and_changes_nothing_of_bobs(his, charlie):
    program = Program(token(charlie))
    before = everything_of(his)

    def wrong(method: str, path: str, _scope: str) -> str | None:
        answer = program.ask(method, address(his, path), body(method, path))
        text = answer.content.decode()
        if PRIVATE in text or everything_of(his) != before:
            return f"it is bob's: {text}"
        if FOR_EDITORS in path:
            good = answer.status_code == 403
        elif "{arxiv_id}" not in path and any(part in path for part in MINE):
            good = answer.status_code == 404
        else:
            good = answer.status_code < 300 or answer.status_code in (404, 409)
        return None if good else f"{answer.status_code} {text}"

    assert each(wrong) == {}


def test_bob_gets_to_what_is_his(his):
    """Else the 404s above might be those of an address that is wrong."""
    his.is_superuser = True
    his.save()
    program = Program(token(his))

    def wrong(method: str, path: str, _scope: str) -> str | None:
        answer = program.ask(method, address(his, path), body(method, path))
        good = answer.status_code < 300 or answer.status_code in (409, 422)
        return None if good else f"{answer.status_code} {answer.content.decode()}"

    assert each(wrong) == {}


def test_a_reader_who_is_gone_gets_nothing(his):
    program = Program(token(his))
    User.objects.filter(pk=his.pk).update(is_active=False)
    assert program.ask("get", "/keywords").status_code == 401


def test_the_hash_of_a_token_opens_nothing(his):
    assert Program(ApiToken.objects.first().digest).ask("get", "/keywords").status_code == 401
