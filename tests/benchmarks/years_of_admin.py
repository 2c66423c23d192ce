"""An installation of many papers, put straight into the tables: what `tests.benchmarks.admin` looks at.

In proportion to the papers: 1.15 versions and 1.6 listings of each, half a match, a fifth translated into seven
sentences; for each of a hundred readers a digest on every day, with ten papers in three sections. A thousand papers a
day, 155 categories, a thousand keywords; runs, deliveries and changes of the last 400 days, as they are kept.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection

from digest import models
from digest.search_text import authors, categories, place, spaced
from digest.taxonomy import active
from tests.benchmarks.search import Texts
from tests.benchmarks.years import at, load

A_DAY, READERS, KEYWORDS, KEPT = 1000, 100, 1000, 400
SENTENCES, SECTIONS, ENTRIES = 7, 3, 10
VERDICTS = ["numbers", "placeholders", "short", "loop", "units"]
LAST = date(2026, 5, 12)


@dataclass
class World:
    papers: int

    def __post_init__(self) -> None:
        self.texts = Texts()
        self.codes = [category.code for category in active()]
        self.days = [LAST - timedelta(n) for n in range(-(-self.papers // A_DAY))][::-1]
        self.spaced = [[spaced(pair[side]) for pair in self.texts.sentences] for side in (0, 1)]
        self.heads = [[spaced(pair[side]) for pair in self.texts.heads] for side in (0, 1)]
        self.random = Random(7)
        self.drawn = [self.random.choices(range(len(self.texts.sentences)), k=SENTENCES) for _ in range(5000)]
        self.names = [self.random.choices(self.texts.names, k=4) for _ in range(5000)]

    def numbers(self) -> range:
        return range(1, self.papers + 1)

    def day(self, key: int) -> date:
        return self.days[(key - 1) // A_DAY]

    def arxiv_id(self, key: int) -> str:
        return f"{self.day(key):%y%m}.{key % 100_000:05}" if key % 20 else f"math/{key:07}"

    def own(self, key: int) -> list[int]:
        """Places of its categories, the primary one first: two of three have one."""
        first = key * 7 % len(self.codes)
        return [first, (first + 31) % len(self.codes)][: 1 + (key % 5 > 1)]

    def title(self, key: int, side: int = 0) -> str:
        return self.texts.heads[key % len(self.texts.heads)][side]

    def sentences(self, key: int) -> list[int]:
        return self.drawn[key % len(self.drawn)]

    def abstract(self, key: int, side: int = 0) -> str:
        return (". ", "。")[side].join(self.texts.sentences[n][side] for n in self.sentences(key))

    def translated(self) -> Iterator[int]:
        return iter(range(5, self.papers + 1, 5))


def fill(papers: int) -> None:
    """Nothing where there are papers already."""
    call_command("migrate", verbosity=0)
    if models.Paper.objects.exists():
        return
    if sqlite := connection.vendor == "sqlite":
        _pragmas("journal_mode=OFF", "synchronous=OFF", "cache_size=-600000")
    world = World(papers)
    people(world)
    for rows in (arxiv, brought, translations, digests, kept):
        rows(world)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(apps.get_models())):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
    if sqlite:
        _pragmas("journal_mode=WAL", "synchronous=NORMAL")


def _pragmas(*what: str) -> None:
    with connection.cursor() as cursor:
        for pragma in what:
            cursor.execute(f"PRAGMA {pragma}")


def people(world: World) -> None:
    """Alice, who administrates, bob, and the other readers; none of them but alice can log in."""
    models.User.objects.create_superuser("alice", "alice@example.org", "correct-horse-9")
    for number in range(READERS - 1):
        name = f"reader{number}" if number else "bob"
        models.User.objects.create_user(name, f"{name}@example.org", content_language="zh-Hans")
    words = [f"{world.texts.words[n]} {world.texts.words[n + 5]}" for n in range(KEYWORDS)]
    models.Keyword.objects.bulk_create(
        [models.Keyword(canonical=text, applied_at=datetime.now(UTC)) for text in words]
    )
    load(models.Subscription, "user_id keyword_id label order created_at",
         ((1 + n % READERS, 1 + n * 13 % KEYWORDS, words[n * 13 % KEYWORDS], n // READERS, at(LAST))
          for n in range(READERS * 10)))  # fmt: skip
    models.Installation.current()
    models.Installation.objects.update(model="big")


def arxiv(world: World) -> None:
    codes = world.codes
    load(
        models.Category,
        "id code followed next_fetch_at",
        ((n + 1, c, True, at(LAST, 23)) for n, c in enumerate(codes)),
    )
    load(models.Announcement, "id category_id day state declared parsed stored first_seen_at fetched_at complete_at "
         "published_at source",
         ((1 + d * len(codes) + n, n + 1, day, "partial" if (d + n) % 500 == 0 else "complete", 40, 40, 40,
           *[at(day)] * 4, "https://rss.arxiv.org/rss/x")
          for d, day in enumerate(world.days) for n in range(len(codes))))  # fmt: skip
    load(models.Paper, "id arxiv_id authors categories",
         ((k, world.arxiv_id(k), json.dumps(world.names[k % 5000]), json.dumps([codes[n] for n in world.own(k)]))
          for k in world.numbers()))  # fmt: skip
    again = list(range(7, world.papers + 1, 7))
    versions = [
        *((k, k, 1) for k in world.numbers()),
        *((world.papers + n, k, 2) for n, k in enumerate(again, 1)),
    ]
    load(models.PaperVersion, "id paper_id number title abstract first_seen_at matched_at indexed_at",
         ((row, k, number, world.title(k), world.abstract(k), *[at(world.day(k))] * 3)
          for row, k, number in versions))  # fmt: skip
    load(models.Listing, "announcement_id paper_id version_id announce_type",
         ((1 + (k - 1) // A_DAY * len(codes) + n, k, k, ("new", "cross")[order > 0])
          for k in world.numbers() for order, n in enumerate(world.own(k))))  # fmt: skip
    with without_index("digest_indexed_vector", "digest_indexed USING gin (vector)"):
        load(models.Indexed, "id paper_id title body authors categories indexed_at",
         ((place(world.day(k), k), k, world.heads[0][k % len(world.heads[0])], _body(world, k),
           authors(world.names[k % 5000]), categories([codes[n] for n in world.own(k)]), at(world.day(k)))
          for k in world.numbers()))  # fmt: skip


@contextmanager
def without_index(name: str, on: str) -> Iterator[None]:
    """PostgreSQL makes a large index faster at once than row by row; a restore does so too."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '256MB'")
        cursor.execute(f"CREATE INDEX {name} ON {on}")


