"""The rows of years before a day, put straight into the tables: what the pipeline would have left of them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction

from digest.models import (
    Announcement,
    Category,
    Digest,
    Entry,
    Keyword,
    Listing,
    Match,
    Paper,
    PaperVersion,
    Run,
    Section,
    Subscription,
    User,
)
from tests.benchmarks.tuesday import AGAIN, DAY, LATER, Numbers, World, numbers

_TEXTS = 2000
"""Different ones, again and again."""
_DIGESTED = timedelta(days=10)
"""Digests of so many days: publish looks back for seven."""
_RUNS = (timedelta(days=400), 300)
"""How long runs are kept, and how many a day has."""


def at(day: date, hour: int = 5) -> str:
    return f"{day} {hour:02}:00:00"


def load(model: type[models.Model], names: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Put rows into a model's table: `names` are the columns that they have, others have their defaults."""
    given = names.split()
    others = [f for f in model._meta.concrete_fields if f.attname not in given and not f.primary_key]
    rest = tuple(f.get_db_prep_save(f.get_default(), connection) for f in others)
    columns = ", ".join(f'"{name}"' for name in [*given, *(f.column for f in others)])
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join("?" * (len(given) + len(rest)))
            connection.connection.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})", (row + rest for row in rows)
            )
        else:
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row + rest)


@dataclass
class Stored:
    """A paper as the prefill has it in hand: keys of its rows, its categories' keys, its text's place."""

    key: int
    version: int
    codes: Sequence[int]
    text: int


