"""The day board: the ledger's rows as plain data, with as many queries whatever its size."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from digest import taxonomy
from digest.almanac import Almanac, Day
from digest.arxiv_days import announced
from digest.charts import Bar, papers_a_day
from digest.models import (
    Announcement,
    Category,
    Download,
    Installation,
    Listing,
    Match,
    Run,
    Sentence,
)

VERBS = ("fetch", "heal", "match", "translate", "publish", "index", "download")
SIGNS = {
    "": "·",
    "expected": "…",
    "early": "◔",
    "complete": "✓",
    "partial": "!",
    "stale": "!",
    "empty": "!",
    "holiday": "–",
    "weekend": "–",
    "missing": "✗",
}
"""Beside the state's word: colour alone says nothing to some readers."""
SETTLED = {state for state in Announcement.State.values if Announcement(state=state).settled}
READABLE = {state for state in Announcement.State.values if Announcement(state=state).readable}
CHARTED = timedelta(days=60)
_HEARD = timedelta(days=14)
_PACE = timedelta(hours=6)
_FIELDS = (
    "state declared parsed stored matched translated published source note seen first_seen_at fetched_at "
    "complete_at published_at next_try_at tries"
).split()


@dataclass(slots=True)
class Cell:
    """One category on one day; without a row, `state` is why there need be none (holiday), or empty."""

    code: str
    day: date
    state: str = ""
    declared: int = 0
    parsed: int = 0
    stored: int = 0
    matched: int = 0
    translated: int = 0
    published: int = 0
    source: str = ""
    note: str = ""
    seen: list[dict[str, Any]] = field(default_factory=list)
    first_seen_at: datetime | None = None
    fetched_at: datetime | None = None
    complete_at: datetime | None = None
    published_at: datetime | None = None
    next_try_at: datetime | None = None
    tries: int = 0

    @property
    def settled(self) -> bool:
        return self.state in SETTLED

    @property
    def here(self) -> bool:
        """Whether a digest need not wait for it."""
        return self.state in SETTLED | READABLE | {"missing"}

    @property
    def sign(self) -> str:
        return SIGNS.get(self.state, "?")

    @property
    def word(self) -> str:
        return str(Announcement.State(self.state).label) if self.state else _("no row")

    @property
    def counts(self) -> str:
        """1101, or 900/1101 where papers are missing; empty where there are none."""
        if not (self.declared or self.stored):
            return ""
        return str(self.stored) if self.stored == self.declared else f"{self.stored}/{self.declared}"


@dataclass(frozen=True, slots=True)
class Line:
    """A followed category and its cells, in the order of the columns."""

    category: Category
    cells: tuple[Cell, ...]

    @property
    def code(self) -> str:
        return self.category.code

    @property
    def name(self) -> str:
        return taxonomy.subject(self.code).name


def grid(days: Sequence[Day], *, seen: bool = False) -> list[Line]:
    """Every followed category on these days; `seen` with the documents that came."""
    fields = [name for name in _FIELDS if seen or name != "seen"]
    rows = Announcement.objects.filter(
        category__followed=True, day__gte=days[-1].day, day__lte=days[0].day
    ).values("category__code", "day", *fields)
    known = {(row["category__code"], row["day"]): _cell(row) for row in rows}
    return [
        Line(
            category,
            tuple(known.get((category.code, d.day)) or Cell(category.code, d.day, d.why) for d in days),
        )
        for category in Category.objects.followed()
    ]


def cell(category: Category, day: date) -> Cell:
    row = category.announcements.filter(day=day).values("category__code", "day", *_FIELDS).first()
    return _cell(row) if row else Cell(category.code, day)


def _cell(row: dict[str, Any]) -> Cell:
    return Cell(code=row.pop("category__code"), **row)


def runs_of(code: str, day: date, almanac: Almanac) -> list[Run]:
    """The runs that asked for a category's day, the newest first: those that say so, and those between its
    announcement and the next that speak of no other day."""
    until = announced(almanac.calendar.next_day(day))
    named = Q(subject=f"{code} {day}")
    within = Q(subject=code, began_at__lt=until) | Q(subject=code, counts__day=day.isoformat())
    rows = Run.objects.filter(named | within, verb__in=("fetch", "heal"), began_at__gte=announced(day))
    return [run for run in rows[:200] if run.counts.get("day", day.isoformat()) == day.isoformat()]


