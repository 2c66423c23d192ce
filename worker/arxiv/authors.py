"""Author lists as arXiv's feeds carry them: one string, names joined by commas."""

import html
import re

from digest.tex import readable
from worker.arxiv.entries import fold

_ANCHOR = re.compile(r"</?a\b[^>]*>")


def split_authors(creator: str) -> tuple[str, ...]:
    """The names, in Unicode; affiliations stay in the parentheses behind them.

    A comma inside parentheses separates nothing: `A B (MIT, CSAIL), C D` are two authors. The lone
    colon behind a collaboration's name (`NVIDIA,  :, Ada …`) is dropped.
    """
    names = (fold(readable(name)) for name in _at_top_commas(creator))
    return tuple(name for name in names if name and name != ":")


def split_html_authors(creator: str) -> tuple[str, ...]:
    """The names of a document from before 2024, where each is a link."""
    return split_authors(html.unescape(_ANCHOR.sub("", creator)))


def _at_top_commas(text: str) -> list[str]:
    closings = text.count(")")
    parts, start, depth = [], 0, 0
    for place, char in enumerate(text):
        if char == "(" and closings > depth:  # one that is never closed opens nothing
            depth += 1
        elif char == ")":
            closings -= 1
            depth = max(0, depth - 1)
        elif char == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]
