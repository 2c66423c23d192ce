"""A library of literature proposes keywords: BibTeX, RIS, CSL-JSON (Zotero writes all of them).

Only keywords and titles are looked for; whatever else is in the file, broken or not, is passed over.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from digest import tex
from digest.keywords import KeywordError, canonical
from digest.keywords.phrases import words_of

MOST = 60
"""Proposals."""
_LONGEST_KEYWORD = 60
_ENTRY = re.compile(r"^\s*@\s*[A-Za-z]+\s*[{(]", re.MULTILINE)
_FIELD = re.compile(r"\b(keywords?|title)\s*=\s*(?P<open>[{\"])", re.IGNORECASE)
_RIS = re.compile(r"^(TY|KW|TI|T1)  ?-[ \t]?(.*)$", re.MULTILINE)
_STOP = set(
    "a an and are as at be between by can do does for from how if in into is it its more new of on or over per "
    "the their this through to toward towards under use used using via we what when where which with without not "
    "need all you based approach approaches study analysis method methods novel".split()
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A phrase that a library has `times` as a keyword or in titles."""

    phrase: str
    times: int
    keyword: bool


@dataclass(frozen=True, slots=True)
class _Item:
    title: str
    keywords: tuple[str, ...]


def is_bibliography(text: str) -> bool:
    """Whether a file is of literature, and not of rules."""
    return bool(
        _ENTRY.match(text) or _ENTRY.search(text[:20_000]) or re.search(r"^TY  ?-", text, re.MULTILINE)
    ) or (_csl(text) is not None)


def proposals(text: str) -> list[Proposal]:
    """What the library is about: its keywords, then phrases of its titles, the most frequent first."""
    items = list(_items(text))
    keywords: Counter[str] = Counter()
    said: dict[str, str] = {}
    for item in items:
        for form, typed in {_form(k): k for k in item.keywords}.items():
            if form:
                keywords[form] += 1
                said.setdefault(form, typed)
    phrases = _phrases([item.title for item in items])
    found = [Proposal(said[form], times, True) for form, times in keywords.most_common(MOST)]
    found += [Proposal(form, times, False) for form, times in phrases if form not in keywords]
    return found[:MOST]


def _items(text: str) -> Iterator[_Item]:
    if (rows := _csl(text)) is not None:
        for row in rows:
            keywords = row.get("keyword") if isinstance(row.get("keyword"), str) else ""
            title = row.get("title") if isinstance(row.get("title"), str) else ""
            yield _Item(title or "", _split(keywords or ""))
    elif _ENTRY.search(text):
        starts = [match.start() for match in _ENTRY.finditer(text)]
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
            yield _bibtex(text[start:end])
    else:
        yield from _ris(text)


def _csl(text: str) -> list[dict[str, Any]] | None:
    if not text.lstrip().startswith(("[", "{")):
        return None
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return None
    rows = tree.get("items") if isinstance(tree, dict) else tree
    if not isinstance(rows, list):
        return None
    rows = [row for row in rows if isinstance(row, dict) and "type" in row and "title" in row]
    return rows or None


def _bibtex(entry: str) -> _Item:
    fields = {"title": "", "keywords": ""}
    for match in _FIELD.finditer(entry):
        name = "title" if match[1].lower() == "title" else "keywords"
        fields[name] = fields[name] or _value(entry, match.end(), match["open"])
    return _Item(tex.readable(fields["title"]), _split(fields["keywords"].replace("{", "").replace("}", "")))


def _value(entry: str, start: int, opening: str) -> str:
    """What stands up to the brace or quote that closes it; of what is never closed, nothing."""
    depth = 0
    for place in range(start, min(len(entry), start + 5000)):
        sign = entry[place]
        if entry[place - 1] == "\\":
            continue
        if sign == "{":
            depth += 1
        elif sign == "}" and depth:
            depth -= 1
        elif not depth and sign == ("}" if opening == "{" else '"'):
            return entry[start:place]
    return ""


def _ris(text: str) -> Iterator[_Item]:
    title, keywords = "", list[str]()
    for tag, value in _RIS.findall(text):
        if tag == "TY":
            if title or keywords:
                yield _Item(title, tuple(keywords))
            title, keywords = "", []
        elif tag == "KW":
            keywords += _split(value)
        else:
            title = title or value.strip()
    if title or keywords:
        yield _Item(title, tuple(keywords))


def _split(keywords: str) -> tuple[str, ...]:
    return tuple(" ".join(k.split()) for k in re.split(r"[,;\n]", keywords) if k.strip())


def _form(keyword: str) -> str:
    """Its canonical form; empty for what is no phrase. arXiv's codes and Zotero's tags of files are none."""
    if len(keyword) > _LONGEST_KEYWORD or re.search(r'["():*]', keyword) or keyword.startswith(("-", "/")):
        return ""
    if re.fullmatch(r"\d+|_tablet.*|Computer Science -.*", keyword):
        return ""
    try:
        return canonical(keyword)
    except KeywordError:
        return ""


def _phrases(titles: list[str]) -> list[tuple[str, int]]:
    """Phrases of two or three words that several titles have, no piece of a phrase that is as frequent."""
    counted: Counter[str] = Counter()
    for title in titles:
        words = [word.text for word in words_of(title)[:60]]
        here = set()
        for size in (2, 3):
            for start in range(len(words) - size + 1):
                piece = words[start : start + size]
                if not ({piece[0], piece[-1]} & _STOP) and all(w.isalnum() and len(w) > 1 for w in piece):
                    here.add(" ".join(piece))
        counted.update(here)
    least = 2 if len(titles) < 100 else 3
    frequent = {phrase: n for phrase, n in counted.items() if n >= least}
    inside = {
        part
        for phrase, n in frequent.items()
        if phrase.count(" ") == 2
        for part in (phrase.rpartition(" ")[0], phrase.partition(" ")[2])
        if frequent.get(part) == n
    }
    return sorted(
        ((p, n) for p, n in frequent.items() if p not in inside), key=lambda pair: (-pair[1], pair[0])
    )[:MOST]
