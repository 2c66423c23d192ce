"""Publish: a reader's matches of a day become their digest, once; what comes later is added to it."""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from digest.models import (
    Announcement,
    Category,
    Digest,
    Entry,
    Installation,
    Keyword,
    Listing,
    Match,
    PaperVersion,
    Section,
    Subscription,
    Translation,
    User,
)
from digest.models.digests import RECENT
from digest.proof import proof_of
from worker.arxiv.entries import ANNOUNCE_TYPES
from worker.celery import app
from worker.readiness import Facts, decide, due_at
from worker.runs import recorded

log = logging.getLogger("paperglot")
SHOWN = (Listing.Type.NEW, Listing.Type.CROSS)
REPLACED = (Listing.Type.REPLACE, Listing.Type.REPLACE_CROSS)
"""Shown to whoever wants a keyword's papers again when they have a new version."""


@app.task(name="worker.publish")
def publish() -> None:
    publish_due(timezone.now())


def publish_due(now: datetime) -> int:
    """Publish every digest that is ready, and add late papers to those that are out."""
    followed = Subscription.objects.filter(user=OuterRef("pk"), paused=False)
    published = 0
    for user in User.objects.filter(Exists(followed), is_active=True):
        for day in days_of(user):
            published += publish_day(user, day, now)
    return published


def days_of(user: User) -> list[date]:
    """The days that a reader's digest may be due for, oldest first: the last week's, and for a reader
    who has none yet only the newest."""
    days = list(Announcement.objects.with_papers().order_by("day").values_list("day", flat=True).distinct())
    if not days:
        return []
    days = [day for day in days if day > days[-1] - RECENT]
    first = user.digests.order_by("day").values_list("day", flat=True).first()
    return [day for day in days if first and day >= first] or days[-1:]


def publish_day(user: User, day: date, now: datetime) -> bool:
    """Publish or complete one reader's digest of one day, if it is ready; True if something changed."""
    wanted = list(_listings(user, day))
    decision = decide(_facts(user, day, now, {listing.version_id for listing in wanted}))
    out = Digest.objects.filter(user=user, day=day).first()
    if not decision.publish:
        log.debug("%s %s: %s", user, day, decision.reason)
        return False
    if out and not _unlisted(out, wanted):
        return False
    with recorded("publish", f"{user.username} {day}") as run, transaction.atomic():
        digest, new = Digest.objects.get_or_create(
            user=user,
            day=day,
            defaults={"language": user.content_language, "published_at": now, "changed_at": now},
        )
        added = _add(digest, wanted, now)
        digest.proof, digest.changed_at = proof(day), now
        digest.save()
        run.counts = {"papers": added, "new": new, "reason": decision.reason}
    log.info("digest %s for %s: %s, %d papers (%s)", day, user.username,
             "published" if new else "added to", added, decision.reason)  # fmt: skip
    return True


def _listings(user: User, day: date) -> QuerySet[Listing]:
    """The day's listings that the reader's keywords bring, less what they have had on another day.

    A new version comes if they have not had it or a later one, and if the keyword once brought the paper: the
    new text may speak of something else, or only say that it is withdrawn.
    """
    followed = user.subscriptions.filter(paused=False)
    had = Entry.objects.filter(digest__user=user, paper=OuterRef("paper")).exclude(digest__day=day)
    had_it = had.filter(version__number__gte=OuterRef("version__number"))
    brought = Match.objects.filter(version=OuterRef("version"), keyword__in=followed.values("keyword"))
    again = Match.objects.filter(
        version__paper=OuterRef("paper"), keyword__in=followed.filter(replacements=True).values("keyword")
    )
    return (
        Listing.objects.filter(
            Q(Exists(brought), ~Exists(had), announce_type__in=SHOWN)
            | Q(Exists(again), ~Exists(had_it), announce_type__in=REPLACED),
            announcement__day=day,
            announcement__category__followed=True,
        )
        .select_related("paper", "version")
        .order_by("id")
    )


