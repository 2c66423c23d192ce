"""worker/fetch.py with arXiv's listing pages: the day is read at 20:05 Eastern, hours before its feed."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta

import pytest

from digest.arxiv_days import announced, feeds_turn
from digest.models import Announcement, Category, Listing, PaperVersion, Run
from tests.conftest import DATA
from tests.documents import Document
from tests.listings import listing
from tests.replica import Reply
from worker.arxiv.client import Client
from worker.fetch import fetch_next
from worker.schedule import AFTER_ANNOUNCEMENT, AFTER_TURN

TUESDAY, WEDNESDAY = date(2026, 5, 12), date(2026, 5, 13)
EVENING = announced(WEDNESDAY) + AFTER_ANNOUNCEMENT
"""20:05 Eastern on Tuesday: 08:05 on Wednesday in Beijing."""


@pytest.fixture
def category(db) -> Category:
    """cs.LG, whose Tuesday is whole."""
    category = Category.objects.create(code="cs.LG", followed=True, next_fetch_at=EVENING)
    Announcement.objects.create(category=category, day=TUESDAY, state="complete", first_seen_at=EVENING)
    return category


@pytest.fixture
def tomorrow() -> Document:
    document = Document(day=WEDNESDAY).add("2605.91001").add("2605.91002", version=0)
    return document.add("2605.90007", announce_type="cross", version=2)


def row(day: date = WEDNESDAY) -> Announcement:
    return Announcement.objects.get(day=day)


def test_the_days_papers_are_here_by_breakfast_in_beijing(category, arxiv, replica, tomorrow):
    replica.answers("/list/cs.LG/new", listing(tomorrow))
    assert fetch_next(arxiv, EVENING)
    assert (row().state, row().declared, row().stored) == ("complete", 3, 3)
    assert [d["source"] for d in row().seen] == ["listing"]


def test_a_new_paper_whose_version_no_link_tells_is_the_first(category, arxiv, replica, tomorrow):
    replica.answers("/list/cs.LG/new", listing(tomorrow))
    fetch_next(arxiv, EVENING)
    found = PaperVersion.objects.values_list("paper__arxiv_id", "number")
    assert dict(found) == {"2605.91001": 1, "2605.91002": 1, "2605.90007": 2}


def test_a_replacement_without_a_version_waits_and_the_day_can_be_read(category, arxiv, replica, tomorrow):
    tomorrow.add("2605.80001", announce_type="replace", version=0)
    replica.answers("/list/cs.LG/new", listing(tomorrow))
    fetch_next(arxiv, EVENING)
    assert (row().state, row().declared, row().stored, row().readable) == ("early", 4, 3, True)
    assert row().note == "1 replacements wait for a source that tells their version."


def test_the_feed_completes_what_the_listing_began(category, arxiv, replica, tomorrow):
    tomorrow.add("2605.80001", announce_type="replace", version=0)
    replica.answers("/list/cs.LG/new", listing(tomorrow))
    fetch_next(arxiv, EVENING)
    tomorrow.items[1].version, tomorrow.items[3].version = 1, 4
    replica.answers("/rss/cs.LG", tomorrow.rss())
    assert fetch_next(arxiv, feeds_turn(WEDNESDAY) + AFTER_TURN)
    assert (row().state, row().stored) == ("complete", 4)
    assert Listing.objects.filter(announcement=row()).count() == 4
    assert [d["source"] for d in row().seen] == ["listing", "rss"]


def test_the_same_text_by_both_sources_is_one_version(category, arxiv, replica, tomorrow):
    replica.answers("/list/cs.LG/new", listing(tomorrow))
    fetch_next(arxiv, EVENING)
    tomorrow.items[1].version = 1
    replica.answers("/rss/cs.LG", tomorrow.rss())
    fetch_next(arxiv, feeds_turn(WEDNESDAY) + AFTER_TURN)
    assert PaperVersion.objects.count() == 3


def test_a_listing_that_still_shows_today_is_asked_again_soon(category, arxiv, replica):
    replica.answers("/list/cs.LG/new", listing(Document(day=TUESDAY).add()))
    fetch_next(arxiv, EVENING)
    assert not Announcement.objects.filter(day=WEDNESDAY).exists()
    category.refresh_from_db()
    assert category.next_fetch_at == EVENING + timedelta(minutes=10)


def test_after_the_listing_the_feed_is_asked_at_its_turn(category, arxiv, replica, tomorrow):
    replica.answers("/list/cs.LG/new", listing(tomorrow))
    fetch_next(arxiv, EVENING)
    category.refresh_from_db()
    assert category.next_fetch_at == feeds_turn(WEDNESDAY) + AFTER_TURN


def test_a_list_of_several_pages_is_read_whole(category, arxiv, replica):
    document = Document(day=WEDNESDAY)
    for number in range(5):
        document.add(f"2605.9100{number}")
    replica.answers("/list/cs.LG/new", listing(document, shown=3))
    rest = Document(day=WEDNESDAY, items=document.items[3:])
    page = listing(rest).replace(b"Total of 2 entries", b"Total of 5 entries")
    replica.answers(
        "/list/cs.LG/new?skip=3&show=2000",
        page.replace(b"item2'>[2]", b"item5'>[5]").replace(b"item1'>[1]", b"item4'>[4]"),
    )
    fetch_next(arxiv, EVENING)
    assert (row().state, row().declared, row().stored) == ("complete", 5, 5)


def test_where_todays_feed_is_still_wanted_it_is_asked_too(category, arxiv, replica, tomorrow):
    Announcement.objects.update(state="stale")
    replica.answers("/list/cs.LG/new", listing(tomorrow))
    replica.answers("/rss/cs.LG", Document(day=TUESDAY).add("2605.90001").rss())
    fetch_next(arxiv, EVENING)
    assert (row().state, row(TUESDAY).state) == ("complete", "complete")


def test_a_listing_that_can_not_be_read_does_not_keep_todays_feed_away(category, arxiv, replica):
    Announcement.objects.update(state="stale")
    replica.answers("/rss/cs.LG", Document(day=TUESDAY).add("2605.90001").rss())
    fetch_next(arxiv, EVENING)
    assert row(TUESDAY).state == "complete"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Reply(b"<html><body>Please prove that you are human</body></html>"), id="captcha"),
        pytest.param(Reply(status=503), id="busy"),
        pytest.param(Reply(b"<html><body><h3>Showing new", headers={}), id="cut"),
    ],
)
def test_a_listing_that_can_not_be_read_is_told_and_tried_again(category, arxiv, replica, answer):
    replica.answers("/list/cs.LG/new", answer)
    fetch_next(arxiv, EVENING)
    category.refresh_from_db()
    assert category.failures == 1
    assert category.last_error
    assert category.next_fetch_at > EVENING
    assert not Announcement.objects.filter(day=WEDNESDAY).exists()


@pytest.mark.parametrize(("hours", "told"), [(25, "25 hours ahead of"), (-25, "25 hours behind")])
def test_a_clock_that_is_off_by_a_day_is_on_the_board(category, replica, tomorrow, hours, told):
    replica.answers("/list/cs.LG/new", listing(tomorrow))
    clock = datetime.now(UTC) + timedelta(hours=hours, minutes=1)
    fetch_next(Client(nullcontext, base_url=replica.url, clock=lambda: clock), EVENING)
    assert told in Run.objects.get().error


def test_a_clock_that_is_right_is_not_mentioned(category, arxiv, replica, tomorrow):
    replica.answers("/list/cs.LG/new", listing(tomorrow))
    fetch_next(arxiv, EVENING)
    assert Run.objects.get().error == ""


# --- the other format of the feed ---------------------------------------------------------------

ATOM = (DATA / "cs.LG.atom.xml").read_bytes()
MORNING = feeds_turn(TUESDAY) + AFTER_TURN


@pytest.mark.parametrize(
    "answer", [Reply(b"<html><body>a captcha</body></html>"), Reply(status=404), Reply(status=500), b"<rss"]
)
def test_where_the_rss_document_makes_no_sense_the_atom_one_is_taken(category, arxiv, replica, answer):
    Announcement.objects.all().delete()
    Category.objects.update(next_fetch_at=MORNING)
    replica.answers("/rss/cs.LG", answer)
    replica.answers("/atom/cs.LG", ATOM)
    fetch_next(arxiv, MORNING)
    assert (row(TUESDAY).state, row(TUESDAY).stored) == ("complete", 2)
    assert row(TUESDAY).source.endswith("/atom/cs.LG")
    assert Category.objects.get().failures == 0


def test_where_neither_makes_sense_the_rss_documents_fault_is_told(category, arxiv, replica):
    Category.objects.update(next_fetch_at=MORNING)
    replica.answers("/rss/cs.LG", Reply(b"<html><body>a captcha</body></html>"))
    fetch_next(arxiv, MORNING)
    assert replica.asked() == ["/rss/cs.LG", "/atom/cs.LG"]
    assert "html" in Category.objects.get().last_error


def test_where_arxiv_says_stop_the_atom_feed_is_not_asked_for(category, arxiv, replica):
    Category.objects.update(next_fetch_at=MORNING)
    replica.answers("/rss/cs.LG", Reply(status=403))
    fetch_next(arxiv, MORNING)
    assert replica.asked() == ["/rss/cs.LG"]
