"""Every number of the source is in the answer with the same value, and no number is there that is not.

The same: 1,000 = 1000 = 1千 = 一千; 125M = 1.25亿; 3 = 三 in Chinese and Japanese; 1,000 = 1.000 and 3.5 =
3,5 in languages that write so. A number that the source spells in words (six tasks) is not demanded. Not
seen: numbers that change places, a sign, a number that stands twice and is rendered once.
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from worker.text.checks.numerals import NUMERAL, english_values, han_values
from worker.text.checks.pair import EAST, HAN, Pair

Value = Decimal | str
"""A version such as 1.2.3 is its own value."""
Ways = tuple[tuple[Value, ...], ...]


class Number(NamedTuple):
    """A number of the source: its value, what the word or letter behind it multiplies it by, its end."""

    value: Value
    magnitude: Decimal
    percent: bool
    end: int


class Reading(NamedTuple):
    """A number of the answer: every way to read it (`3,5` is 3.5, or 3 and 5), and its span."""

    ways: Ways
    start: int
    end: int


_ONE = Decimal(1)
_POWERS = {"k": 3, "m": 6, "b": 9, "t": 12, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_TIMES = {
    "十": 1, "百": 2, "백": 2, "千": 3, "천": 3, "万": 4, "萬": 4, "만": 4, "亿": 8, "億": 8, "억": 8,
    "兆": 12,
    "조": 12,
}  # fmt: skip
_SOURCE = re.compile(
    r"(?<![\w.])(?P<number>\d+(?:[,.]\d+)*|\.\d+)"
    r"(?:(?P<letter>[kKMBT])(?![A-Za-z0-9])|[ -](?P<word>(?i:thousand|million|billion|trillion))\b)?"
    r"(?P<percent>\s?(?:%|per ?cent\b))?"
)
_ANY = re.compile(r"\d+(?:[.,]\d+)*")
_TIME = "(?:百(?!分)|[十백천만억조万萬亿億]|千(?![米克瓦赫字卡帕伏焦电])|兆(?![字瓦赫比帕欧伏电]))"
"""Not in 百分点 (percentage points), 千米 (kilometres), 兆赫 (megahertz)."""
_EAST_ANSWER = re.compile(
    rf"(?P<composite>\d[\d,.]*\s?{_TIME}+(?:\s?\d[\d,.]*\s?{_TIME}+)*(?:\d[\d,]*)?)|\d+(?:[.,]\d+)*|(?<![\w.])\.\d+"
)
_COMPOSITE = re.compile(rf"(\d[\d,.]*)\s?({_TIME}*)")
_ANSWER = re.compile(r"(?<!\d)\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*|(?<![\w.])\.\d+")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{2})*,\d{3}(?:\.\d+)?")
_LETTER = re.compile(r" ?([kKMBT])(?![A-Za-z0-9])")
_SWAP = str.maketrans(",.", ".,")
_INDIC = frozenset({"Deva", "Beng", "Taml", "Telu"})
"""They count in lakhs and crores."""
_OF_TEN = re.compile("[个個]?[成割]")
_TENTHS = re.compile(rf"({NUMERAL.pattern}){_OF_TEN.pattern}")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_SPELLED = frozenset(map(Decimal, (*range(13), 100, 1000, 10**6)))


def numbers(pair: Pair) -> str | None:
    """`numbers` if one is lost, changed or invented."""
    wanted = source_numbers(pair.unnamed)
    readings = answer_numbers(pair.unnamed_answer, pair.script)
    if not wanted and not readings:
        return None
    found = {value for reading in readings for way in reading.ways for value in way}
    lost = [number for number in wanted if found.isdisjoint(forms(number, pair))]
    if lost and not _in_words(lost, pair):
        return "numbers"
    values = {number.value for number in wanted}
    if all(values.issuperset(reading.ways[0]) for reading in readings):
        return None
    allowed = _allowed(wanted, pair)
    return None if all(_harmless(reading, allowed) for reading in readings) else "numbers"


@lru_cache(maxsize=8)  # three checks ask, one after another
def source_numbers(text: str) -> tuple[Number, ...]:
    """The numbers that an English text writes in digits."""
    found = []
    for match in _SOURCE.finditer(text):
        power = _POWERS.get((match["letter"] or match["word"] or "").lower(), 0)
        for value in _english(match["number"]):
            found.append(Number(value, Decimal(10) ** power, match["percent"] is not None, match.end()))
    return tuple(found)


@lru_cache(maxsize=8)
def answer_numbers(text: str, script: str) -> tuple[Reading, ...]:
    """The numbers that an answer writes in digits, with the magnitudes of its script."""
    readings = []
    east = script in EAST
    for match in (_EAST_ANSWER if east else _ANSWER).finditer(text):
        if east and match["composite"]:
            ways = _composite(match[0])
        else:
            ways = _ways(match[0], not east)
            if letter := _LETTER.match(text, match.end()):
                ways = (*ways, *(_times(way, _POWERS[letter[1].lower()]) for way in ways))
        if script in HAN and _OF_TEN.match(text, match.end()):
            ways = (*ways, *(_times(way, 1) for way in ways))
        readings.append(Reading(ways, match.start(), match.end()))
    return tuple(readings)


def forms(number: Number, pair: Pair) -> set[Value]:
    """The values that a number of the source may come back as."""
    if isinstance(number.value, str):
        return {number.value}
    value = number.value * number.magnitude
    found: set[Value] = {value}
    if pair.script not in EAST:  # 48 mil, 1.5 Milliarden, 1500 millones
        found |= {number.value, number.value * 1000} if number.magnitude > 1 else set()
        found |= {value / 10**3, value / 10**6} if value >= 1000 else set()
    if _century(number, pair):
        found.add(value % 100)
    return found


def _century(number: Number, pair: Pair) -> Decimal | None:
    """The 20 of 1990s: 20世纪90年代."""
    value = number.value
    if isinstance(value, str) or not 1000 <= value < 2100:
        return None
    return value // 100 + 1 if pair.unnamed.startswith("s", number.end) else None


def _in_words(lost: list[Number], pair: Pair) -> bool:
    """Whether the answer gives, or may give, these numbers in words.

    In Chinese and Japanese that can be seen. Elsewhere small numbers are let pass: nobody here
    knows the inflected numerals of fifty languages.
    """
    if pair.script in HAN:
        said = han_values(pair.plain) | _tenths(pair.plain)
        return all(not said.isdisjoint(forms(number, pair)) for number in lost)
    small = [(n.value in _SPELLED) or _ORDINAL.match(pair.unnamed, n.end) for n in lost]
    crores = [n.magnitude > 1 or n.value in (1000, 100_000) for n in lost] if pair.script in _INDIC else []
    return all(small) or (bool(crores) and all(crores))


def _tenths(text: str) -> set[Value]:
    """三成 is 30 of a hundred."""
    return {10 * value for match in _TENTHS.finditer(text) for value in han_values(match[1])}


def _allowed(wanted: tuple[Number, ...], pair: Pair) -> set[Value]:
    """The values that may stand in the answer: the source's, however read, and those of its words."""
    allowed: set[Value] = set().union(*(forms(number, pair) for number in wanted))
    changed = [name.text for name in pair.names if name.text not in pair.plain]  # CIFAR 10
    for match in _ANY.finditer(" ".join([pair.unnamed, *changed])):
        for way in _ways(match[0], True):
            allowed |= set(way)
    allowed |= {1900 + decade for decade in allowed if isinstance(decade, Decimal) and 20 <= decade < 100}
    allowed |= {century for number in wanted if (century := _century(number, pair))}
    return allowed | english_values(pair.words) | {_ONE}  # 1 may be an article, or stand for `per`


