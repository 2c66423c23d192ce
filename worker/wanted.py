"""What a day brings to its readers: the day's listings held against what everybody follows, for all at once.

Asked reader by reader, every one of them walks through the whole day: a thousand took minutes, all at once take
half a second.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.db.models import Count, F, Max, QuerySet, Sum

from digest.models import (
    Announcement,
    Category,
    CaughtUp,
    Entry,
    Installation,
    Keyword,
    Listing,
    Match,
    Subscription,
    Translation,
)
from worker.arxiv.entries import ANNOUNCE_TYPES

SHOWN = (Listing.Type.NEW, Listing.Type.CROSS)
REPLACED = (Listing.Type.REPLACE, Listing.Type.REPLACE_CROSS)
"""Shown to whoever wants a keyword's papers again when they have a new version."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing, as far as a digest needs it."""

    pk: int
    paper_id: int
    version_id: int
    announce_type: str
    arxiv_id: str
    number: int

    @property
    def replaced(self) -> bool:
        return self.announce_type in REPLACED

    @property
    def name(self) -> str:
        """A replacement's has its version (2605.90001v2), so that feed readers show it as new."""
        return f"{self.arxiv_id}v{self.number}" if self.replaced else self.arxiv_id


class Wanted:
    """The listings of a day that somebody's keyword brings; ask `of` whom."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._follows: dict[int, dict[int, bool]] = defaultdict(dict)
        rows = Subscription.objects.bringing().order_by()
        for user, keyword, again in rows.values_list("user_id", "keyword_id", "replacements"):
            self._follows[user][keyword] = again
        left_out = Subscription.objects.excluding().order_by().values_list("user_id", "keyword_id")
        self._excluded = _collected(left_out)
        self._again = any(again for mine in self._follows.values() for again in mine.values())
        self._match()
        self._had = self._those_had()
        self._finished: dict[str, set[int]] = {}
        self._there: dict[int, set[int]] | None = None

    def of(self, user: int) -> list[Listed]:
        """What this reader's keywords bring, less what they have had on another day, in arXiv's order.

        A new version comes if they have not had it or a later one, and if the keyword once brought the paper:
        the new text may speak of something else, or only say that it is withdrawn.
        """
        found: dict[int, Listed] = {}
        for keyword, again in self._follows[user].items():
            found |= {listed.pk: listed for listed in self._shown.get(keyword, ())}
            if again:
                found |= {listed.pk: listed for listed in self._replaced.get(keyword, ())}
        if excluded := self._excluded.get(user):
            found = {pk: listed for pk, listed in found.items() if excluded.isdisjoint(self._all(listed))}
        return [found[key] for key in sorted(found) if not self._has_had(user, found[key])]

    def _all(self, listed: Listed) -> set[int]:
        """Every keyword that matches it, whoever follows it."""
        of_papers = self._by_paper.get(listed.paper_id, set()) if listed.replaced else set()
        return self._by_version.get(listed.version_id, set()) | of_papers

    def brought(self, user: int, listed: Listed) -> list[int]:
        """Which of the reader's keywords bring it."""
        mine = self._follows[user]
        if listed.replaced:
            return [keyword for keyword in self._by_paper[listed.paper_id] if mine.get(keyword)]
        return [keyword for keyword in self._by_version[listed.version_id] if keyword in mine]

    def untranslated(self, versions: set[int], language: str) -> int:
        """How many of these have no finished translation."""
        if language not in self._finished:
            done = Translation.objects.exclude(finished_at=None).filter(language=language)
            done = done.filter(version__in=self._listings().values("version"))
            self._finished[language] = set(done.values_list("version_id", flat=True))
        return len(versions - self._finished[language])

    def there(self, user: int) -> set[int]:
        """The papers that the reader's digest of the day, or the one that makes up for it, has already."""
        if self._there is None:
            own = Entry.objects.filter(digest__day=self._day).order_by()
            later = Entry.objects.filter(digest__caught_up__day=self._day).order_by()
            pairs = [rows.values_list("digest__user_id", "paper_id") for rows in (own, later)]
            self._there = _collected(chain(*pairs))
        return self._there.get(user, set())

    def lacks(self, user: int, wanted: Iterable[Listed]) -> bool:
        """Whether that digest has not all of these."""
        return not {listed.paper_id for listed in wanted} <= self.there(user)

    def _listings(self) -> QuerySet[Listing]:
        rows = Listing.objects.filter(announcement__day=self._day, announcement__category__followed=True)
        return rows.order_by()

    def _match(self) -> None:
        """Listings by keyword, and keywords by what they bring: a new paper's version, a replaced paper."""
        shown = self._listings().filter(announce_type__in=SHOWN)
        matches = Match.objects.filter(version__in=shown.values("version"))
        self._by_version = _collected(matches.values_list("version_id", "keyword_id"))
        self._by_paper: dict[int, set[int]] = {}
        if self._again:
            matches = Match.objects.filter(version__paper__in=self._replacements().values("paper"))
            self._by_paper = _collected(matches.values_list("version__paper_id", "keyword_id"))
        self._shown = _by_keyword(shown, lambda listed: self._by_version.get(listed.version_id, ()))
        self._replaced: dict[int, list[Listed]] = {}
        if self._again:
            rows = self._replacements()
            self._replaced = _by_keyword(rows, lambda listed: self._by_paper.get(listed.paper_id, ()))

    def _replacements(self) -> QuerySet[Listing]:
        return self._listings().filter(announce_type__in=REPLACED)

    def _those_had(self) -> dict[tuple[int, int], int]:
        """By reader and paper, the highest version that they have had of it in another digest than the day's, or the
        one that makes up for it."""
        listings = self._listings() if self._again else self._listings().filter(announce_type__in=SHOWN)
        entries = Entry.objects.filter(paper__in=listings.values("paper")).exclude(digest__day=self._day)
        entries = entries.exclude(digest__in=CaughtUp.objects.filter(day=self._day).values("digest"))
        had: dict[tuple[int, int], int] = {}
        rows = entries.order_by().values_list("digest__user_id", "paper_id", "version__number")
        for user, paper, number in rows.iterator():
            had[user, paper] = max(number, had.get((user, paper), 0))
        return had

    def _has_had(self, user: int, listed: Listed) -> bool:
        had = self._had.get((user, listed.paper_id))
        return had is not None and (not listed.replaced or had >= listed.number)


