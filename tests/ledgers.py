"""Rows of the ledger, as the pipeline would have left them, for the tests of what shows them."""

from datetime import date, datetime
from typing import Any

from digest.arxiv_days import feeds_turn
from digest.models import Announcement, Category

TUESDAY = date(2026, 5, 12)
MONDAY = date(2026, 5, 11)


def category(code: str, **fields: Any) -> Category:
    """A category that is followed."""
    return Category.objects.create(code=code, followed=True, **fields)


def row(
    code: str, day: date = TUESDAY, state: str = "complete", count: int = 0, **fields: Any
) -> Announcement:
    """A category's day; `count` papers were declared, parsed and stored."""
    follows, _made = Category.objects.get_or_create(code=code, defaults={"followed": True})
    came = {"declared": count, "parsed": count, "stored": count, "fetched_at": feeds_turn(day)}
    return Announcement.objects.create(category=follows, day=day, state=state, **(came | fields))


def seen(at: datetime, state: str = "complete", source: str = "rss", **fields: Any) -> dict[str, Any]:
    """A document that came."""
    document = {"declared": 3, "parsed": 3, "stored": 3, "note": "", "url": "https://rss.arxiv.org/rss/cs.LG"}
    return {"at": at.isoformat(), "source": source, "state": state, **document, **fields}
