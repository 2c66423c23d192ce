"""Index: papers whose newest version or whose translations have changed are written down for the search."""

import logging
import time
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import chain

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from digest import search_text
from digest.arxiv_days import arxiv_day
from digest.models import Indexed, Installation, Listing, Paper, PaperVersion, Translation
from worker.celery import app, ring
from worker.runs import recorded

log = logging.getLogger("paperglot")
_TASK_SECONDS = 45.0
_BATCH = 100
"""Papers of a transaction: a few hundredths of a second."""


@app.task(name="worker.index")
def index() -> None:
    if index_changed(timezone.now(), _TASK_SECONDS):
        ring("index")


def index_changed(now: datetime, seconds: float = float("inf")) -> bool:
    """Index what has changed, the newest papers first, for about `seconds`; True if some may be left."""
    if not Indexed.objects.exists():
        _all_anew()
    if not _changed():
        return False
    with recorded("index") as run:
        began, done = time.monotonic(), 0
        while keys := _changed():
            written = _index(keys, now)
            done += written
            run.counts = {"papers": done}
            if time.monotonic() - began > seconds or not written:  # somebody else has them in hand
                break
    log.info("indexed %d papers for the search", done)
    return bool(keys)


def _all_anew() -> None:
    """A database that was restored without its index: what is marked as indexed is not."""
    PaperVersion.objects.exclude(indexed_at=None).update(indexed_at=None)


def _changed() -> list[int]:
    """The keys of some papers that the search does not know as they are now."""
    versions = PaperVersion.objects.unindexed().order_by("-id").values_list("paper", flat=True)
    translations = Translation.objects.unindexed().order_by("-id").values_list("version__paper", flat=True)
    return list(dict.fromkeys(chain(versions[:_BATCH], translations[:_BATCH])))[:_BATCH]


@transaction.atomic
def _index(keys: Sequence[int], now: datetime) -> int:
    """Write these papers down; returns how many. Those that another worker has in hand are its."""
    mine = Paper.objects.filter(pk__in=keys).order_by("pk")
    papers = list(mine.select_for_update(skip_locked=True, no_key=True))
    versions = PaperVersion.objects.filter(paper__in=papers)
    translations = Translation.objects.filter(version__paper__in=papers, finished_at__isnull=False)
    # The marks go before anything is read: what changes meanwhile is marked anew.
    versions.update(indexed_at=now)
    translations.update(indexed_at=now)
    newest = {v.paper_id: v for v in versions.order_by("number")}
    translated = _translated(translations)
    days = _days(papers)
    rows = [
        _row(paper, newest[paper.pk], translated.get(paper.pk, ()), days.get(paper.pk), now)
        for paper in papers
        if paper.pk in newest
    ]
    moved = Indexed.objects.filter(paper__in=papers).exclude(pk__in=[row.pk for row in rows])
    moved.delete()
    Indexed.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["title", "body", "authors", "categories", "indexed_at"],
    )
    return len(papers)


def _translated(translations: Iterable[Translation]) -> dict[int, Iterable[Translation]]:
    """By paper, one translation a language: of the newest version that has one, by the model in use if it did."""
    preferred = Installation.current().model
    best: dict[int, dict[str, Translation]] = {}
    rows = translations.exclude(state=Translation.State.FAILED).select_related("version")  # type: ignore[attr-defined]
    for row in sorted(
        rows, key=lambda t: (t.version.number, t.model.partition("#")[0] == preferred, t.finished_at)
    ):
        best.setdefault(row.version.paper_id, {})[row.language] = row
    return {paper: by_language.values() for paper, by_language in best.items()}


def _days(papers: Sequence[Paper]) -> dict[int, date]:
    """The day on which each paper was announced first."""
    listed = Listing.objects.filter(paper__in=papers).order_by()
    return dict(listed.values_list("paper").annotate(Min("announcement__day")))


def _row(
    paper: Paper, version: PaperVersion, translated: Iterable[Translation], day: date | None, now: datetime
) -> Indexed:
    told = list(translated)
    texts = [version.title, version.abstract, *(f"{t.title} {t.abstract}" for t in told)]
    titles = [search_text.announced(version.title), *(search_text.spaced(t.title) for t in told)]
    body = [
        search_text.announced(version.abstract),
        *(search_text.spaced(t.abstract) for t in told),
        search_text.announced(paper.comments),
    ]
    return Indexed(
        id=search_text.place(day or arxiv_day(version.first_seen_at), paper.pk),
        paper=paper,
        title=" ".join(titles).strip(),
        body=" ".join(body).strip(),
        authors=search_text.authors(paper.authors),
        categories=f"{search_text.categories(paper.categories)} {search_text.signs(texts)}".strip(),
        indexed_at=now,
    )
