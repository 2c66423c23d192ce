"""What changed between two versions of a paper: word by word, and no formula is ever cut.

Words of scripts that write none (Chinese, Japanese, Thai) are compared sign by sign.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal, NamedTuple

from digest import tex
from digest.picture import PaperPicture

Kind = Literal["same", "del", "ins"]

_MOST_PAIRS = 100_000
"""Pairs of equal words up to which everything is compared. An abstract has some thousands; a comparison costs as
many steps for every stretch that it finds, and this many take about a second."""
_SPACELESS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3040, 0x30FF),  # kana
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),  # Han
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


class Piece(NamedTuple):
    """A stretch that stands in both texts, or in one of them only.

    `held` are the formulas and addresses in it: alone it might be read otherwise than in its text.
    """

    kind: Kind
    text: str
    held: tuple[tex.Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different from version `since`; a text that is the same has no pieces."""

    since: int
    title: tuple[Piece, ...] = ()
    abstract: tuple[Piece, ...] = ()
    title_translated: tuple[Piece, ...] = ()
    abstract_translated: tuple[Piece, ...] = ()

    @property
    def unchanged(self) -> bool:
        """Whether the announced text is the same; a translation may have been corrected."""
        return not (self.title or self.abstract)


def changes(old: PaperPicture, new: PaperPicture) -> Changes:
    """What changed in the announced texts, and in their translations where both versions have one."""
    both = old.language == new.language
    return Changes(
        old.version,
        _changed(tex.readable(old.title), tex.readable(new.title)),
        _changed(tex.readable(old.abstract), tex.readable(new.abstract)),
        _changed(old.title_translated, new.title_translated) if both else (),
        _changed(old.abstract_translated, new.abstract_translated) if both else (),
    )


def _changed(old: str, new: str) -> tuple[Piece, ...]:
    old, new = _folded(old), _folded(new)
    return diff(old, new) if old and new and old != new else ()


def same_text(old: str, new: str) -> bool:
    """Whether two announced texts read the same: white space and the way to write an accent count for nothing."""
    return _folded(tex.readable(old)) == _folded(tex.readable(new))


def _folded(text: str) -> str:
    return " ".join(text.split())


@lru_cache(maxsize=256)
def diff(old: str, new: str) -> tuple[Piece, ...]:
    """Pieces in order. Those that are `same` or `del` make the old text, `same` or `ins` the new one."""
    pieces: list[Piece] = []
    for same, olds, news in _joined(_blocks(_tokens(old), _tokens(new))):
        kinds: tuple[tuple[Kind, Sequence[_Token]], ...] = (
            (("same", news),) if same else (("del", olds), ("ins", news))
        )
        pieces += [_piece(kind, tokens) for kind, tokens in kinds if tokens]
    return tuple(pieces)


class _Token(NamedTuple):
    """A word, a sign, white space or a whole formula (then `kind` says which)."""

    text: str
    kind: tex.Kind | None = None

    @property
    def weight(self) -> int:
        """How much it says that it stands in both texts: nothing for white space and signs."""
        if self.kind:
            return 2
        if not self.text[0].isalnum():
            return 0
        return 1 if _spaceless(self.text[0]) else 2


_Block = tuple[bool, Sequence[_Token], Sequence[_Token]]
"""Whether the two are the same, the tokens of the old text, those of the new one."""


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    for span in tex.spans(text):
        tokens += map(_Token, _words(text[position : span.start]))
        tokens.append(_Token(text[span.start : span.end], span.kind))
        position = span.end
    return [*tokens, *map(_Token, _words(text[position:]))]


def _words(text: str) -> Iterator[str]:
    """Words, stretches of white space, and other signs one by one; a mark stays with what it stands on."""
    start, last = 0, ""
    for place, sign in enumerate(text):
        inside = sign in ".," and text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit()
        now = "word" if inside else _class(sign)  # 0.5 is one number
        if place and now != "mark" and (now != last or now == "alone"):
            yield text[start:place]
            start = place
        last = last if now == "mark" and place else now
    if text:
        yield text[start:]


def _class(sign: str) -> str:
    if sign.isspace():
        return "space"
    if unicodedata.category(sign)[0] == "M":
        return "mark"
    return "word" if (sign.isalnum() or sign == "_") and not _spaceless(sign) else "alone"


def _spaceless(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in _SPACELESS)


def _blocks(olds: list[_Token], news: list[_Token]) -> Iterator[_Block]:
    """Stretches that are the same and stretches that are not, in turn."""
    head = _common(olds, news)
    tail = _common(olds[head:][::-1], news[head:][::-1])
    one, other = olds[head : len(olds) - tail], news[head : len(news) - tail]
    if head:
        yield True, olds[:head], news[:head]
    if one or other:
        yield from _matched(one, other)
    if tail:
        yield True, olds[-tail:], news[-tail:]


def _common(olds: list[_Token], news: list[_Token]) -> int:
    """How many tokens at the beginning are the same."""
    pairs = zip(olds, news, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(olds), len(news)))


def _matched(olds: list[_Token], news: list[_Token]) -> Iterator[_Block]:
    """As difflib has it. Long texts are compared by their rarer words only, and where that is not little
    enough either they are different as a whole."""
    rare = _pairs(olds, news, len(news)) > _MOST_PAIRS
    if rare and _pairs(olds, news, len(news) // 100 + 1) > _MOST_PAIRS:
        yield False, olds, news
        return
    matcher = SequenceMatcher(lambda token: token.text.isspace(), olds, news, autojunk=rare)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        yield tag == "equal", olds[i1:i2], news[j1:j2]


def _pairs(olds: list[_Token], news: list[_Token], most: int) -> int:
    """Pairs of equal words, less those that the new text has more than `most` times (difflib's autojunk)."""
    one, other = Counter(olds), Counter(news)
    return sum(
        count * one[token] for token, count in other.items() if count <= most and not token.text.isspace()
    )


def _joined(blocks: Iterator[_Block]) -> Iterator[_Block]:
    """Changes with nothing but a comma, a blank or a single Chinese sign between them are one change."""
    rows = list(blocks)
    olds: list[_Token] = []
    news: list[_Token] = []
    for place, (same, one, other) in enumerate(rows):
        between = 0 < place < len(rows) - 1
        if same and not (between and sum(token.weight for token in one) < 2):
            if olds or news:
                yield False, olds, news
                olds, news = [], []
            yield True, one, other
        else:
            olds, news = [*olds, *one], [*news, *other]
    if olds or news:
        yield False, olds, news


def _piece(kind: Kind, tokens: Sequence[_Token]) -> Piece:
    held: list[tex.Span] = []
    position = 0
    for token in tokens:
        if token.kind:
            held.append(tex.Span(position, position + len(token.text), token.kind))
        position += len(token.text)
    return Piece(kind, "".join(token.text for token in tokens), tuple(held))
