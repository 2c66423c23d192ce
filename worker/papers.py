"""Entries become papers and their versions, each once, whatever sources tell of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from digest.models import Paper, PaperVersion
from worker.arxiv.entries import Entry, stronger
from worker.arxiv.withdrawals import is_withdrawn

_CHUNK = 500


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


def store_papers(
    entries: Sequence[Entry], now: datetime, new: Counter[str] | None = None
) -> dict[str, PaperVersion]:
    """Store papers and versions that are not here yet; returns every entry's version by arXiv id.

    A paper's metadata follows its newest version; the text of a version never changes.
    `new` counts those that were not here.
    """
    versions: dict[str, PaperVersion] = {}
    new = Counter() if new is None else new
    # In one order everywhere, so that two workers that store the same papers never wait crosswise.
    ordered = sorted(entries, key=lambda entry: entry.arxiv_id)
    for start in range(0, len(ordered), _CHUNK):
        with transaction.atomic():
            versions |= _store_chunk(ordered[start : start + _CHUNK], now, new)
    return versions


def _store_chunk(entries: Sequence[Entry], now: datetime, count: Counter[str]) -> dict[str, PaperVersion]:
    ids = [entry.arxiv_id for entry in entries]
    known = set(Paper.objects.filter(arxiv_id__in=ids).values_list("arxiv_id", flat=True))
    new = [Paper(arxiv_id=e.arxiv_id, **_metadata(e)) for e in entries if e.arxiv_id not in known]
    Paper.objects.bulk_create(
        new,
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
    versions = [
        PaperVersion(
            paper=papers[e.arxiv_id],
            number=e.version,
            title=e.title,
            abstract=e.abstract,
            first_seen_at=now,
        )
        for e in entries
        if (papers[e.arxiv_id].pk, e.version) not in here
    ]
    PaperVersion.objects.bulk_create(versions, ignore_conflicts=True)
    stored = {
        (version.paper.arxiv_id, version.number): version
        for version in PaperVersion.objects.filter(paper__in=papers.values()).select_related("paper")
    }
    count.update(papers=len(new), versions=len(versions))
    return {e.arxiv_id: stored[e.arxiv_id, e.version] for e in entries}


def _refresh(
    entries: Sequence[Entry], papers: dict[str, Paper], newest: dict[int, int], known: set[str]
) -> None:
    changed = []
    for entry in entries:
        paper = papers[entry.arxiv_id]
        metadata = _metadata(entry)
        if entry.abridged:  # what a feed has told of them is more
            metadata = {name: metadata[name] for name in metadata if name not in ("authors", "categories")}
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
        "comments": entry.comments,
        "withdrawn": is_withdrawn(entry.comments, entry.abstract),
    }
