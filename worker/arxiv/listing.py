"""Listing pages of arxiv.org: `/list/<subject>/new` and `/catchup/<subject>/<day>?abs=True`.

Their templates are arxiv-browse's list/list_macros.html, list/new.html and catchup.html. A page differs
from a feed in these: no licence and no DOI; of more than 100 authors only the first
(arxiv-browse, truncate_author_list_size); categories under their canonical codes alone (`eess.SY`, not
`cs.SY` as well); accents of abstract and comments already in Unicode.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from digest import taxonomy
from worker.arxiv.authors import split_authors
from worker.arxiv.entries import IDENTIFIER, AnnounceType, Document, Entry, fold, require
from worker.arxiv.errors import DocumentError, EntryError
from worker.arxiv.trees import html_tree

BASE = "https://arxiv.org"
MOST = 2000
"""Entries that a page shows at most (arxiv-browse, max_show and CATCHUP_LIMIT)."""

_DATE = r"(?:[A-Z][a-z]+,\s+)?(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]{2})[a-z]* (?P<year>\d{4})"
_TITLE = re.compile(rf"(?:Showing new listings for|Catchup results for .* on) {_DATE}")
_SECTION = re.compile(
    rf"(?P<kind>New|Cross|Replacement) submissions(?: for {_DATE})? \((?:continued, )?showing "
    r"(?:(?:first|last) )?\d+ of (?P<total>\d{1,6}) entries ?\)"
)
_TOTAL = re.compile(r"\s*Total of (\d{1,6}) entries")
_NOTHING = re.compile(r"\s*No (?:further )?updates (?:today|for)\b")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_KINDS: dict[str, AnnounceType] = {"New": "new", "Cross": "cross", "Replacement": "replace"}
_SUBJECT_LINK = re.compile(r"(?:https?://arxiv\.org)?/(?:list/([^/?#]+)/recent|catchup/([^/?#]+)/\d{4}-)")
_ABSTRACT_LINK = re.compile(rf"(?:https?://arxiv\.org)?/abs/{IDENTIFIER.pattern}")
_HTML_LINK = re.compile(rf"(?:https?://arxiv\.org)?/html/{IDENTIFIER.pattern}")
_NUMBER = re.compile(r"item(\d{1,6})")
_THIS_URL = re.compile(r"\s*this (?:\w+ )?URL\s*")
_CODE = re.compile(r"\(([A-Za-z-]+(?:\.[A-Za-z-]+)?)\)\s*(?:;|$)")
_PARAGRAPH = "\u2029"


def parse(content: bytes, subject: str) -> Document:
    """Read a page that was asked for this subject: a category, an archive or `grp_physics`.

    The page does not tell replacements of cross-lists from others: those are `replace-cross` whose
    primary category is not of the subject. The subject that the page itself names, if it does, is the
    document's category. An entry that can't be read is told in `skipped`; a page that can't raises
    DocumentError.
    """
    root = html_tree(content)
    page = _Page(root)
    entries, skipped = [], []
    for kind, term, definition in page.entries:
        try:
            entries.append(_entry(term, definition, kind, subject))
        except EntryError as error:
            skipped.append(f"{_identifier(term)[0] or 'an entry'}: {error}")
    if page.day is None:
        raise DocumentError("This is not a listing of arXiv's: no day is named.")
    if not page.declared and (page.entries or not page.says_nothing):
        raise DocumentError("This is not a listing of arXiv's: it does not say how many entries it has.")
    return Document(
        kind="listing",
        title=page.title,
        categories=(_subject_named(root) or subject,),
        day=page.day,
        built_at=None,
        declared=page.declared,
        entries=tuple(entries),
        skipped=tuple(skipped),
        last=page.last,
    )


class _Page:
    """What a page says of itself, and its entries' elements under their sections' kinds."""

    def __init__(self, root: Any) -> None:
        self.title = ""
        self.day: date | None = None
        self.says_nothing = False
        self.entries: list[tuple[AnnounceType, Any, Any]] = []
        self.last = 0
        self._total, self._sections = 0, 0
        kind: AnnounceType = "new"
        term: Any = None
        for element in root.iter("h1", "h3", "div", "p", "dt", "dd"):
            if element.tag in ("h1", "h3"):
                kind = self._heading(fold("".join(element.itertext())), kind)
            elif element.tag == "dt":
                term = element
                self._count(term)
            elif element.tag == "dd" and term is not None:
                self.entries.append((kind, term, element))
                term = None
            elif not self.last:  # an abstract may say "Total of 3 entries" too
                self._remark(element.text or "")

    @property
    def declared(self) -> int:
        """A page of several leaves sections away that begin on others, so the total counts."""
        return max(self._total, self._sections)

    def _heading(self, text: str, kind: AnnounceType) -> AnnounceType:
        section = _SECTION.fullmatch(text)
        found = section or _TITLE.match(text)
        if found and found["day"] and self.day is None:
            self.title, self.day = text, _day(found)
        if not section:
            return kind
        self._sections += int(section["total"])
        return _KINDS[section["kind"]]

    def _count(self, term: Any) -> None:
        numbers = (_NUMBER.fullmatch(link.get("name", "")) for link in term.iter("a"))
        self.last = next((int(number[1]) for number in numbers if number), self.last + 1)

    def _remark(self, text: str) -> None:
        if total := _TOTAL.match(text):
            self._total = int(total[1])
        self.says_nothing = self.says_nothing or bool(_NOTHING.match(text))


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), _MONTHS.index(found["month"]) + 1, int(found["day"]))
    except ValueError:
        return None


def _subject_named(root: Any) -> str:
    links = (_SUBJECT_LINK.match(link.get("href", "")) for link in root.iter("a"))
    return next((found[1] or found[2] for found in links if found), "")


def _entry(term: Any, definition: Any, kind: AnnounceType, subject: str) -> Entry:
    arxiv_id, version = _identifier(term)
    if not arxiv_id:
        raise EntryError("no arXiv id")
    parts = _parts(definition)
    _restore(definition)
    title, abstract = _text(parts.get("list-title")), _paragraphs(parts.get("mathjax"))
    categories = _categories(parts.get("list-subjects"))
    require(title, abstract, categories)
    return Entry(
        arxiv_id=arxiv_id,
        version=version,
        announce_type=_announce_type(_text(term), kind, categories[0], subject),
        title=title,
        abstract=abstract,
        authors=_authors(parts.get("list-authors")),
        categories=categories,
        journal_ref=_text(parts.get("list-journal-ref")),
        comments=_text(parts.get("list-comments")),
        abridged=True,
    )


def _identifier(term: Any) -> tuple[str, int]:
    """The id, and the version if one of the links tells it."""
    links = [link.get("href", "").strip() for link in term.iter("a")]
    found = next(filter(None, map(_ABSTRACT_LINK.fullmatch, links)), None)
    if not found:
        return "", 0
    pages = [found, *filter(None, map(_HTML_LINK.fullmatch, links))]
    versions = (int(page["version"]) for page in pages if page["version"] and page["id"] == found["id"])
    return found["id"], next(versions, 0)


def _parts(definition: Any) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for element in definition.iter("div", "p"):
        for name in element.get("class", "").split():
            if (name == "mathjax") == (element.tag == "p"):  # a title is `list-title mathjax`
                parts.setdefault(name, element)
    return parts


def _restore(definition: Any) -> None:
    """Put addresses back where the page says `this https URL`, and take the labels away."""
    for link in definition.iter("a"):
        if _THIS_URL.fullmatch(link.text or ""):
            link.text = _clicked_through(link.get("href", ""))
    for line_break in definition.iter("br"):
        line_break.tail = _PARAGRAPH + (line_break.tail or "")
    for label in definition.iter("span"):
        if "descriptor" in label.get("class", "").split():
            label.text = ""


def _clicked_through(url: str) -> str:
    """Where arXiv's counter of clicks leads (arxiv-base, urls/clickthrough.py)."""
    parts = urlsplit(url) if re.match(r"(?:https?://arxiv\.org)?/ct\?", url) else None
    return parse_qs(parts.query).get("url", [url])[0] if parts else url


