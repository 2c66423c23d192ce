"""The ledger: a row for every category and day that arXiv announces, whether anything came or not."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

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
    known = Announcement.objects.filter(category=OuterRef("pk"), day__lte=newest).order_by("-day")
    for category in followed.annotate(last=Subquery(known.values("day")[:1])):
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
    if not rows:
        return 0
    here = category.announcements.filter(day__in=[row.day for row in rows])
    before = here.count()
    Announcement.objects.bulk_create(rows, ignore_conflicts=True)
    return int(here.count() - before)


def _first_try(day: date, now: datetime) -> datetime:
    """A day whose feed has not turned, or has just turned, has its chance first."""
    return max(now, feeds_turn(day) + AFTER_TURN + HEAL_AFTER)


def refresh(now: datetime) -> None:
    """Count what became of the papers of the last days: matched by the keyword of a reader who does not leave them
    out, translated for one who follows it, published in a digest."""
    since = (now - _RECENT).date()
    rows = Announcement.objects.filter(day__gte=since, stored__gt=0).order_by("day")
    for day, announcements in groupby(rows, key=lambda row: row.day):
        counts = _counts(day)
        for row in announcements:
            found = tuple(count[row.pk] for count in counts)
            if found != (row.matched, row.translated, row.published):
                when = row.published_at or (now if found[2] else None)
                Announcement.objects.filter(pk=row.pk).update(
                    matched=found[0], translated=found[1], published=found[2], published_at=when
                )


def _counts(day: date) -> list[Counter[int]]:
    """A day's papers that are matched, translated, published, by announcement.

    Day by day, so that entries of one day and not of all years are gathered; each listing asks for its own matches,
    of which all years have millions.
    """
    shown = Listing.objects.filter(
        announcement__day=day, announce_type__in=[Listing.Type.NEW, Listing.Type.CROSS]
    ).order_by()
    left_out = Subscription.objects.excluding().filter(
        user=OuterRef("user"), keyword__matches__version=OuterRef(OuterRef("version"))
    )
    bringing = Subscription.objects.bringing().filter(keyword=OuterRef("keyword"))
    followed = Exists(bringing.exclude(Exists(left_out)))
    matched = shown.filter(Exists(Match.objects.filter(followed, version=OuterRef("version"))))
    done = Translation.objects.exclude(finished_at=None).exclude(state=Translation.State.FAILED)
    translated = matched.filter(Exists(done.filter(version=OuterRef("version"))))
    own = Entry.objects.filter(digest__day=day)
    later = Entry.objects.filter(digest__caught_up__day=day)  # in a digest that makes up for the day
    published = shown.filter(Q(paper__in=own.values("paper")) | Q(paper__in=later.values("paper")))
    return [_count(rows) for rows in (matched, translated, published)]


def _count(listings: QuerySet[Listing]) -> Counter[int]:
    """How many by announcement. Counted here: told to group them, SQLite walks through the listings of all years."""
    return Counter(listings.values_list("announcement_id", flat=True).iterator())