# --- what is being done -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Work:
    """What the database knows of the work: runs that have begun, what waits for the translator, how fast it was
    last (sentences a second; None where nothing was translated lately), and when each verb last had a run."""

    running: list[Run]
    pending: int
    pace: float | None
    downloads: list[Download]
    heard: list[tuple[str, datetime | None]]

    @property
    def minutes(self) -> int | None:
        """How long what is pending takes at that pace; at least one."""
        return max(round(self.pending / self.pace / 60), 1) if self.pace and self.pending else None


def work(now: datetime) -> Work:
    model = Installation.current().model
    counted = Sentence.objects.pending().order_by().values_list("model").annotate(n=Count("pk"))
    heard = dict(
        Run.objects.filter(began_at__gte=now - _HEARD)
        .order_by()
        .values_list("verb")
        .annotate(at=Max("began_at"))
    )
    lately = Q(verb="translate", began_at__gte=now - _PACE)
    runs = list(Run.objects.filter(Q(ended_at=None) | lately)[:500])
    return Work(
        running=[run for run in runs if run.ended_at is None],
        pending=sum(n for name, n in counted if model and name.partition("#")[0] == model),
        pace=pace([run for run in runs if run.verb == "translate"]),
        downloads=list(Download.objects.filter(finished_at=None, error="")),
        heard=[(verb, heard.get(verb)) for verb in dict.fromkeys((*VERBS, *sorted(heard)))],
    )


def pace(runs: Iterable[Run]) -> float | None:
    """Sentences a second of runs that have ended; of several at the same time, together."""
    done, seconds, until = 0, 0.0, None
    for run in sorted((run for run in runs if run.ended_at), key=lambda run: run.began_at):
        assert run.ended_at
        began = max(run.began_at, until) if until else run.began_at
        seconds += max((run.ended_at - began).total_seconds(), 0)
        until = max(until, run.ended_at) if until else run.ended_at
        done += int(run.counts.get("sentences", 0))
    return done / seconds if done and seconds else None


# --- papers a day -----------------------------------------------------------------------------


def bars_of_category(category: Category, almanac: Almanac, last: date) -> list[Bar]:
    """A category's papers on the days of the last two months; None where a day is not whole."""
    rows = category.announcements.filter(day__gt=last - CHARTED, day__lte=last)
    known = {row.day: row.stored for row in rows.only("day", "stored", "state") if row.readable}
    return [Bar(day, known.get(day)) for day in _oldest_first(almanac, last)]


def bars_of_keywords(keywords: Iterable[int], almanac: Almanac, now: datetime) -> dict[int, list[Bar]]:
    """By keyword, the new and cross-listed papers that it brought on the days of the last two months; None for
    a day of which no category has a paper."""
    last, wanted = almanac.calendar.newest(now), list(keywords)
    announced_days = Announcement.objects.with_papers().filter(day__gt=last - CHARTED).order_by()
    there = set(announced_days.values_list("day", flat=True).distinct())
    rows = (
        Match.objects.filter(
            keyword__in=wanted,
            version__listings__announcement__day__gt=last - CHARTED,
            version__listings__announcement__category__followed=True,
            version__listings__announce_type__in=[Listing.Type.NEW, Listing.Type.CROSS],
        )
        .values_list("keyword", "version__listings__announcement__day")
        .annotate(n=Count("version__paper", distinct=True))
    )
    known = {(keyword, day): n for keyword, day, n in rows}
    days = list(_oldest_first(almanac, last))
    return {
        keyword: [Bar(day, known.get((keyword, day), 0) if day in there else None) for day in days]
        for keyword in wanted
    }


def _oldest_first(almanac: Almanac, last: date) -> Iterator[date]:
    days = list(almanac.calendar.days(last - CHARTED + timedelta(days=1), last))
    return iter(days[::-1])


def default_until(almanac: Almanac, now: datetime) -> date:
    """The newest day that has been announced; where all that is here is of later days (the sample's), theirs."""
    newest = almanac.calendar.newest(now)
    here = Announcement.objects.aggregate(first=Min("day"), last=Max("day"))
    return here["last"] if here["first"] and here["first"] > newest else newest


def chart(bars: Sequence[Bar], key: str, title: str) -> SafeString:
    """Bars as SVG, told in words too."""
    most = max(bars, key=lambda bar: bar.count or 0)
    about = _("%(first)s to %(last)s: %(papers)d papers; the most, %(most)d, on %(day)s.") % {
        "first": bars[0].day,
        "last": bars[-1].day,
        "papers": sum(bar.count or 0 for bar in bars),
        "most": most.count or 0,
        "day": most.day,
    }
    return mark_safe(papers_a_day(bars, key, title, about, _("not complete")))  # it escapes what it is given
