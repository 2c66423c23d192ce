"""Numbers in words: Chinese and Japanese numerals in an answer, English number words in a source."""

import re
from collections.abc import Iterable
from decimal import Decimal

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_SIGNS = "".join(_DIGITS) + "".join(_UNITS) + "".join(_MYRIADS)
NUMERAL = re.compile(rf"[{_SIGNS}]{{1,24}}(?:[点點][{_SIGNS}]{{1,24}})?|半")
"""Bounded, since int() refuses more than 4,300 digits."""


def han_values(text: str) -> set[Decimal]:
    """The values of the numerals in a text; 半 is a half, and half of a hundred."""
    values: set[Decimal] = set()
    for found in NUMERAL.finditer(text):
        if found[0] == "半":
            values |= {Decimal("0.5"), Decimal(50)}
            continue
        whole, _, fraction = found[0].replace("點", "点").partition("点")
        digits = "".join(str(_DIGITS.get(sign, "")) for sign in fraction)
        values.add(Decimal(f"{_whole(whole)}.{digits or 0}"))
    return values


def _whole(numeral: str) -> int:
    """二〇二四 is 2024, 三十二 is 32, 一万两千 is 12,000, 一亿二千万 is 120,000,000."""
    if all(sign in _DIGITS for sign in numeral):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    total = section = digit = 0
    for sign in numeral:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _UNITS:
            section += (digit or 1) * _UNITS[sign]
            digit = 0
        elif _MYRIADS[sign] > 10**4:
            total = (total + section + digit or 1) * _MYRIADS[sign]
            section = digit = 0
        else:
            total += (section + digit or 1) * _MYRIADS[sign]
            section = digit = 0
    return total + section + digit


_CARDINALS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen""".split()
_ORDINALS = """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
    thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_MONTHS = """january february march april may june july august september october november december""".split()
_OTHERS = """once 1|single 1|mono 1|sole 1|twice 2|double 2|doubled 2|doubling 2|dual 2|pair 2|paired 2|both 2
    couple 2|binary 2|bi 2|bilateral 2|bilingual 2|two-way 2|twin 2|thrice 3|triple 3|triplet 3|trio 3|tri 3
    ternary 3|trilingual 3|quadruple 4|quarter 4|quarter 25|quarter 0.25|quarterly 3|octal 8|decimal 10|decade 10
    dozen 12|hexadecimal 16|day 24|century 100|hundred 100|thousand 1000|million 1000000|billion 1000000000
    quadratic 2|cubic 3|y2k 2000|half 2|half 0.5|half 50|halve 2|halve 50|halved 50|halving 50
    whole 100|full 100|fully 100|order 10
    tens 10|jan 1|feb 2|mar 3|apr 4|jun 6|jul 7|aug 8|sep 9|sept 9|oct 10|nov 11|dec 12"""
_ROMAN = "I II III IV V VI VII VIII IX X XI XII".split()


def _table() -> dict[str, set[Decimal]]:
    table: dict[str, set[Decimal]] = {}
    rows = [(word, value) for words in (_CARDINALS, _ORDINALS) for value, word in enumerate(words)]
    rows += [(word, 10 * n) for n, word in enumerate(_TENS, 2)]
    rows += [(word[:-1] + "ieth", value) for word, value in rows[-len(_TENS) :]]
    rows += [(word, value) for words in (_MONTHS, _ROMAN) for value, word in enumerate(words, 1)]
    for word, value in rows:
        table.setdefault(word, set()).add(Decimal(value))
    for row in re.split(r"[|\n]", _OTHERS):
        word, number = row.split()
        table.setdefault(word, set()).add(Decimal(number))
    return table


_ENGLISH = _table()


def english_values(words: Iterable[str]) -> set[Decimal]:
    """The values that English words may be given in digits: two, third, tenfold, twenty-two, III, May."""
    values: set[Decimal] = set()
    for word in words:
        for part in word.split("-") if "-" in word else (word,):
            low = part if part in _ROMAN else part.lower()
            low = low.removesuffix("fold") if len(low) > 4 else low
            values |= _ENGLISH.get(low) or _ENGLISH.get(low.removesuffix("s")) or set()
    if any(value >= 20 for value in values):
        values |= {a + b for a in values for b in values} | {a * b for a in values for b in values}
    return values
