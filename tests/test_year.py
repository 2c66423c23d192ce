"""tests/year: weeks of the simulated year, over a clock change and a holiday. `python -m tests.year` is all of it."""

from datetime import date

import pytest

from digest.models import Alert
from tests.year.run import Report, simulate


@pytest.fixture
def autumn(db) -> Report:
    """From before the clocks change (1 November) to after."""
    return simulate(date(2026, 10, 30), date(2026, 11, 3))


def test_over_the_change_of_the_clocks_nothing_is_lost_nor_comes_twice(autumn):
    assert autumn.violations == []
    assert autumn.days == 4


@pytest.fixture
def thanksgiving(db) -> Report:
    return simulate(date(2026, 11, 26), date(2026, 11, 30), faults=False)


def test_a_holiday_has_no_digest_and_loses_none(thanksgiving):
    assert thanksgiving.violations == []
    assert thanksgiving.days == 3
    assert thanksgiving.failed_runs == {}
    assert [alert.kind for alert in Alert.objects.all()] == ["holidays"], "a warning, not a failure"
