"""What a search costs over years of papers in two languages, against looking through their texts with LIKE.

    python -m tests.benchmarks.search [--papers 300000] [--database postgres://…] [--keep FOLDER]

Papers are generated: English words and Chinese signs drawn by Zipf's law, with terms of the starting glossary in both
languages. The rows are put straight into the tables; the database makes its index of them as in the product. Each of
the searches is a page's work: what was typed is read and carried over to the other language, asked of the index, and
the page's papers are read with their translations. The bar is for processor seconds, this process's and its database
backend's, since the clock tells who else uses the machine; one round is not counted. LIKE is `title LIKE '%…%' OR
abstract LIKE '%…%'` over versions and translations, for the first 20. A database that is given has to be an empty one.
"""

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

BAR = 0.100
ROUNDS = 5
FIRST_DAY = date(2023, 5, 12)
A_DAY = 400
_WORDS, _SIGNS, _SENTENCES, _NAMES = 20_000, 2_500, 8_000, 5_000
_MATCHED = 100
"""The reader's keyword brought every hundredth paper."""


class Texts:
    """Sentences in English and Chinese, that papers are put together from."""

    def __init__(self) -> None:
        from digest.terms import starting_glossary

        self.random = Random(5)
        syllables = "ba co di fa gen hy in ka lor mi neu or pro qui ra sta tor ul ver xi yo zen".split()
        self.words = ["".join(self.random.choices(syllables, k=3)) + "e" for _ in range(_WORDS)]
        self.words[40], self.words[4000] = "learning", "mamba"
        self.signs = [chr(0x4E00 + 7 * n) for n in range(_SIGNS)]
        terms = [t for t in starting_glossary("zh-Hans") if t.renderings]
        self.random.shuffle(terms)
        first = ["reinforcement learning", "large language model", "robot", "phase transition"]
        self.terms = sorted(terms, key=lambda t: first.index(t.text) if t.text in first else len(first))
        self.names = [f"{self.words[self.random.randrange(_WORDS)]} {self.words[n]}" for n in range(_NAMES)]
        self.heads = self._sentences(7, 18)
        self.sentences = self._sentences(22, 38)

    def _sentences(self, words: int, signs: int) -> list[tuple[str, str]]:
        draw = self.random.choices
        weights = {
            n: list(accumulate(1 / (5 + k) for k in range(n))) for n in (_WORDS, _SIGNS, len(self.terms))
        }
        made = []
        for _ in range(_SENTENCES):
            english = draw(self.words, cum_weights=weights[_WORDS], k=words)
            chinese = draw(self.signs, cum_weights=weights[_SIGNS], k=signs)
            for term in draw(
                self.terms, cum_weights=weights[len(self.terms)], k=1 + self.random.randrange(2)
            ):
                english.insert(self.random.randrange(len(english)), term.text)
                chinese.insert(self.random.randrange(len(chinese)), term.preferred)
            made.append((" ".join(english), "".join(chinese)))
        return made


