"""The target vocabulary, restricted to the tokens that a language and a text can need.

NLLB's decoder has an output row for each of its 256,206 tokens, of 200 languages; for Chinese from English
scientific text some 30,000 can ever be right. CTranslate2 computes only the rows that its *vocabulary map*
allows (`vmap.txt` beside the model). Ours is one constant list: the target scripts' pieces, digits,
punctuation, short Latin pieces, and every piece of the texts at hand and of their words in other forms, so
that any name, number or acronym can be copied.

A greedy search that meets no token outside of the list answers as it would without the list: at each step the
best of all tokens is the best of the list. So `NLLB.removed` counts exactly the greedy answers that it changes.

It is constant on purpose. CTranslate2 4.8 keeps, for each replica, the place that a forced token (the target
language) had in the *first* candidate list it saw; a list that changes with the batch silently forces
another token.
"""

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from digest.languages import Language

SMALLEST_VOCABULARY = 32_000
"""A model with fewer tokens gains nothing."""
_SHORT_LATIN = 3
"""Letters of a Latin piece that any text may need: units, variables, the parts of names."""
_WORD_START = "▁"
_SPECIAL = re.compile(r"<[^<>\s]+>")

_EAST = ("CJK", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH")
_SCRIPTS = {
    "Hans": _EAST,
    "Hant": _EAST,
    "Jpan": (*_EAST, "HIRAGANA", "KATAKANA"),
    "Hang": ("HANGUL", "FULLWIDTH"),
    "Cyrl": ("CYRILLIC",), "Grek": ("GREEK",), "Armn": ("ARMENIAN",), "Geor": ("GEORGIAN",),
    "Arab": ("ARABIC",), "Hebr": ("HEBREW",), "Ethi": ("ETHIOPIC",), "Tfng": ("TIFINAGH",),
    "Deva": ("DEVANAGARI",), "Beng": ("BENGALI",), "Gujr": ("GUJARATI",), "Guru": ("GURMUKHI",),
    "Knda": ("KANNADA",), "Mlym": ("MALAYALAM",), "Orya": ("ORIYA",), "Sinh": ("SINHALA",),
    "Taml": ("TAMIL",), "Telu": ("TELUGU",), "Tibt": ("TIBETAN",), "Mymr": ("MYANMAR",),
    "Thai": ("THAI",), "Laoo": ("LAO",), "Khmr": ("KHMER",),
}  # fmt: skip
"""How the Unicode names of a script's letters begin, by ISO 15924: all scripts of NLLB-200 but the Latin."""
_MISLABELLED = {"sat_Beng"}
"""Santali is written in Ol Chiki (FLORES-200 itself calls it sat_Olck)."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """The tokens that may be produced, for these target languages (FLORES codes); none at all if empty."""

    targets: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Removed:
    """What a restriction takes away on a text: tokens of the unrestricted answers that the list has not, and
    the sentences that have such a token; sentences that are never translated restricted do not count."""

    tokens: int
    of_tokens: int
    sentences: int
    of_sentences: int

    def __str__(self) -> str:
        return (
            f"{self.tokens} of {self.of_tokens} tokens in {self.sentences} of {self.of_sentences} sentences"
        )


def restrictable(language: Language) -> bool:
    """Whether the script tells the language's pieces from most others; Latin does not."""
    return language.script in _SCRIPTS and language.flores not in _MISLABELLED


def candidates(vocabulary: Sequence[str], languages: Iterable[Language], own: Iterable[str]) -> list[str]:
    """The tokens that may be produced, in the vocabulary's order: those of the languages' scripts, what all
    texts share (digits, punctuation, symbols, Greek, up to 3 Latin letters), and the pieces `own` of the
    texts at hand, with and without the mark of a word's beginning."""
    targets = list(languages)
    names = tuple(name for language in targets for name in _SCRIPTS.get(language.script, ()))
    copied = set(own)
    copied |= {piece.removeprefix(_WORD_START) for piece in copied}
    copied |= {f"{_WORD_START}{piece.removeprefix(_WORD_START)}" for piece in copied}
    codes = {language.flores for language in targets}
    return [
        token
        for token in vocabulary
        if _writable(token)
        and (token in codes or token in copied or _SPECIAL.fullmatch(token) or _allowed(token, names))
    ]


def _writable(token: str) -> bool:
    """A map is lines of blanks and tabs: a token with one in it can't be named there."""
    return bool(token) and not any(c in " \t\r\n" for c in token)


def _allowed(token: str, names: tuple[str, ...]) -> bool:
    kinds = [_kind(char, names) for char in token.removeprefix(_WORD_START)]
    return "other" not in kinds and kinds.count("latin") <= _SHORT_LATIN


@lru_cache(maxsize=65536)
def _kind(char: str, names: tuple[str, ...]) -> str:
    """`script` (a target's own), `shared` by all, `latin`, or `other`."""
    name = unicodedata.name(char, "")
    if name.startswith(names):
        return "script"
    if not char.isalpha() or name.startswith("GREEK"):
        return "shared"
    return "latin" if char.isascii() else "other"


@contextmanager
def restricted_folder(folder: Path, allowed: Sequence[str]) -> Iterator[Path]:
    """A folder that is the model with a vocabulary map beside it, for as long as it is being loaded."""
    with tempfile.TemporaryDirectory(prefix="paperglot-model-") as name:
        beside = Path(name)
        for file in folder.iterdir():
            if file.is_file() and file.name != "vmap.txt":
                os.symlink(file.resolve(), beside / file.name)
        (beside / "vmap.txt").write_text("\t" + " ".join(allowed) + "\n", encoding="utf-8")
        yield beside
