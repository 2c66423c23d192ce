"""Entries become rows: papers, versions, and their listing in an announcement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from digest.models import Announcement, Category, Listing, Paper, PaperVersion
from worker.arxiv.entries import Document, Entry, stronger

_CHUNK = 500
_MEMORY = timedelta(days=14)
"""How far back a stale document's papers are looked for."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document; `note` says why it is not complete."""

    state: Announcement.State
    stored: int
    note: str = ""


def merge(entries: Iterable[Entry]) -> list[Entry]:
    """One entry for each paper, in the order of their first coming: its highest version, with the
    strongest announce type."""
    papers: dict[str, Entry] = {}
    for entry in entries:
        known = papers.get(entry.arxiv_id)
        if known is None:
            papers[entry.arxiv_id] = entry
            continue
        base = entry if entry.version > known.version else known
        kind = stronger(entry.announce_type, known.announce_type)
        papers[entry.arxiv_id] = replace(base, announce_type=kind)
    return list(papers.values())


def store_papers(entries: Sequence[Entry], now: datetime) -> dict[str, PaperVersion]:
    """Store papers and versions that are not here yet; returns every entry's version by arXiv id.

    A paper's metadata follows its newest version; the text of a version never changes.
    """
    versions: dict[str, PaperVersion] = {}
    # In one order everywhere, so that two workers that store the same papers never wait crosswise.
    ordered = sorted(entries, key=lambda entry: entry.arxiv_id)
    for start in range(0, len(ordered), _CHUNK):
        with transaction.atomic():
            versions |= _store_chunk(ordered[start : start + _CHUNK], now)
    return versions


def _store_chunk(entries: Sequence[Entry], now: datetime) -> dict[str, PaperVersion]:
    ids = [entry.arxiv_id for entry in entries]
    known = set(Paper.objects.filter(arxiv_id__in=ids).values_list("arxiv_id", flat=True))
    Paper.objects.bulk_create(
        (Paper(arxiv_id=e.arxiv_id, **_metadata(e)) for e in entries if e.arxiv_id not in known),
        ignore_conflicts=True,  # another category's worker may store the same paper now
    )
    papers = {paper.arxiv_id: paper for paper in Paper.objects.filter(arxiv_id__in=ids)}
    here = {
        (version.paper_id, version.number): version
        for version in PaperVersion.objects.filter(paper__in=papers.values())
    }
    newest: dict[int, int] = {}
    for paper_id, number in here:
        newest[paper_id] = max(number, newest.get(paper_id, 0))
    _refresh(entries, papers, newest, known)
    PaperVersion.objects.bulk_create(
        (
            PaperVersion(
                paper=papers[e.arxiv_id],
                number=e.version,
                title=e.title,
                abstract=e.abstract,
                first_seen_at=now,
            )
            for e in entries
            if (papers[e.arxiv_id].pk, e.version) not in here
        ),
        ignore_conflicts=True,
    )
    stored = {
        (version.paper.arxiv_id, version.number): version
        for version in PaperVersion.objects.filter(paper__in=papers.values()).select_related("paper")
    }
    return {e.arxiv_id: stored[e.arxiv_id, e.version] for e in entries}


def _refresh(
    entries: Sequence[Entry], papers: dict[str, Paper], newest: dict[int, int], known: set[str]
) -> None:
    changed = []
    for entry in entries:
        paper = papers[entry.arxiv_id]
        metadata = _metadata(entry)
        if entry.arxiv_id not in known or entry.version < newest.get(paper.pk, 0):
            continue
        if any(value and getattr(paper, name) != value for name, value in metadata.items()):
            for name, value in metadata.items():
                setattr(paper, name, value or getattr(paper, name))
            changed.append(paper)
    if changed:
        Paper.objects.bulk_update(changed, list(_metadata(entries[0])))


def _metadata(entry: Entry) -> dict[str, object]:
    return {
        "authors": list(entry.authors),
        "categories": list(entry.categories),
        "license": entry.license[:200],
        "doi": entry.doi[:500],
        "journal_ref": entry.journal_ref,
    }


def store(category: Category, document: Document, source: str, now: datetime) -> Announcement:
    """Store a document as its category's announcement of its day, with the proof of completeness.

    A document that brings nothing but what this category has brought on days before is yesterday's
    under today's date: it is called stale, and nothing of it is listed under the day.
    """
    entries = merge(document.entries)
    with transaction.atomic():
        announcement, _ = Announcement.objects.get_or_create(
            category=category,
            day=document.day,
            defaults={"state": Announcement.State.PARTIAL, "first_seen_at": now, "fetched_at": now},
        )
        if is_stale(category, document, entries):
            outcome = Outcome(Announcement.State.STALE, 0, "All of its papers were announced on days before.")
        elif not document.declared:
            outcome = Outcome(Announcement.State.EMPTY, 0, "The document declares no paper.")
        else:
            outcome = _list(announcement, document, entries, now)
        _conclude(announcement, document, outcome, source, now)
    return announcement


def is_stale(category: Category, document: Document, entries: Sequence[Entry]) -> bool:
    before = set(
        Listing.objects.filter(
            announcement__category=category,
            announcement__day__lt=document.day,
            announcement__day__gte=document.day - _MEMORY,
        ).values_list("paper__arxiv_id", "version__number")
    )
    return bool(entries) and all((e.arxiv_id, e.version) in before for e in entries)


def _list(announcement: Announcement, document: Document, entries: Sequence[Entry], now: datetime) -> Outcome:
    versions = store_papers(entries, now)
    Listing.objects.bulk_create(
        (
            Listing(
                announcement=announcement,
                paper=versions[e.arxiv_id].paper,
                version=versions[e.arxiv_id],
                announce_type=e.announce_type,
            )
            for e in entries
        ),
        ignore_conflicts=True,
        batch_size=_CHUNK,
    )
    listed = set(announcement.listings.values_list("paper__arxiv_id", flat=True))
    stored = sum(entry.arxiv_id in listed for entry in document.entries)
    if stored == len(document.entries) == document.declared:
        return Outcome(Announcement.State.COMPLETE, stored)
    return Outcome(Announcement.State.PARTIAL, stored, "\n".join(document.skipped))


def _conclude(
    announcement: Announcement, document: Document, outcome: Outcome, source: str, now: datetime
) -> None:
    """Write the proof. A whole announcement stays whole, and one with papers keeps them, whatever a later
    document looks like."""
    announcement.fetched_at = now
    was, is_now = (x.state == Announcement.State.COMPLETE for x in (announcement, outcome))
    if is_now > was or (is_now == was and outcome.stored >= announcement.stored):
        announcement.state = outcome.state
        announcement.declared = document.declared
        announcement.parsed = len(document.entries)
        announcement.stored = outcome.stored
        announcement.source = source[:500]
        announcement.note = outcome.note
    announcement.save()
