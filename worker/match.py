"""Match: new versions of papers against all keywords, new keywords against the papers already here."""

import gc
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from digest.keywords import Record, Rules
from digest.keywords.sieve import Sieve
from digest.models import Keyword, Match, PaperVersion
from worker.celery import app, ring
from worker.runs import recorded

log = logging.getLogger("paperglot")
_BATCH = 500
_ROWS = 2000
KEPT = timedelta(days=30)
"""How far back a new keyword looks."""


@app.task(name="worker.match")
def match() -> None:
    if match_versions(timezone.now()) + apply_keywords(timezone.now()):
        ring("translate")
        ring("publish")


def match_versions(now: datetime) -> int:
    """Hold every unmatched version against every followed keyword; returns how many versions."""
    if not PaperVersion.objects.unmatched().exists():
        return 0
    with recorded("match") as run:
        keywords, rules = _compiled(Keyword.objects.followed())
        seen = brought = 0
        while versions := list(_read(PaperVersion.objects.unmatched().order_by("id"))[:_BATCH]):
            with transaction.atomic():
                brought += _match(rules, keywords, versions)
                PaperVersion.objects.filter(pk__in=[v.pk for v in versions]).update(matched_at=now)
            seen += len(versions)
        run.counts = {"versions": seen, "keywords": len(keywords), "matches": brought}
    log.info("matched %d papers against %d keywords: %d matches", seen, len(keywords), brought)
    return seen


def apply_keywords(now: datetime) -> int:
    """Hold every new keyword against the papers of the last days; returns how many keywords."""
    new = Keyword.objects.followed().filter(applied_at=None)
    if not new.exists():
        return 0
    with recorded("match", "new keywords") as run:
        keywords, rules = _compiled(new)
        brought = 0
        keys = _may(rules, PaperVersion.objects.filter(first_seen_at__gte=now - KEPT))
        for start in range(0, len(keys), _BATCH):
            versions = _read(PaperVersion.objects.filter(pk__in=keys[start : start + _BATCH]))
            brought += _match(rules, keywords, list(versions.order_by("id")))
        Keyword.objects.filter(pk__in=keywords).update(applied_at=now)
        run.counts = {"keywords": len(keywords), "versions": len(keys), "matches": brought}
    log.info("held %d new keywords against the papers here: %d matches", len(keywords), brought)
    return len(keywords)


def _may(rules: Rules, versions: QuerySet[PaperVersion]) -> list[int]:
    """The keys of the versions that have to be looked at: most have no word of a new keyword."""
    sieve = Sieve(rules)
    columns = ("pk", "title", "abstract", *(("paper__authors", "paper__categories") if sieve.by_name else ()))
    rows = versions.order_by().values_list(*columns).iterator(chunk_size=_ROWS)
    return sorted(row[0] for row in rows if sieve.lets(Record(*row[1:])))


def _read(versions: QuerySet[PaperVersion]) -> QuerySet[PaperVersion]:
    return versions.select_related("paper").only("title", "abstract", "paper__authors", "paper__categories")


def record_of(version: PaperVersion) -> Record:
    return Record(version.title, version.abstract, version.paper.authors, version.paper.categories)


def _compiled(keywords: QuerySet[Keyword]) -> tuple[list[int], Rules]:
    """The keys of these keywords, and the rules that are named by their places."""
    rows = list(keywords.order_by("pk").values_list("pk", "canonical"))
    return [key for key, _ in rows], _rules(tuple(form for _, form in rows))


@lru_cache(maxsize=2)
def _rules(forms: tuple[str, ...]) -> Rules:
    """Kept from one bell to the next: on most days 155 documents are held against the same keywords."""
    rules = Rules(forms)
    gc.freeze()  # else the collector walks through all of them again and again while papers are matched
    return rules


def _match(rules: Rules, keywords: Sequence[int], versions: Iterable[PaperVersion]) -> int:
    rows = [
        Match(keyword_id=keywords[place], version=version, spans=where)
        for version in versions
        for place, where in rules.match(record_of(version)).items()
    ]
    Match.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
