"""A dry run: what a rule would have brought in the last thirty days, before anybody follows it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import F

from digest.almanac import Almanac
from digest.charts import Bar
from digest.keywords import Record, Rules, canonical
from digest.keywords.sieve import Sieve
from digest.models import Announcement, Listing, PaperVersion

LOOKS_BACK = timedelta(days=30)
MANY = 100
"""Papers a day from which a rule is called too wide."""
NEWEST = 10
MOST_READ = 60_000
"""Papers that are looked at, the newest; of more, the days before are not told."""
_CHUNK = 2000
_ALL, _SAMPLE = 200, 1500
"""Of papers that may satisfy the rule, the newest are all held against it; of the others about so many, and the
rest is reckoned: a word like "learning" is in eleven thousand."""


@dataclass(frozen=True, slots=True)
class Tried:
    """`papers` new and cross-listed papers on `days` announced days; `newest` are (arXiv id, title, day)."""

    form: str
    papers: int
    days: int
    bars: list[Bar]
    newest: list[tuple[str, str, date]]
    looked_at: int
    reckoned: bool

    @property
    def a_day(self) -> float:
        return self.papers / self.days if self.days else 0.0

    @property
    def many(self) -> bool:
        return self.a_day > MANY

    @property
    def none(self) -> bool:
        return bool(self.days) and not self.papers


def tried(rule: str, almanac: Almanac, now: datetime) -> Tried:
    """What the rule would have brought. Raises KeywordError."""
    form = canonical(rule)
    last = _last_day(almanac, now)
    first = last - LOOKS_BACK + timedelta(days=1)
    days = list(almanac.calendar.days(first, last))
    with_papers = Announcement.objects.with_papers().filter(day__gte=first, day__lte=last).order_by()
    there = set(with_papers.values_list("day", flat=True).distinct())
    looked_at, weights = _satisfying(Rules([form]), first)
    by_paper = _announced(list(weights), first, last)
    counts: Counter[date] = Counter()
    for day, version, _arxiv_id in by_paper.values():
        counts[day] += weights[version]
    newest = sorted(by_paper.values(), reverse=True)[:NEWEST]
    titles = dict(PaperVersion.objects.filter(pk__in=[v for _, v, _ in newest]).values_list("pk", "title"))
    return Tried(
        form=form,
        papers=counts.total(),
        days=len(there),
        bars=[Bar(day, counts[day] if day in there else None) for day in days[::-1]],
        newest=[(arxiv_id, titles[version], day) for day, version, arxiv_id in newest],
        looked_at=looked_at,
        reckoned=max(weights.values(), default=1) > 1,
    )


def _last_day(almanac: Almanac, now: datetime) -> date:
    """The newest day that is here: the sample's are not today's."""
    newest = almanac.calendar.newest(now)
    here = Announcement.objects.with_papers().order_by("-day").values_list("day", flat=True).first()
    return max(newest, here) if here and here > newest else newest


def _satisfying(rules: Rules, first: date) -> tuple[int, dict[int, int]]:
    """How many versions were looked at; and which satisfy the rule, the newest first, each with for how many
    it stands."""
    sieve = Sieve(rules)
    since = datetime.combine(first - timedelta(days=1), time.min, tzinfo=UTC)  # announced the evening before
    rows = PaperVersion.objects.filter(first_seen_at__gte=since).order_by("-first_seen_at", "-pk")
    columns = ["pk", "title", "abstract"]
    if sieve.by_name:
        columns += ["paper__authors", "paper__categories"]
    looked_at, may = 0, []
    for row in rows.values_list(*columns)[:MOST_READ].iterator(chunk_size=_CHUNK):
        looked_at += 1
        if sieve.lets(Record(*row[1:])):
            may.append(row[0])
    step = max(len(may[_ALL:]) // _SAMPLE, 1)
    weights = dict.fromkeys(may[:_ALL], 1) | dict.fromkeys(may[_ALL::step], step)
    there = {pk for pk, record in _records(list(weights)) if rules.match(record)}
    return looked_at, {pk: weight for pk, weight in weights.items() if pk in there}


def _records(keys: list[int]) -> Iterator[tuple[int, Record]]:
    columns = ("pk", "title", "abstract", "paper__authors", "paper__categories")
    for start in range(0, len(keys), 500):
        rows = PaperVersion.objects.filter(pk__in=keys[start : start + 500]).order_by()
        for row in rows.values_list(*columns):
            yield row[0], Record(*row[1:])


def _announced(versions: list[int], first: date, last: date) -> dict[int, tuple[date, int, str]]:
    """By paper: the day on which it came new or cross-listed, its version, its id."""
    found: dict[int, tuple[date, int, str]] = {}
    rows = Listing.objects.filter(
        announcement__day__gte=first,
        announcement__day__lte=last,
        announcement__category__followed=True,
        announce_type__in=[Listing.Type.NEW, Listing.Type.CROSS],
    ).order_by()
    for start in range(0, len(versions), 500):
        here = rows.filter(version__in=versions[start : start + 500])
        for paper, day, version, arxiv_id in here.values_list(
            "paper_id", "announcement__day", "version_id", F("paper__arxiv_id")
        ):
            if paper not in found or day < found[paper][0]:
                found[paper] = (day, version, arxiv_id)
    return found