def _text(element: Any) -> str:
    return "" if element is None else fold("".join(element.itertext()))


def _paragraphs(element: Any) -> str:
    text = "" if element is None else "".join(element.itertext())
    return "\n".join(folded for folded in map(fold, text.split(_PARAGRAPH)) if folded)


def _categories(subjects: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_CODE.findall(_text(subjects))))


def _authors(element: Any) -> tuple[str, ...]:
    """Every link is an author; what stands between is commas, affiliations and `and`."""
    if element is None:
        return ()
    names = split_authors("".join(_creator(element)))
    plain = (re.sub(r"(?:\s+and|\s*[:;&])$", "", name) for name in names)
    return tuple(name for name in plain if name and name != "(author list is unavailable)")


def _creator(element: Any) -> Iterator[str]:
    yield element.text or ""
    depth = (element.text or "").count("(")
    for link in element:
        name, after = "".join(link.itertext()), link.tail or ""
        yield f", {name}" if depth <= 0 else name  # within an affiliation it begins no name
        yield after
        depth += (name + after).count("(") - (name + after).count(")")


def _announce_type(marks: str, kind: AnnounceType, primary: str, subject: str) -> AnnounceType:
    if "(cross-list from" in marks:
        return "cross"
    if "(replaced)" in marks or kind == "replace":
        return "replace" if _is_of(primary, subject) else "replace-cross"
    return kind


def _is_of(category: str, subject: str) -> bool:
    known = taxonomy.subject(category)
    if subject == "grp_physics":
        return known.group == "physics"
    return subject in (category, known.alias, known.archive)


def new_url(subject: str, *, skip: int = 0, base: str = BASE) -> str:
    query = f"?{urlencode({'skip': skip, 'show': MOST})}" if skip else ""
    return f"{base}/list/{quote(subject, safe='')}/new{query}"


def catchup_url(subject: str, day: date, *, page: int = 1, base: str = BASE) -> str:
    """Of the last 90 days only; the site redirects a code that is not canonical (cs.NA) to the one that is."""
    return f"{base}/catchup/{quote(subject, safe='')}/{day:%Y-%m-%d}?{urlencode({'abs': True, 'page': page})}"


def following(url: str, document: Document) -> str | None:
    """The address of the page after the one that was got from here; None after the last."""
    if not document.last or document.last >= document.declared:
        return None
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if "/catchup/" in parts.path:
        query["page"] = str(int(query.get("page", "1")) + 1)
    else:
        query |= {"skip": str(document.last), "show": str(MOST)}
    return parts._replace(query=urlencode(query)).geturl()
