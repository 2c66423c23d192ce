"""worker/posting/webhook.py: JSON, signed, followed a little, and never inside."""

import hashlib
import hmac

import pytest

from tests.listener import Listener
from worker.posting import SendError
from worker.posting.webhook import post

HERE = frozenset({"127.0.0.1"})


@pytest.fixture
def listener():
    with Listener() as listener:
        yield listener


def refused(listener: Listener, path: str, **how: object) -> SendError:
    with pytest.raises(SendError) as caught:
        post(listener.url + path, {"a": 1}, **({"inside": HERE} | how))
    return caught.value


def test_it_is_posted_with_its_key_and_signed(listener):
    post(f"{listener.url}/x", {"title": "强化学习"}, key="one@here", secret="s", inside=HERE)
    ((path, headers, body),) = listener.heard
    assert path == "/x"
    assert listener.bodies == [{"title": "强化学习"}]
    assert headers["Idempotency-Key"] == "one@here"
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Paperglot-Signature"] == "sha256=" + hmac.new(b"s", body, hashlib.sha256).hexdigest()


def test_an_inside_address_hears_nothing(listener):
    error = refused(listener, "/x", inside=frozenset())
    assert error.permanent
    assert "PAPERGLOT_INSIDE_HOSTS" in str(error)
    assert listener.heard == []


def test_a_redirect_to_an_inside_address_is_not_followed(listener):
    listener.answers["/x"] = (307, {"Location": f"http://localhost:{listener.port}/inside"}, b"")
    assert refused(listener, "/x").permanent
    assert [path for path, *_ in listener.heard] == ["/x"]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_posted_to_again(listener, status):
    listener.answers["/x"] = (status, {"Location": "/y"}, b"")
    post(f"{listener.url}/x", {"a": 1}, inside=HERE)
    assert [path for path, *_ in listener.heard] == ["/x", "/y"]
    assert listener.bodies[1] == {"a": 1}


def test_redirects_are_followed_three_times(listener):
    listener.answers["/x"] = (302, {"Location": "/x"}, b"")
    assert "redirect" in str(refused(listener, "/x"))
    assert len(listener.heard) == 4


def test_a_redirect_to_another_protocol_is_not_followed(listener):
    listener.answers["/x"] = (302, {"Location": "file:///etc/passwd"}, b"")
    assert refused(listener, "/x").permanent


def test_a_webhook_that_never_answers_is_tried_again(listener):
    error = refused(listener, "/never", seconds=0.3)
    assert error.unsure
    assert not error.permanent
    assert str(error) == "There was no answer in time."


def test_an_error_of_its_own_is_tried_again_when_it_asks(listener):
    listener.answers["/x"] = (429, {"Retry-After": "90"}, b"")
    error = refused(listener, "/x")
    assert (error.permanent, error.retry_after) == (False, 90)


def test_words_hold_no_address(listener):
    listener.answers["/secret-token"] = (403, {}, b"")
    assert "secret-token" not in str(refused(listener, "/secret-token"))


def test_nobody_there_is_tried_again():
    with pytest.raises(SendError) as caught:
        post("http://127.0.0.1:9/", {}, inside=HERE)
    assert (caught.value.permanent, caught.value.unsure) == (False, False)


def test_a_body_that_is_too_large_is_not_sent(listener):
    with pytest.raises(SendError, match="too large"):
        post(listener.url, {"a": "x" * 2_000_000}, inside=HERE)
    assert listener.heard == []
