"""What a hundred thousand rules cost on a Tuesday of the whole arXiv.

    python -m tests.benchmarks.rules [--rules 100000] [--papers 2300] [--feeds FOLDER]

Papers are generated (tests/benchmarks/tuesday.py), or read from a folder of arXiv's RSS documents (`*.xml`,
`*.xml.gz`). Rules are made of other papers' own words, so that they find what such rules find: phrases of one to
three words, pairs with AND, OR, NOT, fields, prefixes, authors, categories. One process; nothing is written to a
database. Compiling is told apart, since it is kept from one bell to the next while the rules are the same.

Compared with the way that first comes to mind: for each rule and each paper a search by regular expression, on the
same papers with a part of the rules, and reckoned up.
"""

import argparse
import gc
import gzip
import os
import re
import resource
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

BAR = 10.0


def peak() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def generated(count: int) -> list[Any]:
    from digest.keywords import Record
    from tests.benchmarks.tuesday import World

    world, found = World(), []
    for _ in range(count):
        text = world.text()
        found.append(Record(text.title, text.abstract, world.authors().split(", "), world.codes()))
    return found


def recorded(folder: Path) -> list[Any]:
    """Every paper of a folder's documents, once."""
    from digest.keywords import Record
    from worker.arxiv.errors import ArxivError
    from worker.arxiv.feeds import parse

    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*.xml*")):
        content = path.read_bytes()
        try:
            entries = parse(gzip.decompress(content) if path.suffix == ".gz" else content).entries
        except ArxivError:
            continue
        for e in entries:
            found[e.arxiv_id] = Record(e.title, e.abstract, e.authors, e.categories)
    return list(found.values())


def rules_from(papers: list[Any], count: int, random: Random) -> list[str]:
    """Different rules, of words that stand beside one another in papers."""
    from digest.keywords import KeywordError, canonical

    def words(least: int, most: int, letters: int = 4) -> str:
        paper = random.choice(papers)
        text = re.findall(
            rf"[A-Za-z][A-Za-z-]{{{letters - 1},}}", random.choice([paper.title, paper.abstract])
        )
        size = random.randint(least, most)
        start = random.randrange(max(len(text) - size, 1))
        return " ".join(text[start : start + size]) or "robot"

    def author() -> str:
        return 'au:"{}"'.format(random.choice(random.choice(papers).authors or ["Nobody"]).replace('"', ""))

    def category() -> str:
        return f"cat:{random.choice(random.choice(papers).categories)}"

    def phrase() -> str:
        return f'"{words(2, 3)}"'

    def word() -> str:
        return words(1, 1, letters=6)

    kinds: list[tuple[float, Callable[[], str]]] = [
        (45, lambda: words(2, 3)),
        (4, lambda: words(1, 1, letters=9)),
        (18, lambda: f"{word()} AND {phrase()}"),
        (4, lambda: f"{word()} {word()} {word()}"),
        (8, lambda: f"{phrase()} OR {phrase()} OR {phrase()}"),
        (8, lambda: f"{phrase()} -{word()}"),
        (5, lambda: f"({phrase()} OR {phrase()}) AND ({word()} OR {phrase()}) NOT {word()}"),
        (3, lambda: f"ti:{word()} AND {word()}"),
        (3, lambda: f"{category()} AND {phrase()}"),
        (3, author),
        (2, lambda: f"{word()[:6]}* AND {word()}"),
        (0.2, category),
    ]
    made: dict[str, None] = {}
    while len(made) < count:
        kind = random.choices(kinds, [weight for weight, _ in kinds])[0][1]
        try:
            made[canonical(kind())] = None
        except KeywordError:
            continue
    return list(made)


def one_by_one(papers: list[Any], forms: list[str]) -> float:
    """Seconds for each rule and each paper asked by regular expression; phrases of a rule as alternatives."""
    from digest.keywords.syntax import stored
    from digest.keywords.trees import wanted

    texts = [f"{p.title}\n{p.abstract}\n{', '.join(p.authors)}" for p in papers]
    asked = []
    for form in forms:
        spelt = [
            re.escape(t.form).replace(r"\ ", r"[\s-]+") for t in wanted(stored(form)) if t.field != "cat"
        ]
        if spelt:
            asked.append(re.compile(rf"\b(?:{'|'.join(spelt)})s?\b", re.IGNORECASE))
    began = time.perf_counter()
    for expression in asked:
        for text in texts:
            expression.search(text)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rules", type=int, default=100_000)
    parser.add_argument("--papers", type=int, default=2300)
    parser.add_argument("--feeds", type=Path, help="a folder of arXiv's RSS documents")
    parser.add_argument("--part", type=int, default=100, help="rules that are asked one by one")
    arguments = parser.parse_args()
    from digest.keywords import Rules
    from digest.keywords.matching import Record

    random = Random(11)
    everything = recorded(arguments.feeds) if arguments.feeds else generated(2 * arguments.papers)
    random.shuffle(everything)
    papers: list[Record] = everything[: arguments.papers]
    forms = rules_from(everything[arguments.papers :] or papers, arguments.rules, random)
    print(f"{len(os.sched_getaffinity(0))} cores; {len(forms):,} rules, {len(papers):,} papers "
          f"({'recorded' if arguments.feeds else 'generated'}); {peak():.0f} MB before", flush=True)  # fmt: skip
    began = time.perf_counter()
    rules = Rules(forms)
    gc.freeze()  # as worker.match does
    print(
        f"compiled in {time.perf_counter() - began:.1f} s: {rules.terms:,} different terms; {peak():.0f} MB"
    )
    began, cpu, matches, spans = time.perf_counter(), time.process_time(), 0, 0
    for paper in papers:
        found = rules.match(paper)
        matches += len(found)
        spans += sum(map(len, found.values()))
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(
        f"matched in {took:.2f} s by the clock, {cpu:.2f} s CPU (bar {BAR:.0f} s: "
        f"{'met' if took < BAR else 'MISSED'}): {matches:,} matches ({matches / len(forms):.1f} papers a rule) "
        f"with {spans:,} places; {peak():.0f} MB"
    )
    part, few = random.sample(forms, arguments.part), papers[:: max(len(papers) // 200, 1)]
    each = one_by_one(few, part) / len(part) / len(few)
    slow = each * len(forms) * len(papers)
    print(
        f"a regular expression per rule and paper: {each * 1e6:.0f} µs, so {slow:,.0f} s for all (reckoned from "
        f"{len(part):,} rules and {len(few):,} papers): {slow / took:,.0f} times as long"
    )


if __name__ == "__main__":
    main()