class Years:
    """`days` are filled one after the other; every table's rows are made as they are put in."""

    def __init__(self, world: World, years: float) -> None:
        self.world = world
        self.days = (
            list(numbers(DAY - timedelta(days=round(365 * years)), DAY - timedelta(days=1))) if years else []
        )
        self.texts = [world.text() for _ in range(_TEXTS)]
        self.codes = [world.codes() for _ in range(_TEXTS)]
        self.authors = [json.dumps(world.authors().split(", ")) for _ in range(_TEXTS)]
        self.place = {code: key for key, code in enumerate(world.categories, start=1)}

    def fill(self) -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=OFF")
                cursor.execute("PRAGMA cache_size=-1000000")
        self.readers()
        if self.days:
            self.announcements()
            load(Paper, "id arxiv_id authors categories", self.papers())
            load(PaperVersion, "id paper_id number title abstract first_seen_at matched_at", self.versions())
            load(Listing, "id announcement_id paper_id version_id announce_type", self.listings())
            load(Match, "id keyword_id version_id spans", self.matches())
            self.digests()
            kept, each = _RUNS
            days = [day.day for day in self.days if day.day >= DAY - kept]
            load(Run, "id verb subject began_at ended_at", (
                (place * each + n + 1, "publish", f"reader{n} {day}", at(day), at(day))
                for place, day in enumerate(days) for n in range(each)))  # fmt: skip
        self.settle()

    def settle(self) -> None:
        """Keys go on after those given; what a database does by itself in time is done now."""
        used = [Announcement, Category, Digest, Entry, Keyword, Listing, Match, Paper, PaperVersion, Run, Section,
                Subscription, User]  # fmt: skip
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), used):
                cursor.execute(statement)
            if connection.vendor == "postgresql":
                cursor.execute("VACUUM ANALYZE")
            else:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def readers(self) -> None:
        world, begun = self.world, at(DAY - timedelta(days=1200))
        load(Category, "id code followed next_fetch_at",
             ((key, code, True, at(DAY, 4)) for code, key in self.place.items()))  # fmt: skip
        load(Keyword, "id canonical created_at applied_at",
             ((n, phrase, begun, begun) for n, phrase in enumerate(world.phrases, start=1)))  # fmt: skip
        load(User, "id username password content_language time_zone",
             ((n, f"reader{n}", "!", "zh-Hans", "UTC") for n in range(1, len(world.followed) + 1)))  # fmt: skip
        key = count(1)
        load(Subscription, 'id user_id keyword_id label order created_at', (
            (next(key), user, keyword + 1, world.phrases[keyword], order, begun)
            for user, keywords in enumerate(world.followed, start=1) for order, keyword in enumerate(keywords)
        ))  # fmt: skip

    def announcements(self) -> None:
        key = count(1)
        load(Announcement, "id category_id day state declared parsed stored first_seen_at fetched_at complete_at "
             "published_at source", (
                 (next(key), category, day.day, "complete", 40, 40, 40, *[at(day.day)] * 4, "a benchmark")
                 for day in self.days for category in self.place.values()))  # fmt: skip

    # --- papers -----------------------------------------------------------------------------------

    def walk(self) -> Iterator[tuple[int, Numbers, list[Stored], list[Stored]]]:
        """Each day: its place, its numbers, its new papers and those that are replaced on it."""
        key, version, before = count(1), count(1), []
        for place, day in enumerate(self.days):
            new = [
                Stored(k, next(version), self._keys(k), k % _TEXTS)
                for _ in range(day.count)
                for k in [next(key)]
            ]
            before.append(new)
            old = before[place - LATER] if place >= LATER else []
            again = [
                Stored(p.key, next(version), p.codes, (p.text + 1) % _TEXTS)
                for p in old[: int(AGAIN * len(old))]
            ]
            if place >= LATER:
                before[place - LATER] = []
            yield place, day, new, again

    def _keys(self, key: int) -> list[int]:
        return [self.place[code] for code in self.codes[key * 7 % _TEXTS]]

    def papers(self) -> Iterator[tuple[Any, ...]]:
        for _, day, new, _again in self.walk():
            for place, paper in enumerate(new):
                codes = json.dumps(self.codes[paper.key * 7 % _TEXTS])
                yield paper.key, day.arxiv_id(place), self.authors[paper.text], codes

    def versions(self) -> Iterator[tuple[Any, ...]]:
        for _, day, new, again in self.walk():
            when = at(day.day)
            for number, papers in ((1, new), (2, again)):
                for paper in papers:
                    text = self.texts[paper.text]
                    yield paper.version, paper.key, number, text.title, text.abstract, when, when

    def listings(self) -> Iterator[tuple[Any, ...]]:
        key = count(1)
        for place, _day, new, again in self.walk():
            for papers, kinds in ((new, ("new", "cross")), (again, ("replace", "replace-cross"))):
                for paper in papers:
                    for order, category in enumerate(paper.codes):
                        announcement = place * len(self.place) + category
                        yield next(key), announcement, paper.key, paper.version, kinds[order > 0]

    def matches(self) -> Iterator[tuple[Any, ...]]:
        key = count(1)
        where = '[{"field": "abstract", "start": 200, "end": 222}]'
        for _, _day, new, again in self.walk():
            for paper in [*new, *again]:
                for phrase in self.texts[paper.text].phrases:
                    yield next(key), phrase + 1, paper.version, where

    # --- digests ----------------------------------------------------------------------------------

    def digests(self) -> None:
        """Every reader's of the last days, with the papers that their keywords bring."""
        readers = range(1, len(self.world.followed) + 1)
        days = [day for day in self.days if day.day >= DAY - _DIGESTED]
        order = {day.day: place * len(readers) for place, day in enumerate(days)}
        load(Digest, "id user_id day language published_at changed_at", (
            (order[day.day] + user, user, day.day, "zh-Hans", at(day.day), at(day.day))
            for day in days for user in readers))  # fmt: skip
        section: dict[tuple[int, int], int] = {}
        key = count(1)
        for day in days:
            for user, keywords in enumerate(self.world.followed, start=1):
                for keyword in keywords:
                    section[order[day.day] + user, keyword] = next(key)
        load(Section, "id digest_id keyword_id label", (
            (row, digest, keyword + 1, self.world.phrases[keyword]) for (digest, keyword), row in section.items()
        ))  # fmt: skip
        load(Entry, "id digest_id section_id paper_id version_id announce_type guid added_at",
             self.entries(order, section))  # fmt: skip

    def entries(
        self, order: dict[date, int], section: dict[tuple[int, int], int]
    ) -> Iterator[tuple[Any, ...]]:
        followers: dict[int, list[int]] = {}
        for user, keywords in enumerate(self.world.followed, start=1):
            for keyword in keywords:
                followers.setdefault(keyword, []).append(user)
        key = count(1)
        for _, day, new, _again in self.walk():
            if day.day not in order:
                continue
            for paper in new:
                brought = {
                    user: phrase for phrase in self.texts[paper.text].phrases for user in followers[phrase]
                }
                for user, phrase in brought.items():
                    digest = order[day.day] + user
                    row = next(key)
                    yield (
                        row,
                        digest,
                        section[digest, phrase],
                        paper.key,
                        paper.version,
                        "new",
                        f"{row}",
                        at(day.day),
                    )


def prefill(categories: int, years: float) -> dict[str, int]:
    """Make the tables and fill them; returns how many rows there are."""
    call_command("migrate", verbosity=0)
    Years(World(categories), years).fill()
    counted = (Paper, PaperVersion, Listing, Announcement, Match, Entry)
    return {model.__name__: model.objects.count() for model in counted}
