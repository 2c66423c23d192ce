"""Where a rule's words stand in a text that is shown: in English, and as far as it can be told in a translation."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from ahocorasick_rs import AhoCorasick

from digest.keywords.matching import Places, Record, Rules, patterns_of, spread
from digest.keywords.phrases import Hit, row_of, variants
from digest.keywords.syntax import stored
from digest.keywords.trees import Term, wanted

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f0-9][A-Za-z\u00c0-\u024f0-9_.'’\- ]*")
_MOST_RENDERINGS = 24
_LONGEST_MADE = 4
"""Terms of the glossary that a phrase is put together from."""


class Matcher:
    """A set of rules, compiled once: finds their words in texts that are shown."""

    def __init__(self, keywords: Sequence[str], glossary: Mapping[str, Sequence[str]] | None = None) -> None:
        """Take canonical forms; hits name them by their place. `glossary` has the renderings of the target
        language by canonical form of a term (`renderings_of` picks them)."""
        self._forms = tuple(keywords)
        self._only: frozenset[int] | None = None
        self._rules: Rules | None = None
        owners: dict[str, list[tuple[int, str]]] = {}
        self._rendered: dict[str, list[tuple[int, str]]] = {}
        for place, form in enumerate(self._forms):
            for term in wanted(spread(stored(form))):
                if term.field in ("au", "cat"):
                    continue
                for pattern in patterns_of(term):
                    owners.setdefault(pattern, []).append((place, term.field))
                for rendering in renderings_of(term, glossary) if glossary else ():
                    self._rendered.setdefault(rendering, []).append((place, term.field))
        self._owners = list(owners.values())
        self._automaton = AhoCorasick(list(owners)) if owners else None

    def within(self, record: Record) -> "Matcher":
        """Finds only the words of rules that this paper satisfies."""
        if self._rules is None:
            self._rules = Rules(self._forms)
        copy = object.__new__(Matcher)
        copy.__dict__.update(self.__dict__)
        copy._only = frozenset(self._rules.match(record))
        return copy

    def find(self, text: str, field: str = "") -> list[Hit]:
        """Every place of every word that speaks for a paper, by place; offsets are code points of the text as
        given. In a `field` (ti, abs) those of the other are left out."""
        if self._automaton is None:
            return []
        places = Places(text)
        found = set()
        for pattern, first, last in self._automaton.find_matches_as_indexes(row_of(text), overlapping=True):
            start, end = places.span(first, last)
            found |= {Hit(rule, start, end) for rule, within in self._owners[pattern]
                      if self._counts(rule) and (not field or not within or within == field)}  # fmt: skip
        return sorted(found, key=lambda hit: (hit.start, -hit.end, hit.keyword))

    def find_translated(self, text: str, field: str = "") -> list[Hit]:
        """The same in a translation: the glossary's renderings, and words that stayed in Latin script."""
        found = {
            Hit(rule, start, start + len(rendering))
            for rendering, rules in self._rendered.items()
            for start in _all(rendering, text)
            for rule, within in rules
            if self._counts(rule) and (not field or not within or within == field)
        }
        for latin in _LATIN.finditer(text):
            found |= {
                Hit(hit.keyword, latin.start() + hit.start, latin.start() + hit.end)
                for hit in self.find(latin[0], field)
            }
        return sorted(found, key=lambda hit: (hit.start, -hit.end, hit.keyword))

    def _counts(self, rule: int) -> bool:
        return self._only is None or rule in self._only


def renderings_of(term: Term, glossary: Mapping[str, Sequence[str]]) -> list[str]:
    """How a term may be said in the target language: as the glossary has it, or put together from its terms."""
    if term.prefix:
        return []
    found = _made(tuple(term.form.split()), glossary, _LONGEST_MADE)
    return [r for r in dict.fromkeys(found) if not r.isascii()][:_MOST_RENDERINGS]


def _made(words: tuple[str, ...], glossary: Mapping[str, Sequence[str]], most: int) -> list[str]:
    for form in variants(" ".join(words)):
        if form in glossary:
            return [unicodedata.normalize("NFC", rendering) for rendering in glossary[form]]
    if most == 1:
        return []
    for size in range(len(words) - 1, 0, -1):
        first = _made(words[:size], glossary, 1)
        rest = _made(words[size:], glossary, most - 1) if first else []
        if first and rest:
            return [f"{one}{joint}{other}" for one in first for other in rest for joint in ("", "的")]
    return []


def _all(piece: str, text: str) -> Iterable[int]:
    start = text.find(piece)
    while start >= 0:
        yield start
        start = text.find(piece, start + len(piece))
