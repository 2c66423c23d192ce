"""Answers that are no text: empty, with unknown tokens or damaged placeholders, or going round in circles."""

import re
from collections.abc import Iterator, Sequence

from worker.text.checks.pair import EAST, Pair

_UNKNOWN = re.compile(r"⁇|�|▁|</?(?:unk|s|pad|mask)>|(?<![A-Za-z])[a-z]{3}_[A-Z][a-z]{3}(?![A-Za-z])")
_TORN = re.compile(r"[<＜〈]\s*[vV]\s*\d*|[vV]\s*\d+\s*[>＞〉]")
_LONGEST_NUMBER = 6
_LONGEST_PERIOD = 60
_SAID_AGAIN = re.compile(r"\b(\w+)(?:[\s,]+\1\b)+", re.IGNORECASE)
_VARIED = 0.62
"""Different trigrams to all trigrams; 0.73 is the least in 304 references, 0.64 in 910 Debian ones."""
_SIGNS, _WORDS = 24, 14
_SIGNS_AGAIN, _WORDS_AGAIN, _SOURCE_AGAIN = 10, 6, 2


def empty(pair: Pair) -> str | None:
    """`empty` if there is neither a letter nor a digit beside the placeholders."""
    return None if any(map(str.isalnum, pair.bare)) else "empty"


def unknown(pair: Pair) -> str | None:
    """`unknown` where the model said that it lacks a sign, or a special token of its own shows."""
    found = set(_UNKNOWN.findall(pair.bare))
    return "unknown" if any(sign not in pair.bare_source for sign in found) else None


def placeholders(pair: Pair) -> str | None:
    """`placeholders` unless each of the source's is there exactly once, and no torn piece of one."""
    if _numbers(pair.answer, pair) != _numbers(pair.source, pair):
        return "placeholders"
    if _TORN.search(pair.bare) and not _TORN.search(pair.bare_source):
        return "placeholders"
    return None


def _numbers(text: str, pair: Pair) -> list[int]:
    numbers = [match[1] for match in pair.placeholder.found.finditer(text)]
    return sorted(int(number) if len(number) <= _LONGEST_NUMBER else -1 for number in numbers)


def loop(pair: Pair) -> str | None:
    """`loop` where something is said three times running (fairseq#4639, #5439), or a long answer says
    little that is new. What the source says as often (`very very very`) is no loop."""
    runs = [run for run in _runs(pair.bare) if any(map(str.isalpha, run[0]))]
    if runs:
        said = (len(match[0].split()) for match in _SAID_AGAIN.finditer(pair.bare_source))
        most = max(said, default=2)
        if any(times > most and unit * 3 not in pair.bare_source for unit, times in runs):
            return "loop"
    return "loop" if _monotonous(pair) else None


def _runs(text: str) -> Iterator[tuple[str, int]]:
    """What comes three times running or more, and how often; a single sign five times.

    A loop of a period shows in stretches of four signs that come again at its distance.
    """
    last: dict[str, int] = {}
    checked = -1
    for start in range(len(text) - 3):
        stretch = text[start : start + 4]
        period = start - last.get(stretch, -_LONGEST_PERIOD - 1)
        last[stretch] = start
        if period > _LONGEST_PERIOD or start - period < checked:
            continue
        left = start - period
        while left and text[left - 1] == text[left - 1 + period]:
            left -= 1
        right = start + 4
        while right < len(text) and text[right] == text[right - period]:
            right += 1
        if right - left >= 3 * period:
            checked = right - period
            yield text[left : left + period], (right - left) // period


def _monotonous(pair: Pair) -> bool:
    """的X的Y的X的Y: no stretch is repeated three times running, and yet nothing is said."""
    units, least = (_own(pair), _SIGNS) if pair.script in EAST else (pair.bare.lower().split(), _WORDS)
    if len(units) < least:
        return False
    trigrams = list(zip(units, units[1:], units[2:], strict=False))
    return len(set(trigrams)) < _VARIED * len(trigrams)


def repeats(pair: Pair) -> str | None:
    """`repeats` where a clause comes twice that the source has once. Soft: a pronoun may be rendered by
    its noun."""
    if pair.script in EAST:
        again = _doubled(_own(pair), _SIGNS_AGAIN)
    else:
        again = _doubled(pair.bare.lower().split(), _WORDS_AGAIN)
    return "repeats" if again and not _doubled(pair.prose, _SOURCE_AGAIN) else None


def _own(pair: Pair) -> list[str]:
    """The signs of the answer that are no Latin letters: names may come as often as they like."""
    return [sign for sign in pair.bare if sign > "\u02ff" and sign.isalpha()]


def _doubled(units: Sequence[str], size: int) -> bool:
    """Whether any stretch of this size comes twice."""
    stretches = list(zip(*(units[start:] for start in range(size)), strict=False))
    return len(set(stretches)) < len(stretches)
