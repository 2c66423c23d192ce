"""worker/schedule.py: when a category is asked for again, and where."""

from datetime import UTC, date, datetime, timedelta

import pytest

from digest.arxiv_days import Calendar, feeds_turn
from worker.schedule import (
    AFTER_TURN,
    GIVEN_UP,
    WAITING,
    Progress,
    after_failure,
    next_fetch,
    next_healing,
    source_now,
)

TUESDAY = date(2026, 5, 12)
NOW = datetime(2026, 5, 12, 6, 0, tzinfo=UTC)
CALENDAR = Calendar(frozenset({date(2026, 5, 20)}))


def at(text: str) -> datetime:
    """A moment of May 2026, in UTC: `12 06:00`."""
    return datetime.strptime(f"2026-05-{text} +0000", "%Y-%m-%d %H:%M %z")


def progress(whole: int | None, readable: int | None = None) -> Progress:
    days = [date(2026, 5, day) if day else None for day in (whole, readable or whole)]
    return Progress(*days)


@pytest.mark.parametrize(
    ("now", "whole", "again"),
    [
        pytest.param("12 06:00", 12, "13 04:03", id="whole: at the next turn"),
        pytest.param("12 06:00", 13, "13 04:03", id="whole and more"),
        pytest.param("12 06:00", 11, "12 06:30", id="not whole: in half an hour"),
        pytest.param("12 06:00", None, "12 06:30", id="nothing yet"),
        pytest.param("13 03:50", 11, "13 04:03", id="not whole, shortly before the turn"),
        pytest.param("15 06:00", 15, "18 04:03", id="Friday, whole: on Monday"),
        pytest.param("15 06:00", 14, "15 06:30", id="Friday, not whole"),
        pytest.param("16 03:45", 14, "16 04:15", id="Friday's last minutes"),
        pytest.param("16 06:00", 14, "18 04:03", id="Saturday"),
        pytest.param("17 23:00", None, "18 04:03", id="Sunday"),
        pytest.param("12 04:00", 11, "12 04:30", id="at the turn"),
        pytest.param("12 03:59", 11, "12 04:03", id="a minute before the turn, whole"),
        pytest.param("20 06:00", 20, "22 04:03", id="before a holiday: the day after the next"),
        pytest.param("21 06:00", 20, "22 04:03", id="the empty day itself"),
    ],
)
def test_a_feed_is_asked_for_again(now: str, whole: int | None, again: str):
    assert next_fetch(at(now), progress(whole), CALENDAR, early=False) == at(again)


@pytest.mark.parametrize(
    ("now", "whole", "readable", "again"),
    [
        pytest.param("12 06:00", 12, 12, "13 00:05", id="whole: when the next is announced"),
        pytest.param("13 00:05", 12, 12, "13 00:15", id="not listed yet: in ten minutes"),
        pytest.param("13 00:06", 12, 13, "13 04:03", id="listed: when the feed turns"),
        pytest.param("13 00:06", 11, 13, "13 00:36", id="listed, but today's feed is not whole"),
        pytest.param("15 06:00", 15, 15, "18 00:05", id="Friday: on Sunday evening"),
    ],
)
def test_with_listings_a_day_is_read_four_hours_before_its_feed(now, whole, readable, again):
    assert next_fetch(at(now), progress(whole, readable), CALENDAR, early=True) == at(again)


@pytest.mark.parametrize(
    ("now", "readable", "early", "source", "day"),
    [
        pytest.param("12 06:00", 12, True, "rss", 12, id="by day"),
        pytest.param("13 00:05", 12, True, "listing", 13, id="in the evening"),
        pytest.param("13 00:05", 12, False, "rss", 12, id="in the evening, feeds only"),
        pytest.param("13 00:05", 13, True, "rss", 12, id="listed already"),
        pytest.param("13 04:03", 13, True, "rss", 13, id="after the turn"),
        pytest.param("18 00:05", 15, True, "listing", 18, id="on Sunday evening"),
        pytest.param("16 02:00", 15, True, "rss", 15, id="on Friday evening nothing is announced"),
    ],
)
def test_what_is_asked_for(now: str, readable: int, early: bool, source: str, day: int):
    found = source_now(at(now), progress(readable), CALENDAR, early=early)
    assert found == (source, date(2026, 5, day))


def test_the_turn_is_an_hour_later_in_winter():
    now = datetime(2026, 1, 13, 9, 0, tzinfo=UTC)
    whole = Progress(date(2026, 1, 13), date(2026, 1, 13))
    assert next_fetch(now, whole, Calendar(), early=False) == datetime(2026, 1, 14, 5, 3, tzinfo=UTC)


@pytest.mark.parametrize("hours", range(0, 24 * 8, 5))
@pytest.mark.parametrize("whole", [None, 12])
@pytest.mark.parametrize("early", [True, False])
def test_the_next_time_is_always_later(hours: int, whole: int | None, early: bool):
    now = NOW + timedelta(hours=hours)
    assert now < next_fetch(now, progress(whole), CALENDAR, early=early) <= now + timedelta(days=4)


def test_a_turn_is_not_asked_for_in_its_first_seconds():
    assert timedelta(minutes=1) <= AFTER_TURN < WAITING


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 1), (1, 2), (2, 4), (5, 32), (6, 60), (7, 60), (100, 60), (10**6, 60)]
)
def test_a_failure_is_followed_by_a_longer_and_longer_rest(failures: int, minutes: int):
    assert after_failure(NOW, failures, None) == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("retry_after", "rest"),
    [
        pytest.param(10, timedelta(minutes=1), id="less than our own rest"),
        pytest.param(600, timedelta(minutes=10), id="more"),
        pytest.param(7200, timedelta(hours=2), id="more than our longest"),
    ],
)
def test_arxiv_is_never_asked_before_it_allows(retry_after: float, rest: timedelta):
    assert after_failure(NOW, 0, retry_after) == NOW + rest


@pytest.mark.parametrize(("tries", "minutes"), [(0, 20), (1, 40), (2, 80), (6, 720), (1000, 720)])
def test_a_day_is_healed_with_longer_and_longer_rests(tries: int, minutes: int):
    assert next_healing(NOW, TUESDAY, tries) == NOW + timedelta(minutes=minutes)


def test_a_day_that_no_source_has_any_more_is_given_up():
    assert next_healing(feeds_turn(TUESDAY) + GIVEN_UP + timedelta(minutes=1), TUESDAY, 0) is None