def _harmless(reading: Reading, allowed: set[Value]) -> bool:
    return any(allowed.issuperset(way) for way in reading.ways)


@lru_cache(maxsize=4096)
def _english(text: str) -> tuple[Value, ...]:
    """`1,000` is one number, `1,5` two, `1.2.3` a version."""
    if "," in text and not _GROUPED.fullmatch(text):
        return tuple(value for part in text.split(",") for value in _english(part))
    if text.count(".") > 1:
        return (text,)
    return (Decimal(text.replace(",", "")),)


@lru_cache(maxsize=4096)
def _ways(text: str, continental: bool) -> Ways:
    """As English writes it; as the Continent does; as several numbers with signs between them."""
    if text.isdigit() or text.startswith("."):
        return (_english(text),)
    joined = re.sub("[ '’]", "", text)
    ways = [_english(joined), tuple(value for part in re.split("[ '’,]", text) for value in _english(part))]
    if continental:
        ways.append(_english(joined.translate(_SWAP)))
    return tuple(dict.fromkeys(ways))


def _times(way: tuple[Value, ...], power: int) -> tuple[Value, ...]:
    return tuple(value if isinstance(value, str) else value * 10**power for value in way)


@lru_cache(maxsize=1024)
def _composite(text: str) -> Ways:
    """4.8万 is 48,000, 4万8000 as well; or the second number is one by itself."""
    parts: list[Value] = []
    for match in _COMPOSITE.finditer(text):
        power = sum(_TIMES[sign] for sign in match[2])
        parts += _times(_english(match[1].rstrip(".,")), power)
    total = sum((part for part in parts if isinstance(part, Decimal)), Decimal(0))
    return ((total,), tuple(parts))


