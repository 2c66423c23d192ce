"""Papers and digests as JSON: those of `manage.py digest --format json`, and what their reader has done with them."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema

from digest.formats import paper_data
from digest.picture import PaperPicture


class Subject(Schema):
    code: str
    name: str


class Matched(Schema):
    """The reader's keyword stands at `start`:`end` (code points) of a field as announced."""

    keyword: str
    field: str
    start: int
    end: int


class Paper(Schema):
    """Title and abstract are as announced, TeX kept; the translations are as they are read."""

    arxiv_id: str
    version: int
    announce_type: str = Field(description="new, cross, replace or replace-cross; empty outside of a digest.")
    withdrawn: bool
    title: str
    title_translated: str | None
    authors: list[str]
    subjects: list[Subject]
    abs_url: str
    pdf_url: str
    abstract: str
    abstract_translated: str | None
    translation: Literal["complete", "partial", "none"]
    matched: list[Matched]


class Marks(Schema):
    read: bool
    saved: bool
    hidden: bool
    note: str
    tags: list[str]


class MarkedPaper(Paper):
    """A paper with what the reader has done with it."""

    language: str = Field(description="Of the translation; empty where there is none.")
    marks: Marks


class EntryPaper(MarkedPaper):
    """A paper of one of the reader's own digests."""

    day: date = Field(description="Of the digest.")
    keyword: str = Field(description="The section under which it stands.")
    added_at: datetime


class Group(Schema):
    keyword: str
    count: int
    papers: list[Paper]


class Proof(Schema):
    """What arXiv declared of a category, and what of it is here (digest/proof.py)."""

    category: str
    state: str
    declared: int | None
    stored: int
    source: str | None = None
    was: str | None = None
    stale_until: str | None = None
    day: str | None = None


class Digest(Schema):
    """A reader's digest of one arXiv day, as `manage.py digest --format json` writes it."""

    announced: date
    generated_at: datetime
    language: str
    model: str
    count: int
    proof: list[Proof] | None = None
    groups: list[Group]


class ListedDigest(Schema):
    day: date
    language: str
    published_at: datetime
    changed_at: datetime
    papers: int
    unread: int | None = Field(None, description="Neither read nor hidden; not told of a lab's digest.")


def marked_data(paper: PaperPicture) -> dict[str, Any]:
    """A MarkedPaper."""
    marks = asdict(paper.marks)
    return paper_data(paper) | {"language": paper.language, "marks": marks}
