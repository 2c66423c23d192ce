"""digest/almanac.py: the days that a page has columns for, and what comes next, with the holidays' names."""

from datetime import UTC, date, datetime

import pytest

from digest.almanac import Almanac, reachable, upcoming
from digest.arxiv_days import EASTERN

THANKSGIVING = {date(2026, 11, 26): "Thanksgiving"}


def told(almanac: Almanac, last: str, count: int) -> list[str]:
    days = almanac.columns(date.fromisoformat(last), count)
    return [f"{column.day:%m-%d} {column.words}".strip() for column in days]


def test_columns_are_days_with_an_announcement_and_holidays_without_weekends():
    almanac = Almanac(THANKSGIVING)
    assert told(almanac, "2026-11-30", 3) == ["11-30", "11-27 holiday: Thanksgiving", "11-26", "11-25"]


def test_columns_begin_before_a_weekend():
    assert told(Almanac({}), "2026-05-10", 2) == ["05-08", "05-07"]


def test_a_fridays_holiday_takes_monday_away():
    almanac = Almanac({date(2026, 7, 3): "Independence Day"})
    assert almanac.day(date(2026, 7, 6)).words == "holiday: Independence Day"
    assert almanac.day(date(2026, 7, 3)).words == ""


def test_a_holiday_without_a_name_and_a_weekend_are_said():
    almanac = Almanac({date(2026, 5, 11): ""})
    assert almanac.day(date(2026, 5, 12)).words == "holiday"
    assert almanac.day(date(2026, 5, 10)).words == "weekend"


@pytest.mark.parametrize(
    ("last", "later"),
    [("2026-11-25", "2026-11-30"), ("2026-11-26", "2026-12-01"), ("2026-11-30", "2026-12-01")],
)
def test_the_page_after_goes_two_days_on_but_not_past_the_newest(last, later):
    after = Almanac(THANKSGIVING).later(date.fromisoformat(last), 2, date(2026, 12, 1))
    assert after == date.fromisoformat(later)


def test_the_next_announcement_is_tomorrows():
    following = upcoming(Almanac({}), datetime(2026, 5, 12, 6, tzinfo=UTC))
    assert following.day == date(2026, 5, 13)
    assert following.at == datetime(2026, 5, 12, 20, tzinfo=EASTERN)
    assert following.turns == datetime(2026, 5, 13, tzinfo=EASTERN)
    assert (following.weekend, following.holidays) == (False, [])


def test_over_a_weekend_it_is_mondays():
    following = upcoming(Almanac({}), datetime(2026, 5, 15, 23, tzinfo=UTC))
    assert (following.day, following.weekend) == (date(2026, 5, 18), True)


def test_the_holidays_on_the_way_are_named():
    following = upcoming(Almanac(THANKSGIVING), datetime(2026, 11, 26, 12, tzinfo=UTC))
    assert following.day == date(2026, 11, 30)
    assert [day.reason for day in following.holidays] == ["Thanksgiving"]


def test_the_holidays_are_those_of_the_rows(db):
    assert Almanac.read().reasons[date(2026, 11, 26)] == "Thanksgiving"


@pytest.mark.parametrize(("day", "there"), [("2026-02-11", True), ("2026-02-10", False)])
def test_catch_up_reaches_ninety_days_back(day, there):
    assert reachable(date.fromisoformat(day), datetime(2026, 5, 12, 12, tzinfo=UTC)) == there
