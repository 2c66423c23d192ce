"""A document becomes rows: its papers (worker.papers), and their listing in an announcement."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from digest.arxiv_days import Calendar
from digest.models import Announcement, Category, Holiday, Listing, PaperVersion, Tally
from worker.arxiv.entries import ANNOUNCE_TYPES, Document, Entry
from worker.arxiv.freshness import Judgement, Known, is_cut, judge
from worker.papers import merge, store_papers

State = Announcement.State
_CHUNK = 500
_RANK = {State.EXPECTED: 0, State.MISSING: 0, State.EMPTY: 1, State.STALE: 1, State.PARTIAL: 2, State.EARLY: 3,
         State.HOLIDAY: 4, State.WEEKEND: 4, State.COMPLETE: 5}  # fmt: skip
"""A row never falls to a lower state: what is here stays here, whatever a later document looks like."""
_SUBMITTED = (
    "From arXiv's API, by the time of submission: it does not tell what was announced when, so papers may be "
    "missing here, or of another day."
)
_MOST_SEEN = 40
_PROOF = (
    "state note declared parsed stored source seen fetched_at first_seen_at complete_at next_try_at".split()
)
"""What a document says of a day. A lease is not among it: whoever heals the day may take or end it meanwhile."""
_NUMBERS = timedelta(days=6)
"""How far back the newest number is looked for: over a weekend and a holiday or two."""
_MEMORY = timedelta(days=14)
"""How far back a stale document's papers are looked for."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a document made of a day; `note` says why it is not complete."""

    state: Announcement.State
    stored: int
    note: str = ""


def store(
    category: Category,
    document: Document,
    source: str,
    now: datetime,
    *,
    kind: str = "rss",
    calendar: Calendar | None = None,
) -> Announcement:
    """Store a document as its category's announcement of a day, with the proof of completeness.

    Whose day it is, its papers say and not its date (worker.arxiv.freshness): a document of yesterday under
    today's date is noted as stale, and stored under yesterday if that is not whole yet. Returns the row of the
    document's own date.
    """
    calendar = calendar or Holiday.calendar()
    trusted = kind in ("catchup", "api")  # it was asked for by its day
    judged = Judgement(document.day) if trusted else judge(document, _known(category, document), calendar)
    seen = _Seen(document, source, kind, now, calendar)
    new: Counter[str] = Counter()
    with transaction.atomic():
        row = _row(category, document.day, now)
        if judged.day == document.day:
            outcome = _outcome(row, document, calendar, now, new)
        else:
            outcome = Outcome(State.STALE, 0, judged.note)
            if judged.day:
                true = _row(category, judged.day, now)
                whole = replace(document, day=judged.day)
                seen.conclude(true, _outcome(true, whole, calendar, now, new))
        seen.conclude(row, outcome)
        for name, count in sorted(new.items()):
            Tally.add(name, {"": count})
    return row


def _known(category: Category, document: Document) -> Known:
    """What is here of the days before a document's.

    The announcements are asked for first, and their listings by key: a database without fresh statistics
    (a new PostgreSQL in its first hour) joins all days with all papers otherwise.
    """
    day = document.day
    before = Announcement.objects.filter(day__lt=day, day__gte=day - _MEMORY, stored__gt=0)
    rows = list(before.values_list("pk", "category_id", "day"))
    own = Listing.objects.filter(announcement__in=[pk for pk, owner, _ in rows if owner == category.pk])
    lately = Listing.objects.filter(
        announcement__in=[pk for pk, _, when in rows if when >= day - _NUMBERS],
        announce_type=Listing.Type.NEW,
        paper__arxiv_id__lt=":",  # old identifiers begin with a letter
    )
    newest = lately.aggregate(newest=Max("paper__arxiv_id"))["newest"]
    return Known(frozenset(own.values_list("paper__arxiv_id", "version__number")), newest or "")


def _row(category: Category, day: date, now: datetime) -> Announcement:
    row, _ = Announcement.objects.get_or_create(
        category=category, day=day, defaults={"state": State.EXPECTED, "first_seen_at": now}
    )
    return row


