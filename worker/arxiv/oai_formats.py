"""The formats of OAI-PMH's records: what `arXivRaw`, `arXiv` and `oai_dc` say about a paper."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from xml.etree.ElementTree import Element

from digest import taxonomy
from digest.tex import readable
from worker.arxiv.authors import split_authors
from worker.arxiv.entries import Metadata, fold, fold_paragraphs
from worker.arxiv.errors import EntryError
from worker.arxiv.trees import children, moment, text_of

_AND = re.compile(r"\s+and\s+(?![^()]{0,200}\))|\s*:\s+")  # `A B and C D`, `X Collaboration: A B`
_COMMENT = re.compile(r"\s*Comments?:\s*")


def _arxiv_raw(content: Element, arxiv_id: str) -> Metadata:
    times: dict[int, datetime | None] = {}
    for version in children(content, "version"):
        if number := re.fullmatch(r"v(\d{1,4})", version.get("version", "")):
            times[int(number[1])] = moment(text_of(version, "date"))
    latest = max(times, default=0)
    return _common(
        content, arxiv_id, _split(text_of(content, "authors")), latest, times.get(1), times.get(latest)
    )


def _arxiv(content: Element, arxiv_id: str) -> Metadata:
    """Since 2025 `created` may be of a later version than the first; `arXivRaw` has the true times."""
    people = (
        _person(author) for group in children(content, "authors") for author in children(group, "author")
    )
    created, updated = moment(text_of(content, "created")), moment(text_of(content, "updated"))
    return _common(content, arxiv_id, tuple(filter(None, people)), 0, created, updated or created)


def _common(
    content: Element,
    arxiv_id: str,
    authors: tuple[str, ...],
    version: int,
    submitted: datetime | None,
    updated: datetime | None,
) -> Metadata:
    return _checked(
        Metadata(
            arxiv_id=arxiv_id,
            version=version,
            title=fold(text_of(content, "title")),
            abstract=fold_paragraphs(text_of(content, "abstract")),
            authors=authors,
            categories=tuple(dict.fromkeys(text_of(content, "categories").split())),
            submitted=submitted,
            updated=updated,
            license=fold(text_of(content, "license")),
            doi=fold(text_of(content, "doi")),
            journal_ref=fold(text_of(content, "journal-ref")),
            comments=fold(text_of(content, "comments")),
        )
    )


def _oai_dc(content: Element, arxiv_id: str) -> Metadata:
    """Dublin Core: names the other way round, categories by name, all the rest in `identifier`."""
    texts = [text.text or "" for text in children(content, "description")]
    times = [time for time in (moment(day.text or "") for day in children(content, "date")) if time]
    identifiers = [fold(one.text or "") for one in children(content, "identifier")]
    dois = [one.removeprefix("doi:") for one in identifiers if one.startswith("doi:")]
    others = [one for one in identifiers if not one.startswith(("doi:", "http://", "https://"))]
    rights = (fold(one.text or "") for one in children(content, "rights"))
    subjects = [fold(one.text or "") for one in children(content, "subject")]
    comments = (one for one in texts[1:] if _COMMENT.match(one))
    return _checked(
        Metadata(
            arxiv_id=arxiv_id,
            version=0,
            title=fold(text_of(content, "title")),
            abstract=fold_paragraphs(texts[0]) if texts else "",
            authors=tuple(filter(None, (_turned(one.text or "") for one in children(content, "creator")))),
            categories=tuple(_codes(subjects)),
            submitted=min(times, default=None),
            updated=max(times, default=None),
            license=next((one for one in rights if one.startswith("http")), ""),
            doi=" ".join(dois),
            journal_ref=others[0] if others else "",
            comments=fold(_COMMENT.sub("", next(comments, ""), count=1)),
        )
    )


def _checked(metadata: Metadata) -> Metadata:
    for name in ("title", "abstract", "categories"):
        if not getattr(metadata, name):
            raise EntryError(f"no {name}")
    return metadata


def _split(authors: str) -> tuple[str, ...]:
    """As the authors typed them, so with `and` before the last, which a feed has not."""
    return tuple(part for name in split_authors(authors) for part in _AND.split(name) if part)


def _person(author: Element) -> str:
    """Name and affiliations as a feed has them: `A B Jr (MIT, CSAIL)`."""
    parts = (text_of(author, part) for part in ("forenames", "keyname", "suffix"))
    name = fold(readable(" ".join(parts)))
    places = [fold(readable(place.text or "")) for place in children(author, "affiliation")]
    if not name or name == ":":
        return ""
    return f"{name} ({', '.join(filter(None, places))})" if any(places) else name


def _turned(creator: str) -> str:
    """`Example, Ada` is `Ada Example`."""
    last, _, first = fold(readable(creator)).partition(", ")
    return f"{first} {last}".strip()


def _codes(subjects: list[str]) -> list[str]:
    """Other classifications (MSC, ACM) are subjects too, and are no categories. None at all where the
    first, which is the primary category, goes by a name of old."""
    named = _categories_by_name()
    if not subjects or subjects[0] not in named:
        return []
    return list(dict.fromkeys(named[subject] for subject in subjects if subject in named))


@cache
def _categories_by_name() -> dict[str, str]:
    """`Computer Science - Machine Learning` is cs.LG."""
    named: dict[str, str] = {}
    for category in sorted(taxonomy.categories().values(), key=lambda one: not one.active):
        whole = category.name == category.archive_name
        named.setdefault(
            category.name if whole else f"{category.archive_name} - {category.name}", category.code
        )
    return named


FORMATS: dict[str, Callable[[Element, str], Metadata]] = {
    "arXivRaw": _arxiv_raw,
    "arXiv": _arxiv,
    "dc": _oai_dc,
}
