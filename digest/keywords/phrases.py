"""Phrases, found whole whatever the case, the line breaks, hyphens and plurals.

All phrases are found in one pass over a text (Aho-Corasick). A phrase and a text are both read as
a row of words; "vision-language" and "Vision\\n language" are the same two words, and a comma or a full
stop between two words keeps them apart.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick

from digest.tex import ACCENT, accent
from digest.wording import WordedError, gettext_noop

LONGEST = 200
"""Characters that a keyword may have."""
_AROUND = 32
"""Characters that an error shows on either side of its place."""


class KeywordError(WordedError):
    """Not a keyword; the message says why, for whoever typed it.

    `place` is where in `text` (code points) it goes wrong; None where it is the whole.
    """

    text: str = ""
    place: int | None = None

    def at(self, text: str, place: int) -> "KeywordError":
        self.text, self.place = text, place
        return self

    @property
    def caret(self) -> tuple[str, str]:
        """The text, or what of it is around the place, and below it a line with ^ under the place."""
        if self.place is None:
            return ("", "")
        start = max(self.place - _AROUND, 0)
        line = "".join(" " if c.isspace() or not c.isprintable() else c for c in self.text)
        cut = "…" if start else ""
        before = cut + line[start : self.place]
        rest = line[self.place : self.place + _AROUND]
        more = "…" if len(line) > self.place + _AROUND else ""
        # An ideograph is as wide as an ideographic space.
        gap = "".join("\u3000" if unicodedata.east_asian_width(c) in "WF" else " " for c in before)
        return (f"{before}{rest}{more}", f"{gap}^")


@dataclass(frozen=True, slots=True)
class Hit:
    """Keyword `keyword` (an index into the matcher's list) stands at `start`:`end` of the text."""

    keyword: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, folded (case and accents), and its place there."""

    text: str
    start: int
    end: int


_TOKEN = re.compile(
    rf"""
      (?P<accent>{ACCENT.pattern}\}}?)
    | (?P<macro>\\(?:emph|text[a-z]*|mathrm|mathbf)\s*\{{)
    | (?P<sign>[\w\u0300-\u036f]+)
    | (?P<gap>[\s{{}}~\-\u2010-\u2015\u00ad]+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


_SIMPLE = re.compile(r"[a-z0-9_]+|[^\s\-]")
_HARD = re.compile(r"[\\{}~\u0080-\U0010ffff\x1c-\x1f]")
"""Stands only in texts whose words can't be told by `_SIMPLE`."""


def words_of(text: str) -> list[Word]:
    """The words of a text, folded, each with its place in the text; signs are words of their own."""
    if not _HARD.search(text):
        return [Word(m[0], m.start(), m.end()) for m in _SIMPLE.finditer(text.lower())]
    return _words_of_hard(text)


def row_of(text: str) -> str:
    """The words of a text between single spaces, with one before and behind; quicker than `words_of`."""
    hard = _HARD.search(text)
    words = [word.text for word in _words_of_hard(text)] if hard else _SIMPLE.findall(text.lower())
    return f" {' '.join(words)} "


@lru_cache(maxsize=8)  # a text's row is asked for first, and then where in it a term stands
def _words_of_hard(text: str) -> list[Word]:
    words: list[Word] = []
    letters: list[str] = []
    start = end = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "sign" or kind == "accent":
            if not letters:
                start = token.start()
            letters.append(token[0] if kind == "sign" else _unaccent(token[0]))
            end = token.end()
        elif kind == "gap" and token[0] in ("{", "}") and letters:
            continue  # braces inside a word protect its case: {B}ayesian
        else:
            if letters:
                if word := fold("".join(letters)):
                    words.append(Word(word, start, end))
                letters.clear()
            if kind == "other":
                words.append(Word(token[0], token.start(), token.end()))
    if word := fold("".join(letters)):
        words.append(Word(word, start, end))
    return words


def _unaccent(token: str) -> str:
    found = ACCENT.match(token)
    return accent(found) if found else token


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """A word without case and accents; empty where nothing but signs is in it."""
    if word.isascii():
        return word.lower()
    # Twice: ℝ has no lower case before it is spread, and a lower case may have to be spread again.
    once = unicodedata.normalize("NFKD", word).casefold()
    spread = unicodedata.normalize("NFKD", once).casefold()
    return "".join(c for c in spread if c.isalnum() or c == "_")


def canonical(phrase: str) -> str:
    """The form in which equal phrases are equal: `Vision-Language  Model` is `vision language model`.

    Raises KeywordError.
    """
    phrase = unicodedata.normalize("NFC", phrase)
    if len(phrase) > LONGEST:
        told = gettext_noop(
            "A keyword has at most %(most)d characters; this one has %(n)s. It begins “%(start)s…”."
        )
        raise KeywordError(told, most=LONGEST, n=f"{len(phrase):,}", start=phrase[:40].strip())
    if any(unicodedata.category(c) == "Cc" and not c.isspace() for c in phrase):
        raise KeywordError(gettext_noop("A keyword has no control characters."))
    words = [word.text for word in words_of(phrase)]
    if not any(c.isalnum() for word in words for c in word):
        raise KeywordError(gettext_noop("A keyword needs at least one letter or digit."))
    form = " ".join(words)
    if len(form) > 2 * LONGEST:  # one sign may be short for many: ﷺ is eighteen letters
        raise KeywordError(
            gettext_noop("A keyword has at most %(most)d characters, written out."), most=LONGEST
        )
    return form


def variants(form: str) -> list[str]:
    """A canonical form, and its last word in the other number."""
    rest, _, last = form.rpartition(" ")
    forms = {last}
    if last.isalpha() and len(last) > 1:
        if re.search(r"[^aeiou]y$", last):
            forms.add(last[:-1] + "ies")
        elif re.search(r"(?:s|x|z|ch|sh)$", last):
            forms.add(last + "es")
        else:
            forms.add(last + "s")
        if last.endswith("ies") and len(last) > 4:
            forms.add(last[:-3] + "y")
        elif re.search(r"(?:s|x|z|ch|sh)es$", last) and len(last) > 4:
            forms |= {last[:-2], last[:-1]}
        elif re.search(r"[^siu]s$", last) and len(last) > 3:
            forms.add(last[:-1])
    return [f"{rest} {word}".strip() for word in sorted(forms)]


class Phrases:
    """A set of phrases, compiled once; `find` is one pass whatever their number."""

    def __init__(self, keywords: Sequence[str]) -> None:
        """Take canonical forms (see `canonical`); hits name them by their place in the sequence."""
        self._owner: list[int] = []
        patterns: list[str] = []
        for place, form in enumerate(keywords):
            for variant in variants(form):
                patterns.append(f" {variant} ")
                self._owner.append(place)
        self._automaton = AhoCorasick(patterns) if patterns else None

    def find(self, text: str) -> list[Hit]:
        """Every place of every keyword, by place; offsets are code points of the text as given."""
        if self._automaton is None:
            return []
        words = words_of(text)
        row, starts, position = [" "], {}, 0
        ends = {}
        for word in words:
            starts[position] = word.start
            position += len(word.text) + 1
            ends[position] = word.end
            row.append(word.text + " ")
        found = {
            Hit(self._owner[pattern], starts[first], ends[last - 1])
            for pattern, first, last in self._automaton.find_matches_as_indexes(
                "".join(row), overlapping=True
            )
        }
        return sorted(found, key=lambda hit: (hit.start, -hit.end, hit.keyword))


def merged(hits: Iterable[Hit]) -> list[tuple[int, int]]:
    """The stretches to highlight: hits that overlap are one stretch."""
    stretches: list[tuple[int, int]] = []
    for start, end in sorted((hit.start, hit.end) for hit in hits):
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        else:
            stretches.append((start, end))
    return stretches
