"""Hits: where what was looked for stands in a text, which piece of an abstract shows it, and how good a hit is."""

import re
from collections.abc import Iterable
from functools import lru_cache
from math import log

from digest import tex
from digest.keywords import Hit, merged
from digest.search_query import Query
from digest.search_text import Phrase, forms, paired, stem, stems

_SHOWN = 260
"""Characters of an excerpt, about."""
_BEFORE = 60
_INSIDE = re.compile(r"[_^{}]")
_SPACELESS = 0.45
"""A sign of Chinese says as much as two or three letters."""


class Finder:
    """Finds phrases in readable texts, in other forms of their words too; `find` is as of digest.keywords.Matcher."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._by_first: dict[str, list[tuple[int, Phrase]]] = {}
        for place, wanted in enumerate(phrases):
            if wanted:
                self._by_first.setdefault(stem(wanted[0]), []).append((place, stems(wanted)))
        heads = "|".join(sorted(re.escape(first.removesuffix("i")) for first in self._by_first))
        self._may = re.compile(heads or r"(?!)", re.IGNORECASE)

    def find(self, text: str, field: str = "") -> list[Hit]:
        """Every place of every phrase; what is looked for is looked for in every field."""
        if not self._by_first or not text or not self._may_have(text):
            return []
        row, places = forms(text)
        found = []
        for position, form in enumerate(row):
            for place, wanted in self._by_first.get(form, ()):
                end = position + len(wanted)
                if tuple(row[position:end]) == wanted:
                    found.append(Hit(place, places[position][0], places[end - 1][1]))
        return found

    def _may_have(self, text: str) -> bool:
        """Whether a search for letters finds something: in ASCII, and where no sign stands inside of words."""
        return not text.isascii() or bool(_INSIDE.search(text) or self._may.search(text))

    def excerpt_announced(self, text: str) -> str:
        return self.excerpt(tex.readable(text))

    def excerpt(self, text: str) -> str:
        """The piece of a readable abstract that shows the most of what was looked for, no formula cut."""
        flat = " ".join(text.split())
        wide = not flat.isascii() and len(re.findall("[\u2e80-\uffff]", flat)) > len(flat) / 4
        shown, before = (int(n * (_SPACELESS if wide else 1)) for n in (_SHOWN, _BEFORE))
        if len(flat) <= shown:
            return flat
        found = self.find(flat)
        starts = [start for start, _ in merged(found)] or [0]
        best = max(
            starts,
            key=lambda start: (len({h.keyword for h in found if start <= h.start < start + shown}), -start),
        )
        begin = _edge(flat, max(0, best - before), -1, wide)
        end = _edge(flat, min(len(flat), begin + shown), 1, wide)
        return f"{'… ' if begin else ''}{flat[begin:end].strip()}{' …' if end < len(flat) else ''}"


def _edge(text: str, position: int, step: int, wide: bool) -> int:
    """A place at which the text may be cut: between words, outside of formulas."""
    for span in tex.spans(text):
        if span.start < position < span.end:
            position = span.start if step < 0 else span.end
    if wide:
        return position
    while 0 < position < len(text) and not (text[position - 1].isspace() or text[position].isspace()):
        position += step
    return position


def score(query: Query, title: str, rest: str) -> float:
    """How good a hit is, by the words of the index: in the title, as a phrase, often, early."""
    heading, text = f" {title} ", f" {rest} "
    value = sum(
        max((_way(way, heading, text) for way in wanted.ways), default=0.0) for wanted in query.wanted
    )
    typed = tuple(word for wanted in query.wanted for phrase in wanted.ways[0] for word in phrase)
    return value + (_phrase(typed, heading, text) if len(query.wanted) > 1 else 0.0)


def _way(way: tuple[Phrase, ...], heading: str, text: str) -> float:
    together = tuple(word for phrase in way for word in phrase)
    value = sum(_phrase(phrase, heading, text) for phrase in way) / len(way)
    return value + (_phrase(together, heading, text) if len(way) > 1 else 0.0)


def _phrase(phrase: Phrase, heading: str, text: str) -> float:
    wanted = as_indexed(phrase)
    often, first = text.count(wanted), text.find(wanted)
    value = 4.0 if wanted in heading else 0.0
    return value + log(1 + often) + (1 / (1 + first / 200) if often else 0.0)


@lru_cache(maxsize=2**10)
def as_indexed(phrase: Phrase) -> str:
    """How a phrase begins in the words of the index, in whatever form its last word is."""
    words = paired(phrase, sought=True)
    return " " + " ".join([*words[:-1], _beginning(words[-1])])


def _beginning(word: str) -> str:
    """What all forms of a word begin with: errors and error, policies and policy."""
    root = stem(word)
    return root[:-1] if root != word and root.endswith("i") else root