def _collected(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
    return found


def _by_keyword(
    listings: QuerySet[Listing], keywords: Callable[[Listed], Iterable[int]]
) -> dict[int, list[Listed]]:
    rows = listings.annotate(arxiv_id=F("paper__arxiv_id"), number=F("version__number"))
    found: dict[int, list[Listed]] = defaultdict(list)
    fields = ("pk", "paper_id", "version_id", "announce_type", "arxiv_id", "number")
    for row in rows.values_list(*fields).iterator():
        listed = Listed(*row)
        for keyword in keywords(listed):
            found[keyword].append(listed)
    return found


def strongest(listings: Iterable[Listed]) -> list[Listed]:
    """One listing for each paper, in the order of their first coming: the strongest of its types."""
    papers: dict[int, Listed] = {}
    for listing in listings:
        known = papers.setdefault(listing.paper_id, listing)
        rank = ANNOUNCE_TYPES.index
        if rank(listing.announce_type) < rank(known.announce_type):
            papers[listing.paper_id] = listing
    return list(papers.values())


Mark = tuple[object, ...]


def mark(day: date) -> Mark:
    """Differs whenever a digest of the day may want a paper that it has not wanted before: a document came, a keyword
    was held against the papers here, another version of a replaced paper matches, somebody follows or leaves out
    something else, an entry has gone, papers were matched again."""
    came = Announcement.objects.filter(day=day).aggregate(last=Max("fetched_at"), rows=Count("pk"))
    follows = Subscription.objects.filter(user__is_active=True, paused=False)
    again, left_out = follows.filter(replacements=True), follows.filter(excluded=True)
    listed = Listing.objects.filter(announcement__day=day).order_by()
    replaced = listed.filter(announce_type__in=REPLACED)
    once = Match.objects.filter(version__paper__in=replaced.values("paper"))
    return (
        Installation.current().uuid,
        *came.values(),
        *follows.aggregate(count=Count("pk"), total=Sum("pk")).values(),
        *again.aggregate(count=Count("pk"), total=Sum("pk")).values(),
        *left_out.aggregate(count=Count("pk"), total=Sum("pk")).values(),
        *Category.objects.followed().aggregate(count=Count("pk"), total=Sum("pk")).values(),
        Keyword.objects.aggregate(last=Max("applied_at"))["last"],
        once.count() if again.exists() else 0,
        Entry.objects.filter(digest__day=day).count(),
        Entry.objects.filter(digest__caught_up__day=day).count(),
        Match.objects.filter(version__in=listed.values("version")).aggregate(last=Max("pk"))["last"],
    )
