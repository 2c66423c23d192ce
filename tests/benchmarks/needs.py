"""What an installation of a size needs of PostgreSQL and Redis, and what gives first: a model on paper.

    python -m tests.benchmarks.needs [--translators 100] [--readers 100000] [--languages 5] [--papers 2300]

It multiplies what was measured for one (`Measured`; the commands are named there) by how many there are, and lays the
products against what one of each can give. Straight lines: that twice as many cost twice as much was measured up to 32
translators and a few thousand readers, not beyond.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, fields

GIGABYTE = 1e9
BELLS, BELL_SECONDS, FRESH = 9, 5.0, 90.0
"""Verbs that the clock rings, how often, and how long a bell nobody hears is kept (worker/celery.py)."""
SENTENCES = 10
"""Of a paper, its title counted."""
DAYS = 250
"""On which arXiv announces, a year."""


@dataclass(frozen=True)
class Measured:
    """Seconds are of a processor, of the machine that the README's Speed names, unless it says clock."""

    # python -m tests.benchmarks.scale --sleeping 4 32: what one translator more adds, batches a third as long
    translator_transactions: float = 2.4  # a second
    translator_database: float = 0.0112
    translator_commands: float = 2.4  # of Redis, a second
    translator_broker: float = 0.00011
    sentence_bytes: float = 1_433  # with its segments and its share of a translation
    # --overhead
    claim_database: float = 0.154  # a claim where 100,000 sentences wait
    # --publishing
    digest_python: float = 0.0168
    digest_database: float = 0.0073
    look: float = 0.000075  # a reader, each time that publish looks and finds nothing to do
    digest_bytes: float = 41_951  # a reader and day
    paper_bytes: float = 5_018
    # python -m tests.benchmarks.feeds
    poll_same: float = 0.011
    poll_whole: float = 0.31
    # 2,000 bells in a queue
    bell_bytes: float = 1004


@dataclass(frozen=True)
class Size:
    """`papers` on the fullest day, of 1,200 on others; a reader's feed is polled once an hour."""

    translators: int = 100
    readers: int = 100_000
    languages: int = 5
    papers: int = 2300
    rate: float = 6.4  # sentences a second of a translator


@dataclass(frozen=True)
class Need:
    """`limit`: what one server, process or core gives, in the same unit; 0 where there is none."""

    what: str
    value: float
    unit: str
    limit: float = 0.0
    why: str = ""

    @property
    def share(self) -> float:
        return self.value / self.limit if self.limit else 0.0


def needs(size: Size, unit: Measured) -> list[Need]:
    """Everything that is reckoned, in the order in which it is told."""
    return [*translating(size, unit), *reading(size, unit), *keeping(size, unit)]


def translating(size: Size, unit: Measured) -> Iterator[Need]:
    sentences = size.papers * SENTENCES * size.languages
    together = size.translators * size.rate
    yield Need("a full day's sentences", sentences, "sentences", why="papers x 10 x languages")
    yield Need(
        "all translators at work for", sentences / together / 60, "minutes", why="at 6.4 sentences/s each"
    )
    transactions = size.translators * unit.translator_transactions
    yield Need("PostgreSQL: transactions meanwhile", transactions, "a second")
    claims = size.translators / 30 * unit.claim_database * sentences / 100_000
    cores = size.translators * unit.translator_database + claims
    yield Need("PostgreSQL: translating", cores, "cores", 4, "a server of 4; claims among all that waits: "
               f"{claims:.2f}")  # fmt: skip
    yield Need(
        "PostgreSQL: rows written", 5 * together, "a second", why="claimed, attempted, kept twice, stored"
    )
    connections = 2 * size.translators + 2 * 8 + 8
    yield Need(
        "PostgreSQL: connections",
        connections,
        "at most",
        100,
        "2 a translator, 8 an io, 8 a web; its default is 100",
    )
    yield Need("Redis: commands", size.translators * unit.translator_commands, "a second")
    yield Need("Redis: processor", size.translators * unit.translator_broker, "cores", 1)
    bells = size.translators / 30 * FRESH + BELLS / BELL_SECONDS * FRESH
    yield Need(
        "Redis: memory for bells",
        bells * unit.bell_bytes / 1e6,
        "MB",
        why=f"at most {bells:.0f} that nobody hears",
    )


def reading(size: Size, unit: Measured) -> Iterator[Need]:
    digest = unit.digest_python + unit.digest_database
    yield Need("publishing: one process, and its database", size.readers * digest / 60, "minutes", 60,
               "an hour is bearable")  # fmt: skip
    yield Need("publishing: PostgreSQL", size.readers * unit.digest_database / 3600, "core hours a day")
    yield Need("publishing: a look with nothing to do", size.readers * unit.look, "seconds", BELL_SECONDS,
               "the bell rings every 5 seconds")  # fmt: skip
    polls = size.readers / 3600
    yield Need("feeds: polls", polls, "a second", why="every reader's once an hour")
    share = 1 / 24  # of a day's polls one finds something new
    cpu = polls * ((1 - share) * unit.poll_same + share * unit.poll_whole)
    yield Need("feeds: web", cpu, "cores", 1, "23 of 24 polls are answered 304")


def keeping(size: Size, unit: Measured) -> Iterator[Need]:
    digests = size.readers * DAYS * unit.digest_bytes / GIGABYTE
    papers = 1_200 * DAYS * unit.paper_bytes / GIGABYTE
    sentences = 1_200 * DAYS * SENTENCES * size.languages * unit.sentence_bytes / GIGABYTE
    yield Need("a year of digests", digests, "GB")
    yield Need("a year of papers, listings, matches", papers, "GB")
    yield Need("a year of translations", sentences, "GB")


def first_to_give(found: list[Need]) -> list[Need]:
    """What has a limit, the one that is the furthest beyond it first."""
    return sorted((need for need in found if need.limit), key=lambda need: -need.share)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for field in fields(Size):
        parser.add_argument(f"--{field.name}", type=type(field.default), default=field.default)
    found = needs(Size(**vars(parser.parse_args())), Measured())
    print("| what | need | of one's limit | why |\n|---|---|---|---|")
    for need in found:
        share = f"{need.share:.0%}" if need.limit else ""
        print(
            f"| {need.what} | {need.value:,.{0 if need.value >= 100 else 2}f} {need.unit} | {share} | {need.why} |"
        )
    print("\nwhat gives first: " + ", then ".join(f"{n.what} ({n.share:.1f}x)" for n in first_to_give(found)))


if __name__ == "__main__":
    main()
