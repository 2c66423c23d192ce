"""What is kept, and what goes when somebody wants room: old papers that no digest holds, with all that hangs on them.

Nothing goes by itself. Announcements stay as the proof of what was here, and corrections and the glossary stay.
What has gone is always a whole batch: `prune` may be stopped anywhere and begun again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from digest.models import (
    Digest,
    Entry,
    LabPaper,
    Listing,
    Match,
    Paper,
    PaperVersion,
    Segment,
    Sentence,
    State,
    Translation,
)

LEAST_DAYS = 30
"""So far back a new keyword looks (worker.match); what is younger is still worked with."""
_PAPERS, _DIGESTS, _SENTENCES = 100, 50, 500
"""Rows of a transaction: each takes some tenths of a second, and SQLite has one writer at a time."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is old: whose newest listing is of a day before `before`; papers that were never announced here (a
    one-shot's), whose versions all came before it.

    With `digests`, digests of days before it go too, whole, unless a paper in them was saved. With
    `keep_matched`, what any keyword has ever brought stays.
    """

    before: date
    digests: bool = False
    keep_matched: bool = False

    @property
    def began(self) -> datetime:
        return datetime.combine(self.before, time(), UTC)


@dataclass(frozen=True, slots=True)
class Counts:
    digests: int
    papers: int
    versions: int
    translations: int
    sentences: int
    """Those that nothing uses any more once the papers have gone."""

    def __bool__(self) -> bool:
        return any((self.digests, self.papers, self.sentences))


def kept() -> QuerySet[State]:
    """What a reader has saved or written something to."""
    return State.objects.filter(~Q(saved_at=None) | ~Q(note=""))


def old_digests(choice: Choice) -> QuerySet[Digest]:
    saved = Entry.objects.filter(digest=OuterRef("pk"), paper__in=kept().values("paper"))
    rows = Digest.objects.filter(~Exists(saved), day__lt=choice.before)
    return rows if choice.digests else rows.none()


def old_papers(choice: Choice) -> QuerySet[Paper]:
    """Papers that go. One that stands in a digest that stays, or on a lab's reading list, stays."""
    listed = Listing.objects.filter(paper=OuterRef("pk"))
    recent = listed.filter(announcement__day__gte=choice.before)
    came = PaperVersion.objects.filter(paper=OuterRef("pk"), first_seen_at__gte=choice.began)
    held = Entry.objects.filter(paper=OuterRef("pk"))
    if choice.digests:
        held = held.exclude(digest__in=old_digests(choice))
    mine = kept().filter(paper=OuterRef("pk"))
    rows = Paper.objects.filter(
        ~Exists(recent), ~Exists(held), ~Exists(mine), Q(Exists(listed)) | ~Exists(came)
    )
    rows = rows.filter(~Exists(LabPaper.objects.filter(paper=OuterRef("pk"))))
    if choice.keep_matched:
        rows = rows.filter(~Exists(Match.objects.filter(version__paper=OuterRef("pk"))))
    return rows


def unused_sentences(without: QuerySet[Paper] | None = None) -> QuerySet[Sentence]:
    """Sentences that no translation has a place for, or none but those of these papers."""
    places = Segment.objects.filter(sentence=OuterRef("pk"))
    if without is not None:
        places = places.exclude(translation__version__paper__in=without)
    return Sentence.objects.filter(~Exists(places))


def count(choice: Choice) -> Counts:
    """What `prune` would delete now."""
    papers = old_papers(choice)
    return Counts(
        digests=old_digests(choice).count(),
        papers=papers.count(),
        versions=PaperVersion.objects.filter(paper__in=papers).count(),
        translations=Translation.objects.filter(version__paper__in=papers).count(),
        sentences=unused_sentences(papers).count(),
    )


def prune(choice: Choice) -> Iterator[tuple[str, int]]:
    """Delete it, the sentences last, since a translation holds them; after each batch tell what went and how much.

    Every batch is asked for anew inside of its transaction: a paper that has just been announced again, or a
    sentence that a translation has just taken from the memory, stays.
    """
    yield from _batches("digests", lambda: old_digests(choice), _DIGESTS)
    yield from _batches("papers", lambda: old_papers(choice), _PAPERS)
    yield from _batches("sentences", unused_sentences, _SENTENCES)


def _batches(what: str, rows: Callable[[], QuerySet[Any]], size: int) -> Iterator[tuple[str, int]]:
    last = 0
    while keys := list(rows().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        last = keys[-1]
        yield what, _delete(rows, keys)


@transaction.atomic
def _delete(rows: Callable[[], QuerySet[Any]], keys: list[int]) -> int:
    model: type[Model] = rows().model
    # Locked first and asked afterwards: PostgreSQL would hold the question against what was before the wait.
    list(model._default_manager.filter(pk__in=keys).order_by("pk").select_for_update())
    if model is Digest:  # nobody saves a paper in it meanwhile
        list(Entry.objects.filter(digest__in=keys).order_by("pk").select_for_update())
    gone = list(rows().filter(pk__in=keys).values_list("pk", flat=True))
    model._default_manager.filter(pk__in=gone).delete()
    return len(gone)
