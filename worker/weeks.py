"""When a week is told: at the reader's hour of a weekday. Pure: the clock is an argument."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = 8
"""For readers who have chosen none."""


def last_due(now: datetime, weekday: int, hour: int | None, zone: ZoneInfo) -> datetime:
    """The last such moment that is not after now; Monday is 0."""
    local = now.astimezone(zone)
    day = local.date() - timedelta(days=(local.weekday() - weekday) % 7)
    due = datetime.combine(day, time(HOUR if hour is None else hour), zone)
    return due if due <= now else datetime.combine(day - timedelta(days=7), due.time(), zone)
