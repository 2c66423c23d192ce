"""worker/posting/outside.py: connections go to public addresses only, whatever a name says and when."""

import socket

import pytest
import requests

from tests.listener import Listener
from worker.posting.outside import LARGEST, Session, judged, opened

HERE = frozenset({"127.0.0.1"})


@pytest.fixture
def listener():
    with Listener() as listener:
        yield listener


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "127.1"])
def test_however_it_is_written_an_inside_address_is_not_reached(listener, host):
    with opened(seconds=2) as door, Session() as session, pytest.raises(requests.RequestException):
        session.post(f"http://{host}:{listener.port}/")
    assert listener.heard == []
    assert not door.connected


def test_a_name_is_looked_up_once_and_all_of_its_addresses_count(listener, monkeypatch):
    """A name that means a public and an inside address, or another one a moment later, reaches nothing inside."""
    answers = iter([["93.184.215.14", "127.0.0.1"], ["127.0.0.1"], ["127.0.0.1"]])

    def resolve(host: str, port: int, **_: object) -> list:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(answers)]

    monkeypatch.setattr("worker.posting.outside.socket.getaddrinfo", resolve)
    for _ in range(2):
        with opened(seconds=2) as door, Session() as session, pytest.raises(requests.RequestException):
            session.post(f"http://rebind.example.org:{listener.port}/")
        assert door.refused == "rebind.example.org"
    assert listener.heard == []


def test_what_the_administrator_allows_is_reached(listener):
    with opened(HERE) as door, Session() as session:
        assert session.post(listener.url).status_code == 200
    assert (door.status, door.connected) == (200, True)


def test_without_a_door_nothing_is_reached(listener):
    with Session() as session, pytest.raises(requests.RequestException):
        session.post(listener.url)
    assert listener.heard == []


def test_no_proxy_of_the_environment_is_asked(listener, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with opened(HERE), Session() as session:
        assert session.post(listener.url).status_code == 200


def test_a_huge_answer_is_cut(listener):
    listener.answers["/"] = (200, {"Content-Type": "text/plain"}, b"x" * 5_000_000)
    with opened(HERE), Session() as session:
        assert len(session.post(f"{listener.url}/").content) == LARGEST


def test_an_answer_that_never_comes_is_not_waited_for(listener):
    with opened(HERE, seconds=0.5) as door, Session() as session, pytest.raises(requests.RequestException):
        session.post(f"{listener.url}/never")
    error = judged(door, 0)
    assert error is not None
    assert error.unsure
    assert not error.permanent


def test_an_answer_that_never_ends_is_cut_off(listener):
    with opened(HERE, seconds=0.5) as door, Session() as session:
        session.post(f"{listener.url}/drip")
    assert door.over


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(302, True), (400, True), (404, True), (410, True), (429, False), (500, False), (503, False)],
)
def test_answers_are_judged(listener, status, permanent):
    with opened() as door:
        error = judged(door, status)
    assert error is not None
    assert (error.permanent, error.unsure) == (permanent, False)


@pytest.mark.parametrize("told", ["120", "Tue, 12 May 2026 06:02:00 GMT"])
def test_retry_after_is_heard_as_seconds_and_as_a_date(listener, told):
    listener.answers["/"] = (429, {"Retry-After": told}, b"")
    with opened(HERE) as door, Session() as session:
        session.post(f"{listener.url}/")
    assert door.retry_after == 120 or "GMT" in told
    assert door.retry_after >= 0
