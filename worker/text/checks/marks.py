"""Brackets, quotation marks and the mark at the end. All soft: they hurt the eye, not the sense."""

import re

from worker.text.checks.pair import Pair

_KINDS = (("(", ")"), ("[", "]"), ("{", "}"), ("《", "》"), ("【", "】"))
_QUOTES = re.compile('["“”„‟«»「」『』＂]')
_INCHES = re.compile(r"\d\s?\"")
_CLOSERS = " \t\"'”’»«」』)）]］】}>＞"
_ENDS = frozenset(".。．｡!！?？…।॥۔؟։።፧។៕;;")
_NO_FULL_STOP = frozenset({"Thai", "Khmr"})
_ASKED = frozenset(".!?")
_TAIL = 10
_ABBREVIATED = re.compile(r"(?:\b(?:al|etc|vs|e\.g|i\.e|cf|resp|approx|no|fig|eq)|\b[A-Z])\.$", re.IGNORECASE)


def brackets(pair: Pair) -> str | None:
    """`brackets` where one is opened and not closed, or the other way round, and the source has it not so."""
    source, answer = pair.plain_source, pair.plain
    for opening, closing in _KINDS:
        if answer.count(opening) - answer.count(closing) != source.count(opening) - source.count(closing):
            return "brackets"
    if answer.find(")") < answer.find("(") and answer.find(")") >= 0 and source.count("("):
        return "brackets" if not source.find(")") < source.find("(") else None
    return None


def quotes(pair: Pair) -> str | None:
    """`quotes` where their number is odd, and in the source it is not."""
    found = len(_QUOTES.findall(pair.bare))
    if found % 2 == 0 or _INCHES.search(pair.bare_source):
        return None
    return "quotes" if len(_QUOTES.findall(pair.bare_source)) % 2 == 0 else None


def end(pair: Pair) -> str | None:
    """`end` where a sentence that ends with a mark comes without one: as likely as not it was cut."""
    source = pair.source.rstrip(_CLOSERS)
    if pair.script in _NO_FULL_STOP or source[-1:] not in _ASKED or source.endswith(".."):
        return None
    if _ABBREVIATED.search(source[-_TAIL:]):
        return None
    answer = pair.answer.rstrip(_CLOSERS)
    return None if answer[-1:] in _ENDS else "end"
