"""digest/views/past.py: past digests by calendar."""

from datetime import date

import pytest
from django.urls import reverse

from digest import reading
from digest.models import Digest, Paper


@pytest.fixture
def as_bob(client, bob):
    client.force_login(bob)
    return client


def past(client, month: str = "") -> str:
    answer = client.get(reverse("past"), {"month": month} if month else {})
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_the_first_digest_there_is_no_calendar(as_bob):
    assert "There is none yet." in past(as_bob)


def test_a_month_shows_its_digests_with_their_papers(as_bob, bobs_digest):
    text = past(as_bob)
    assert "<caption>May 2026" in text
    assert 'href="/digests/2026-05-12/"' in text
    assert "2 papers" in text
    assert "2 unread" in text


def test_what_is_read_or_hidden_is_not_unread(as_bob, bob, bobs_digest, now):
    reading.mark(bob, Paper.objects.get(arxiv_id="2605.90001"), "read", now)
    assert "1 unread" in past(as_bob)
    reading.mark(bob, Paper.objects.get(arxiv_id="2605.90002"), "hide", now)
    assert "unread" not in past(as_bob)


def test_months_lead_to_their_neighbours(as_bob, bob, bobs_digest, now):
    for day in (date(2026, 3, 31), date(2026, 7, 1)):
        Digest.objects.create(user=bob, day=day, language="ja", published_at=now, changed_at=now)
    text = past(as_bob, "2026-05")
    assert 'rel="prev" href="?month=2026-04"' in text
    assert 'rel="next" href="?month=2026-06"' in text
    assert 'rel="next"' not in past(as_bob, "2026-07")
    assert 'rel="prev"' not in past(as_bob, "2026-03")


@pytest.mark.parametrize("month", ["2030-01", "x", "2026-13", "0000-01", "2026-05-12", "'", "9999-12"])
def test_a_month_that_is_none_is_the_nearest(as_bob, bobs_digest, month):
    assert "<caption>May 2026" in past(as_bob, month)


def test_digests_of_others_are_not_in_the_calendar(client, charlie, bobs_digest):
    client.force_login(charlie)
    assert "There is none yet." in past(client)
