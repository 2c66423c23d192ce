"""worker/posting/chat.py: apprise's services, over real sockets, and only out."""

import logging

import pytest

from digest.channels import SERVICES
from tests.listener import Listener
from worker.posting import SendError
from worker.posting.chat import room, send

HERE = frozenset({"127.0.0.1"})


@pytest.fixture
def listener():
    with Listener() as listener:
        yield listener


@pytest.fixture
def refused(listener):
    def refused(path: str, **how: object) -> SendError:
        with pytest.raises(SendError) as caught:
            send(f"json://127.0.0.1:{listener.port}{path}", "T", "b", **({"inside": HERE} | how))
        return caught.value

    return refused


@pytest.mark.parametrize(
    "address", ["ntfy://127.0.0.1:{}/topic", "mmost://127.0.0.1:{}/abcdefghij", "json://127.0.0.1:{}/x",
                "gotify://127.0.0.1:{}/abcdefghijklmno", "bark://127.0.0.1:{}/device"]
)  # fmt: skip
def test_a_message_arrives_once(listener, address):
    send(address.format(listener.port), "arXiv: 2 papers", "强化学习\n• Title", inside=HERE)
    ((_path, _headers, body),) = listener.heard
    assert "强化学习" in body.decode("unicode_escape", "replace") or "强化学习" in body.decode()


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_example_is_an_address(service):
    assert 900 <= room(service.example) <= service.most


def test_an_inside_address_hears_nothing(listener, refused):
    error = refused("/x", inside=frozenset())
    assert error.permanent
    assert "PAPERGLOT_INSIDE_HOSTS" in str(error)
    assert listener.heard == []


def test_redirects_are_not_followed(listener, refused):
    listener.answers["/x"] = (302, {"Location": f"http://localhost:{listener.port}/inside"}, b"")
    assert refused("/x").permanent
    assert [path for path, *_ in listener.heard] == ["/x"]


def test_a_service_that_never_answers_is_tried_again(refused):
    error = refused("/never", seconds=0.3)
    assert (error.permanent, error.unsure) == (False, True)


@pytest.mark.parametrize(("status", "permanent"), [(500, False), (404, True), (429, False)])
def test_refusals_are_judged(listener, refused, status, permanent):
    listener.answers["/x"] = (status, {"Retry-After": "60"}, b"{}")
    error = refused("/x")
    assert (error.permanent, error.retry_after) == (permanent, 60 if status != 404 else 0)
    assert len(listener.heard) == 1


def test_a_huge_answer_harms_nobody(listener):
    listener.answers["/x"] = (200, {}, b"x" * 5_000_000)
    send(f"json://127.0.0.1:{listener.port}/x", "T", "b", inside=HERE)


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "syslog://", "dbus://", "mailto://a:b@example.org", "slack://nonsense", "exec://x",
     "slack://T0000000A/B0000000A/abcdefghijklmnopqrstuvwx/#a?template=/etc/passwd"],
)  # fmt: skip
def test_what_is_no_chat_is_refused_for_good(address):
    with pytest.raises(SendError) as caught:
        send(address, "T", "b")
    assert caught.value.permanent


def test_two_recipients_in_one_address_are_refused(listener):
    with pytest.raises(SendError, match="several recipients"):
        send(f"ntfy://127.0.0.1:{listener.port}/one/two", "T", "b", inside=HERE)
    assert listener.heard == []


def test_nothing_secret_is_logged(listener, caplog):
    caplog.set_level(logging.DEBUG)
    listener.answers["/hooks/secrettoken"] = (500, {}, b"")
    with pytest.raises(SendError) as caught:
        send(f"mmost://127.0.0.1:{listener.port}/secrettoken", "T", "b", inside=HERE)
    assert "secrettoken" not in str(caught.value)
    assert "secrettoken" not in " ".join(r.getMessage() for r in caplog.records if r.levelno >= logging.INFO)
