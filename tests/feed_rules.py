"""What the W3C's feed validator, RFC 4287, the RSS profile, JSON Feed 1.1 and OPML 2.0 demand of feeds.

The validator itself is in no package registry. What is told here has the names of its messages where it has one for it;
all of it was written from the documents. Each function answers what is wrong, and nothing where all is right.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path

from django.http import HttpResponse
from lxml import etree

ATOM, XML = "{http://www.w3.org/2005/Atom}", "{http://www.w3.org/XML/1998/namespace}"
CONTENT, CREATOR = (
    "{http://purl.org/rss/1.0/modules/content/}encoded",
    "{http://purl.org/dc/elements/1.1/}creator",
)
_GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).parent / "data" / "atom.rng"))
_ADDRESS = re.compile(r"https?://[^/\s<>\"\\^`{|}]+(/[^\s<>\"\\^`{|}]*)?", re.ASCII)
_TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d{2}(-\d{2})?)?:[\w;/?:@&=+$.!~*'()%,-]*", re.ASCII)
_RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
_MARKUP = re.compile(r"<[A-Za-z/!?]|&#?\w+;")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SECURITY = {"script", "style", "iframe", "object", "embed", "form", "input", "meta", "link", "base", "frame"}
VOID = {"br", "hr", "img"}
BLOCKS = {"p", "div", "h2", "h3", "hr", "ul", "ol", "table", "blockquote", "pre"}
KNOWN = (
    BLOCKS
    | VOID
    | {"a", "em", "strong", "b", "i", "span", "code", "li", "sub", "sup", "tr", "td", "th", "tbody"}
)
MATHML = {
    "math",
    "mrow",
    "mi",
    "mn",
    "mo",
    "msub",
    "msup",
    "msubsup",
    "mfrac",
    "msqrt",
    "mroot",
    "mtext",
    "mstyle",
    "mover",
    "munder",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
    "mspace",
    "mpadded",
    "mphantom",
    "menclose",
    "mmultiscripts",
    "semantics",
    "annotation",
}
"""The validator knows it in XHTML only and warns of it in escaped HTML; readers choose it, it is nobody's default."""
_MEDIA = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}