def fill(papers: int) -> None:  # noqa: PLR0915
    """Put so many papers into the database of the environment."""
    from django.core.management import call_command
    from django.db import connection

    from digest.models import Indexed, Keyword, Match, Paper, PaperVersion, Subscription, Translation, User
    from digest.search_text import authors, categories, place, signs, spaced
    from digest.taxonomy import active
    from tests.benchmarks.years import load

    call_command("migrate", verbosity=0)
    if Paper.objects.exists():
        return
    texts, codes = Texts(), [c.code for c in active()]
    ready = {side: [spaced(s[side]) for s in texts.sentences] for side in (0, 1)}
    ready_heads = {side: [spaced(s[side]) for s in texts.heads] for side in (0, 1)}

    found = [set(signs([s[1]]).split()) for s in texts.sentences]

    def facets(codes: list[str], which: list[int]) -> str:
        return " ".join([categories(codes), *set().union(*(found[n] for n in which))])

    def rows() -> Iterator[tuple[int, date, int, list[int], list[str], list[str]]]:
        draw = Random(11)
        for key in range(1, papers + 1):
            day = FIRST_DAY + timedelta(days=key // A_DAY)
            sentences, names = draw.choices(range(_SENTENCES), k=7), draw.choices(texts.names, k=4)
            code = codes[min(int(draw.expovariate(0.05)), len(codes) - 1)]
            yield key, day, draw.randrange(_SENTENCES), sentences, names, [code]

    def body(which: list[int], side: int, gap: str) -> str:
        return gap.join(texts.sentences[n][side] for n in which)

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-400000")
    load(Paper, "id arxiv_id authors categories",
         ((k, f"{d:%y%m}.{k % 10**5:05}x{k // 10**5}", json.dumps(a), json.dumps(c))
          for k, d, _, _, a, c in rows()))  # fmt: skip
    load(PaperVersion, "id paper_id number title abstract first_seen_at matched_at indexed_at",
         ((k, k, 1, texts.heads[t][0], body(w, 0, ". "), *[f"{d} 05:00"] * 3)
          for k, d, t, w, _, _ in rows()))  # fmt: skip
    load(Translation, "id version_id language model title abstract state created_at finished_at indexed_at",
         ((k, k, "zh-Hans", "m#1", texts.heads[t][1], body(w, 1, "。"), "complete", *[f"{d} 05:00"] * 3)
          for k, d, t, w, _, _ in rows()))  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX digest_indexed_vector")
            cursor.execute("SET maintenance_work_mem = '256MB'")
    load(Indexed, "id paper_id title body authors categories indexed_at",
         ((place(d, k), k, " ".join(ready_heads[side][t] for side in (0, 1)),
           " ".join(ready[side][n] for side in (0, 1) for n in w), authors(a), facets(c, w), f"{d} 05:00")
          for k, d, t, w, a, c in rows()))  # fmt: skip
    if connection.vendor == "postgresql":  # as a restore does it: rows first
        with connection.cursor() as cursor:
            cursor.execute("CREATE INDEX digest_indexed_vector ON digest_indexed USING gin (vector)")
    reader = User.objects.create_user("reader", content_language="zh-Hans")
    keyword = Keyword.objects.create(canonical="mamba")
    Subscription.objects.create(user=reader, keyword=keyword, label="mamba")
    load(Match, "keyword_id version_id spans", ((keyword.pk, k, "[]") for k in range(1, papers, _MATCHED)))
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)"
        )


