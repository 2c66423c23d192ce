"""worker/readiness.py: whether a digest may be published now."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from worker.readiness import Decision, Facts, complete, deadline_at, decide, due_at

HOUR = timedelta(hours=1)
TUESDAY = date(2026, 5, 12)
TURN = datetime(2026, 5, 12, 4, 0, tzinfo=UTC)
READY = Facts(
    day=TUESDAY,
    now=TURN + HOUR,
    first_seen_at=TURN + HOUR / 12,
    announced_papers=100,
    missing=(),
    unmatched=0,
    unapplied=0,
    untranslated=0,
    due_at=None,
    deadline=6 * HOUR,
)
LATE = TURN + HOUR / 12 + 6 * HOUR


def decision(**facts: object) -> Decision:
    return decide(replace(READY, **facts))  # type: ignore[arg-type]


def test_a_digest_is_published_when_all_is_in():
    assert decision() == Decision(True, "all is in")


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        pytest.param({"first_seen_at": None}, "nothing was announced", id="no document"),
        pytest.param({"announced_papers": 0}, "nothing was announced", id="a holiday"),
        pytest.param(
            {"announced_papers": 0, "now": LATE + 24 * HOUR}, "nothing was announced", id="nor later"
        ),
        pytest.param({"due_at": TURN + 2 * HOUR}, "before the delivery hour", id="early"),
        pytest.param({"unmatched": 1}, "not matched yet", id="not matched"),
        pytest.param({"unapplied": 1}, "not matched yet", id="not applied"),
        pytest.param({"missing": ("cs.LG", "cs.RO")}, "waiting for cs.LG, cs.RO", id="categories missing"),
        pytest.param({"untranslated": 3}, "3 translations are under way", id="not translated"),
    ],
)
def test_a_digest_waits(facts: dict[str, object], reason: str):
    assert decision(**facts) == Decision(False, reason)


@pytest.mark.parametrize(
    "facts", [{"missing": ("cs.LG",)}, {"untranslated": 3}], ids=["missing", "untranslated"]
)
def test_at_the_deadline_a_digest_is_published_with_what_there_is(facts: dict[str, object]):
    assert not decision(**facts, now=LATE - timedelta(seconds=1)).publish
    assert decision(**facts, now=LATE) == Decision(True, "the deadline has passed")


def test_a_whole_digest_after_the_deadline_is_just_whole():
    assert decision(now=LATE) == Decision(True, "all is in")


@pytest.mark.parametrize("facts", [{"unmatched": 1}, {"unapplied": 1}])
def test_papers_that_are_not_matched_are_waited_for_beyond_the_deadline(facts: dict[str, object]):
    assert not decision(**facts, now=LATE + 24 * HOUR).publish


def test_the_delivery_hour_is_waited_for_beyond_the_deadline():
    assert decision(now=LATE, due_at=LATE + HOUR).reason == "before the delivery hour"


def test_a_digest_is_published_at_its_delivery_hour():
    assert decision(now=TURN + HOUR, due_at=TURN + HOUR).publish


def test_the_deadline_counts_from_the_turn_of_the_feeds():
    assert deadline_at(replace(READY, first_seen_at=TURN - HOUR)) == TURN + 6 * HOUR


def test_the_deadline_counts_from_the_first_document_where_that_came_later():
    assert deadline_at(replace(READY, first_seen_at=TURN + 10 * HOUR)) == TURN + 16 * HOUR


@pytest.mark.parametrize(
    "facts", [{"missing": ("x",)}, {"unmatched": 1}, {"unapplied": 1}, {"untranslated": 1}]
)
def test_a_day_is_complete_when_nothing_is_open(facts: dict[str, object]):
    assert complete(READY)
    assert not complete(replace(READY, **facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("hour", "zone", "due"),
    [
        # Tuesday's papers are announced on Monday 20:00 Eastern: Tuesday 00:00 UTC, 08:00 in Beijing.
        pytest.param(8, "Asia/Shanghai", "2026-05-12T08:00+08:00", id="Beijing, at that very hour"),
        pytest.param(9, "Asia/Shanghai", "2026-05-12T09:00+08:00", id="Beijing, later"),
        pytest.param(7, "Asia/Shanghai", "2026-05-13T07:00+08:00", id="Beijing, the next morning"),
        pytest.param(20, "America/New_York", "2026-05-11T20:00-04:00", id="New York, at that very hour"),
        pytest.param(7, "America/New_York", "2026-05-12T07:00-04:00", id="New York, in the morning"),
        pytest.param(0, "UTC", "2026-05-12T00:00+00:00", id="UTC, midnight"),
        pytest.param(23, "UTC", "2026-05-12T23:00+00:00", id="UTC, late"),
        pytest.param(16, "America/Los_Angeles", "2026-05-12T16:00-07:00", id="California, an hour too early"),
        pytest.param(17, "America/Los_Angeles", "2026-05-11T17:00-07:00", id="California"),
        pytest.param(6, "Asia/Kolkata", "2026-05-12T06:00+05:30", id="half an hour's zone"),
        pytest.param(5, "Asia/Kolkata", "2026-05-13T05:00+05:30", id="half an hour too early"),
    ],
)
def test_a_digest_is_due_at_the_first_such_hour_after_the_announcement(hour: int, zone: str, due: str):
    assert due_at(TUESDAY, hour, ZoneInfo(zone)) == datetime.fromisoformat(due)


def test_without_a_delivery_hour_nothing_is_due():
    assert due_at(TUESDAY, None, ZoneInfo("UTC")) is None


def test_an_hour_that_the_clocks_skip_is_due_all_the_same():
    due = due_at(date(2026, 3, 30), 2, ZoneInfo("Europe/Berlin"))  # 2026-03-29 has no 02:00 there
    assert due is not None
    assert due.astimezone(UTC) == datetime(2026, 3, 30, 0, 0, tzinfo=UTC)
