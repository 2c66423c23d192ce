"""worker/schedule.py: when a category is asked for again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from worker.schedule import AFTER_TURN, WAITING, after_failure, next_fetch

TUESDAY = date(2026, 5, 12)
NOW = datetime(2026, 5, 12, 6, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    """A moment of May 2026, in UTC: `12 06:00`."""
    return datetime.strptime(f"2026-05-{text} +0000", "%Y-%m-%d %H:%M %z")


@pytest.mark.parametrize(
    ("now", "settled", "again"),
    [
        pytest.param("12 06:00", 12, "13 04:03", id="whole: at the next turn"),
        pytest.param("12 06:00", 13, "13 04:03", id="whole and more"),
        pytest.param("12 06:00", 11, "12 06:30", id="not whole: in half an hour"),
        pytest.param("12 06:00", None, "12 06:30", id="nothing yet"),
        pytest.param("13 03:50", 11, "13 04:03", id="not whole, shortly before the turn"),
        pytest.param("15 06:00", 15, "18 04:03", id="Friday, whole: on Monday"),
        pytest.param("15 06:00", 14, "15 06:30", id="Friday, not whole"),
        pytest.param("16 03:45", 14, "16 04:03", id="Friday's last minutes"),
        pytest.param("16 06:00", 14, "18 04:03", id="Saturday"),
        pytest.param("17 23:00", None, "18 04:03", id="Sunday"),
        pytest.param("12 04:00", 11, "12 04:30", id="at the turn"),
        pytest.param("12 03:59", 11, "12 04:03", id="a minute before the turn, whole"),
    ],
)
def test_a_category_is_asked_for_again(now: str, settled: int | None, again: str):
    assert next_fetch(at(now), date(2026, 5, settled) if settled else None) == at(again)


def test_the_turn_is_an_hour_later_in_winter():
    now = datetime(2026, 1, 13, 9, 0, tzinfo=UTC)
    assert next_fetch(now, date(2026, 1, 13)) == datetime(2026, 1, 14, 5, 3, tzinfo=UTC)


@pytest.mark.parametrize("hours", range(0, 24 * 8, 5))
@pytest.mark.parametrize("settled", [None, TUESDAY])
def test_the_next_time_is_always_later(hours: int, settled: date | None):
    now = NOW + timedelta(hours=hours)
    assert now < next_fetch(now, settled) <= now + timedelta(days=4)


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