# --- percentages ------------------------------------------------------------------------------

_BEHIND = re.compile(
    r"""\s?(?:%|个?百分点|個?百分點|パーセント|퍼센트|프로\b|(?i:per\s?cent|prozent|pour\s?cent|por\s?cent|pro[sc]ent
    |protsen|procen|prosentt|процент|відсот|szazalék|százalék|τοις\sεκατό|phần\străm|เปอร์เซ็น|persen|peratus
    |porsyento|بالمئة|بالمائة|في\sالمئة|في\sالمائة|درصد|فیصد|प्रतिशत|टक्क|শতাংশ|சதவீத|விழுக்காடு|శాతం|ភាគរយ|በመቶ
    |пайыз|foiz|хувь|אחוז|la\ssută|на\sсто))""",
    re.VERBOSE,
)
_LONGEST_WORD = 12
_BEFORE = re.compile(r"(?:%\s?|百分之|(?i:yüzde|asilimia|ehuneko)\s)$")
_HUNDREDTHS = re.compile(rf"百分之({NUMERAL.pattern})")
_BETWEEN = re.compile(r"\s?(?:[-–—~～、,/]|[至到和与與及或から와과및と]{1,2})\s?|\s[^\W\d]{1,4}\s")
"""What stands between the numbers of `89% and 92%` rendered as `89 and 92%`."""


def percentages(pair: Pair) -> str | None:
    """`percent` if a percentage came back as a mere number, or a number as a percentage."""
    wanted = [number for number in source_numbers(pair.unnamed) if number.percent]
    if not wanted and ("%" not in pair.plain or "percent" in pair.plain_source.lower()):
        return None
    readings = answer_numbers(pair.unnamed_answer, pair.script)
    found = _percent_values(pair, readings)
    if wanted:
        plain = {value for reading in readings for way in reading.ways for value in way}
        bad = any(found.isdisjoint(forms(n, pair)) and not plain.isdisjoint(forms(n, pair)) for n in wanted)
    else:
        bad = any(number.value in found for number in source_numbers(pair.unnamed))
    return "percent" if bad else None


def _percent_values(pair: Pair, readings: tuple[Reading, ...]) -> set[Value]:
    text = pair.unnamed_answer
    found: set[Value] = set()
    next_start = len(text)
    shares = False
    for reading in reversed(readings):
        shares = shares and bool(_BETWEEN.fullmatch(text[reading.end : next_start]))
        next_start = reading.start
        before = text[max(0, reading.start - _LONGEST_WORD) : reading.start]
        tenths = pair.script in HAN and _OF_TEN.match(text, reading.end)
        if shares or tenths or _BEHIND.match(text, reading.end) or _BEFORE.search(before):
            found |= {value for way in reading.ways for value in way}
            shares = not tenths
    if pair.script in HAN:
        found |= _tenths(text)
        found |= {v for m in _HUNDREDTHS.finditer(text) for v in han_values(m[1])}
        found |= {Decimal(50)} if "半" in text else set()
    return found
