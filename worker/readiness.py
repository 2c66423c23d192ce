"""Whether a reader's digest of a day may be published now. Pure: facts in, decision out."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digest.arxiv_days import announced, feeds_turn


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a day for one reader; counts are of what is not done yet."""

    day: date
    now: datetime
    first_seen_at: datetime | None
    """When the first document of the day came; None where none has."""
    announced_papers: int
    missing: tuple[str, ...]
    """Followed categories whose announcement is not whole."""
    unmatched: int
    unapplied: int
    untranslated: int
    due_at: datetime | None
    """The reader's delivery hour on that day, if they have one."""
    deadline: timedelta


@dataclass(frozen=True, slots=True)
class Decision:
    publish: bool
    reason: str


def decide(facts: Facts) -> Decision:
    """Publish when all is in, or at the deadline with what there is; never before the reader's hour,
    and never a day on which arXiv announced nothing."""
    if facts.first_seen_at is None or not facts.announced_papers:
        return Decision(False, "nothing was announced")
    if facts.due_at and facts.now < facts.due_at:
        return Decision(False, "before the delivery hour")
    if facts.unmatched or facts.unapplied:
        return Decision(False, "not matched yet")
    late = facts.now >= deadline_at(facts)
    if facts.missing and not late:
        return Decision(False, f"waiting for {', '.join(facts.missing)}")
    if facts.untranslated and not late:
        return Decision(False, f"{facts.untranslated} translations are under way")
    return Decision(True, "the deadline has passed" if late and not complete(facts) else "all is in")


def complete(facts: Facts) -> bool:
    return not (facts.missing or facts.unmatched or facts.unapplied or facts.untranslated)


def deadline_at(facts: Facts) -> datetime:
    """Counted from when the feeds turned, or from the first document where it came later."""
    turned = feeds_turn(facts.day)
    return max(turned, facts.first_seen_at or turned) + facts.deadline


def due_at(day: date, hour: int | None, zone: ZoneInfo) -> datetime | None:
    """The reader's first delivery hour after the day's papers were announced."""
    if hour is None:
        return None
    start = announced(day).astimezone(zone)
    due = datetime.combine(start.date(), time(hour), zone)
    return due if due >= start else datetime.combine(start.date() + timedelta(days=1), time(hour), zone)
