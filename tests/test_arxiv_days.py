"""digest/arxiv_days.py: arXiv's day is a US Eastern date."""

from datetime import UTC, date, datetime, timedelta

import pytest

from digest.arxiv_days import Calendar, announced, arxiv_day, feeds_turn, is_weekend, next_weekday
from digest.models import Holiday

TUESDAY = date(2026, 5, 12)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param("2026-05-12T03:59:59+00:00", date(2026, 5, 11), id="a second before midnight, summer"),
        pytest.param("2026-05-12T04:00:00+00:00", TUESDAY, id="midnight, summer"),
        pytest.param("2026-01-13T04:59:59+00:00", date(2026, 1, 12), id="a second before midnight, winter"),
        pytest.param("2026-01-13T05:00:00+00:00", date(2026, 1, 13), id="midnight, winter"),
        pytest.param("2026-05-12T11:59:00+08:00", date(2026, 5, 11), id="before noon in Beijing"),
        pytest.param("2026-05-12T12:00:00+08:00", TUESDAY, id="noon in Beijing"),
    ],
)
def test_the_arxiv_day_is_the_date_in_new_york(moment: str, day: date):
    assert arxiv_day(datetime.fromisoformat(moment)) == day


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        pytest.param(TUESDAY, datetime(2026, 5, 12, 4, tzinfo=UTC), id="summer"),
        pytest.param(date(2026, 1, 13), datetime(2026, 1, 13, 5, tzinfo=UTC), id="winter"),
        pytest.param(date(2026, 3, 8), datetime(2026, 3, 8, 5, tzinfo=UTC), id="clocks go forward"),
        pytest.param(date(2026, 3, 9), datetime(2026, 3, 9, 4, tzinfo=UTC), id="the day after"),
        pytest.param(date(2026, 11, 2), datetime(2026, 11, 2, 5, tzinfo=UTC), id="clocks went back"),
    ],
)
def test_feeds_turn_at_midnight_eastern(day: date, moment: datetime):
    assert feeds_turn(day) == moment


def test_papers_are_announced_the_evening_before():
    assert announced(TUESDAY) == datetime(2026, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "since", "until"),
    [
        pytest.param("2026-05-11", "Thu 05-07", "Fri 05-08", id="Monday: announced on Sunday"),
        pytest.param("2026-05-12", "Fri 05-08", "Mon 05-11", id="Tuesday: the weekend"),
        pytest.param("2026-05-13", "Mon 05-11", "Tue 05-12", id="Wednesday"),
        pytest.param("2026-05-15", "Wed 05-13", "Thu 05-14", id="Friday"),
        pytest.param("2026-01-21", "Fri 01-16", "Tue 01-20", id="after a holiday on Monday"),
        pytest.param("2026-06-23", "Thu 06-18", "Mon 06-22", id="after a holiday on Friday"),
    ],
)
def test_a_days_papers_were_submitted_until_two_in_the_afternoon(day: str, since: str, until: str):
    calendar = Calendar(frozenset({date(2026, 1, 19), date(2026, 6, 19)}))
    times = calendar.submitted(date.fromisoformat(day))
    assert [f"{time:%a %m-%d %H:%M}" for time in times] == [f"{since} 14:00", f"{until} 14:00"]


def test_mondays_papers_are_announced_on_sunday():
    assert announced(date(2026, 5, 11)).strftime("%A %H:%M") == "Sunday 20:00"


@pytest.mark.parametrize("day", [TUESDAY + timedelta(days=n) for n in range(7)], ids=str)
def test_saturday_and_sunday_are_the_weekend(day: date):
    assert is_weekend(day) is (f"{day:%A}" in ("Saturday", "Sunday"))


@pytest.mark.parametrize(
    ("day", "following"),
    [
        pytest.param(TUESDAY, date(2026, 5, 13), id="Tuesday"),
        pytest.param(date(2026, 5, 15), date(2026, 5, 18), id="Friday"),
        pytest.param(date(2026, 5, 16), date(2026, 5, 18), id="Saturday"),
        pytest.param(date(2026, 5, 17), date(2026, 5, 18), id="Sunday"),
        pytest.param(date(2027, 12, 31), date(2028, 1, 3), id="over the year"),
    ],
)
def test_the_next_announcement_is_on_a_weekday(day: date, following: date):
    assert next_weekday(day) == following


# --- the calendar -----------------------------------------------------------------------------

OBSERVED = """2024-05-23 2024-06-20 2024-07-05 2024-09-03 2024-10-09 2024-11-29 2024-12-26 2024-12-27 2025-01-01
2025-01-02 2025-01-21 2025-06-20 2025-07-07 2025-09-02 2025-11-28 2025-12-26 2025-12-31 2026-01-02 2026-01-20
2026-06-22 2026-07-06""".split()
"""Weekdays whose feeds were seen empty (recordings of 2024 to 2026)."""


@pytest.fixture
def calendar(db) -> Calendar:
    """With the holidays that Paperglot ships."""
    return Holiday.calendar()


@pytest.mark.parametrize("day", OBSERVED)
def test_every_weekday_that_was_seen_empty_follows_a_holiday(calendar: Calendar, day: str):
    assert calendar.why_empty(date.fromisoformat(day)) == "holiday"


def test_no_other_weekday_of_the_recorded_years_is_said_to_be_empty(calendar: Calendar):
    days = [date(2024, 3, 4) + timedelta(days=n) for n in range(900)]
    empty = {str(day) for day in days if calendar.why_empty(day) == "holiday" and day <= date(2026, 8, 21)}
    assert empty - set(OBSERVED) <= {"2024-12-26", "2025-01-01", "2025-01-02"}


def test_a_friday_holiday_empties_monday():
    assert Calendar(frozenset({date(2026, 6, 19)})).why_empty(date(2026, 6, 22)) == "holiday"


def test_the_next_day_is_not_a_weekends_nor_a_holidays():
    calendar = Calendar(frozenset({date(2026, 5, 17)}))
    assert calendar.next_day(date(2026, 5, 15)) == date(2026, 5, 19)
    assert calendar.previous(date(2026, 5, 19)) == date(2026, 5, 15)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-05-12T19:59:00-04:00", TUESDAY),
        ("2026-05-12T20:00:00-04:00", date(2026, 5, 13)),
        ("2026-05-15T21:00:00-04:00", date(2026, 5, 15)),
        ("2026-05-17T20:00:00-04:00", date(2026, 5, 18)),
        ("2026-03-08T20:00:00-04:00", date(2026, 3, 9)),
        ("2026-11-01T19:59:00-05:00", date(2026, 10, 30)),
    ],
)
def test_the_newest_day_is_the_one_that_was_announced_last(moment: str, day: date):
    assert Calendar().newest(datetime.fromisoformat(moment)) == day


def test_days_are_listed_the_newest_first():
    assert list(Calendar().days(date(2026, 5, 14), date(2026, 5, 18))) == [
        date(2026, 5, 18),
        date(2026, 5, 15),
        date(2026, 5, 14),
    ]


@pytest.mark.parametrize(
    ("moment", "year"), [("2026-10-31T12:00:00+00:00", None), ("2026-11-01T12:00:00+00:00", 2027)]
)
def test_next_years_holidays_are_overdue_from_november_on(calendar: Calendar, moment: str, year: int | None):
    assert calendar.overdue(datetime.fromisoformat(moment)) == year
