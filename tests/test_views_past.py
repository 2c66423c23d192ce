"""digest/views/past.py: past digests by calendar."""

from datetime import date

import pytest
from django.urls import reverse

from digest import reading
from digest.models import CaughtUp, Digest, Entry, Paper


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


def test_a_missed_day_leads_to_the_digest_that_makes_up_for_it(as_bob, bob, bobs_digest):
    CaughtUp.objects.create(user=bob, day=date(2026, 5, 11), digest=bobs_digest)
    assert "Digest 2026-05-12" in past(as_bob)
    answer = as_bob.get(reverse("digest", args=[date(2026, 5, 11)]))
    assert answer["Location"] == reverse("digest", args=[bobs_digest.day])


def test_a_day_that_another_reader_missed_is_not_there(client, charlie, bob, bobs_digest):
    CaughtUp.objects.create(user=bob, day=date(2026, 5, 11), digest=bobs_digest)
    client.force_login(charlie)
    assert client.get(reverse("digest", args=[date(2026, 5, 11)])).status_code == 404


def test_papers_of_a_missed_day_are_marked_with_it(as_bob, bobs_digest):
    Entry.objects.filter(paper__arxiv_id="2605.90001").update(announced_on=date(2026, 5, 11))
    text = as_bob.get(reverse("digest", args=[bobs_digest.day])).content.decode()
    assert text.count("announced 2026-05-11") == 1
