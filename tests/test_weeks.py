"""worker/weeks.py: the moment at which a week is told."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from worker.weeks import last_due

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-05-15T00:59", "2026-05-08T01:00"),  # Friday, a minute before nine in Shanghai
        ("2026-05-15T01:00", "2026-05-15T01:00"),
        ("2026-05-21T12:00", "2026-05-15T01:00"),
    ],
)
def test_fridays_at_nine_in_shanghai(now, due):
    found = last_due(datetime.fromisoformat(now).replace(tzinfo=UTC), 4, 9, SHANGHAI)
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_it_is_the_same_hour_when_the_clocks_have_changed():
    now = datetime(2026, 10, 26, 12, tzinfo=UTC)
    assert last_due(now, 0, 7, BERLIN) == datetime(2026, 10, 26, 6, tzinfo=UTC)
    assert last_due(datetime(2026, 10, 25, 12, tzinfo=UTC), 0, 7, BERLIN) == datetime(
        2026, 10, 19, 5, tzinfo=UTC
    )


def test_who_has_chosen_no_hour_has_eight():
    assert last_due(datetime(2026, 5, 15, 9, tzinfo=UTC), 4, None, ZoneInfo("UTC")).hour == 8
