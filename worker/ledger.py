"""The ledger: a row for every category and day that arXiv announces, whether anything came or not."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, OuterRef, Q, Subquery

from digest.arxiv_days import feeds_turn
from digest.models import (
    Announcement,
    Category,
    Entry,
    Holiday,
    Installation,
    Listing,
    Match,
    Subscription,
    Translation,
)
from worker.schedule import AFTER_TURN, GIVEN_UP, HEAL_AFTER

State = Announcement.State
_RECENT = timedelta(days=10)
"""Counts of days older than that change no more."""


def open_days(now: datetime) -> int:
    """Make a row for each day that has been announced since the last that is known, and for as long as arXiv can
    still be asked; for a category that is new here, for as many days back as the installation wants. Returns how
    many were made."""
    calendar = Holiday.calendar()
    newest = calendar.newest(now)
    back = newest - timedelta(days=Installation.current().backfill_days)
    made = 0
    followed = Category.objects.followed().exclude(next_fetch_at=None)
    last = Max("announcements__day", filter=Q(announcements__day__lte=newest))
    for category in followed.annotate(last=last):
        since = category.last or back
        missing = [day for day in calendar.days(since, newest) if day != category.last]
        made += expect(category, missing, now)
    return made


def expect(category: Category, days: Iterable[date], now: datetime) -> int:
    """Rows for days that are to come or to be fetched from the catch-up pages; returns how many are new."""
    rows = [
        Announcement(category=category, day=day, state=State.EXPECTED, next_try_at=_first_try(day, now))
        for day in days
        if now - feeds_turn(day) <= GIVEN_UP
    ]
    before = category.announcements.count()
    Announcement.objects.bulk_create(rows, ignore_conflicts=True)
    return int(category.announcements.count() - before)


def _first_try(day: date, now: datetime) -> datetime:
    """A day whose feed has not turned, or has just turned, has its chance first."""
    return max(now, feeds_turn(day) + AFTER_TURN + HEAL_AFTER)


def refresh(now: datetime) -> None:
    """Count what became of the papers of the last days: matched by a reader's keyword, translated for a reader
    who follows it, published in a digest."""
    since = (now - _RECENT).date()
    shown = Listing.objects.filter(
        announcement=OuterRef("pk"), announce_type__in=[Listing.Type.NEW, Listing.Type.CROSS]
    ).order_by()
    followed = Subscription.objects.filter(paused=False).values("keyword")
    matched = shown.filter(version__in=Match.objects.filter(keyword__in=followed).values("version"))
    done = Translation.objects.exclude(finished_at=None).exclude(state=Translation.State.FAILED)
    translated = matched.filter(version__in=done.values("version"))
    published = shown.filter(
        paper__in=Entry.objects.filter(digest__day=OuterRef("announcement__day")).values("paper")
    )
    rows = Announcement.objects.filter(day__gte=since, stored__gt=0)
    for row in rows.annotate(
        now_matched=_count(matched), now_translated=_count(translated), now_published=_count(published)
    ):
        found = (row.now_matched or 0, row.now_translated or 0, row.now_published or 0)
        if found != (row.matched, row.translated, row.published):
            when = row.published_at or (now if found[2] else None)
            Announcement.objects.filter(pk=row.pk).update(
                matched=found[0], translated=found[1], published=found[2], published_at=when
            )


def _count(listings: object) -> Subquery:
    return Subquery(listings.values("announcement").annotate(n=Count("pk")).values("n"))  # type: ignore[attr-defined]
