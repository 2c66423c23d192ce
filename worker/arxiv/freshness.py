"""Which day a document's papers are of, judged by what it brings and never by its date alone.

rss.arxiv.org asks for the date again and again while it renders, so that a document made at midnight has
yesterday's papers under today's date, or both dates in one; its cache keeps such a document for a day. arXiv
numbers papers when it announces them, so a day's new papers have higher numbers than all of the days before.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from digest.arxiv_days import Calendar
from worker.arxiv.entries import Document

CUT_AT = 2000
"""Items at which rss.arxiv.org cuts a document, new ones first (arxiv-feed, result_limit)."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is here already: `own` the category's papers (id, version) of the last two weeks before the document's
    day, `newest` the highest number of a new paper before that day, in whatever category."""

    own: AbstractSet[tuple[str, int]] = frozenset()
    newest: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`day` is whose papers these are; None where they are all here. `stale` says that it isn't the document's."""

    day: date | None
    stale: bool = False
    note: str = ""


def judge(document: Document, known: Known, calendar: Calendar) -> Judgement:
    """Whose papers a document has."""
    entries = document.entries
    if not entries:
        return Judgement(document.day)
    if all((entry.arxiv_id, entry.version) in known.own for entry in entries):
        return Judgement(None, True, "All of its papers were announced on days before.")
    dates = {entry.day for entry in entries if entry.day}
    if len(dates) > 1:
        return Judgement(
            min(dates), True, f"Its items are of {len(dates)} days: it was made while the day changed."
        )
    before = calendar.previous(document.day)
    if why := calendar.why_empty(document.day):
        return Judgement(before, True, f"A {why} has no announcement: its papers are of {before}.")
    newest = newest_number(document)
    if newest and known.newest and len(newest) == len(known.newest) and newest <= known.newest:
        return Judgement(
            before, True, f"It has no paper newer than {known.newest}, which was announced before."
        )
    return Judgement(document.day)


def newest_number(document: Document) -> str:
    """The highest number among the new papers; empty where there is none of the new style."""
    numbers = [e.arxiv_id for e in document.entries if e.announce_type == "new" and e.arxiv_id[:1].isdigit()]
    return max(numbers, default="")


def is_cut(document: Document) -> bool:
    """Whether a feed document has reached the length at which it is cut."""
    return document.kind not in ("listing", "api") and document.declared >= CUT_AT
