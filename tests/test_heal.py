"""worker/heal.py: what the feed did not bring is taken from the catch-up page."""

from datetime import date, timedelta

import pytest

from digest.arxiv_days import feeds_turn
from digest.models import Announcement, Listing, Run
from tests.documents import Document
from tests.listings import listing
from tests.replica import Reply
from worker.arxiv.api import ids_url
from worker.fetch import fetch_next
from worker.heal import heal_next
from worker.ledger import expect
from worker.schedule import GIVEN_UP, HEAL_AFTER

MONDAY, TUESDAY = date(2026, 5, 11), date(2026, 5, 12)
CATCHUP = "/catchup/cs.LG/2026-05-12?abs=True&page=1"


@pytest.fixture
def expected(category, now) -> Announcement:
    expect(category, [TUESDAY], now)
    Announcement.objects.update(next_try_at=now)
    return Announcement.objects.get()


def row(day: date = TUESDAY) -> Announcement:
    return Announcement.objects.get(day=day)


def test_an_expected_day_is_taken_from_the_catch_up_page(expected, arxiv, replica, now):
    replica.answers(CATCHUP, listing(Document().add().add(announce_type="cross"), catchup=True))
    assert heal_next(arxiv, now)
    assert (row().state, row().declared, row().stored) == ("complete", 2, 2)
    assert (row().next_try_at, row().lease, row().complete_at) == (None, None, now)


def test_what_is_whole_is_not_asked_for(expected, arxiv, replica, now):
    Announcement.objects.update(next_try_at=None)
    assert heal_next(arxiv, now) is None
    assert replica.requests == []


def test_a_stale_feed_is_healed_before_long(category, arxiv, replica, now, announce):
    yesterday = Document(day=MONDAY).add("2605.90001")
    announce(yesterday)
    replica.answers("/rss/cs.LG", Document(day=TUESDAY, items=yesterday.items).rss())
    fetch_next(arxiv, now)
    assert (row().state, row().next_try_at) == ("stale", now + HEAL_AFTER)
    replica.answers(CATCHUP, listing(Document().add("2605.90009"), catchup=True))
    heal_next(arxiv, now + HEAL_AFTER)
    assert (row().state, row().stored) == ("complete", 1)
    assert [(d["source"], d["state"]) for d in row().seen] == [("rss", "stale"), ("catchup", "complete")]


def test_an_empty_feed_on_a_working_day_is_healed(category, arxiv, replica, now):
    replica.answers("/rss/cs.LG", Document().rss())
    fetch_next(arxiv, now)
    assert row().state == "empty"
    replica.answers(CATCHUP, listing(Document().add(), catchup=True))
    heal_next(arxiv, now + HEAL_AFTER)
    assert row().state == "complete"


def test_where_both_say_that_there_is_nothing_the_day_is_over(category, arxiv, replica, now):
    replica.answers("/rss/cs.LG", Document().rss())
    fetch_next(arxiv, now)
    replica.answers(CATCHUP, listing(Document(), catchup=True))
    heal_next(arxiv, now + HEAL_AFTER)
    assert (row().state, row().declared, row().next_try_at) == ("complete", 0, None)
    assert row().note == "Neither the feed nor the catch-up page has a paper."


def test_the_api_tells_the_versions_that_the_page_does_not(expected, arxiv, replica, now):
    document = Document().add().add("2605.80001", announce_type="replace", version=0)
    replica.answers(CATCHUP, listing(document, catchup=True))
    replica.answers(ids_url(["2605.80001"], base="/api/query"), API)
    heal_next(arxiv, now)
    assert (row().state, row().stored) == ("complete", 2)
    assert Listing.objects.get(paper__arxiv_id="2605.80001").version.number == 3


API = b"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"><id>x</id><title>q</title>
<updated>2026-05-12T00:00:00Z</updated><opensearch:itemsPerPage>1</opensearch:itemsPerPage>
<opensearch:totalResults>1</opensearch:totalResults><opensearch:startIndex>0</opensearch:startIndex>
<entry><id>http://arxiv.org/abs/2605.80001v3</id><title>A Title</title><updated>2026-05-11T10:00:00Z</updated>
<summary>An abstract.</summary><category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
<published>2026-05-01T10:00:00Z</published><arxiv:primary_category term="cs.LG"/>
<author><name>Ada Example</name></author></entry></feed>"""


def test_without_the_api_the_day_can_be_read_all_the_same(expected, arxiv, replica, now):
    document = Document().add().add("2605.80001", announce_type="replace", version=0)
    replica.answers(CATCHUP, listing(document, catchup=True))
    heal_next(arxiv, now)
    assert (row().state, row().stored) == ("early", 1)
    assert row().next_try_at > now


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Reply(status=404), id="not there"),
        pytest.param(Reply(b"<html><body>a captcha</body></html>"), id="another page"),
        pytest.param(listing(Document(day=MONDAY).add(), catchup=True), id="another day"),
        pytest.param(Reply(listing(Document().add(), catchup=True)[:900]), id="cut off"),
    ],
)
def test_a_page_that_does_not_help_is_tried_again_later_and_later(expected, arxiv, replica, now, answer):
    replica.answers(CATCHUP, answer)
    heal_next(arxiv, now)
    assert (row().state, row().tries, row().next_try_at) == ("expected", 1, now + timedelta(minutes=20))
    heal_next(arxiv, now + timedelta(minutes=20))
    assert row().next_try_at == now + timedelta(minutes=60)
    assert Run.objects.filter(verb="heal").exclude(error="").count() == 2


def test_a_day_beyond_arxivs_reach_is_missing(expected, arxiv, replica):
    later = feeds_turn(TUESDAY) + GIVEN_UP + timedelta(days=1)
    heal_next(arxiv, later)
    assert (row().state, row().next_try_at) == ("missing", None)
    assert row().note == "No source has this day any more."


def test_days_are_healed_the_newest_first(category, arxiv, replica, now):
    expect(category, [MONDAY, TUESDAY], now)
    Announcement.objects.update(next_try_at=now)
    for _ in range(2):
        heal_next(arxiv, now)
    assert [path.partition("?")[0] for path in replica.asked() if path.startswith("/catchup/")] == [
        "/catchup/cs.LG/2026-05-12",
        "/catchup/cs.LG/2026-05-11",
    ]


def test_a_day_that_another_worker_heals_is_left_to_it(expected, arxiv, replica, now):
    assert Announcement.objects.due(now).claim(now, 1, timedelta(seconds=30))
    assert heal_next(arxiv, now) is None
