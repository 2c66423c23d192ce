"""The text that is searched: words and signs, folded, one space between two; the same for what is typed.

Chinese, Japanese, Korean, Thai and their like have no spaces: each sign is a word of its own, and a run of them is
looked for as a phrase. The databases get them in pairs that overlap: a sign alone stands in nearly every abstract, and
to find a phrase of four among 60,000 took PostgreSQL half a second. TeX is made readable first, and of a formula stay
its letters and the names of its signs. No database has to know a language: all of them get nothing but such words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from digest import tex

Phrase = tuple[str, ...]
"""Words that follow one another."""

_SIGN = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U000323af"
)
_SIGNS = re.compile(f"[{_SIGN}]")
_GLUE = "_^{}\u0300-\u036f\u00ad"
"""Inside of a word: {B}ayesian, H_2O, a soft hyphen, an accent that stands alone."""
_ASCII_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_^{}]*")
"""What _WORD finds where all is ASCII, in half the time."""
_WORD = re.compile(rf"[{_SIGN}]|(?:(?![{_SIGN}])[^\W_])(?:(?![{_SIGN}])[\w{_GLUE}])*")
_FORMS = re.compile(
    r"\\(?:math[a-z]+|text[a-z]*|operatorname|rm|bf|it|left|right|[bB]igg?[lr]?|displaystyle|limits"
    r"|begin\{[a-z*]+\}|end\{[a-z*]+\})(?![A-Za-z])|\\[^A-Za-z]"
)
"""What only says how a formula is set."""
_MACRO = re.compile(r"\\([A-Za-z]+)")


def _prose(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for span in tex.spans(text):
        if span.kind == "math":
            yield position, span.start
            position = span.end
    yield position, len(text)


def phrase(text: str) -> Phrase:
    """The words of a readable text, those of its formulas too: `CO$_2$` is one."""
    masked, held = tex.mask(text, [span for span in tex.spans(text) if span.kind == "math"])
    flat = tex.unmask(masked, [_letters(span) for span in held])
    return tuple(folded for found in _WORD.finditer(flat) if (folded := fold(found[0])))


def _is_sign(word: str) -> bool:
    return len(word) == 1 and word > "\u0e00" and _SIGNS.match(word) is not None


def paired(words: Phrase, *, sought: bool = False) -> Phrase:
    """Words with each run of signs in pairs, and its last sign alone: 量子码 is 量子 子码 码. What is sought may go on
    in the text, so that the last sign of its end is not asked for alone."""
    made, last = [], len(words) - 1
    for place, word in enumerate(words):
        if not _is_sign(word):
            made.append(word)
        elif place < last and _is_sign(words[place + 1]):
            made.append(word + words[place + 1])
        elif not (sought and place == last and place and _is_sign(words[place - 1])):
            made.append(word)
    return tuple(made)


def open_ended(words: Phrase) -> bool:
    """Whether a phrase ends with one sign, that other signs may follow in the text."""
    return len(words) > 1 and _is_sign(words[-1]) and not _is_sign(words[-2])


def spaced(text: str) -> str:
    """The words of a readable text as a database gets them."""
    return " ".join(paired(phrase(text)))


def signs(texts: Iterable[str]) -> str:
    """The signs that stand in these texts, each once, for who looks for a single one."""
    return " ".join(sorted({word for text in texts for word in phrase(text) if _is_sign(word)}))


def announced(text: str) -> str:
    """The same of a title or abstract as announced."""
    return spaced(tex.readable(text))


def _letters(formula: str) -> str:
    return _MACRO.sub(r" \1 ", _FORMS.sub("", formula)).replace("$", "")


def fold(word: str) -> str:
    """Case, width and accents do not matter."""
    if word.isascii():  # most are
        return word.lower() if word.isalnum() else "".join(c for c in word.lower() if c.isalnum())
    if len(word) == 1 and "\u3400" <= word <= "\u9fff":
        return word
    if len(word) == 1 and _SIGNS.match(word):
        return "".join(c for c in unicodedata.normalize("NFKC", word) if c.isalnum())
    once = unicodedata.normalize("NFKD", word).casefold()
    spread = unicodedata.normalize("NFKD", once).casefold()
    return "".join(c for c in spread if c.isalnum())


def author(name: str) -> Phrase:
    """A name without its initials: `Yann A. LeCun` and `LeCun, Yann` are the same two words."""
    last, comma, first = name.partition(",")
    found = phrase(f"{first} {last}" if comma else name)
    return tuple(word for word in found if len(word) > 1 or not word.isascii()) or found


def authors(names: Iterable[str]) -> str:
    """Names as a database gets them; the 0 between two keeps a phrase from reaching into the next."""
    return " 0 ".join(" ".join(author(tex.readable(name))) for name in names)


def category(code: str) -> str:
    """The word that a category, or an archive, is found by; it stands in no text: `cs.LG` is cslg0."""
    return re.sub(r"[^a-z]", "", code.lower()) + "0"


def categories(codes: Iterable[str]) -> str:
    """Each category and its archive."""
    both = (known for code in codes for known in (code, code.partition(".")[0]))
    return " ".join(dict.fromkeys(map(category, both)))


# --- where a paper stands in the index: newest days last -------------------------------------------

_PAPERS = 2**32
"""More than there will be papers."""


def place(day: date, paper: int) -> int:
    """The key of a paper in the index. Its order is that of the days, so that the newest hits are read first, a
    range of days is a range of keys, and a page begins where the last one ended."""
    return day.toordinal() * _PAPERS + paper


def paper_of(key: int) -> int:
    return key % _PAPERS


def day_of(key: int) -> date:
    return date.fromordinal(key // _PAPERS)


# --- forms of English words ------------------------------------------------------------------------


@lru_cache(maxsize=2**16)
def stem(word: str) -> str:
    """A word without its English ending, roughly: for marking hits and finding terms of the glossary. The
    databases have stemmers of their own."""
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    for ending, instead in (("sses", "ss"), ("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.endswith(ending):
            word = word.removesuffix(ending) + instead
            break
    else:
        if re.search(r"[^siu]s$", word):
            word = word[:-1]
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) > 2 and re.search(r"[aeiouy]", root):
            word = re.sub(r"([^aeiouslz])\1$", r"\1", root)
            break
    return re.sub(r"y$", "i", word.removesuffix("e") if len(word) > 4 else word)


@lru_cache(maxsize=2**16)
def _form(word: str) -> str:
    """Of a word as it is written."""
    return stem(fold(word))


def forms(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """The stems of a readable text's words, and where each stands; formulas are passed over. A page of hits reads
    thousands."""
    word = _ASCII_WORD if text.isascii() else _WORD
    found = [at for span in _prose(text) for at in word.finditer(text, *span)]
    told = [(form, at.span()) for at in found if (form := _form(at[0]))]
    return [form for form, _ in told], [place for _, place in told]


def stems(phrase: Iterable[str]) -> Phrase:
    return tuple(map(stem, phrase))