def searches(papers: int) -> dict[str, dict[str, Any]]:
    """Twenty of them by what they are."""
    texts, last = Texts(), FIRST_DAY + timedelta(days=papers // A_DAY)
    words, signs = texts.words, "".join(texts.signs[n] for n in (3, 11))
    sentence, chinese = texts.sentences[77]
    piece = next(p for p in chinese.split("。")[0:1])[4:8]
    return {
        "a common word": {"text": "learning"},
        "a very common word": {"text": words[0]},
        "a rare word": {"text": "mamba"},
        "two words": {"text": f"{words[60]} {words[900]}"},
        "four words": {"text": " ".join(words[n] for n in (20, 80, 200, 500))},
        "an English term": {"text": "reinforcement learning"},
        "an English term in quotes": {"text": '"reinforcement learning"'},
        "a Chinese term": {"text": "强化学习"},
        "two Chinese terms in one": {"text": "强化学习机器人"},
        "a rare phrase": {"text": '"' + " ".join(sentence.split()[2:5]) + '"'},
        "a piece of Chinese": {"text": piece},
        "two common signs": {"text": signs},
        "one sign": {"text": texts.signs[5]},
        "nothing to find": {"text": "zzyzx"},
        "a term and no other": {"text": "强化学习 -机器人"},
        "an author": {"author": texts.names[7]},
        "a word in a category": {"text": "learning", "category": "cs.LG"},
        "a word in a month": {"text": words[30], "since": last - timedelta(60), "until": last - timedelta(30)},
        "a word among mine": {"text": "learning", "mine": True},
        "a term, best first": {"text": "强化学习", "best": True},
    }  # fmt: skip


class Clock:
    """Processor seconds of this process and of the database that works for it, and seconds by the clock."""

    def __init__(self) -> None:
        from django.db import connection

        connection.ensure_connection()
        self._backend = 0
        if connection.vendor == "postgresql":
            self._backend = connection.connection.info.backend_pid
            with connection.cursor() as cursor:  # one process, whose seconds can be told
                cursor.execute("SET max_parallel_workers_per_gather = 0")

    def now(self) -> tuple[float, float]:
        there = Path(f"/proc/{self._backend}/schedstat").read_text().split()[0] if self._backend else 0
        return time.process_time() + int(there) / 1e9, time.perf_counter()

    def take(self, do: Callable[[], object], rounds: int = ROUNDS) -> list[tuple[float, float]]:
        do()
        took = []
        for _ in range(rounds):
            cpu, began = self.now()
            do()
            after, ended = self.now()
            took.append((after - cpu, ended - began))
        return took


def like(text: str) -> None:
    from django.db.models import Q

    from digest.models import PaperVersion, Translation

    wanted = Q(title__contains=text) | Q(abstract__contains=text)
    for rows in (PaperVersion.objects.filter(wanted), Translation.objects.filter(wanted)):
        list(rows.order_by("-id").values_list("pk", flat=True)[:20])


@dataclass
class Told:
    """A search: processor and clock seconds of each round, those of LIKE, and how many hits."""

    name: str
    took: list[tuple[float, float]]
    looked: list[tuple[float, float]]
    hits: int

    @property
    def cpu(self) -> float:
        return statistics.median(cpu for cpu, _ in self.took)


def measure(papers: int) -> list[Told]:
    from digest.models import Paper, User
    from digest.related import related
    from digest.search import Asked, find, hits

    reader, clock, told = User.objects.get(), Clock(), []

    def page(asked: Asked) -> int:
        found = find(reader, asked)
        hits(reader, found)
        return found.count

    for name, how in searches(papers).items():
        asked = Asked(**how)
        sought = asked.text.split(" -")[0].strip('"')
        looked = clock.take(partial(like, sought), 1) if sought else []
        told.append(Told(name, clock.take(partial(page, asked)), looked, page(asked)))
    some = Paper.objects.filter(pk__in=range(papers // 2, papers // 2 + 20))
    took = [t for paper in some for t in clock.take(partial(related, paper, reader), 1)]
    return [*told, Told("related papers of one", took, [], len(some))]


def report(told: list[Told]) -> bool:
    """Print it; whether the bar is kept."""
    print(f"{'search':28} {'hits':>5} {'CPU ms':>8} {'most':>7} {'clock':>7} {'LIKE':>9} {'ratio':>7}")
    for row in told:
        slow = min((cpu for cpu, _ in row.looked), default=0.0)
        numbers = (row.cpu, max(c for c, _ in row.took), statistics.median(w for _, w in row.took))
        shown = " ".join(f"{1000 * n:7.1f}" for n in numbers)
        print(f"{row.name:28} {row.hits:5}  {shown} {1000 * slow:9.0f} {slow / row.cpu:7.0f}")
    kept = True
    for which, name in ((0, "CPU"), (1, "clock")):
        every = sorted(took[which] for row in told[:-1] for took in row.took)
        p50, p95 = statistics.median(every), every[int(0.95 * len(every))]
        print(f"{name}: p50 {1000 * p50:.1f} ms, p95 {1000 * p95:.1f} ms")
        kept = kept and (p95 < BAR or name == "clock")
    both = [(row.cpu, row.looked[0][0]) for row in told if row.looked]
    print(f"LIKE takes {sum(s for _, s in both) / sum(f for f, _ in both):.0f} times as long")
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", type=int, default=300_000)
    parser.add_argument(
        "--database", default="", help="postgres://…, an empty one; SQLite where none is given"
    )
    parser.add_argument("--keep", type=Path, help="a folder for the SQLite database, for another run")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="paperglot-search-"))
    os.environ |= {"PAPERGLOT_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "digest.settings"}
    if options.database:
        os.environ["PAPERGLOT_DATABASE_URL"] = options.database
    import django

    django.setup()
    began = time.monotonic()
    fill(options.papers)
    print(f"{options.papers:,} papers, filled in {time.monotonic() - began:.0f} s", flush=True)
    kept = report(measure(options.papers))
    if not options.keep:
        shutil.rmtree(folder)
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
