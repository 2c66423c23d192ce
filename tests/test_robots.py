"""worker/robots.py: robots.txt is asked for once a day and obeyed, and never keeps a feed from coming."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone

from digest.arxiv_days import announced
from digest.fleet import fleet
from digest.models import Announcement, Category, Robots, Slot
from tests.documents import Document
from tests.listings import listing
from tests.replica import Reply
from worker.arxiv import listing as pages
from worker.arxiv.errors import RobotsError
from worker.documents import read_pages
from worker.fetch import fetch_next
from worker.heal import heal_next
from worker.ledger import expect
from worker.robots import KEPT, permit

TUESDAY, WEDNESDAY = date(2026, 5, 12), date(2026, 5, 13)
EVENING = announced(WEDNESDAY) + timedelta(minutes=5)
NOTHING = b"User-agent: *\nDisallow: /\n"
LIST = "/list/cs.LG/new"


@pytest.fixture
def page(replica, db) -> str:
    return f"{replica.url}{LIST}"


# --- how it is asked for ------------------------------------------------------------------------


def test_it_is_asked_for_once_a_day(arxiv, replica, page, now):
    replica.answers("/robots.txt", b"User-agent: *\nDisallow: /pdf\n")
    for minutes in (0, 1, 600):
        permit(arxiv, page, now + timedelta(minutes=minutes))
    assert replica.asked() == ["/robots.txt"]
    permit(arxiv, page, now + KEPT)
    assert replica.asked() == ["/robots.txt"] * 2
    assert Robots.objects.get().fetched_at == now + KEPT


def test_it_is_asked_for_under_our_name(arxiv, replica, page, now):
    replica.answers("/robots.txt", b"User-agent: *\nDisallow:\n")
    permit(arxiv, page, now)
    assert replica.asked("user-agent")[0].startswith("Paperglot/")


def test_a_page_that_it_forbids_is_not_read(arxiv, replica, page, now):
    replica.answers("/robots.txt", NOTHING)
    with pytest.raises(RobotsError, match=r"robots.txt forbids http.*/list/cs.LG/new"):
        permit(arxiv, page, now)


@pytest.mark.parametrize(
    "answer", [Reply(status=404), Reply(status=410), Reply(b"", 200), Reply(b"\xff\x00\xfe no text", 200)]
)
def test_where_there_is_none_everything_is_allowed(arxiv, replica, page, now, answer):
    replica.answers("/robots.txt", answer)
    assert permit(arxiv, page, now) == 0


@pytest.mark.parametrize(
    "answer", [Reply(status=500), Reply(status=503), Reply(status=403), Reply(b"x", cut=0)]
)
def test_while_it_can_not_be_had_nothing_is_allowed(arxiv, replica, page, now, answer):
    replica.answers("/robots.txt", answer, Reply(status=404))
    with pytest.raises(RobotsError, match="not known what may be read"):
        permit(arxiv, page, now)
    assert permit(arxiv, page, now) == 0


def test_while_it_can_not_be_had_what_it_said_before_holds_on(arxiv, replica, page, now):
    replica.answers("/robots.txt", b"User-agent: *\nDisallow: /catchup/\n", Reply(status=500))
    permit(arxiv, page, now)
    permit(arxiv, page, now + 2 * KEPT)
    with pytest.raises(RobotsError):
        permit(arxiv, f"{replica.url}/catchup/cs.LG/2026-05-12", now + 2 * KEPT)


def test_a_clock_that_was_put_back_asks_anew(arxiv, replica, page, now):
    permit(arxiv, page, now)
    permit(arxiv, page, now - timedelta(days=30))
    assert replica.robots == 2


def test_the_delay_that_it_wants_is_kept_between_pages(arxiv, replica, page):
    replica.answers("/robots.txt", b"User-agent: *\nCrawl-delay: 15\n")
    replica.answers(LIST, listing(Document()))
    began = timezone.now()
    read_pages(arxiv, page, partial(pages.parse, subject="cs.LG"))
    assert Slot.objects.get(name="pages").next_at >= began + timedelta(seconds=15)


# --- what comes of it ----------------------------------------------------------------------------


@pytest.fixture
def category(db) -> Category:
    """cs.LG, whose Tuesday is whole."""
    category = Category.objects.create(code="cs.LG", followed=True, next_fetch_at=EVENING)
    Announcement.objects.create(category=category, day=TUESDAY, state="complete", first_seen_at=EVENING)
    return category


def test_listing_pages_are_not_read_where_they_are_forbidden(category, arxiv, replica):
    replica.answers("/robots.txt", NOTHING)
    replica.answers(LIST, listing(Document(day=WEDNESDAY).add()))
    assert fetch_next(arxiv, EVENING)
    assert LIST not in replica.asked()


def test_then_the_feed_comes_at_its_turn_as_ever(category, arxiv, replica):
    replica.answers("/robots.txt", NOTHING)
    fetch_next(arxiv, EVENING)
    row = Category.objects.get()
    assert (row.failures, row.last_error) == (0, "")
    at = row.next_fetch_at
    assert at == announced(WEDNESDAY) + timedelta(hours=4, minutes=3)
    replica.answers("/rss/cs.LG", Document(day=WEDNESDAY).add("2605.91001").rss())
    fetch_next(arxiv, at)
    assert Announcement.objects.get(day=WEDNESDAY).state == "complete"


def test_a_robots_txt_that_can_not_be_had_keeps_no_feed_from_coming(category, arxiv, replica):
    replica.answers("/robots.txt", Reply(status=500))
    Announcement.objects.update(state="stale")
    replica.answers("/rss/cs.LG", Document(day=TUESDAY).add("2605.90001").rss())
    fetch_next(arxiv, EVENING)
    assert Announcement.objects.get(day=TUESDAY).state == "complete"
    assert Category.objects.get().failures == 0


def test_catch_up_pages_are_not_read_where_they_are_forbidden(category, arxiv, replica, now):
    replica.answers("/robots.txt", NOTHING)
    Announcement.objects.all().delete()
    expect(category, [TUESDAY], now)
    Announcement.objects.update(next_try_at=now)
    heal_next(arxiv, now)
    row = Announcement.objects.get()
    assert not [path for path in replica.asked() if path.startswith("/catchup/")]
    assert (row.state, row.tries) == ("expected", 1)


def test_the_board_tells_what_is_forbidden(category, arxiv, replica, page, now):
    replica.answers("/robots.txt", b"User-agent: *\nDisallow: /list/\n")
    with pytest.raises(RobotsError):
        permit(arxiv, page, now)
    told = f"{replica.url}/robots.txt forbids /list/: days come with their feeds only"
    assert any(told in warning for warning in fleet(now).warnings)
