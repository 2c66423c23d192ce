"""Papers: what one's own keywords brought, one paper in both languages, and those like it."""

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from digest import citing, reading
from digest.api.doors import READ, ApiRequest, searching
from digest.api.exports import file, files
from digest.api.fields import NO_NUL, ArxivId, Day, Format, Switch, VersionNumber
from digest.api.paging import Cursor, Limit, Page, page
from digest.api.shapes import EntryPaper, MarkedPaper, Paper, marked_data
from digest.citations import FORMATS
from digest.formats import paper_data
from digest.keywords import LONGEST
from digest.models import Entry, PaperVersion, Section
from digest.models import Paper as PaperRow
from digest.related import related as alike
from digest.showing import entry_pictures, terms_of, version_pictures
from digest.verdicts import words

router = Router(auth=READ, tags=["papers"])
Version = Annotated[VersionNumber | None, Query(description="None: the newest that is here.")]


class Sentence(Schema):
    paragraph: int
    source: str
    target: str | None = Field(description="Null where there is no translation to trust.")
    why: str = Field(description="Why there is none, in words.")
    segment: int = Field(description="For correcting it; 0 where there is nothing to translate.")


class Term(Schema):
    term: str
    rendering: str | None
    wanted: str


class VersionRow(Schema):
    number: int
    title: str
    first_seen_at: Any = Field(json_schema_extra={"type": "string", "format": "date-time"})


class Listed(Schema):
    day: date
    category: str
    announce_type: str
    version: int


class WholePaper(MarkedPaper):
    """A paper as its page has it."""

    comments: str
    doi: str
    journal_ref: str
    license: str
    title_segment: int
    sentences: list[Sentence] = Field(description="The abstract, sentence by sentence.")
    terms: list[Term] = Field(description="The glossary's terms in it.")
    versions: list[VersionRow]
    announcements: list[Listed]


class RelatedPaper(Paper):
    day: date


@router.get("", response=Page[EntryPaper], summary="Papers of the reader's digests, the last added first")
def listed(
    request: ApiRequest,
    day: Annotated[Day | None, Query()] = None,
    keyword: Annotated[
        str | None, Query(description="A section's name.", max_length=LONGEST, pattern=NO_NUL)
    ] = None,
    unread: Annotated[Switch | None, Query(description="Only what is neither read nor hidden.")] = None,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> dict[str, Any]:
    entries = Entry.objects.filter(digest__user=request.user)
    if day:
        entries = entries.filter(digest__day=day)
    if keyword is not None:
        entries = entries.filter(section__label=keyword)
    if unread:
        entries = reading.unread(request.user, entries)
    rows, following = page(
        entries.select_related("version__paper", "section", "digest"), ("pk",), cursor, limit
    )
    return {"items": _told(request, rows), "next": following}


def _told(request: ApiRequest, rows: list[Entry]) -> list[dict[str, Any]]:
    """As on the page of their digest: in its language, with its names for keywords."""
    sections = Section.objects.filter(digest__in={row.digest_id for row in rows}).order_by(
        "digest__day", "order"
    )
    labels = dict(sections.values_list("keyword", "label"))
    by_language: dict[str, list[Entry]] = {}
    for row in rows:
        by_language.setdefault(row.digest.language, []).append(row)
    pictures = [p for language, some in by_language.items() for p in entry_pictures(some, language, labels)]
    shown = {picture.entry.pk: picture for picture in reading.marked(request.user, pictures)}
    return [
        marked_data(shown[row.pk])
        | {"day": row.digest.day, "keyword": row.section.label, "added_at": row.added_at}
        for row in rows
    ]


@router.get("/{arxiv_id:arxiv_id}", response=WholePaper, summary="One paper, in both languages")
def one(request: ApiRequest, arxiv_id: ArxivId, version: Version = None) -> dict[str, Any]:
    """Whoever's keywords brought it: what arXiv announced is public."""
    row = get_object_or_404(PaperRow, arxiv_id=arxiv_id)
    chosen = _version(row, version)
    (picture,) = reading.marked(request.user, version_pictures(request.user, [chosen]).values())
    listings = row.listings.select_related("announcement__category", "version")
    return marked_data(picture) | {
        "comments": row.comments,
        "doi": row.doi,
        "journal_ref": row.journal_ref,
        "license": row.license,
        "title_segment": picture.title_segment,
        "sentences": [
            {
                "paragraph": s.paragraph,
                "source": s.source,
                "target": s.target or None,
                "why": words(s.verdict) if not s.target else "",
                "segment": s.segment,
            }
            for s in picture.sentences
        ],
        "terms": [
            {"term": t.term, "rendering": t.rendering or None, "wanted": t.wanted} for t in terms_of(picture)
        ],
        "versions": list(row.versions.order_by("number")),
        "announcements": [
            {
                "day": one.announcement.day,
                "category": one.announcement.category.code,
                "announce_type": one.announce_type,
                "version": one.version.number,
            }
            for one in listings.order_by("-announcement__day", "pk")
        ],
    }


def _version(paper: PaperRow, number: int | None) -> PaperVersion:
    rows = paper.versions.select_related("paper").order_by("-number")
    row = rows.first() if number is None else rows.filter(number=number).first()
    if row is None:
        raise Http404
    return row


@router.get(
    "/{arxiv_id:arxiv_id}/related", response=list[RelatedPaper], summary="Papers like it, the best first"
)
def related(request: ApiRequest, arxiv_id: ArxivId) -> list[dict[str, Any]]:
    searching(request)
    row = get_object_or_404(PaperRow, arxiv_id=arxiv_id)
    return [paper_data(other.paper) | {"day": other.day} for other in alike(row, request.user)]


@router.get("/{arxiv_id:arxiv_id}/citation", openapi_extra=files(), summary="A paper as a file")
def citation(request: ApiRequest, arxiv_id: ArxivId, format: Format, version: Version = None) -> HttpResponse:
    chosen = _version(get_object_or_404(PaperRow, arxiv_id=arxiv_id), version)
    return file(FORMATS[format].write(citing.of_versions([chosen], request.user.content_language)), format)
