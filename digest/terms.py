"""Terms of a glossary: where they stand in an English sentence, and whether a translation renders them.

A term is found as keywords are (whole words, whatever the case and hyphens), in the singular and the plural
("matrices", "supernovae") and in British spelling, the longest first: in "public policy" stands no "policy".
A term that is kept in English is a name, and found only as written. Other forms of a verb are terms of their
own: "clustered" may be said as "clustering" is, but "image" not as "imaging" is.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from digest.keywords.phrases import KeywordError, Phrases, canonical
from digest.wording import WordedError, gettext_noop

KEPT = "="
FOLDER = Path(__file__).parent / "glossary"
PLACEHOLDER = re.compile(r"[<＜〈]\s*[vV]\s*(\d+)\s*[>＞〉]")
"""Where a formula or an address stands in a sentence of the memory, `<v0>`, as an engine or a person may
write it (worker.text.protection.ANGLE)."""
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015"
_PREPOSITION = re.compile(rf"(?:as|at|by|for|in|of|on|to)[{_HYPHENS}]", re.IGNORECASE)
_PLURALS = [("is", "es"), ("ix", "ices"), ("ex", "ices"), ("um", "a"), ("rion", "ria"), ("non", "na"),
            ("aton", "ata"), ("edron", "edra"), ("us", "i"), ("pus", "pora"), ("a", "ae"),
            ("eau", "eaux")]  # fmt: skip
"""Endings of nouns; a plural that English does not have is in no sentence."""
_BRITISH = [(r"iz(?=ation|e|ing)", "is"), (r"\bcenter", "centre"), (r"\bfiber", "fibre"), (r"avior", "aviour"),
            (r"\bcolor", "colour"), (r"model(?=ing|ed)", "modell"), (r"label(?=ing|ed)", "labell"),
            (r"travel(?=ing)", "travell"), (r"\bneighbor", "neighbour")]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """`renderings` are the accepted ones, the preferred first; none means that the term is kept in English."""

    text: str
    renderings: tuple[str, ...]
    field: str = ""

    @property
    def kept(self) -> bool:
        return not self.renderings

    @property
    def preferred(self) -> str:
        """What is put where nothing accepted was."""
        return self.text if self.kept else self.renderings[0]

    def rendered_in(self, answer: str) -> str:
        """The accepted rendering that stands in a translation; empty where none does."""
        loose = _loose(answer)
        return next((r for r in self.renderings or (self.text,) if _loose(r) in loose), "")


@dataclass(frozen=True, slots=True)
class Found:
    """A term at `start`:`end` of a sentence."""

    term: Term
    start: int
    end: int


_WHAT_KEYWORDS_SAY = [
    gettext_noop("A term has at most %(most)d characters; this one has %(n)s. It begins “%(start)s…”."),
    gettext_noop("A term has at most %(most)d characters, written out."),
    gettext_noop("A term has no control characters."),
    gettext_noop("A term needs at least one letter or digit."),
]
"""Of a term: `check` says so instead of `canonical`."""


class TermError(WordedError):
    """Not a term or not a rendering; the message says why, for whoever typed it."""


def check(text: str, renderings: str) -> None:
    """Raises TermError for a term that would be found everywhere or nowhere, or a rendering that says nothing."""
    try:
        form = canonical(text)
    except KeywordError as error:
        raise TermError(error.words.replace("keyword", "term"), **error.values) from error
    if len(form) < 2:
        words = gettext_noop("“%(term)s” is one letter: it would be found in nearly every sentence.")
        raise TermError(words, term=text)
    if PLACEHOLDER.search(text) or PLACEHOLDER.search(renderings):
        raise TermError(gettext_noop("<v0> and the like stand for formulas; a term has none."))
    parts = renderings.split("|")
    if renderings.strip() != KEPT and not all(_loose(part) for part in parts):
        words = gettext_noop(
            "A rendering has letters; several are separated by one |, and a lone = keeps the English."
        )
        raise TermError(words)
    if any(unicodedata.category(c) == "Cc" for c in renderings):
        raise TermError(gettext_noop("A rendering has no control characters."))


def parse_renderings(cell: str) -> tuple[str, ...]:
    """Renderings as the glossary's files and the admin write them: `策略|政策`, or `=` for kept in English."""
    if cell.strip() == KEPT:
        return ()
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def starting_glossary(language: str) -> list[Term]:
    """The terms that Paperglot ships for a language; none where it ships none."""
    path = FOLDER / f"{language}.tsv"
    if not path.is_file():
        return []
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:] if line]
    return [Term(text, parse_renderings(renderings), field) for text, renderings, field in rows]