def _outcome(
    row: Announcement, document: Document, calendar: Calendar, now: datetime, new: Counter[str]
) -> Outcome:
    """Store a document's papers under a day, and say what the day is now."""
    if not document.declared:
        why = calendar.why_empty(row.day)
        return Outcome(
            State(why) if why else State.EMPTY, 0, "" if why else "The document declares no paper."
        )
    entries = _numbered(merge(document.entries))
    _list(row, entries, now, new)
    listed = set(row.listings.values_list("paper__arxiv_id", flat=True))
    stored = sum(entry.arxiv_id in listed for entry in document.entries)
    if document.kind == "api":
        return Outcome(State.PARTIAL, stored, _SUBMITTED)
    if is_cut(document):
        return Outcome(State.PARTIAL, stored, f"A feed of {document.declared:,} items is cut by arXiv.")
    if stored == len(document.entries) == document.declared:
        return Outcome(State.COMPLETE, stored)
    left = [e for e in document.entries if e.arxiv_id not in listed]
    if len(document.entries) == document.declared and not any(e.version for e in left):
        note = f"{len(left)} replacements wait for a source that tells their version."
        return Outcome(State.EARLY, stored, note)
    return Outcome(State.PARTIAL, stored, "\n".join(document.skipped))


def _numbered(entries: Sequence[Entry]) -> list[Entry]:
    """Entries with a version. Where the source tells none, a new paper is the version that is known or the first;
    a replacement waits."""
    unknown = [entry.arxiv_id for entry in entries if not entry.version]
    latest: dict[str, int] = {}
    for start in range(0, len(unknown), _CHUNK):
        rows = PaperVersion.objects.filter(paper__arxiv_id__in=unknown[start : start + _CHUNK])
        latest |= dict(rows.values_list("paper__arxiv_id").annotate(Max("number")))
    numbered = []
    for entry in entries:
        if entry.version:
            numbered.append(entry)
        elif entry.announce_type in ("new", "cross"):
            numbered.append(replace(entry, version=latest.get(entry.arxiv_id, 1)))
    return numbered


def _list(row: Announcement, entries: Sequence[Entry], now: datetime, new: Counter[str]) -> None:
    """List a day's papers; of the types that several sources tell of one, the strongest holds."""
    versions = store_papers(entries, now, new)
    Listing.objects.bulk_create(
        (
            Listing(
                announcement=row,
                paper=versions[e.arxiv_id].paper,
                version=versions[e.arxiv_id],
                announce_type=e.announce_type,
            )
            for e in entries
        ),
        ignore_conflicts=True,
        batch_size=_CHUNK,
    )
    told, rank = {entry.arxiv_id: entry.announce_type for entry in entries}, ANNOUNCE_TYPES.index
    known = row.listings.exclude(announce_type=Listing.Type.NEW).values_list(
        "pk", "paper__arxiv_id", "announce_type"
    )
    weak = [Listing(pk=pk, announce_type=told[key]) for pk, key, kind in known
            if key in told and rank(told[key]) < rank(kind)]  # fmt: skip
    Listing.objects.bulk_update(weak, ["announce_type"], batch_size=_CHUNK)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A document that came, to be told in the rows of the days that it touches."""

    document: Document
    source: str
    kind: str
    now: datetime
    calendar: Calendar

    def conclude(self, row: Announcement, outcome: Outcome) -> None:
        """Write the proof."""
        row.fetched_at = self.now
        row.first_seen_at = row.first_seen_at or self.now
        state = outcome.state
        if state == State.STALE and (why := self.calendar.why_empty(row.day)):
            state = State(why)
        is_now, was = _RANK[state], _RANK[State(row.state)]
        if is_now > was or (is_now == was and outcome.stored >= row.stored):
            row.state, row.note = state, outcome.note
            if outcome.state != State.STALE:
                row.declared, row.parsed = self.document.declared, len(self.document.entries)
                row.stored, row.source = outcome.stored, self.source[:500]
        if row.settled:
            row.complete_at, row.next_try_at = row.complete_at or self.now, None
        self._tell(row, outcome)
        row.save(update_fields=_PROOF)

    def _tell(self, row: Announcement, outcome: Outcome) -> None:
        """One line for each kind of document; a document that comes again only moves its last time."""
        told = {
            "source": self.kind,
            "url": self.source[:500],
            "state": str(outcome.state),
            "declared": self.document.declared,
            "parsed": len(self.document.entries),
            "stored": outcome.stored,
            "note": outcome.note,
        }
        last = row.seen[-1] if row.seen else {}
        if {name: last.get(name) for name in told} == told:
            last["until"] = self.now.isoformat(timespec="seconds")
        else:
            row.seen = [*row.seen, {"at": self.now.isoformat(timespec="seconds"), **told}][-_MOST_SEEN:]
