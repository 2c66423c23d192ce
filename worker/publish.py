"""Publish: a reader's matches of a day become their digest, once; what comes later is added to it."""

import logging
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from digest.models import (
    Announcement,
    Category,
    Digest,
    Entry,
    Installation,
    Keyword,
    PaperVersion,
    Section,
    Subscription,
    User,
)
from digest.models.digests import RECENT
from digest.proof import proof_of
from worker.celery import app, ring
from worker.readiness import Decision, Facts, decide, due_at
from worker.runs import recorded
from worker.wanted import Listed, Mark, Wanted, mark, strongest

log = logging.getLogger("paperglot")
_LOOK_AGAIN = 600.0
"""Seconds after which a day is looked at again although nothing that brings papers has changed."""
_seen: dict[date, tuple[Mark, float]] = {}
"""By day, at which mark its digests that are out had everything. Only saves work, and every process its own: a day
that is not here is looked at."""


@app.task(name="worker.publish")
def publish() -> None:
    if publish_due(timezone.now()):
        ring("index")


def publish_due(now: datetime) -> int:
    """Publish every digest that is ready, and add late papers to those that are out."""
    days = recent_days()
    return sum(_publish_day(Round(day, now), readers) for day, readers in _readers(days).items())


def recent_days() -> list[date]:
    """The days that digests may be due for, oldest first: the last week's."""
    announced = Announcement.objects.with_papers()
    newest = announced.order_by("-day").values_list("day", flat=True).first()
    if newest is None:
        return []
    return list(
        announced.filter(day__gt=newest - RECENT).order_by("day").values_list("day", flat=True).distinct()
    )


def _readers(days: list[date]) -> dict[date, list[User]]:
    """By day, whose digest of it may be due or out: the last week's, from a reader's first digest on, and for one
    who has none yet only the newest."""
    if not days:
        return {}
    followed = Subscription.objects.filter(user=OuterRef("pk"), paused=False)
    before = Digest.objects.filter(user=OuterRef("pk"), day__lt=days[0])
    users = (
        User.objects.filter(Exists(followed), is_active=True).annotate(reads=Exists(before)).order_by("pk")
    )
    recent = Digest.objects.filter(day__gte=days[0]).order_by().values("user")
    first = dict(recent.annotate(first=Min("day")).values_list("user", "first"))
    readers: dict[date, list[User]] = {day: [] for day in days}
    for user in users:
        since = days[0] if user.reads else first.get(user.pk, days[-1])
        for day in [day for day in days if day >= since] or days[-1:]:
            readers[day].append(user)
    return readers


class Round:
    """One look at a day: what all of its readers' decisions have in common is asked once."""

    def __init__(self, day: date, now: datetime) -> None:
        self.day, self.now = day, now
        self.scope = Installation.current()
        self.facts = _facts(day, now)
        unapplied = Keyword.objects.followed().filter(applied_at=None).order_by()
        self.unapplied = Counter(unapplied.values_list("subscriptions__user", flat=True))
        self.out = set(Digest.objects.filter(day=day).order_by().values_list("user_id", flat=True))

    @cached_property
    def wanted(self) -> Wanted:
        return Wanted(self.day)

    @cached_property
    def proof(self) -> list[dict[str, object]]:
        return proof(self.day)

    def decide(self, user: User) -> tuple[Decision, list[Listed]]:
        """Whether a reader's digest is to be published or completed now, and with what; what they want is looked at
        only if nothing else is in the way."""
        hour = due_at(self.day, user.delivery_hour, user.zone)
        facts = replace(self.facts, due_at=hour, unapplied=self.unapplied[user.pk])
        if not (decision := decide(facts)).publish:
            return decision, []
        wanted = self.wanted.of(user.pk)
        if self.scope.model:
            versions = {listed.version_id for listed in wanted}
            facts = replace(facts, untranslated=self.wanted.untranslated(versions, user.content_language))
        return decide(facts), wanted


