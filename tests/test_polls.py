"""digest/polls.py: polls of feeds are counted without a write for each."""

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from digest import polls
from digest.models import FeedToken, Tally


@pytest.fixture
def address(bobs_digest, bob) -> str:
    return reverse("feed", args=[FeedToken.make(bob)[1], "all", "atom"])


def totals() -> dict[str, float]:
    return dict(Tally.objects.filter(name="feed_answers").values_list("label", "total"))


def test_answers_are_counted_by_status(address, client, bob):
    answer = client.get(address)
    client.get(address, headers={"if-none-match": answer["ETag"]})
    client.get(reverse("feed", args=["guessed", "all", "atom"]))
    FeedToken.objects.update(revoked_at=timezone.now())
    client.get(address)
    polls.write()
    assert totals() == {"200": 1, "304": 1, "404": 1, "410": 1}


def test_a_poll_writes_nothing_for_its_count(address, client):
    client.get(address)
    assert totals() == {}


def test_now_and_then_what_was_counted_is_written(address, client, monkeypatch):
    client.get(address)
    monkeypatch.setattr(polls, "EVERY", 0)
    client.get(address)
    assert totals() == {"200": 2}


def test_what_can_not_be_written_is_written_later(db, monkeypatch):
    def locked(*_: object) -> None:
        raise DatabaseError

    polls.count(200)
    with monkeypatch.context() as patch:
        patch.setattr(Tally, "add", locked)
        polls.write()
    polls.count(200)
    polls.write()
    assert totals() == {"200": 2}
