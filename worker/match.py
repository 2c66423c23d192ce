"""Match: new versions of papers against all keywords, new keywords against the papers already here."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from digest.keywords import Matcher
from digest.models import Keyword, Match, PaperVersion
from worker.celery import app, ring
from worker.runs import recorded

log = logging.getLogger("paperglot")
_BATCH = 500
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
        keywords, matcher = _compiled(Keyword.objects.followed())
        seen = brought = 0
        while versions := list(PaperVersion.objects.unmatched().order_by("id")[:_BATCH]):
            with transaction.atomic():
                brought += _match(matcher, keywords, versions)
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
        keywords, matcher = _compiled(new)
        recent = PaperVersion.objects.filter(first_seen_at__gte=now - KEPT).order_by("first_seen_at", "id")
        keys, brought = list(recent.values_list("pk", flat=True)), 0
        for start in range(0, len(keys), _BATCH):
            versions = PaperVersion.objects.filter(pk__in=keys[start : start + _BATCH])
            brought += _match(matcher, keywords, list(versions.order_by("id")))
        Keyword.objects.filter(pk__in=keywords).update(applied_at=now)
        run.counts = {"keywords": len(keywords), "matches": brought}
    log.info("held %d new keywords against the papers here: %d matches", len(keywords), brought)
    return len(keywords)


def spans(matcher: Matcher, title: str, abstract: str) -> dict[int, list[dict[str, object]]]:
    """By keyword (its place in the matcher), where it stands in the two fields."""
    found: dict[int, list[dict[str, object]]] = {}
    for field, text in (("title", title), ("abstract", abstract)):
        for hit in matcher.find(text):
            found.setdefault(hit.keyword, []).append({"field": field, "start": hit.start, "end": hit.end})
    return found


def _compiled(keywords: QuerySet[Keyword]) -> tuple[list[int], Matcher]:
    """The keys of these keywords, and the matcher that names them by their places."""
    rows = list(keywords.order_by("pk").values_list("pk", "canonical"))
    return [key for key, _ in rows], _matcher(tuple(form for _, form in rows))


@lru_cache(maxsize=2)
def _matcher(forms: tuple[str, ...]) -> Matcher:
    """Kept from one bell to the next: on most days 155 documents are held against the same keywords."""
    return Matcher(forms)


def _match(matcher: Matcher, keywords: Sequence[int], versions: Sequence[PaperVersion]) -> int:
    rows = [
        Match(keyword_id=keywords[place], version=version, spans=where)
        for version in versions
        for place, where in spans(matcher, version.title, version.abstract).items()
    ]
    Match.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