def _publish_day(now: Round, readers: list[User]) -> int:
    """Publish or complete the digests of a day that are ready; returns how many changed."""
    state, changed, waiting = mark(now.day), 0, False
    same = _seen.get(now.day) == (state, now.now.timestamp() // _LOOK_AGAIN)
    for user in readers:
        out = user.pk in now.out
        if out and same:
            continue
        decision, wanted = now.decide(user)
        if not decision.publish:
            log.debug("%s %s: %s", user, now.day, decision.reason)
            waiting = waiting or out
        elif not out or {listed.paper_id for listed in wanted} - now.wanted.there(user.pk):
            _publish(now, user, strongest(wanted), decision)
            changed += 1
    if not (waiting or changed):
        _seen[now.day] = (state, now.now.timestamp() // _LOOK_AGAIN)
    return changed


def _publish(now: Round, user: User, papers: list[Listed], decision: Decision) -> None:
    with recorded("publish", f"{user.username} {now.day}") as run, transaction.atomic():
        digest, new = Digest.objects.get_or_create(
            user=user,
            day=now.day,
            defaults={"language": user.content_language, "published_at": now.now, "changed_at": now.now},
        )
        added = _add(now, digest, papers)
        digest.proof, digest.changed_at = now.proof, now.now
        digest.save()
        run.counts = {"papers": added, "new": new, "reason": decision.reason}
    log.info("digest %s for %s: %s, %d papers (%s)", now.day, user.username,
             "published" if new else "added to", added, decision.reason)  # fmt: skip


def _facts(day: date, now: datetime) -> Facts:
    """What is known of a day whoever reads it."""
    rows = list(Announcement.objects.filter(day=day, category__followed=True))
    here = [row for row in rows if row.stored > 0]
    whole = {row.category_id for row in rows if row.readable or row.settled}
    expected = Category.objects.followed().exclude(next_fetch_at=None)
    unmatched = PaperVersion.objects.unmatched().filter(
        listings__announcement__day=day, listings__announcement__category__followed=True
    )
    return Facts(
        day=day,
        now=now,
        first_seen_at=min((a.first_seen_at for a in here if a.first_seen_at), default=None),
        announced_papers=sum(a.stored for a in here),
        missing=tuple(c.code for c in expected if c.pk not in whole),
        unmatched=unmatched.count(),
        unapplied=0,
        untranslated=0,
        due_at=None,
        deadline=timedelta(hours=settings.DEADLINE_HOURS),
    )


def _add(now: Round, digest: Digest, papers: list[Listed]) -> int:
    """Add sections for the reader's keywords and entries for the papers that are not there yet."""
    sections = _sections(digest)
    there = set(digest.entries.values_list("paper_id", flat=True))
    entries = []
    for place, listed in enumerate(papers, start=len(there)):
        brought = [sections[k] for k in now.wanted.brought(digest.user_id, listed) if k in sections]
        if listed.paper_id in there or not brought:
            continue
        entries.append(
            Entry(
                digest=digest,
                section=min(brought, key=lambda section: (section.order, section.pk)),
                paper_id=listed.paper_id,
                version_id=listed.version_id,
                announce_type=listed.announce_type,
                order=place,
                guid=guid(now.scope, digest, listed.name),
                added_at=now.now,
            )
        )
    Entry.objects.bulk_create(entries, ignore_conflicts=True)
    return len(entries)


def _sections(digest: Digest) -> dict[int, Section]:
    """The digest's section for each keyword that its reader follows now, by keyword."""
    Section.objects.bulk_create(
        (
            Section(digest=digest, keyword_id=s.keyword_id, label=s.label, order=place)
            for place, s in enumerate(digest.user.subscriptions.filter(paused=False))
        ),
        ignore_conflicts=True,
    )
    followed = digest.user.subscriptions.filter(paused=False).values("keyword")
    return {section.keyword_id: section for section in digest.sections.filter(keyword__in=followed)}


def guid(scope: Installation, digest: Digest, arxiv_id: str) -> str:
    """A tag URI (RFC 4151) that depends on nothing that changes: not the host, not the day's text."""
    began = scope.created_at.date().isoformat()
    return f"tag:{scope.uuid}.paperglot.invalid,{began}:reader/{digest.user_id}/{arxiv_id}"


def proof(day: date) -> list[dict[str, object]]:
    """Per followed category what arXiv declared on the day and what of it is here."""
    here = {a.category_id: a for a in Announcement.objects.filter(day=day)}
    return [
        proof_of(category.code, here.get(category.pk))
        for category in Category.objects.followed()
        if category.pk in here or category.next_fetch_at
    ]