class Html(HTMLParser):
    """What is wrong with the HTML of an item: not HTML, not safe, or not absolute."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._open: list[str] = []
        if re.search(r"&(?!#\d+;|#x[0-9a-fA-F]+;|\w+;)|<(?![A-Za-z/])", markup):
            self.faults.append("NotHtml: a bare & or <")
        self.feed(markup)
        self.close()
        self.faults += [f"NotHtml: <{tag}> stays open" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SECURITY:
            self.faults.append(f"SecurityRisk: <{tag}>")
        elif tag not in KNOWN | MATHML:
            self.faults.append(f"NotHtml: <{tag}>")
        if tag in BLOCKS and "p" in self._open:
            self.faults.append(f"NotHtml: <{tag}> within <p>")
        if len(attrs) > len({name for name, _ in attrs}):
            self.faults.append("NotHtml: an attribute twice")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.faults.append(f"SecurityRiskAttr: {name}")
            if name in ("href", "src") and not _ADDRESS.fullmatch(value or ""):
                self.faults.append(f"ContainsRelRef: {value}")
            if name == "lang" and not _LANGUAGE.fullmatch(value or ""):
                self.faults.append(f"InvalidLanguage: {value}")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"NotHtml: </{tag}> ends what is not open")


def over_http(answer: HttpResponse, kind: str) -> list[str]:
    """Of the answer that a feed came in."""
    faults = []
    if answer["Content-Type"] != f"{_MEDIA[kind]}; charset=utf-8":
        faults.append(f"UnexpectedContentType: {answer['Content-Type']}")
    if kind != "json" and not answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>'):
        faults.append("MissingEncoding")
    return faults


def atom(text: bytes, address: str, now: datetime | None = None) -> list[str]:
    root = etree.fromstring(text)
    if not _GRAMMAR.validate(root):
        return [f"schema: {error.message}" for error in _GRAMMAR.error_log]
    entries = root.findall(f"{ATOM}entry")
    faults = [*_links(root, address), *_unique([entry.findtext(f"{ATOM}id") for entry in entries])]
    faults += [f"InvalidTAG: {i.text}" for i in root.iter(f"{ATOM}id") if not _TAG.fullmatch(i.text or "")]
    if root.get(f"{XML}lang") is None or not _LANGUAGE.fullmatch(root.get(f"{XML}lang")):
        faults.append("MissingDCLanguage or InvalidLanguage")
    if root.find(f"{ATOM}author") is None and not all(e.find(f"{ATOM}author") is not None for e in entries):
        faults.append("MissingElement: author")
    faults += [
        f"DuplicateUpdated: {at}"
        for at, count in Counter(e.findtext(f"{ATOM}updated") for e in entries).items()
        if count > 1
    ]
    updated = datetime.fromisoformat(root.findtext(f"{ATOM}updated"))
    for entry in entries:
        faults += _entry(entry, updated)
    dates = [datetime.fromisoformat(e.text) for e in root.iter(f"{ATOM}updated", f"{ATOM}published")]
    return faults + _plausible(dates, now) + _characters(root)


def _entry(entry: etree._Element, newest: datetime) -> Iterator[str]:
    alternates = [
        link for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"
    ]
    if len(alternates) != 1:
        yield "MissingContentOrAlternate or DuplicateAtomLink"
    for link in entry.findall(f"{ATOM}link"):
        if not _ADDRESS.fullmatch(link.get("href")):
            yield f"ContainsRelRef: {link.get('href')}"
    for name in ("title", "summary"):
        found = entry.find(f"{ATOM}{name}")
        if found is not None and not (found.text or "").strip():
            yield f"NotBlank: {name}"
        if found is not None and found.get("type", "text") == "html":
            yield f"{name} is text, but declared as HTML"
    if datetime.fromisoformat(entry.findtext(f"{ATOM}updated")) > newest:
        yield "an entry is newer than its feed"
    if datetime.fromisoformat(entry.findtext(f"{ATOM}published")) > datetime.fromisoformat(
        entry.findtext(f"{ATOM}updated")
    ):
        yield "an entry was updated before it was published"
    content = entry.find(f"{ATOM}content")
    if content is None or not (content.text or "").strip():
        yield "MissingTextualContent"
    else:
        yield from Html(content.text).faults


def _links(root: etree._Element, address: str) -> Iterator[str]:
    """Of a feed as a whole: its page, and itself."""
    links = [(link.get("rel", "alternate"), link.get("href")) for link in root.findall(f"{ATOM}link")]
    selves = [href for rel, href in links if rel == "self"]
    if not selves:
        yield "MissingSelf"
    elif selves != [address]:
        yield f"SelfDoesntMatchLocation: {selves}"
    for _, href in links:
        if not _ADDRESS.fullmatch(href):
            yield f"InvalidFullLink: {href}"


def rss(text: bytes, address: str, now: datetime | None = None) -> list[str]:
    root = etree.fromstring(text)
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None or len(root) != 1:
        return ["UndefinedElement or ObsoleteVersion"]
    items, faults = channel.findall("item"), [*_links(channel, address)]
    faults += [
        f"MissingElement: {name}" for name in ("title", "link", "description") if not channel.findtext(name)
    ]
    if not _LANGUAGE.fullmatch(channel.findtext("language") or ""):
        faults.append(f"InvalidLanguage: {channel.findtext('language')}")
    if not (channel.findtext("ttl") or "1").isdecimal():
        faults.append("InvalidNonNegativeInteger: ttl")
    if channel[-1].tag != "item" and items:
        faults.append("MisplacedItem")
    faults += _unique([item.findtext("guid") for item in items])
    for parent in (channel, *items):
        faults += _children(parent)
    for item in items:
        faults += _item(item)
    dates = [e.text or "" for e in root.iter("pubDate", "lastBuildDate")]
    faults += [f"InvalidRFC2822Date: {date}" for date in dates if not _rfc822(date)]
    return (
        faults + _plausible([parsedate_to_datetime(d) for d in dates if _rfc822(d)], now) + _characters(root)
    )


_MAY_BE = {
    "channel": {
        "title",
        "link",
        "description",
        "language",
        "lastBuildDate",
        "ttl",
        "item",
        "category",
        f"{ATOM}link",
    },
    "item": {"title", "link", "description", CONTENT, CREATOR, "pubDate", "guid", "category"},
}
_MANY = {"item", "category", CREATOR, f"{ATOM}link"}


def _children(parent: etree._Element) -> Iterator[str]:
    for tag, count in Counter(child.tag for child in parent).items():
        if tag not in _MAY_BE[parent.tag]:
            yield f"UndefinedElement: {tag} in {parent.tag}"
        elif count > 1 and tag not in _MANY:
            yield f"DuplicateElement: {tag}"


def _item(item: etree._Element) -> Iterator[str]:
    yield from _guid(item.find("guid"))
    if not _ADDRESS.fullmatch(item.findtext("link") or ""):
        yield f"InvalidFullLink: {item.findtext('link')}"
    if not (item.findtext("title") or "").strip():
        yield "NotBlank: title"
    yield from (
        f"ContainsHTML: {name}"
        for name in ("title", "description")
        if _MARKUP.search(item.findtext(name, ""))
    )
    tags = [child.tag for child in item]
    if "description" not in tags or tags.index(CONTENT) < tags.index("description"):
        yield "NeedDescriptionBeforeContent"
    if any(not (e.text or "").strip() for e in item.iter("category", CREATOR)):
        yield "NotBlank: category or creator"
    yield from Html(item.findtext(CONTENT) or "").faults


def _guid(guid: etree._Element | None) -> Iterator[str]:
    if guid is None:
        yield "MissingGuid"
    elif guid.get("isPermaLink") != "false":
        if not _ADDRESS.fullmatch(guid.text or ""):
            yield f"InvalidPermalink: {guid.text}"
    elif not _TAG.fullmatch(guid.text or ""):
        yield f"InvalidTAG: {guid.text}"


def json_feed(text: bytes, address: str) -> list[str]:
    told = json.loads(text)
    faults = [f"missing {name}" for name in ("version", "title", "items") if name not in told]
    if told["version"] != "https://jsonfeed.org/version/1.1":
        faults.append("version")
    if told["feed_url"] != address:
        faults.append("SelfDoesntMatchLocation")
    if not _LANGUAGE.fullmatch(told["language"]):
        faults.append("InvalidLanguage")
    for item in told["items"]:
        faults += Html(item["content_html"]).faults
        faults += [
            name
            for name in ("date_published", "date_modified")
            if not datetime.fromisoformat(item[name]).tzinfo
        ]
        if not item["id"] or not _ADDRESS.fullmatch(item["url"]) or not item["title"].strip():
            faults.append("InvalidFullLink or NotBlank")
        if any(not author["name"].strip() for author in item["authors"]):
            faults.append("NotBlank: author")
    return faults + _unique([item["id"] for item in told["items"]])


def opml(text: bytes) -> list[str]:
    root = etree.fromstring(text)
    faults = (
        []
        if root.get("version") == "2.0" and [e.tag for e in root] == ["head", "body"]
        else ["InvalidOPMLVersion"]
    )
    for outline in root.iter("outline"):
        if not outline.get("text"):
            faults.append("MissingTitleAttr")
        if not len(outline) and (
            outline.get("type") != "rss" or not _ADDRESS.fullmatch(outline.get("xmlUrl", ""))
        ):
            faults.append("MissingXmlURL")
    return faults


def _unique(ids: Iterable[str | None]) -> list[str]:
    return [f"DuplicateEntries: {guid}" for guid, count in Counter(ids).items() if count > 1]


def _rfc822(date: str) -> bool:
    """In form, and of the day of the week that it says."""
    return bool(_RFC822.fullmatch(date)) and parsedate_to_datetime(date).strftime("%a") == date[:3]


def _plausible(dates: list[datetime], now: datetime | None) -> list[str]:
    latest = (now or datetime.now(UTC)) + timedelta(minutes=10)
    return [f"ImplausibleDate: {d}" for d in dates if not datetime(1990, 1, 1, tzinfo=UTC) < d < latest]


def _characters(root: etree._Element) -> list[str]:
    """C1 controls and what stands for a character that could not be read."""
    return ["BadCharacters" for text in root.itertext() if re.search("[\x80-\x9f\ufffd]", text)]
