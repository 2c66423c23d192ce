"""Long sentences in clauses: NLLB leaves out half of what is longer than it was trained for (fairseq#5549).

A sentence is cut where a clause ends, nearest to its middle, again and again until every piece is short
enough. How weak a boundary may be depends on how much too long the piece is: a semicolon always serves, a
mere space only where the engine could not read the piece at all. No cut falls into a placeholder (it has no
space), none parts `a small but` from its noun, and none falls into brackets, quotes or a list of short
members while there is another way.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from worker.text.sentences import held_together

_OPENS = (
    "which|where|who|whose|whom|while|whereas|although|though|because|since|if|when|whenever|unless|until|after"
    "|before|and|but|or|nor|so|yet|then|thus|hence|thereby|therefore|however|rather than|as well as|such that"
    "|we|it|they|this|these|there|our|its|their"
    "|making|leading|resulting|showing|suggesting|indicating|demonstrating|achieving|improving|reducing"
    "|allowing|enabling|yielding|providing|revealing|highlighting|outperforming|followed by|compared|given|using"
    "|without|with"
)
_OPENS_BARE = (
    "which|whereas|while|although|because|unless|so that|such that|and then|and thus|and that|and we|and it"
    "|and they|but|where|when|if|thereby|in order to|rather than|as well as|compared (?:to|with)|followed by"
    "|even (?:if|when|though)|only (?:if|when)|all while"
)
_TO_WHICH = "(?:in|of|for|from|to|by|with|on|under|at|through|over|after|during) (?:which|whom|whose)"
_JOINS = (
    "and|or|by|with|for|from|using|via|through|in|on|at|between|within|"
    "under|across|over|into|to|that|as|based|than"
)
_CLINGS = re.compile(
    r"(?:\b(?:a|an|the|its|their|our|this|these|those|such|very|so|as|than|that|not|only|even|just"
    r"|all|both|either|is|are|was|were|be|been|and|or|but|nor|if|of|in|by|to|for|with|from|on|at|into|over"
    r"|under|via|through|between)|\b(?:e\.g\.|i\.e\.),?|\ban? [\w-]+(?:al|ive|ic|ous|able|ible|ful|ed|ing|ary),)$",
    re.IGNORECASE,
)
"""What is never left alone at the end of a piece: `even`, `of`, `an exact,`."""
_ADJECTIVE = re.compile(r"\b(?:an?|more|less) [\w-]+$", re.IGNORECASE)
"""`a small`, where `but strong model` follows."""
_NUMERAL = r"\(?(?:[ivx]{1,4}|[a-h]|\d)\) "
_NO_STOP = "We|This|These|Our|However|Moreover|Furthermore|Extensive|Experiments|Experimental"
"""Where authors forgot a full stop."""
_NO_CLAUSE_BEFORE = r"(?<!e\.g\.,)(?<!i\.e\.,)(?<!al\.,)(?<!cf\.,)(?<!vs\.,)"
_COMMA = rf"{_NO_CLAUSE_BEFORE}(?<=,) "


class _Kind(NamedTuple):
    """A kind of boundary: a match is the space that goes."""

    pattern: re.Pattern[str]
    needed: float
    """How many times too long a piece has to be before a boundary of this kind serves."""
    keeps_lists: bool = False


_KINDS = [
    _Kind(re.compile(rf"(?<=;) |(?<=[,:;]) (?={_NUMERAL})| (?=(?:and|or)(?: then)? {_NUMERAL})"), 1.0),
    _Kind(
        re.compile(rf"(?<=[:—–]) |(?<= -) |{_COMMA}(?=(?:{_OPENS}|{_TO_WHICH})\b)", re.IGNORECASE), 1.0, True
    ),
    _Kind(re.compile(rf" (?=(?:{_OPENS_BARE}|{_TO_WHICH}|(?-i:{_NO_STOP}))\b)", re.IGNORECASE), 1.0),
    _Kind(re.compile(_COMMA), 1.3, True),
    _Kind(re.compile(_COMMA), 1.3),
    _Kind(re.compile(rf" (?=(?:{_JOINS})\b)"), 2.0),
    _Kind(re.compile(" "), 6.0),
]
"""From the best to the worst."""
_INTO_BRACKETS = 2.0
_LEAST_WORDS = 3
_NEAR = 40 * _LEAST_WORDS
_CONJUNCTION = re.compile(r"(?:and|or|nor)\b(?! (?:we|it|they|this|these|there|then|thus|that|hence)\b)")
_CLAUSE = re.compile(rf"(?:{_OPENS}|{_TO_WHICH})\b", re.IGNORECASE)
_WORDS_OF_A_MEMBER = 4


def cut(sentence: str, longest: int, length: Callable[[str], int]) -> list[str]:
    """The clauses of a sentence with placeholders, in order; joined by spaces they are the sentence.

    `length` counts tokens. A piece of more than `longest` tokens is left where it has no boundary that is
    good enough.
    """
    sentence = " ".join(sentence.split())
    pieces, todo = [], [sentence]
    while todo:
        piece = todo.pop()
        at = _boundary(piece, length(piece) / longest)
        if at is None:
            pieces.append(piece)
        else:
            todo += [piece[at + 1 :], piece[:at]]
    return pieces


def _boundary(piece: str, times: float) -> int | None:
    """The offset of the space to cut at, if the piece is so many times too long and has one."""
    if times <= 1:
        return None
    held = held_together(piece)
    for kind in _KINDS:
        if times <= kind.needed:
            break
        places = [found.start() for found in kind.pattern.finditer(piece)]
        outside = [place for place in places if held[place] == 0]
        if times > _INTO_BRACKETS:
            outside = outside or places
        nearest_to_the_middle = sorted(outside, key=lambda place: abs(2 * place - len(piece)))
        if (good := next((p for p in nearest_to_the_middle if _serves(piece, p, kind)), None)) is not None:
            return good
    return None


def _serves(piece: str, place: int, kind: _Kind) -> bool:
    if not _both_have_words(piece, place) or (kind.keeps_lists and _is_in_a_list(piece, place)):
        return False
    return kind is _KINDS[-1] or not _parts_a_phrase(piece, place)


def _parts_a_phrase(piece: str, place: int) -> bool:
    """Whether the words before this space wait for what follows: `of which`, `a small but strong model`."""
    start = max(0, place - _NEAR // 4)
    if _CLINGS.search(piece, start, place):
        return True
    joined = piece.startswith(("but ", "yet ", "and ", "or "), place + 1)
    return joined and bool(_ADJECTIVE.search(piece, start, place))


def _is_in_a_list(piece: str, place: int) -> bool:
    """Whether the comma before this space stands between the short members of a list: `apples, pears, and`."""
    if piece[place - 1] != ",":
        return False
    before = piece[max(0, place - _NEAR) : place - 1].rpartition(", ")
    after = piece[place + 1 : place + _NEAR]
    if _CONJUNCTION.match(after):
        return _is_member(before[1], before[2])
    last, comma, _ = after.partition(", ")
    return not _CLAUSE.match(after) and (_is_member(before[1], before[2]) or _is_member(comma, last))


def _is_member(comma: str, text: str) -> bool:
    return bool(comma) and ")" not in text and len(text.split()) <= _WORDS_OF_A_MEMBER


def _both_have_words(piece: str, place: int) -> bool:
    """Whether what is left on either side is more than a crumb: `Here, we` is not worth a call."""
    left, right = piece[max(0, place - _NEAR) : place], piece[place + 1 : place + _NEAR]
    return min(len(left.split()), len(right.split())) >= _LEAST_WORDS
