"""When a category is asked for again, and where. Pure: the clock is an argument.

A day has two chances before anything has to be healed: arXiv's listing page at 20:00 Eastern (if the
installation reads it), and its feed at midnight. What neither brought whole is asked of the catch-up page.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from digest.arxiv_days import Calendar, announced, arxiv_day, feeds_turn

Source = Literal["rss", "listing"]

AFTER_TURN = timedelta(minutes=3)
"""Later than midnight Eastern: documents built in its first seconds are yesterday's (arxiv.md 1.6)."""
AFTER_ANNOUNCEMENT = timedelta(minutes=5)
WAITING = timedelta(minutes=30)
WAITING_FOR_LISTING = timedelta(minutes=10)
HEAL_AFTER = timedelta(minutes=20)
"""From a feed that was not whole to the first question to another source."""
GIVEN_UP = timedelta(days=90)
"""How far back arXiv's catch-up pages reach."""
_LONGEST_BACK_OFF = timedelta(hours=1)
_LONGEST_HEALING = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Progress:
    """The newest days of a category: `whole` ones, and `readable` ones, of which a digest can be made."""

    whole: date | None = None
    readable: date | None = None


def source_now(now: datetime, progress: Progress, calendar: Calendar, *, early: bool) -> tuple[Source, date]:
    """What to ask for now, and for which day."""
    today = arxiv_day(now)
    following = calendar.next_day(today)
    if early and announced(following) <= now and not _since(progress.readable, following):
        return "listing", following
    return "rss", today


def next_fetch(now: datetime, progress: Progress, calendar: Calendar, *, early: bool) -> datetime:
    """After an answer: the next time at which there can be news."""
    today = arxiv_day(now)
    following = calendar.next_day(today)
    times = [feeds_turn(following) + AFTER_TURN]
    if not calendar.why_empty(today) and not _since(progress.whole, today):
        times.append(now + WAITING)
    if early and not _since(progress.readable, following):
        times.append(max(announced(following) + AFTER_ANNOUNCEMENT, now + WAITING_FOR_LISTING))
    return min(times)


def after_failure(now: datetime, failures: int, retry_after: float | None) -> datetime:
    """After no answer: a minute, two, four … up to an hour, and never before arXiv allows."""
    wait = min(timedelta(minutes=2 ** min(failures, 10)), _LONGEST_BACK_OFF)
    return now + max(wait, timedelta(seconds=retry_after or 0))


def next_healing(now: datetime, day: date, tries: int) -> datetime | None:
    """When another source is asked for a day again: after 20 minutes, 40, 80 … up to twelve hours; None once
    no source has it any more."""
    if now - feeds_turn(day) > GIVEN_UP:
        return None
    return now + min(HEAL_AFTER * int(2 ** min(tries, 10)), _LONGEST_HEALING)


def _since(day: date | None, wanted: date) -> bool:
    return day is not None and day >= wanted
