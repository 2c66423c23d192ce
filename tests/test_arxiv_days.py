"""digest/arxiv_days.py: arXiv's day is a US Eastern date."""

from datetime import UTC, date, datetime, timedelta

import pytest

from digest.arxiv_days import announced, arxiv_day, feeds_turn, is_weekend, next_weekday

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
