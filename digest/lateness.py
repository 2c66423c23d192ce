"""How late a digest is, and the buckets of the histogram that tells it."""

from datetime import datetime

BUCKETS = (60, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
"""Upper bounds in seconds."""


def seconds_late(published: datetime, *could: datetime | None) -> float:
    """Seconds from when a digest could first be there (the feeds turned, the reader's hour came, the reader had joined)
    to when it was; one that came before is not late."""
    due = max(moment for moment in could if moment)
    return max((published - due).total_seconds(), 0.0)


def bucket(seconds: float) -> str:
    """The least bound that holds it, as a label."""
    return next((str(bound) for bound in BUCKETS if seconds <= bound), "+Inf")