def _body(world: World, key: int) -> str:
    sides = (0, 1) if key % 5 == 0 else (0,)
    return " ".join(world.spaced[side][n] for side in sides for n in world.sentences(key))


def brought(world: World) -> None:
    spans = '[{"field": "abstract", "start": 20, "end": 32}]'
    load(models.Match, "keyword_id version_id spans",
         ((1 + k * 31 % KEYWORDS, k, spans) for k in range(2, world.papers + 1, 2)))  # fmt: skip
    load(models.State, "user_id paper_id read_at",
         ((1 + k % READERS, k, at(world.day(k))) for k in range(3, world.papers + 1, 3)))  # fmt: skip


def translations(world: World) -> None:
    def sentences() -> Iterator[tuple[Any, ...]]:
        for key in world.translated():
            for order, n in enumerate(world.sentences(key)):
                row = key // 5 * SENTENCES + order
                source, text = world.texts.sentences[n]
                source = f"{source} {row}."
                bad = row % 30 == 0
                yield (row, hashlib.sha256(source.encode()).hexdigest(), source, "zh-Hans", "big#1",
                       "" if bad else text, -row % 100 / 100, VERDICTS[row % 5] if bad else "ok",
                       '["terms"]' if row % 20 == 1 else "[]", "first", *[at(world.day(key))] * 2)  # fmt: skip

    load(models.Translation, "id version_id language model title abstract state created_at finished_at "
         "first_finished_at indexed_at",
         ((k, k, "zh-Hans", "big#1", world.title(k, 1), world.abstract(k, 1),
           "partial" if k % 25 == 0 else "complete", *[at(world.day(k))] * 4)
          for k in world.translated()))  # fmt: skip
    load(models.Sentence, "id key source language model text score verdict notes rung created_at finished_at",
         sentences())  # fmt: skip
    load(models.Segment, "translation_id field order source text sentence_id",
         ((k, "abstract", order, world.texts.sentences[n][0], world.texts.sentences[n][1], k // 5 * SENTENCES + order)
          for k in world.translated() for order, n in enumerate(world.sentences(k))))  # fmt: skip
    load(models.Correction, "key language source text by_id at",
         ((f"{n:064}", "zh-Hans", f"Corrected {n}.", f"改正{n}。", 1, at(LAST))
          for n in range(world.papers // 200)))  # fmt: skip


def digests(world: World) -> None:
    rows = [
        (d * READERS + user, user, day) for d, day in enumerate(world.days) for user in range(1, READERS + 1)
    ]
    load(models.Digest, "id user_id day language published_at changed_at",
         ((row, user, day, "zh-Hans", at(day), at(day)) for row, user, day in rows))  # fmt: skip
    load(models.Section, "id digest_id keyword_id label order",
         ((row * SECTIONS + n, row, 1 + (user * 13 + n) % KEYWORDS, "label", n)
          for row, user, _day in rows for n in range(SECTIONS)))  # fmt: skip
    most = world.papers

    def entries() -> Iterator[tuple[Any, ...]]:
        for row, user, day in rows:
            first = (row - user) // READERS * A_DAY + 1
            for n in range(ENTRIES):
                key = min(first + (user * 7 + n * 97) % A_DAY, most - n)
                yield row, row * SECTIONS + n % SECTIONS, key, key, "new", f"tag:{row}:{n}", at(day), n

    load(
        models.Entry, "digest_id section_id paper_id version_id announce_type guid added_at order", entries()
    )


def kept(world: World) -> None:
    """What goes after some time: runs, deliveries, changes; and small things."""
    days = world.days[-KEPT:]
    load(models.Channel, "id user_id kind address label secret created_at since confirmed_at",
         ((n, n, ("mail", "chat", "webhook")[n % 3], f"bob{n}@example.org", "", "x", *[at(days[0])] * 3)
          for n in range(1, READERS + 1)))  # fmt: skip
    load(models.Delivery, "channel_id kind day state key created_at sent_at attempts error",
         ((n, "daily", day, "given up" if (d + n) % 97 == 0 else "sent", f"{d}-{n}@x", at(day), at(day), 1,
           "550 no such user" if (d + n) % 97 == 0 else "")
          for d, day in enumerate(days) for n in range(1, READERS + 1)))  # fmt: skip
    load(models.Run, "verb subject began_at ended_at counts error",
         ((("fetch", "match", "translate", "publish")[n % 4], world.codes[n % 155], at(day, n % 24),
           at(day, n % 24), '{"papers": 3}', "FetchError: away" if n == 7 else "")
          for day in days for n in range(300)))  # fmt: skip
    load(models.FeedToken, "user_id scope digest created_at",
         ((n, "all", f"{n:064}", at(days[0])) for n in range(1, READERS + 1)))  # fmt: skip
    load(models.Change, "at by_id by_name action kind key subject",
         ((at(day, n), 1, "alice", "changed", "digest.keyword", str(n + 1), "a keyword")
          for day in days for n in range(20)))  # fmt: skip
