"""The query API, export.arxiv.org/api/query (info.arxiv.org/help/api/user-manual).

Its server was replaced in November 2025: the old one wraps lines and indents them by two blanks, the new
one writes single lines, puts Greek letters for their macros (`$\\alpha$` is `$α$`), and encodes what is
not ASCII twice (`JosÃ©`). Both are read. No document tells the day of announcement.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from digest.tex import readable
from worker.arxiv.entries import IDENTIFIER, Metadata, fold, fold_paragraphs, require
from worker.arxiv.errors import DocumentError, EmptyPageError, EntryError
from worker.arxiv.trees import children, moment, text_of, xml_tree

BASE = "https://export.arxiv.org/api/query"  # http:// answers 301 with an empty body
MOST = 2000
"""Entries of a page."""
FARTHEST = 30_000
"""Entries of a query, over all its pages; beyond, the API answers 400."""

Sort = Literal["submittedDate", "lastUpdatedDate", "relevance"]
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@dataclass(frozen=True, slots=True)
class Page:
    total: int
    start: int
    per_page: int
    """What was asked for, not what came."""
    entries: tuple[Metadata, ...]
    skipped: tuple[str, ...] = field(default=())
    """One reason for each entry that could not be read."""


def parse(content: bytes) -> Page:
    """Read an answer of the API.

    Raises EmptyPageError where there should be entries and are none, and DocumentError with arXiv's own
    words where the answer is an error (which comes with a status of 400, before 2025 with 200).
    """
    feed = xml_tree(content)
    if feed.tag.rpartition("}")[2] != "feed":
        raise DocumentError(f"Not an answer of arXiv's API: the document is <{feed.tag.rpartition('}')[2]}>.")
    entries, skipped = [], []
    for entry in children(feed, "entry"):
        if "/api/errors" in text_of(entry, "id"):
            reason = fold(text_of(entry, "summary")) or "it does not say why"
            raise DocumentError(f"arXiv's API answered with an error: {reason}.")
        try:
            entries.append(_entry(entry))
        except EntryError as error:
            skipped.append(f"{fold(text_of(entry, 'id')) or 'an entry'}: {error}")
    page = Page(
        total=_number(feed, "totalResults"),
        start=_number(feed, "startIndex"),
        per_page=_number(feed, "itemsPerPage"),
        entries=tuple(entries),
        skipped=tuple(skipped),
    )
    if page.total > page.start and page.per_page and not entries and not skipped:
        raise EmptyPageError(f"arXiv's API gave no entry from {page.start:,} of {page.total:,}.")
    return page


def _number(feed: Element, name: str) -> int:
    text = feed.findtext(_OPENSEARCH + name, "").strip()
    if not re.fullmatch(r"\d{1,9}", text):
        raise DocumentError(f"Not an answer of arXiv's API: {name} is {text[:20]!r}.")
    return int(text)


def _entry(entry: Element) -> Metadata:
    found = IDENTIFIER.fullmatch(text_of(entry, "id").strip().rpartition("/abs/")[2])
    title, abstract = fold(_text(entry, "title")), fold_paragraphs(_text(entry, "summary"))
    categories = _categories(entry)
    if not found:
        raise EntryError("no arXiv id")
    require(title, abstract, categories)
    return Metadata(
        arxiv_id=found["id"],
        version=int(found["version"] or 0),
        title=title,
        abstract=abstract,
        authors=tuple(filter(None, map(_author, children(entry, "author")))),
        categories=categories,
        submitted=moment(text_of(entry, "published")),
        updated=moment(text_of(entry, "updated")),
        doi=fold(_text(entry, "doi")),
        journal_ref=fold(_text(entry, "journal_ref")),
        comments=fold(_text(entry, "comment")),
    )


def _categories(entry: Element) -> tuple[str, ...]:
    terms = [*children(entry, "primary_category"), *children(entry, "category")]
    return tuple(dict.fromkeys(term.get("term", "") for term in terms if term.get("term")))


def _author(author: Element) -> str:
    """A name with the affiliations behind it, as a feed has them: `A B (MIT, CSAIL)`."""
    name = fold(readable(_text(author, "name")))
    places = [fold(readable(decoded_once(place.text or ""))) for place in children(author, "affiliation")]
    if not name or name == ":":  # what is left of `NVIDIA: Ada Example`
        return ""
    return f"{name} ({', '.join(filter(None, places))})" if any(places) else name


def _text(element: Element, name: str) -> str:
    return decoded_once(text_of(element, name))


def decoded_once(text: str) -> str:
    """A text that was encoded as UTF-8 twice, put right; any other as it is.

    Comes before all folding: of `Ã\\xa0`, which is `à`, a fold would keep but the first half.
    """
    try:
        once = text.encode("latin-1").decode()
    except UnicodeError:
        return text
    return once


def ids_url(ids: Iterable[str], *, base: str = BASE) -> str:
    """These papers, each with its version (`2605.90001v2`) or without (the latest): at most 2,000."""
    ids = list(ids)
    if not 0 < len(ids) <= MOST:
        raise ValueError(f"One query has 1 to {MOST:,} ids, not {len(ids):,}.")
    return f"{base}?{urlencode({'id_list': ','.join(ids), 'max_results': len(ids)}, safe=',/')}"


def category_url(
    category: str,
    since: datetime,
    until: datetime,
    *,
    start: int = 0,
    max_results: int = 200,
    sort: Sort = "submittedDate",
    descending: bool = False,
    base: str = BASE,
) -> str:
    """Papers of a category by the time of their first submission, to the minute, both ends included."""
    if since.tzinfo is None or until.tzinfo is None:
        raise ValueError("The API's times are in UTC; these have no zone.")
    if not 0 < max_results <= MOST or start < 0 or start + max_results > FARTHEST:
        raise ValueError(f"The API gives {MOST:,} entries at a time and {FARTHEST:,} in all.")
    first, last = (f"{time.astimezone(UTC):%Y%m%d%H%M}" for time in (since, until))
    query = {
        "search_query": f"cat:{category} AND submittedDate:[{first} TO {last}]",
        "start": start,
        "max_results": max_results,
        "sortBy": sort,
        "sortOrder": "descending" if descending else "ascending",
    }
    return f"{base}?{urlencode(query, safe=':[]')}"
