"""The feeds of rss.arxiv.org: RSS 2.0, Atom 1.0, and the RDF of before 2024.

feedparser reads the items; its sanitising is off, since it damages abstracts (`S&P`, `<think>`).
Beside it expat counts the items that the document declares, and refuses what no feed needs.
"""

import html
import re
from collections.abc import Iterator
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, cast
from xml.parsers import expat

import feedparser

from digest.arxiv_days import EASTERN, next_weekday
from worker.arxiv.authors import split_authors, split_html_authors
from worker.arxiv.entries import (
    ANNOUNCE_TYPES,
    IDENTIFIER,
    AnnounceType,
    Document,
    Entry,
    fold,
    fold_paragraphs,
    require,
)
from worker.arxiv.errors import DocumentError, EntryError
from worker.arxiv.trees import run

Kind = Literal["rss", "atom", "rdf"]
_KINDS: dict[str, Kind] = {"rss": "rss", "feed": "atom", "rdf:RDF": "rdf", "RDF": "rdf"}
_ITEM = {"rss": "item", "atom": "entry", "rdf": "item"}
_PREFIX = re.compile(r"\s*arXiv:\S+\s+Announce Type:\s*[\w-]+\s*\n?\s*Abstract:[ \t]?", re.IGNORECASE)
_UPDATES = re.compile(r"^(?P<what>.+?) updates on arXiv\.org", re.IGNORECASE)
_RDF_TITLE = re.compile(
    r"^(?P<title>.*?)\.?\s*\(arXiv:(?P<id>\S+)\s+\[(?P<primary>[^\]]+)\](?P<marks>[^)]*)\)\s*$",
    re.DOTALL,
)


def parse(content: bytes) -> Document:
    """Read a feed document.

    An item that can't be read is left out and told in `skipped`; a document that can't raises
    DocumentError.
    """
    kind, declared = _survey(content)
    feed = feedparser.parse(content, sanitize_html=False, resolve_relative_uris=False)
    title = fold(feed.feed.get("title", ""))
    if title.lower().startswith("feed error"):
        reason = fold(feed.feed.get("description", "") or feed.feed.get("subtitle", ""))
        raise DocumentError(f"arXiv answered with an error: {title}. {reason}".strip())
    if not (named := _UPDATES.match(title)):
        raise DocumentError(f"This is a feed, but not one of arXiv's announcements: {title[:80]!r}.")
    entries, skipped = [], []
    for item in feed.entries:
        try:
            entries.append(_read(item, kind))
        except EntryError as error:
            skipped.append(f"{item.get('id') or item.get('link') or 'an item'}: {error}")
    return Document(
        kind=kind,
        title=title,
        categories=tuple(re.split(r"\s*[,+]\s*", named["what"])),
        day=_day(feed.feed, kind),
        built_at=_moment(feed.feed.get("updated")),
        declared=declared,
        entries=tuple(entries),
        skipped=tuple(skipped),
    )


def _survey(content: bytes) -> tuple[Kind, int]:
    """The kind of document and how many items it declares, by a parser that allows no DOCTYPE."""
    roots: list[str] = []
    counts: dict[str, int] = {}
    parser = expat.ParserCreate()

    def start(name: str, _attributes: dict[str, str]) -> None:
        if not roots:
            roots.append(name)
        counts[name] = counts.get(name, 0) + 1

    parser.StartElementHandler = start
    run(parser, content, wanted="a feed", begun=lambda: bool(roots) and roots[0] in _KINDS)
    kind = _KINDS.get(roots[0])
    if kind is None:
        raise DocumentError(f"Not a feed: the document is <{roots[0]}>.")
    return kind, counts.get(_ITEM[kind], 0)


def _read(item: Any, kind: Kind) -> Entry:
    entry = _read_rdf(item) if kind == "rdf" else _read_feed(item)
    require(entry.title, entry.abstract, entry.categories)
    return entry


def _read_feed(item: Any) -> Entry:
    arxiv_id, version = _identify(item.get("id", ""))
    announce_type = item.get("arxiv_announce_type", "")
    if announce_type not in ANNOUNCE_TYPES:
        raise EntryError(f"announce type {announce_type!r}")
    categories = tuple(tag["term"] for tag in item.get("tags", ()) if tag.get("term"))
    published = _moment(item.get("published"))
    return Entry(
        arxiv_id=arxiv_id,
        version=version,
        announce_type=cast(AnnounceType, announce_type),
        title=fold(item.get("title", "")),
        abstract=fold_paragraphs(_PREFIX.sub("", item.get("summary", ""), count=1)),
        authors=split_authors(item.get("author", "")),
        categories=categories,
        license=item.get("rights", ""),
        doi=fold(item.get("arxiv_doi", "")),
        journal_ref=fold(item.get("arxiv_journal_reference", "")),
        day=published.astimezone(EASTERN).date() if published else None,
    )


def _read_rdf(item: Any) -> Entry:
    r"""Before 2024: `Title. (arXiv:2401.15170v1 [cs.CL] UPDATED)`, HTML authors and abstract."""
    match = _RDF_TITLE.match(item.get("title", ""))
    if not match:
        raise EntryError("the title carries no arXiv id")
    arxiv_id, version = _identify(match["id"])
    marks = match["marks"].upper()
    replaced, cross = "UPDATED" in marks, "CROSS LISTED" in marks
    kind = ("replace-cross" if cross else "replace") if replaced else ("cross" if cross else "new")
    return Entry(
        arxiv_id=arxiv_id,
        version=version,
        announce_type=cast(AnnounceType, kind),
        title=fold(html.unescape(match["title"])),
        abstract=_from_html(item.get("summary", "")),
        authors=split_html_authors(item.get("author", "")),
        categories=(match["primary"],),
    )


def _from_html(markup: str) -> str:
    markup = re.sub(r'<a\b[^>]*href="([^"]*)"[^>]*>\s*this https? URL\s*</a>', r"\1", markup)
    paragraphs = re.split(r"</p>\s*(?:<p>)?|<p>|<br\s*/?>", markup)
    plain = (fold(html.unescape(re.sub(r"</?(?:a|p)\b[^>]*>", "", part))) for part in paragraphs)
    return "\n".join(part for part in plain if part)


def _identify(text: str) -> tuple[str, int]:
    match = IDENTIFIER.fullmatch(text.removeprefix("oai:arXiv.org:"))
    if not match:
        raise EntryError(f"{text!r} is not an arXiv id")
    return match["id"], int(match["version"] or 1)


def _dates(value: Any) -> Iterator[datetime]:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            yield read(value)
        except (ValueError, TypeError):
            continue


def _moment(value: Any) -> datetime | None:
    moment = next(_dates(value), None)
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=EASTERN)


def _day(channel: Any, kind: Kind) -> date:
    """The arXiv day of the announcement: the channel's date, in Eastern time.

    The old RDF carried the evening of the announcement, which is the next weekday's.
    """
    moment = _moment(channel.get("published") or channel.get("updated"))
    if moment is None:
        raise DocumentError("The document says no date.")
    eastern = moment.astimezone(EASTERN)
    return next_weekday(eastern.date()) if kind == "rdf" and eastern.hour >= 20 else eastern.date()