def forms(text: str) -> list[str]:
    """The canonical forms in which a term is looked for; none for what can't be found."""
    try:
        form = canonical(text)
    except KeywordError:
        return []
    found = {form}
    for american, british in _BRITISH:
        found |= {re.sub(american, british, known) for known in found}
    found |= {
        known.removesuffix(one) + many for known in found for one, many in _PLURALS if known.endswith(one)
    }
    return [form, *sorted(found - {form})]


def stems(text: str) -> set[str]:
    """For each form of a term the longest piece that every place of it holds, for a database to narrow by.

    A place in letters with accents, or with signs of TeX between them, holds none of them.
    """
    found = set()
    for form in forms(text):
        *words, last = form.split()
        # The other number takes this off the end: policy, policies; policies, policy; losses, loss.
        ending = re.search(r"(?:ies|es|s|y)?$", last)
        stem = last[: ending.start()] if ending else last
        found.add(max([*words, stem or last], key=len))
    return found


class Glossary:
    """A set of terms, compiled once."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = list(terms)
        looked_for = [(form, term) for term in self.terms for form in forms(term.text)]
        self._owners = [term for _, term in looked_for]
        self._matcher = Phrases([form for form, _ in looked_for])

    def __bool__(self) -> bool:
        return bool(self.terms)

    def find(self, sentence: str) -> list[Found]:
        """The terms of a sentence, in order, none inside or across another; the longest wins."""
        taken = [placeholder.span() for placeholder in PLACEHOLDER.finditer(sentence)]
        found: list[Found] = []
        hits = [
            Found(self._owners[hit.keyword], hit.start, hit.end)
            for hit in self._matcher.find(sentence)
            if self._is_meant(self._owners[hit.keyword], sentence[hit.start : hit.end])
        ]
        for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start)):
            if all(hit.end <= start or end <= hit.start for start, end in taken):
                found.append(hit)
                taken.append((hit.start, hit.end))
        return sorted(found, key=lambda h: h.start)

    @staticmethod
    def _is_meant(term: Term, written: str) -> bool:
        """A name is meant where it is written as one: CLIP is not to clip. Neither is "an effect on policy"
        on-policy, nor "a shift in distribution" in-distribution."""
        if _PREPOSITION.match(term.text) and not _PREPOSITION.match(written):
            return False
        if not term.kept or term.text.islower():
            return True
        return written.removesuffix("s") == term.text.removesuffix("s")

    def missing(self, sentence: str, answer: str) -> list[Found]:
        """The terms of a sentence that its translation renders in none of the accepted ways."""
        loose = _loose(answer)
        return [
            found
            for found in self.find(sentence)
            if not any(_loose(r) in loose for r in found.term.renderings or (found.term.text,))
        ]


@lru_cache(maxsize=4)
def compiled(terms: tuple[Term, ...]) -> Glossary:
    """The glossary of these terms; it takes a fifth of a second for 5,000, and a translator asks every batch."""
    return Glossary(terms)


def _loose(text: str) -> str:
    """Text in which renderings are looked for: case, width, spaces and hyphens do not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s\-‐-―·]+", "", folded)
