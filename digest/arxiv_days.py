"""arXiv's calendar: which day it is there, and when its feeds next turn.

An *arXiv day* is a US Eastern calendar date. Papers are announced at 20:00 Eastern, Sunday to Thursday,
under the next day's date; rss.arxiv.org turns to them at midnight Eastern (info.arxiv.org/help/availability,
/help/rss). Saturdays and Sundays have no announcement, nor has the day after an evening that arXiv keeps free:
its holidays name evenings, and a Friday's leaves Monday without papers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
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


def evenings_before(day: date) -> list[date]:
    """The evenings a holiday on which empties the day: the one before, and for a Monday Friday's too, since Sunday
    evening announces what closes on Friday at 14:00."""
    return [day - timedelta(days=back) for back in ((1, 3) if day.weekday() == 0 else (1,))]


def closed(day: date) -> datetime:
    """When submissions for this day's announcement closed: 14:00 Eastern before it, for a Monday on Friday."""
    evening = day - timedelta(days=1)
    return datetime.combine(evening - timedelta(days=2 if evening.weekday() == 6 else 0), time(14), EASTERN)


@dataclass(frozen=True, slots=True)
class Calendar:
    """arXiv's days, with the evenings on which it does not announce (info.arxiv.org/help/availability)."""

    holidays: frozenset[date] = frozenset()

    def why_empty(self, day: date) -> Literal["weekend", "holiday"] | None:
        """Why a day has no announcement; None for one that has."""
        if is_weekend(day):
            return "weekend"
        return "holiday" if self.holidays.intersection(evenings_before(day)) else None

    def next_day(self, day: date) -> date:
        """The next day that has an announcement."""
        day = next_weekday(day)
        while self.why_empty(day):
            day = next_weekday(day)
        return day

    def previous(self, day: date) -> date:
        """The last day before it that has an announcement."""
        day -= timedelta(days=1)
        while self.why_empty(day):
            day -= timedelta(days=1)
        return day

    def submitted(self, day: date) -> tuple[datetime, datetime]:
        """Between when a day's papers were submitted; those that a moderator kept back came before."""
        return closed(self.previous(day)), closed(day)

    def newest(self, now: datetime) -> date:
        """The newest day whose papers have been announced."""
        day = arxiv_day(now) + timedelta(days=1)
        while self.why_empty(day) or announced(day) > now:
            day -= timedelta(days=1)
        return day

    def days(self, first: date, last: date) -> Iterator[date]:
        """The days with an announcement, the newest first."""
        while last >= first:
            if not self.why_empty(last):
                yield last
            last -= timedelta(days=1)

    def overdue(self, now: datetime) -> int | None:
        """The year whose holidays should be known by now and are not: next year's from November on."""
        year = (arxiv_day(now) + timedelta(days=61)).year
        return None if any(day.year == year for day in self.holidays) else year
