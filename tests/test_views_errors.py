"""digest/views/errors.py: what no view answers is told to programs in their shape, to people as a page."""

import pytest
from django.db import OperationalError
from django.test import Client

from tests.api import ROOT, token


@pytest.fixture
def careless() -> Client:
    """Answers 500 as a server does, where the test client would raise."""
    return Client(raise_request_exception=False)


def problem(answer) -> str:
    assert answer["Content-Type"] == "application/problem+json", answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.json()["status"] == answer.status_code
    return answer.json()["type"]


@pytest.mark.parametrize(
    "path", [f"{ROOT}/nothing", f"{ROOT}/keywords/", "/api/v2/keywords", "/api/nothing/at/all"]
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_address_that_is_none_is_a_problem(db, client, path, method):
    assert problem(getattr(client, method)(path)) == "/api/#not-found"


def test_the_same_for_people_is_a_page(db, client):
    answer = client.get("/nothing/")
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (404, "text/html")


@pytest.mark.parametrize(
    "broken", [OperationalError("the database is gone"), RuntimeError("a mistake of ours")]
)
def test_what_breaks_in_an_operation_is_a_problem_that_tells_nothing(careless, bob, monkeypatch, broken):
    def breaks(*_: object) -> None:
        raise broken

    monkeypatch.setattr("digest.api.digests.reading.with_unread", breaks)
    answer = careless.get(f"{ROOT}/digests", headers={"Authorization": f"Bearer {token(bob)}"})
    assert (answer.status_code, problem(answer)) == (500, "/api/#broken")
    assert str(broken) not in answer.content.decode()


def test_a_database_that_is_gone_is_a_problem_before_the_token_is_read(careless, db, monkeypatch):
    def breaks(*_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("digest.api.doors.ApiToken.objects.of", breaks)
    answer = careless.get(f"{ROOT}/digests", headers={"Authorization": "Bearer pgl_x"})
    assert (answer.status_code, problem(answer)) == (500, "/api/#broken")


def test_a_host_that_is_not_this_one_is_a_problem(db, client):
    answer = client.get(f"{ROOT}/digests", headers={"Host": "elsewhere.example.org"})
    assert (answer.status_code, problem(answer)) == (400, "/api/#bad-request")


def test_a_page_that_breaks_is_a_page(careless, bob, monkeypatch):
    def breaks(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    careless.force_login(bob)
    monkeypatch.setattr("digest.views.past.render", breaks)
    answer = careless.get("/digests/")
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (500, "text/html")
