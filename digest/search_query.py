"""What is typed into the search, as an expression over phrases, and how the two databases are asked for it.

    "state of the art" robot -drone 强化学习

Phrases in quotes, words (all of them, in any place), runs of Chinese as phrases, and what must not be there
behind a minus. Nothing that is typed is an error: a sign that means nothing is passed over.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from digest.search_text import Phrase, author, category, open_ended, paired, phrase, stems
from digest.terms import parse_renderings

LONGEST = 300
"""Characters that are read of what is typed."""
MOST = 16
"""Words and phrases that are looked for."""
_LONGEST_TERM = 6
"""Words of a glossary's term."""
_ALTERNATIVES = 6
_PIECE = re.compile(
    r"""(?P<minus>(?<!\S)[-−－])?(?:["“”„«»]([^"“”„«»]*)(?:["“”„«»]|$)|[「『]([^」』]*)(?:[」』]|$)|(?P<word>[^\s"“”„«»「『]+))"""
)
STOP = frozenset(
    "a an and are as at be by can for from has have how if in into is it its not of on or our such than that "
    "the their then these this those to using via was we were what when which while who why will with".split()
)
"""English words that nearly every abstract has: they are looked for inside of phrases only."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that is looked for: any of these ways to say it, each some phrases that stand together."""

    ways: tuple[tuple[Phrase, ...], ...]


@dataclass(frozen=True, slots=True)
class Query:
    wanted: tuple[Wanted, ...] = ()
    unwanted: tuple[Wanted, ...] = ()

    @property
    def phrases(self) -> list[Phrase]:
        """Everything that a hit may show, each once."""
        return list(dict.fromkeys(p for wanted in self.wanted for way in wanted.ways for p in way))


@dataclass(slots=True)
class Typed:
    """Phrases as they were typed, with whether they stood in quotes."""

    wanted: list[tuple[Phrase, bool]] = field(default_factory=list)
    unwanted: list[tuple[Phrase, bool]] = field(default_factory=list)


def parse(text: str) -> Typed:
    typed = Typed()
    for piece in _PIECE.finditer(text[:LONGEST]):
        quoted = piece["word"] is None
        found = phrase(next((g for g in (piece[2], piece[3], piece["word"]) if g is not None), ""))
        if not found or len(typed.wanted) + len(typed.unwanted) >= MOST:
            continue
        (typed.unwanted if piece["minus"] else typed.wanted).append((found[:MOST], quoted))
    said = [item for item in typed.wanted if item[1] or not STOP.issuperset(item[0])]
    typed.wanted = said or typed.wanted
    return typed


class Renderings:
    """How a glossary says a term in the other language, in both directions."""

    def __init__(self, terms: Iterable[tuple[str, str]]) -> None:
        """Terms with their renderings as a glossary writes them: `策略|政策`."""
        self._other: dict[Phrase, list[Phrase]] = {}
        for term, cell in terms:
            own = phrase(term)
            for rendering in map(phrase, parse_renderings(cell)):
                if own and rendering and own != rendering:
                    self._other.setdefault(stems(own), []).append(rendering)
                    self._other.setdefault(stems(rendering), []).append(own)

    def of(self, words: Phrase) -> list[Phrase]:
        return list(dict.fromkeys(self._other.get(stems(words), ())))[:_ALTERNATIVES]

    def within(self, words: Phrase) -> list[Phrase]:
        """The terms of several words that stand in a text, each once, the longest first."""
        forms = stems(words)
        found = {
            words[start : start + size]: None
            for size in range(_LONGEST_TERM, 1, -1)
            for start in range(len(words) - size + 1)
            if forms[start : start + size] in self._other
        }
        return list(found)

    def cut(self, words: Phrase) -> list[Phrase]:
        """A row of words as terms one after the other, the longest first; words of no term stand alone."""
        found, position = [], 0
        while position < len(words):
            for size in range(min(len(words) - position, 2 * _LONGEST_TERM), 0, -1):
                part = words[position : position + size]
                if size == 1 or self.of(part):
                    break
            found.append(part)
            position += len(part)
        return found


