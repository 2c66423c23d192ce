"""Doing a step again: the rows go back to where the step takes them up. Pages and the admin use the same.

Nothing is done here and now: a worker finds the rows at its next bell, within seconds.
"""

from datetime import date, datetime

from django.db.models import QuerySet

from digest.models import (
    Announcement,
    Category,
    Digest,
    Installation,
    PaperVersion,
    Sentence,
    Translation,
)


def fetch(categories: QuerySet[Category], now: datetime) -> int:
    """Have these categories' feeds asked for, whole; returns how many of them are followed."""
    return categories.filter(followed=True).update(next_fetch_at=now, etag="")


def catch_up(rows: QuerySet[Announcement], now: datetime) -> int:
    """Have these days taken from another source than the feed; returns how many are of followed categories."""
    return rows.filter(category__followed=True).update(next_try_at=now, tries=0)


def catch_up_day(category: Category, day: date, now: datetime) -> int:
    """The same for a category's day; its row is made where there is none."""
    rows = Announcement.objects.filter(category=category, day=day)
    if category.followed and not rows.exists():
        expected = Announcement(category=category, day=day, state=Announcement.State.EXPECTED)
        Announcement.objects.bulk_create([expected], ignore_conflicts=True)  # a worker may make it now
    return catch_up(rows, now)


def match(versions: QuerySet[PaperVersion]) -> int:
    """Have these versions held against all keywords."""
    return versions.update(matched_at=None)


def translate(translations: QuerySet[Translation], now: datetime) -> int:
    """Have the sentences of these translations translated once more, where the model in use made them; what
    stands is shown until then. Returns how many translations that are."""
    mine = translations.filter(model__startswith=f"{Installation.current().model}#")
    sentences = Sentence.objects.filter(segments__translation__in=mine)
    Sentence.objects.filter(pk__in=sentences.values("pk")).again(now)
    return mine.count()


def publish(digests: QuerySet[Digest], now: datetime) -> int:
    """Have these digests made once more, those of the last week; returns how many. What stands is shown until then, and
    a paper that stays keeps its row: its guid, its time, what its reader marked."""
    return digests.open().update(again_at=now)  # type: ignore[attr-defined]
