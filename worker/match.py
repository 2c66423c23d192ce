"""Match: new versions of papers against all keywords, new keywords against the papers already here."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
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
        keywords = list(Keyword.objects.followed())
        matcher = Matcher([keyword.canonical for keyword in keywords])
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
    keywords = list(Keyword.objects.followed().filter(applied_at=None))
    if not keywords:
        return 0
    with recorded("match", "new keywords") as run:
        matcher = Matcher([keyword.canonical for keyword in keywords])
        recent = PaperVersion.objects.filter(first_seen_at__gte=now - KEPT).order_by("id")
        last = brought = 0
        while versions := list(recent.filter(id__gt=last)[:_BATCH]):
            brought += _match(matcher, keywords, versions)
            last = versions[-1].pk
        Keyword.objects.filter(pk__in=[k.pk for k in keywords]).update(applied_at=now)
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


def _match(matcher: Matcher, keywords: Sequence[Keyword], versions: Sequence[PaperVersion]) -> int:
    rows = [
        Match(keyword=keywords[place], version=version, spans=where)
        for version in versions
        for place, where in spans(matcher, version.title, version.abstract).items()
    ]
    Match.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
