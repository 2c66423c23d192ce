"""What arXiv announces on each simulated day, and who reads it: made from a seed, and known before anything runs.

Knows nothing of the product: the checker compares with this.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
FIRST = date(2026, 7, 13)
NOT_ANNOUNCED = {date(2026, 9, 8), date(2026, 11, 27), date(2026, 12, 28), date(2026, 12, 30)}
"""Days without papers: the evening before them is a holiday of arXiv's."""
CATEGORIES = ("cs.AI", "cs.CL", "cs.LG", "cs.RO")
KEYWORDS = ("reinforcement learning", "diffusion policy", "graph neural network", "speech recognition")


@dataclass(frozen=True)
class Reader:
    """`follows`: each keyword, and whether replaced papers come again."""

    name: str
    follows: dict[str, bool]
    channel: str


READERS = (
    Reader("ada", {"reinforcement learning": True, "diffusion policy": False}, "mail"),
    Reader("bob", {"graph neural network": False, "speech recognition": False}, "webhook"),
    Reader("eve", {"reinforcement learning": False, "speech recognition": True}, "both"),
)


@dataclass(frozen=True)
class Listed:
    """A paper in an announcement."""

    arxiv_id: str
    version: int
    kind: str
    title: str
    abstract: str
    categories: tuple[str, ...]


@dataclass
class Day:
    date: date
    listings: dict[str, list[Listed]] = field(default_factory=dict)

    @property
    def turns(self) -> datetime:
        """When arXiv's feeds turn to it."""
        return datetime.combine(self.date, time(), EASTERN)


def dates(count: int) -> Iterator[date]:
    """The first days with an announcement."""
    day = FIRST
    while count:
        if day.weekday() < 5 and day not in NOT_ANNOUNCED:
            count -= 1
            yield day
        day += timedelta(days=1)


def days(seed: int, count: int) -> list[Day]:
    """The announcements of so many days."""
    chance = random.Random(f"days {seed}")
    papers: list[Listed] = []
    number = 10
    made = []
    for when in dates(count):
        day = Day(when, {code: [] for code in CATEGORIES})
        quiet = chance.choice(CATEGORIES) if chance.random() < 0.08 else ""
        old = list(papers)
        for primary in CATEGORIES:
            for _ in range(0 if primary == quiet else chance.randint(3, 7)):
                number += chance.randint(1, 9)
                papers.append(_new(chance, day, f"{when:%y%m}.{number:05d}", primary, quiet))
        for _ in range(chance.randint(1, 4)):
            _again(chance, day, old, papers, quiet)
        made.append(day)
    return made


def _new(chance: random.Random, day: Day, arxiv_id: str, primary: str, quiet: str) -> Listed:
    """A new paper, and perhaps its cross-list of the same day."""
    others = [code for code in CATEGORIES if code != primary]
    crossed = [chance.choice(others)] if chance.random() < 0.3 else []
    title, abstract = _text(chance, arxiv_id)
    paper = Listed(arxiv_id, 1, "new", title, abstract, (primary, *crossed))
    day.listings[primary].append(paper)
    for code in crossed:
        if code != quiet:
            day.listings[code].append(_as(paper, "cross"))
    return paper


def _again(chance: random.Random, day: Day, old: list[Listed], papers: list[Listed], quiet: str) -> None:
    """A paper of an earlier day is cross-listed later, replaced, or withdrawn."""
    if not old:
        return
    paper = old.pop(chance.randrange(len(old)))
    primary = paper.categories[0]
    if chance.random() < 0.3:
        target = chance.choice([code for code in CATEGORIES if code != primary])
        listed_before = target in paper.categories
        if target != quiet and not listed_before:
            day.listings[target].append(_as(paper, "cross"))
        return
    withdrawn = chance.random() < 0.25
    title, abstract = _text(chance, f"{paper.arxiv_id}v{paper.version + 1}")
    if withdrawn:
        title, abstract = (
            paper.title,
            "This paper has been withdrawn by the authors due to an error in Lemma 2.",
        )
    new = Listed(paper.arxiv_id, paper.version + 1, "replace", title, abstract, paper.categories)
    if primary == quiet:
        return
    papers[[p.arxiv_id for p in papers].index(paper.arxiv_id)] = new
    day.listings[primary].append(new)
    for code in new.categories[1:]:
        if code != quiet:
            day.listings[code].append(_as(new, "replace-cross"))


def _as(paper: Listed, kind: str) -> Listed:
    return Listed(paper.arxiv_id, paper.version, kind, paper.title, paper.abstract, paper.categories)


_ADJECTIVES = "robust scalable offline sparse causal modular frozen adaptive federated latent".split()
_THINGS = "planners encoders datasets sensors simulators benchmarks robots tokens maps decoders".split()
_PLACES = "warehouses hospitals kitchens laboratories factories satellites libraries tunnels".split()
_NEARLY = (
    "learning without reinforcement",
    "policies of diffusion",
    "neural graphs",
    "recognition of speakers",
)
_SHARED = ("Code and data are available online.", "We discuss the limits of this approach.")


def _text(chance: random.Random, salt: str) -> tuple[str, str]:
    """A title and an abstract in which some keyword stands, nearly stands, or does not."""
    topic = chance.choice(_forms(chance.choice(KEYWORDS)) if chance.random() < 0.75 else _NEARLY)
    adjective, thing = chance.choice(_ADJECTIVES), chance.choice(_THINGS)
    in_title = chance.random() < 0.4
    title = (
        f"{adjective.capitalize()} {thing} for {topic if in_title else 'everyone'} {chance.randint(100, 999)}"
    )
    sentences = [
        f"We study {chance.choice(_ADJECTIVES)} {chance.choice(_THINGS)} in {chance.randint(100, 99999)} "
        f"{chance.choice(_PLACES)}."
        for _ in range(chance.randint(2, 4))
    ]
    if not in_title:
        sentences.insert(
            chance.randrange(len(sentences)), f"This is about {topic} and {chance.choice(_THINGS)}."
        )
    if chance.random() < 0.3:
        sentences.append(
            f"The error falls to $\\epsilon_{{{chance.randint(1, 99)}}}$ in {chance.choice(_PLACES)}."
        )
    if chance.random() < 0.4:
        sentences.append(chance.choice(_SHARED))
    return title, " ".join(sentences)


def _forms(keyword: str) -> tuple[str, ...]:
    plural = f"{keyword[:-1]}ies" if keyword.endswith("y") else f"{keyword}s"
    return (
        keyword,
        keyword.capitalize(),
        keyword.replace(" ", "-"),
        plural if keyword[-1] in "yk" else keyword,
    )
