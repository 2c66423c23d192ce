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
    Section,
    Sentence,
    Translation,
)


def fetch(categories: QuerySet[Category], now: datetime) -> int:
    """Have these categories' feeds asked for, whole; returns how many of them are followed."""
    return categories.filter(followed=True).update(next_fetch_at=now, etag="")


def catch_up(category: Category, day: date, now: datetime) -> Announcement:
    """Have a category's day taken from another source than its feed; its row is made where there is none."""
    row, _made = Announcement.objects.update_or_create(
        category=category,
        day=day,
        defaults={"next_try_at": now, "tries": 0},
        create_defaults={"state": Announcement.State.EXPECTED, "next_try_at": now, "tries": 0},
    )
    return row


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


def publish(digests: QuerySet[Digest]) -> int:
    """Have these digests made again, those of the last week; returns how many. The row stays, with its date."""
    rows = digests.open()  # type: ignore[attr-defined]
    count: int = rows.count()
    Section.objects.filter(digest__in=rows).delete()  # and their entries
    return count
