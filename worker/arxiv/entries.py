"""What a document of arXiv's says: its entries, and how many it declares."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from worker.arxiv.errors import EntryError

AnnounceType = Literal["new", "cross", "replace", "replace-cross"]
ANNOUNCE_TYPES: tuple[AnnounceType, ...] = ("new", "cross", "replace", "replace-cross")
"""Strongest first: which type a paper has depends on the categories asked for, so of several
documents the strongest holds (arxiv-feed, database.py)."""

# info.arxiv.org/help/arxiv_identifier: YYMM.NNNN to 1412, YYMM.NNNNN since; archive(.SC)/YYMMNNN before.
IDENTIFIER = re.compile(r"(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v(?P<version>\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One announced paper, as announced: TeX kept in title and abstract, white space folded,
    paragraphs of the abstract separated by one newline, authors in Unicode."""

    arxiv_id: str
    version: int
    """0 where the source does not tell: a listing page names it only in the link to a paper's HTML."""
    announce_type: AnnounceType
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    """Codes, the primary one first."""
    license: str = ""
    doi: str = ""
    journal_ref: str = ""
    day: date | None = None
    """The arXiv day that the item itself carries, if it does."""
    comments: str = ""
    """The authors' comments; feeds have none."""
    abridged: bool = False
    """From a page that cuts long lists of authors and leaves out aliases of categories."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """A paper in a source that knows of no announcements (API, OAI-PMH): the latest version, unless
    the API was asked for another. Texts, authors and categories as in an Entry, the paragraphs' breaks
    as far as the source keeps them.

    The times are of submission, so days or weeks before the announcement; where the source knows only
    the day, they are that day's midnight in UTC.
    """

    arxiv_id: str
    version: int
    """0 where the source does not tell: OAI-PMH tells it in the format arXivRaw only."""
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    """Codes, the primary one first."""
    submitted: datetime | None
    """The first version."""
    updated: datetime | None
    """This version."""
    license: str = ""
    doi: str = ""
    journal_ref: str = ""
    comments: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed feed document or listing page. It is whole when `declared` == len(`entries`); one that was made of the
    API's answers (`api`) never is, since the API does not tell what was announced when."""

    kind: Literal["rss", "atom", "rdf", "listing", "api"]
    title: str
    categories: tuple[str, ...]
    """The categories asked for, as the title names them."""
    day: date
    built_at: datetime | None
    declared: int
    entries: tuple[Entry, ...]
    skipped: tuple[str, ...] = field(default=())
    """One reason for each item that could not be read."""
    last: int = 0
    """Of a listing: the number that the page's last entry has in the whole."""


def stronger(one: AnnounceType, other: AnnounceType) -> AnnounceType:
    return min(one, other, key=ANNOUNCE_TYPES.index)


def fold(text: str) -> str:
    """White space folded to single blanks."""
    return " ".join(text.split())


def fold_paragraphs(text: str) -> str:
    """Lines joined; an indented line begins a paragraph (info.arxiv.org/help/prep)."""
    paragraphs = re.split(r"\n(?=[ \t]{2,}\S)|\n[ \t]*\n", text.strip("\n"))
    return "\n".join(folded for folded in map(fold, paragraphs) if folded)


def require(title: str, abstract: str, categories: Sequence[str]) -> None:
    """What an entry of any source must have. Raises EntryError."""
    for name, part in (("title", title), ("abstract", abstract), ("category", categories)):
        if not part:
            raise EntryError(f"no {name}")
