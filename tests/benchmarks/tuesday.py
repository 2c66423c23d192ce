"""Generated days of the whole arXiv: what a Tuesday's feeds say, and the numbers of the three years before it.

Sizes are arXiv's of 2026: about 1,200 new papers a day, 2,300 on a Tuesday, 30,000 a month. Every text is invented,
and so is every number: no month of arXiv's reaches its sixty thousandth paper.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random

from digest import taxonomy
from digest.arxiv_days import Calendar
from tests.documents import Document, Item

DAY = date(2026, 5, 12)
NEW, NEW_ON_TUESDAY, REPLACED = 1200, 2300, 1500
USERS, KEYWORDS, EACH = 1000, 3000, 10
FIRST = 60_000
LATER = 20
"""Announcements after its own on which a paper is replaced, and the share of papers that are."""
AGAIN = 0.6
_BIG = {"cs.LG": 90, "cs.CV": 80, "cs.CL": 75, "cs.AI": 55, "cs.RO": 35, "quant-ph": 35, "cond-mat.mtrl-sci": 22,
        "math.AP": 18, "cs.CR": 18, "hep-ph": 17, "cs.SE": 17, "math.CO": 16, "astro-ph.GA": 15}  # fmt: skip
"""Papers of a thousand that have this primary category; the others have about three each."""
_CROSS = [0.45, 0.30, 0.15, 0.10]
"""Shares of papers with none, one, two and three categories besides the primary one."""
_SYLLABLES = "ba co di fa gen hy in ka lor mi neu or pro qui ra sta tor ul ver xi yo zen".split()


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    abstract: str
    phrases: tuple[int, ...]
    """Which keywords stand in it, by their places in `World.phrases`."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The new papers of a day: `count` numbers of a month from `first` on."""

    day: date
    first: int
    count: int

    def arxiv_id(self, place: int) -> str:
        return f"{self.day:%y%m}.{FIRST + self.first + place}"


def numbers(first: date, last: date) -> Iterator[Numbers]:
    """The days that arXiv announces, the oldest first."""
    month, taken = "", 0
    for day in sorted(Calendar().days(first.replace(day=1), last)):
        if f"{day:%y%m}" != month:
            month, taken = f"{day:%y%m}", 0
        count = NEW_ON_TUESDAY if day.weekday() == 1 else NEW
        if day >= first:
            yield Numbers(day, taken, count)
        taken += count


@dataclass
class World:
    """The categories, the words and the readers, drawn from a seed."""

    count: int = 155
    seed: int = 7
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        by_size = sorted(taxonomy.active(), key=lambda c: -_BIG.get(c.code, 0))
        self.categories = [category.code for category in by_size[: self.count]]
        self._weights = list(accumulate(_BIG.get(code, 3) for code in self.categories))
        # A reader gets some sixty papers on a Tuesday.
        self._frequency = list(accumulate(1 / (60 + place) for place in range(KEYWORDS)))

    @cached_property
    def words(self) -> list[str]:
        made = {"".join(self.random.choices(_SYLLABLES, k=self.random.randint(2, 4))) for _ in range(6000)}
        return ["the", "of", "we", "a", "and", "is", "for", "to", *sorted(made)]

    @cached_property
    def phrases(self) -> list[str]:
        """Keywords of two words."""
        one, two = self.words[1000:1060], self.words[2000:2050]
        made = [f"{left} {right}" for left in one for right in two]
        self.random.shuffle(made)
        return made[:KEYWORDS]

    def draw(self) -> int:
        """A keyword, frequent ones often."""
        return self.random.choices(range(KEYWORDS), cum_weights=self._frequency)[0]

    @cached_property
    def followed(self) -> list[list[int]]:
        """Each reader's ten keywords. Every keyword has a reader, frequent ones have many."""
        mine: list[list[int]] = [[] for _ in range(USERS)]
        for place in range(KEYWORDS):
            mine[place % USERS].append(place)
        for keywords in mine:
            while len(keywords) < EACH:
                if (drawn := self.draw()) not in keywords:
                    keywords.append(drawn)
        return mine

    def text(self) -> Text:
        """A title of ten words and an abstract of some hundred and seventy, with three keywords, as on average."""
        found = tuple({self.draw() for _ in range(self.random.randint(0, 6))})
        weights = self._common
        words = self.random.choices(self.words, cum_weights=weights, k=self.random.randint(120, 220))
        for place in range(12, len(words), 22):
            words[place] += "."
        for phrase in found:
            words.insert(self.random.randrange(len(words)), self.phrases[phrase])
        words.insert(len(words) // 2, r"$O(n^2 \log n)$")
        title = " ".join(self.random.choices(self.words, cum_weights=weights, k=10)).title()
        return Text(title, " ".join(words) + ".", found)

    @cached_property
    def _common(self) -> list[float]:
        return list(accumulate(1 / (3 + place) for place in range(len(self.words))))

    def codes(self) -> tuple[str, ...]:
        """A paper's categories, the primary one first."""
        crosses = self.random.choices(range(4), _CROSS)[0]
        drawn = self.random.choices(self.categories, cum_weights=self._weights, k=crosses + 1)
        return tuple(dict.fromkeys(drawn))

    def authors(self) -> str:
        names = self.random.choices(self.words[100:], k=2 * self.random.randint(1, 9))
        return ", ".join(f"{a.title()} {b.title()}" for a, b in zip(names[::2], names[1::2], strict=True))


def feeds(world: World) -> dict[str, bytes]:
    """The Tuesday's documents, one a category: its own new papers, cross-lists, then the replacements of both."""
    *before, today = numbers(DAY - timedelta(days=60), DAY)
    items: dict[str, dict[str, list[Item]]] = {code: {} for code in world.categories}

    def announce(arxiv_id: str, version: int, codes: Sequence[str], kinds: tuple[str, str]) -> None:
        text = world.text()
        item = {"arxiv_id": arxiv_id, "version": version, "title": text.title, "abstract": text.abstract,
                "authors": world.authors(), "categories": tuple(codes)}  # fmt: skip
        for place, code in enumerate(codes):
            kind = kinds[place > 0]
            items[code].setdefault(kind, []).append(Item(announce_type=kind, **item))

    for place in range(today.count):
        own = (world.categories[place],) if place < len(world.categories) else world.codes()  # none is empty
        announce(today.arxiv_id(place), 1, own, ("new", "cross"))
    old = {
        day.arxiv_id(world.random.randrange(day.count)) for day in world.random.choices(before, k=REPLACED)
    }
    for arxiv_id in sorted(old):
        announce(arxiv_id, world.random.randint(3, 5), world.codes(), ("replace", "replace-cross"))
    order = ("new", "cross", "replace", "replace-cross")
    return {
        code: Document(code, DAY, items=[item for kind in order for item in kinds.get(kind, ())]).rss()
        for code, kinds in items.items()
    }