def carried(typed: Typed, glossary: Renderings) -> Query:
    """What was typed, each part also as the glossary says it in the other language."""
    return Query(tuple(_wanted(typed.wanted, glossary)), tuple(_wanted(typed.unwanted, glossary)))


def _wanted(items: Sequence[tuple[Phrase, bool]], glossary: Renderings) -> Iterator[Wanted]:
    position = 0
    while position < len(items):
        words, quoted = items[position]
        taken = 1
        if not quoted and len(words) == 1:
            taken = _term_at(items, position, glossary)
        parts = tuple(p for p, _ in items[position : position + taken])
        whole = tuple(word for part in parts for word in part)
        ways = [parts, *((other,) for other in glossary.of(whole))]
        if taken == 1 and not quoted and len(ways) == 1 and len(words) > 1:
            ways += _piecewise(words, glossary)
        yield Wanted(tuple(dict.fromkeys(ways)))
        position += taken


def _term_at(items: Sequence[tuple[Phrase, bool]], position: int, glossary: Renderings) -> int:
    """How many words typed one after the other are a term: 1 where none are."""
    for size in range(min(len(items) - position, _LONGEST_TERM), 1, -1):
        part = items[position : position + size]
        if all(not quoted for _, quoted in part) and glossary.of(tuple(w for p, _ in part for w in p)):
            return size
    return 1


def _piecewise(words: Phrase, glossary: Renderings) -> list[tuple[Phrase, ...]]:
    """强化学习机器人 is reinforcement learning and robot."""
    others = [glossary.of(part)[:1] for part in glossary.cut(words)]
    return [tuple(other[0] for other in others)] if all(others) else []


# --- as the databases are asked: words are letters and digits only, so that nothing typed is syntax ---


@dataclass(frozen=True, slots=True)
class Narrow:
    """Where else a hit must stand."""

    author: str = ""
    category: str = ""


def fts5(query: Query, narrow: Narrow = Narrow()) -> tuple[str, str]:
    """For SQLite: what must match (empty: anything), and what must not."""
    must = [_any(wanted, _quoted, " AND ", " OR ") for wanted in query.wanted]
    if name := author(narrow.author):
        must.append(f"authors : {_quoted(name)}")
    if narrow.category:
        must.append(f"categories : {_quoted((category(narrow.category),))}")
    unwanted = [_any(wanted, _quoted, " AND ", " OR ") for wanted in query.unwanted]
    return " AND ".join(must), " OR ".join(unwanted)


def tsquery(query: Query, narrow: Narrow = Narrow()) -> tuple[str, str]:
    """For PostgreSQL's to_tsquery, the same; authors have weight C, categories D."""
    must = [_any(wanted, _followed, " & ", " | ") for wanted in query.wanted]
    if name := author(narrow.author):
        must.append(_followed(name, ":C"))
    if narrow.category:
        must.append(_followed((category(narrow.category),), ":D"))
    unwanted = [_any(wanted, _followed, " & ", " | ") for wanted in query.unwanted]
    return " & ".join(must), " | ".join(unwanted)


def rough_tsquery(query: Query, narrow: Narrow = Narrow()) -> str:
    """What a row of words must have for `tsquery` to match: each word, wherever it stands."""
    together = partial(_followed, then=" & ")
    must = [_any(wanted, together, " & ", " | ") for wanted in query.wanted]
    if name := author(narrow.author):
        must.append(together(name))
    if narrow.category:
        must.append(together((category(narrow.category),)))
    return " & ".join(must)


def _any(wanted: Wanted, write: Callable[[Phrase], str], both: str, either: str) -> str:
    ways = (f"({both.join(map(write, way))})" for way in wanted.ways)
    return f"({either.join(ways)})"


def _quoted(words: Phrase) -> str:
    return f'"{" ".join(paired(words, sought=True))}"{" *" if open_ended(words) else ""}'


def _followed(words: Phrase, weight: str = "", then: str = " <-> ") -> str:
    more = ("*" if weight else ":*") if open_ended(words) else ""
    return "(" + then.join(f"'{word}'{weight}" for word in paired(words, sought=True)) + f"{more})"
