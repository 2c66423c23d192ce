"""arXiv's calendar: which day it is there, and when its feeds next turn.

An *arXiv day* is a US Eastern calendar date. Papers are announced at 20:00 Eastern, Sunday to Thursday,
under the next day's date; rss.arxiv.org turns to them at midnight Eastern (info.arxiv.org/help/availability,
/help/rss). Saturdays and Sundays have no announcement.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")


def arxiv_day(moment: datetime) -> date:
    """The arXiv day of a moment."""
    return moment.astimezone(EASTERN).date()


def is_weekend(day: date) -> bool:
    return day.weekday() >= 5


def feeds_turn(day: date) -> datetime:
    """When rss.arxiv.org turns to this day's announcement: midnight Eastern."""
    return datetime.combine(day, time(), EASTERN)


def announced(day: date) -> datetime:
    """When this day's papers were announced: the evening before, 20:00 Eastern."""
    return datetime.combine(day - timedelta(days=1), time(20), EASTERN)


def next_weekday(day: date) -> date:
    """The next day that may have an announcement."""
    day += timedelta(days=1)
    while is_weekend(day):
        day += timedelta(days=1)
    return day
