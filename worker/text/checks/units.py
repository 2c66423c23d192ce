"""A unit that changes on the way: 5 ms that become 5秒, 90 minutes that become 90小时.

Units may be translated or kept. In Chinese and Japanese a unit of the table has to be there; elsewhere only
another unit than the source's is a finding, and only a symbol of two letters or more.
"""

import re
from functools import cache
from typing import NamedTuple

from worker.text.checks.numbers import Reading, Value, answer_numbers, forms, source_numbers
from worker.text.checks.pair import HAN, Pair

_TABLE = """
ns|ns|nanoseconds?|纳秒|奈秒|ナノ秒
µs|[µμ]s|microseconds?|微秒|マイクロ秒
ms|ms|milliseconds?|毫秒|ミリ秒
s|s|seconds?|secs?|秒
min|min|minutes?|mins?|分钟|分鐘|分
h|h|hours?|hrs?|小时|小時|時間|时|時
d|days?|天|日
w|weeks?|周|週|星期|礼拜|禮拜
mo|months?|月
a|years?|年|岁|歲
Hz|Hz|hertz|赫兹|赫茲|赫|ヘルツ
kHz|kHz|kilohertz|千赫|キロヘルツ
MHz|MHz|megahertz|兆赫|メガヘルツ
GHz|GHz|gigahertz|吉赫|千兆赫|ギガヘルツ
THz|THz|terahertz|太赫
nm|nm|nanomet(?:er|re)s?|纳米|奈米|ナノメートル
µm|[µμ]m|micromet(?:er|re)s?|microns?|微米|マイクロメートル|ミクロン
mm|mm|millimet(?:er|re)s?|毫米|ミリ
cm|cm|centimet(?:er|re)s?|厘米|釐米|公分|センチ
m|m|met(?:er|re)s?|米|公尺|メートル
km|km|kilomet(?:er|re)s?|公里|千米|キロ
m/s|m/s|met(?:er|re)s? per second|米/秒|米每秒|米|メートル
km/h|km/h|公里/小时|公里每小时|公里|千米
mg|mg|milligrams?|毫克|ミリグラム
kg|kg|kilograms?|公斤|千克|キロ
kB|[kK]i?B|kilobytes?|千字节|千位元組|キロバイト
MB|Mi?B|megabytes?|兆字节|兆|メガバイト
GB|Gi?B|gigabytes?|千兆字节|吉字节|ギガバイト
TB|Ti?B|terabytes?|太字节|テラバイト
eV|eV|电子伏|電子伏|電子ボルト
keV|keV|千电子伏|千電子伏|キロ電子
MeV|MeV|兆电子伏|百万电子伏|兆電子伏|百萬電子伏
GeV|GeV|吉电子伏|十亿电子伏|千兆电子伏|十億電子伏
TeV|TeV|太电子伏|万亿电子伏
mW|mW|milliwatts?|毫瓦|ミリワット
W|W|watts?|瓦|ワット
kW|kW|kilowatts?|千瓦|キロワット
MW|MW|megawatts?|兆瓦|メガワット
mV|mV|millivolts?|毫伏|ミリボルト
V|V|volts?|伏|ボルト
dB|dB|decibels?|分贝|分貝|デシベル
fps|fps|FPS|frames per second|帧|幀|每秒|フレーム
"""


class Unit(NamedTuple):
    """`name` is the symbol."""

    name: str
    symbol: re.Pattern[str]
    han: tuple[str, ...]


def units(pair: Pair) -> str | None:
    """`units` if a number of the source has another unit in the answer."""
    wanted = [(number, name) for number in source_numbers(pair.unnamed)
              if (name := _source_unit(pair.unnamed, number.end))]  # fmt: skip
    if not wanted:
        return None
    readings: dict[Value, list[Reading]] = {}
    for reading in answer_numbers(pair.unnamed_answer, pair.script):
        for value in {value for way in reading.ways for value in way}:
            readings.setdefault(value, []).append(reading)
    for number, name in {(number.value, name): (number, name) for number, name in wanted}.values():
        there = [reading for value in forms(number, pair) for reading in readings.get(value, ())]
        if there and not any(_agrees(pair, reading, name) for reading in there):
            return "units"
    return None


def _agrees(pair: Pair, reading: Reading, name: str) -> bool:
    """Whether what stands behind a number may be this unit."""
    symbol = _symbols().match(pair.unnamed_answer, reading.end)
    if symbol and symbol.lastgroup:
        return _same(_units()[int(symbol.lastgroup[1:])].name, name)
    if pair.script not in HAN:
        return True
    han = _han().match(pair.unnamed_answer, reading.end)
    if han:
        return name in _by_rendering()[han[1]]
    return not _renderings(name) or any(word in pair.plain for word in _renderings(name))


def _same(one: str, other: str) -> bool:
    return one == other or {one, other} in ({"m", "m/s"}, {"km", "km/h"})


@cache
def _units() -> list[Unit]:
    units = []
    for row in _TABLE.strip().splitlines():
        name, *columns = row.split("|")
        symbols = [column for column in columns if column.isascii() or column[0] == "["]
        han = tuple(column for column in columns if column not in symbols)
        units.append(Unit(name, re.compile("|".join(symbols)), han))
    return units


@cache
def _symbols() -> re.Pattern[str]:
    """A unit behind a number: a letter alone needs a space before it, since 1990s are no seconds."""
    forms = []
    for place, unit in enumerate(_units()):
        parts = unit.symbol.pattern.split("|")
        spaced = [rf"\s{p}" if len(p) == 1 else rf"[\s-]?{p}" for p in parts]
        forms.append((len(unit.name), rf"(?P<u{place}>(?:{'|'.join(spaced)})(?![A-Za-z0-9/]))"))
    return re.compile("|".join(form for _, form in sorted(forms, reverse=True)))


def _source_unit(text: str, end: int) -> str | None:
    found = _symbols().match(text, end)
    return _units()[int(found.lastgroup[1:])].name if found and found.lastgroup else None


@cache
def _by_rendering() -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for unit in _units():
        for word in unit.han:
            names.setdefault(word, set()).add(unit.name)
    return names


@cache
def _han() -> re.Pattern[str]:
    words = sorted(_by_rendering(), key=len, reverse=True)
    return re.compile(rf"\s?[多余餘]?[个個箇ヶか]?({'|'.join(map(re.escape, words))})")


def _renderings(name: str) -> tuple[str, ...]:
    return next(unit.han for unit in _units() if unit.name == name)
