"""digest/views/status.py: where things stand, as a reader understands it."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from digest.arxiv_days import EASTERN
from digest.following import follow
from digest.models import Alert, Category
from tests.ledgers import MONDAY, TUESDAY, category, row, seen
from tests.steps import queries


@pytest.fixture
def as_bob(client, bob, time_machine, now):
    time_machine.move_to(now)
    bob.time_zone = "Asia/Shanghai"
    bob.save()
    client.force_login(bob)
    return client


def status(client) -> str:
    """What the page says, without its markup."""
    answer = client.get(reverse("status"))
    assert answer.status_code == 200
    text = re.sub(r"<[^>]+>", "", answer.content.decode())
    return " ".join(text.replace("&#x27;", "'").split())


# --- the digest -------------------------------------------------------------------------------


def test_todays_digest_is_in(as_bob, bobs_digest):
    text = status(as_bob)
    assert (
        "✓ 2026-05-12: 2 papers, published 2026-05-12 14:00 Asia/Shanghai (2026-05-12 02:00 US Eastern)"
        in text
    )
    assert reverse("digest", args=[TUESDAY]) in as_bob.get(reverse("status")).content.decode()


def test_a_digest_that_is_not_in_says_what_it_waits_for(as_bob, bob, now):
    follow(bob, "robot")
    row("cs.LG", count=3)
    row("cs.AI", state="stale")
    row("cs.RO", state="missing")
    bob.digests.create(day=MONDAY, language="ja", published_at=now, changed_at=now)
    text = status(as_bob)
    assert "The digest of 2026-05-12 is not here yet. It waits for cs.AI." in text
    assert "The one before it: 2026-05-11, 0 papers" in text


def test_a_digest_whose_papers_are_here_is_on_its_way(as_bob, bob):
    follow(bob, "robot")
    bob.delivery_hour = 18
    bob.save()
    row("cs.LG", state="early", count=3)
    text = status(as_bob)
    assert "it appears once they are matched and translated" in text
    assert "You have asked for it not before 18:00 of your day." in text


def test_a_reader_without_keywords_is_told(as_bob):
    row("cs.LG")
    assert "You follow no keyword yet" in status(as_bob)


def test_the_digest_of_another_reader_is_not_ones_own(client, charlie, bobs_digest, time_machine, now):
    time_machine.move_to(now)
    client.force_login(charlie)
    assert "is not here yet" in status(client)


# --- categories -------------------------------------------------------------------------------


def test_a_whole_category_says_its_counts(as_bob):
    row("cs.LG", count=1101)
    assert "✓ cs.LG 1101 of 1101 papers" in status(as_bob)


def test_a_stale_one_says_when_it_is_asked_again_in_both_zones(as_bob):
    at = datetime(2026, 5, 12, 2, 40, tzinfo=EASTERN)
    row("cs.AI", state="stale", next_try_at=at)
    Category.objects.update(next_fetch_at=at + timedelta(hours=1))
    told = "asked again at 02:40 US Eastern (14:40 Asia/Shanghai)"
    assert f"! cs.AI arXiv's feed still showed the day before; {told}" in status(as_bob)


def test_another_day_is_said_with_its_date(as_bob):
    row("cs.AI", state="empty", next_try_at=datetime(2026, 5, 12, 21, 40, tzinfo=EASTERN))
    assert "asked again at 21:40 US Eastern (2026-05-13 09:40 Asia/Shanghai)" in status(as_bob)


def test_one_that_was_made_good_says_how(as_bob, now):
    turned = datetime(2026, 5, 12, 0, 4, tzinfo=EASTERN)
    documents = [seen(turned, "stale", stored=0), seen(turned + timedelta(hours=1), source="catchup")]
    row("cs.AI", count=3, seen=documents, complete_at=turned + timedelta(minutes=56))
    assert (
        "cs.AI 3 of 3 papers; its feed was stale until 01:00 ET, taken from arXiv's catch-up page"
        in status(as_bob)
    )


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("expected", "… cs.LG not there yet"),
        ("early", "◔ cs.LG 3 of 3 papers, from the listing page before the feed"),
        ("partial", "! cs.LG only 3 of 3 papers could be read"),
        ("missing", "✗ cs.LG no source could bring this day"),
        ("holiday", "– cs.LG arXiv had a holiday"),
    ],
)
def test_every_state_is_said(as_bob, state, words):
    row("cs.LG", state=state, count=3)
    assert words in status(as_bob)


def test_one_that_is_due_is_being_asked(as_bob, now):
    category("cs.LG", next_fetch_at=now)
    assert "· cs.LG not there yet; being asked now" in status(as_bob)


def test_what_arxiv_answered_instead_is_said_once_it_failed(as_bob, now):
    category("cs.LG", failures=2, last_error="<b>arXiv answered 503.", next_fetch_at=now + timedelta(hours=1))
    assert "&lt;b&gt;arXiv answered 503." in as_bob.get(reverse("status")).content.decode()


def test_many_categories_take_as_many_queries_as_one(as_bob):
    row("cs.LG")
    few = queries(lambda: status(as_bob))
    for code in ("cs.AI", "cs.RO", "cs.CL"):
        row(code)
    assert queries(lambda: status(as_bob)) == few


# --- the next announcement --------------------------------------------------------------------


def test_the_next_announcement_is_said_in_both_zones(as_bob):
    text = status(as_bob)
    assert (
        "2026-05-13, Wednesday: out at 2026-05-13 08:00 Asia/Shanghai (2026-05-12 20:00 US Eastern)" in text
    )
    assert "turn to it at 2026-05-13 12:00 Asia/Shanghai (2026-05-13 00:00 US Eastern)" in text
    assert "arXiv announces nothing" not in text


def test_a_weekend_on_the_way_is_named(as_bob, time_machine):
    time_machine.move_to("2026-05-15T23:00:00Z")
    text = status(as_bob)
    assert "2026-05-18, Monday" in text
    assert "arXiv announces nothing on Friday and Saturday evening." in text


def test_a_holiday_on_the_way_is_named(as_bob, bob, time_machine):
    time_machine.move_to("2026-11-26T12:00:00Z")
    as_bob.force_login(bob)
    text = status(as_bob)
    assert "2026-11-30, Monday: out at" in text
    assert "2026-11-27, Friday has no announcement (holiday: Thanksgiving)." in text


# --- the page ---------------------------------------------------------------------------------


def test_an_open_alert_is_a_banner(as_bob):
    row("cs.LG")
    Alert.objects.create(day=date(2026, 5, 8), text="cs.LG is late.", raised_at=timezone.now())
    assert "cs.LG is late." in status(as_bob)
    Alert.objects.update(closed_at=timezone.now())
    assert "cs.LG is late." not in status(as_bob)


def test_an_installation_that_follows_nothing_says_so(as_bob, bob):
    follow(bob, "robot")
    assert "No category is followed yet" in status(as_bob)


def test_every_page_leads_to_it(as_bob):
    assert f'href="{reverse("status")}"' in as_bob.get(reverse("account")).content.decode()
