"""arXiv's calendar with the names of its holidays: which days a page has columns for, and what comes next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from digest.arxiv_days import (
    Calendar,
    announced,
    arxiv_day,
    evenings_before,
    feeds_turn,
    is_weekend,
)
from digest.models import Holiday


@dataclass(frozen=True, slots=True)
class Day:
    """A day of arXiv's calendar; `why` (weekend, holiday) says that it has no announcement."""

    day: date
    why: str = ""
    reason: str = ""

    @property
    def words(self) -> str:
        if self.why == "holiday":
            return _("holiday: %s") % self.reason if self.reason else _("holiday")
        return _("weekend") if self.why else ""


@dataclass(frozen=True, slots=True)
class Almanac:
    """arXiv's calendar with the names of its holidays, by their evening."""

    reasons: dict[date, str]

    @classmethod
    def read(cls) -> "Almanac":
        return cls(dict(Holiday.objects.values_list("evening", "reason")))

    @property
    def calendar(self) -> Calendar:
        return Calendar(frozenset(self.reasons))

    def day(self, day: date) -> Day:
        why = self.calendar.why_empty(day) or ""
        reasons = [self.reasons[evening] for evening in evenings_before(day) if self.reasons.get(evening)]
        return Day(day, why, reasons[0] if why == "holiday" and reasons else "")

    def columns(self, last: date, count: int) -> list[Day]:
        """The newest `count` days up to `last` that have an announcement, and the holidays between them; the
        newest first."""
        found: list[Day] = []
        had, day = 0, last
        while had < count:
            if not is_weekend(day):
                found.append(self.day(day))
                had += not found[-1].why
            day -= timedelta(days=1)
        return found

    def later(self, last: date, count: int, newest: date) -> date:
        """`count` days with an announcement after `last`, at most the newest."""
        for _step in range(count):
            last = self.calendar.next_day(last)
        return min(last, newest)


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The next announcement: of which day, when it is out, when the feeds turn to it, and the days before it
    that have none."""

    day: date
    at: datetime
    turns: datetime
    skipped: tuple[Day, ...]

    @property
    def weekend(self) -> bool:
        return any(day.why == "weekend" for day in self.skipped)

    @property
    def holidays(self) -> list[Day]:
        return [day for day in self.skipped if day.why == "holiday"]


def upcoming(almanac: Almanac, now: datetime) -> Upcoming:
    newest = almanac.calendar.newest(now)
    day = almanac.calendar.next_day(newest)
    between = (newest + timedelta(days=n) for n in range(1, (day - newest).days))
    return Upcoming(day, announced(day), feeds_turn(day), tuple(almanac.day(each) for each in between))


def reachable(day: date, now: datetime) -> bool:
    """Whether arXiv's catch-up pages still have a day: ninety days back."""
    return day >= arxiv_day(now) - timedelta(days=90)
