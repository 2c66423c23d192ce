"""Long sentences in clauses: NLLB leaves out half of what is longer than it was trained for (fairseq#5549).

A sentence is cut where a clause ends, nearest to its middle, again and again until every piece is short
enough. How weak a boundary may be depends on how much too long the piece is: a semicolon always serves, a
mere space only where the engine could not read the piece at all. No cut falls into a placeholder (it has no
space), and none into brackets or quotes while there is another way.
"""

import re
from collections.abc import Callable
from itertools import accumulate

_OPENS = (
    "which|where|who|whose|whom|while|whereas|although|though|because|since|if|when|whenever|unless|until|after"
    "|before|and|but|or|nor|so|yet|then|thus|hence|thereby|therefore|however|rather than|as well as|such that"
    "|in which|for which|we|it|they|this|these|there|our|its|their"
    "|making|leading|resulting|showing|suggesting|indicating|demonstrating|achieving|improving|reducing"
    "|allowing|enabling|yielding|providing|revealing|highlighting|outperforming|followed by|compared|given|using"
    "|without|with"
)
_OPENS_BARE = (
    "which|whereas|while|although|because|unless|so that|such that|and then|and thus|and that|and we|and it"
    "|and they|but|where|when|if|thereby|in order to|rather than|as well as|compared (?:to|with)|followed by"
)
_JOINS = (
    "and|or|by|with|for|from|using|via|through|in|on|at|between|within|"
    "under|across|over|into|to|that|as|based|than"
)
_NO_CLAUSE_BEFORE = r"(?<!e\.g\.,)(?<!i\.e\.,)(?<!al\.,)(?<!cf\.,)(?<!vs\.,)"
_BOUNDARIES = [
    re.compile(r"(?<=;) |(?<=[,:;]) (?=\(?(?:[ivx]{1,4}|[a-h]|\d)\) )"),
    re.compile(rf"(?<=[:—–]) |{_NO_CLAUSE_BEFORE}(?<=,) (?=(?:{_OPENS})\b)", re.IGNORECASE),
    re.compile(rf" (?=(?:{_OPENS_BARE})\b)", re.IGNORECASE),
    re.compile(rf"{_NO_CLAUSE_BEFORE}(?<=,) "),
    re.compile(rf" (?=(?:{_JOINS})\b)"),
    re.compile(" "),
]
"""From the best to the worst; a match is the space that goes."""
_TOO_LONG_FOR = (1.0, 1.0, 1.0, 1.3, 2.0, 6.0)
"""How many times too long a piece has to be before a boundary of this kind serves."""
_INTO_BRACKETS = 2.0
_LEAST_WORDS = 3
_BRACKETS = {"(": 1, "[": 1, "“": 1, ")": -1, "]": -1, "”": -1}


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
    depth = list(accumulate(_BRACKETS.get(sign, 0) for sign in piece))
    for pattern, needed in zip(_BOUNDARIES, _TOO_LONG_FOR, strict=True):
        if times <= needed:
            break
        places = [found.start() for found in pattern.finditer(piece)]
        outside = [place for place in places if depth[place] == 0]
        if times > _INTO_BRACKETS:
            outside = outside or places
        if usable := [place for place in outside if _both_have_words(piece, place)]:
            return min(usable, key=lambda place: abs(2 * place - len(piece)))
    return None


def _both_have_words(piece: str, place: int) -> bool:
    """Whether what is left on either side is more than a crumb: `Here, we` is not worth a call."""
    near = 40 * _LEAST_WORDS
    left, right = piece[max(0, place - near) : place], piece[place + 1 : place + near]
    return min(len(left.split()), len(right.split())) >= _LEAST_WORDS
