"""One look at a day for all of its readers: which days digests may be due for, for whom, and what is known of them."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import Exists, Min, OuterRef, Q

from digest.models import (
    Announcement,
    Category,
    CaughtUp,
    Digest,
    Installation,
    Keyword,
    PaperVersion,
    Subscription,
    User,
)
from digest.models.digests import RECENT
from digest.proof import proof_of
from worker.readiness import Decision, Facts, deadline_at, decide, due_at
from worker.schedule import GIVEN_UP
from worker.wanted import Listed, Wanted


def recent_days(now: datetime) -> list[date]:
    """The days that digests may be due for, oldest first: the last week's, and older ones all of which came lately,
    since this machine was off when they were announced."""
    announced = Announcement.objects.with_papers()
    newest = announced.order_by("-day").values_list("day", flat=True).first()
    if newest is None:
        return []
    older = Announcement.objects.filter(day__lte=newest - RECENT, day__gt=newest - GIVEN_UP, stored__gt=0)
    lately = set(
        older.filter(first_seen_at__gt=now - RECENT, category__followed=True).values_list("day", flat=True)
    )
    if lately:
        lately -= set(
            older.filter(day__in=lately, first_seen_at__lte=now - RECENT).values_list("day", flat=True)
        )
    recent = (
        announced.filter(day__gt=newest - RECENT).order_by("day").values_list("day", flat=True).distinct()
    )
    return [*sorted(lately), *recent]


def readers_of(days: list[date]) -> dict[date, list[User]]:
    """By day, whose digest of it may be due or out: from a reader's first digest on, and for one who has none yet only
    the newest."""
    if not days:
        return {}
    followed = Subscription.objects.bringing().filter(user=OuterRef("pk"))
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

    def __init__(self, day: date, now: datetime, readers: list[User]) -> None:
        self.day, self.now, self.readers = day, now, readers
        self.read_by = {reader.pk for reader in readers}
        self.scope = Installation.current()
        self.facts = _facts(day, now)
        unapplied = Keyword.objects.followed().filter(applied_at=None).order_by()
        self.unapplied = Counter(unapplied.values_list("subscriptions__user", flat=True))
        out = set(Digest.objects.filter(day=day).order_by().values_list("user_id", flat=True))
        self.out = out | set(CaughtUp.objects.filter(day=day).order_by().values_list("user_id", flat=True))
        again = Digest.objects.exclude(again_at=None).filter(Q(day=day) | Q(caught_up__day=day))
        self.again = set(again.order_by().values_list("user_id", flat=True))
        self._proofs: dict[date, list[dict[str, object]]] = {}

    @cached_property
    def wanted(self) -> Wanted:
        return Wanted(self.day)

    @cached_property
    def to_come(self) -> list[date]:
        """Earlier days of which nothing is here yet, though a source may still bring it."""
        rows = Announcement.objects.filter(
            day__lt=self.day, day__gt=self.day - GIVEN_UP, category__followed=True
        )
        rows = rows.filter(complete_at=None).exclude(state=Announcement.State.MISSING)
        here = Announcement.objects.with_papers().filter(day__in=rows.values("day"))
        return sorted(set(rows.values_list("day", flat=True)) - set(here.values_list("day", flat=True)))

    def waits_for(self, user: User) -> list[date]:
        """The days to come of which this reader would have had a digest."""
        last = (
            user.digests.filter(day__lt=self.day).values_list("day", flat=True).first()
            if self.to_come
            else None
        )
        return [day for day in self.to_come if last and day > last]

    @property
    def late(self) -> bool:
        """Whether a digest of the day is published with what there is."""
        return self.now >= deadline_at(self.facts)

    def proof_of(self, digest: Digest) -> list[dict[str, object]]:
        """Of the digest's own day, and of those that it makes up for."""
        missed = digest.caught_up.order_by("day").values_list("day", flat=True)
        told = [{**one, "day": day.isoformat()} for day in missed for one in self._proof(day)]
        return [*self._proof(digest.day), *told]

    def _proof(self, day: date) -> list[dict[str, object]]:
        if day not in self._proofs:
            self._proofs[day] = proof(day)
        return self._proofs[day]

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


def proof(day: date) -> list[dict[str, object]]:
    """Per followed category what arXiv declared on the day and what of it is here."""
    here = {a.category_id: a for a in Announcement.objects.filter(day=day)}
    return [
        proof_of(category.code, here.get(category.pk))
        for category in Category.objects.followed()
        if category.pk in here or category.next_fetch_at
    ]