def _facts(user: User, day: date, now: datetime, versions: set[int]) -> Facts:
    here = list(Announcement.objects.with_papers().filter(day=day).select_related("category"))
    rows = Announcement.objects.filter(day=day, category__followed=True)
    whole = {row.category_id for row in rows if row.readable or row.settled}
    expected = Category.objects.followed().exclude(next_fetch_at=None)
    unmatched = PaperVersion.objects.unmatched().filter(
        listings__announcement__day=day, listings__announcement__category__followed=True
    )
    finished = Translation.objects.exclude(finished_at=None).filter(
        version__in=versions, language=user.content_language
    )
    translating = bool(Installation.current().model)
    return Facts(
        day=day,
        now=now,
        first_seen_at=min((a.first_seen_at for a in here if a.first_seen_at), default=None),
        announced_papers=sum(a.stored for a in here),
        missing=tuple(c.code for c in expected if c.pk not in whole),
        unmatched=unmatched.count(),
        unapplied=Keyword.objects.followed().filter(
            applied_at=None, subscriptions__user=user).count(),
        untranslated=len(versions) - finished.values("version").distinct().count() if translating else 0,
        due_at=due_at(day, user.delivery_hour, user.zone),
        deadline=timedelta(hours=settings.DEADLINE_HOURS),
    )  # fmt: skip


def _unlisted(digest: Digest, wanted: Iterable[Listing]) -> set[int]:
    """The papers that the digest does not have yet."""
    return {listing.paper_id for listing in wanted} - set(digest.entries.values_list("paper_id", flat=True))


def _add(digest: Digest, wanted: list[Listing], now: datetime) -> int:
    """Add sections for the reader's keywords and entries for the papers that are not there yet."""
    sections = _sections(digest)
    papers = strongest(wanted)
    brought = _brought(digest.user, papers, sections)
    there = set(digest.entries.values_list("paper_id", flat=True))
    scope = Installation.current()
    entries = [
        Entry(
            digest=digest,
            section=min((sections[k] for k in brought[listing.pk]), key=lambda s: (s.order, s.pk)),
            paper=listing.paper,
            version=listing.version,
            announce_type=listing.announce_type,
            order=place,
            guid=guid(scope, digest, str(listing.version if listing.announce_type in REPLACED else listing.paper)),
            added_at=now,
        )
        for place, listing in enumerate(papers, start=len(there))
        if listing.paper_id not in there and listing.pk in brought
    ]  # fmt: skip
    Entry.objects.bulk_create(entries, ignore_conflicts=True)
    return len(entries)


def _brought(user: User, listings: Iterable[Listing], keywords: Iterable[int]) -> dict[int, list[int]]:
    """By listing, which of these keywords of the reader's brought it."""
    again = set(
        user.subscriptions.filter(paused=False, replacements=True).values_list("keyword_id", flat=True)
    )
    rows = {row.version_id: row for row in listings}
    papers = {row.paper_id: row for row in listings if row.announce_type in REPLACED}
    found: dict[int, list[int]] = {}
    matches = Match.objects.filter(
        Q(version__in=rows) | Q(version__paper__in=papers), keyword__in=keywords
    ).values_list("version_id", "version__paper_id", "keyword_id")
    for version, paper, keyword in matches:
        if replaced := papers.get(paper):
            if keyword in again:
                found.setdefault(replaced.pk, []).append(keyword)
        else:
            found.setdefault(rows[version].pk, []).append(keyword)
    return found


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


def strongest(listings: Iterable[Listing]) -> list[Listing]:
    """One listing for each paper, in the order of their first coming: the strongest of its types."""
    papers: dict[int, Listing] = {}
    for listing in listings:
        known = papers.setdefault(listing.paper_id, listing)
        rank = ANNOUNCE_TYPES.index
        if rank(listing.announce_type) < rank(known.announce_type):
            papers[listing.paper_id] = listing
    return list(papers.values())


def guid(scope: Installation, digest: Digest, arxiv_id: str) -> str:
    """A tag URI (RFC 4151) that depends on nothing that changes: not the host, not the day's text.

    A replacement's id has its version (2605.90001v2), so that feed readers show it as new.
    """
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
