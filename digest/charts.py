"""Charts as SVG: papers a day, for pages whose policy forbids scripts and inline styles.

Colours come from the page (`currentColor` and the classes `chart`, `bar`, `gap`, `grid`), so dark mode needs
nothing more. Words come from the caller, in the reader's language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

_WIDTH, _HEIGHT = 640, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 10, 24
_FLOOR = _HEIGHT - _BOTTOM
_LABELS = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """A day and how many papers it had; None where nothing is known of it."""

    day: date
    count: int | None


def papers_a_day(bars: Sequence[Bar], key: str, title: str, description: str, unknown: str) -> str:
    """A bar for each day, the oldest first. `key` makes its ids the only ones on the page, `unknown` says in
    words that nothing is known of a day. Returns an `<svg>` element, with everything in it escaped."""
    most = top([bar.count or 0 for bar in bars])
    name, about = f"chart-{key}-title", f"chart-{key}-about"
    return "".join(
        [
            f'<svg class="chart" role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
            f'aria-labelledby="{escape(name)} {escape(about)}">',
            f'<title id="{escape(name)}">{escape(title)}</title>',
            f'<desc id="{escape(about)}">{escape(description)}</desc>',
            *_scale(most),
            *(_bar(bar, place, len(bars), most, unknown) for place, bar in enumerate(bars)),
            *_dates(bars),
            "</svg>",
        ]
    )


def top(counts: Sequence[int]) -> int:
    """The scale's end: 1, 2 or 5 times a power of ten, at least the largest count."""
    largest, step = max([2, *counts]), 1
    while True:
        for factor in (1, 2, 5):
            if factor * step >= largest:
                return factor * step
        step *= 10


def _scale(most: int) -> list[str]:
    parts = []
    for count in (0, most // 2, most):
        y = _FLOOR - count / most * (_FLOOR - _TOP)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{count}</text>')
    return parts


def _bar(bar: Bar, place: int, among: int, most: int, unknown: str) -> str:
    x, width = _place(place, among), _step(among) * 0.72
    if bar.count is None:
        return (
            f'<rect class="gap" x="{x:.1f}" y="{_FLOOR - 5}" width="{width:.1f}" height="5">'
            f"<title>{bar.day}: {escape(unknown)}</title></rect>"
        )
    height = bar.count / most * (_FLOOR - _TOP)
    return (
        f'<rect class="bar" x="{x:.1f}" y="{_FLOOR - height:.1f}" width="{width:.1f}" height="{height:.1f}">'
        f"<title>{bar.day}: {bar.count}</title></rect>"
    )


def _dates(bars: Sequence[Bar]) -> list[str]:
    """The first day, the last day, and some between them at equal distances."""
    last = len(bars) - 1
    places = sorted({round(last * part / (_LABELS - 1)) for part in range(_LABELS)}) if bars else []
    anchors = {0: "start", last: "end"}
    edges = {0: 0.0, last: _step(len(bars))} if bars else {}
    return [
        f'<text x="{_place(place, len(bars)) + edges.get(place, _step(len(bars)) / 2):.1f}" y="{_HEIGHT - 7}" '
        f'text-anchor="{anchors.get(place, "middle")}">{bars[place].day:%m-%d}</text>'
        for place in places
    ]


def _step(among: int) -> float:
    return (_WIDTH - _LEFT - _RIGHT) / max(among, 1)


def _place(place: int, among: int) -> float:
    return _LEFT + place * _step(among)
