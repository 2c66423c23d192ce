"""What a Tuesday of the whole arXiv costs, on a fresh database and on one with years of papers in it.

    python -m tests.benchmarks.day [--database postgres://…] [--years 0,0.1,3] [--categories 155] [--keep FOLDER]

A Tuesday's feeds (tests/benchmarks/tuesday.py: 155 documents, 2,300 new papers, about 7,000 items) are served on
this machine and go through the product's own code: fetch, parse, store, match and publish for 1,000 readers with ten
keywords each, 3,000 different ones, in one process and without the polite waiting. As in the product, match is run
after each document. The years before are put straight into the tables (tests/benchmarks/years.py); `--keep` leaves
them there for another run. A PostgreSQL must let us create databases beside the one that is given.

"The day" is everything up to its papers being matched. Beside it stand what has to be done again and again: the
feeds read a second time (as after their listing pages), publish while the day is not whole, publish with nothing
to do, and what sweep does every minute. On a fresh database no paper that is replaced is known, so that growth
shows between a month and years. CPU seconds are this process's, and with PostgreSQL its backend's too.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch
from urllib.parse import urlsplit, urlunsplit

BAR = 60.0
DAY_STEPS = ("open days", "fetch", "match")
T = TypeVar("T")
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Step:
    """What a step took: seconds by the clock, of this process and of the database's, queries, calls."""

    clock: float = 0
    cpu: float = 0
    database: float = 0
    queries: int = 0
    calls: int = 0


class Meter:
    """Steps by name; a step may be taken many times, and inside of another."""

    def __init__(self) -> None:
        from django.db import connection

        self.steps: dict[str, Step] = {}
        self.queries = 0
        connection.ensure_connection()
        self._backend = connection.connection.info.backend_pid if connection.vendor == "postgresql" else 0
        connection.execute_wrappers.append(self._count)

    def take(self, name: str, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        step = self.steps.setdefault(name, Step())
        clock, cpu, database, queries = (
            time.perf_counter(),
            time.process_time(),
            self._database(),
            self.queries,
        )
        result = function(*arguments, **named)
        step.clock += time.perf_counter() - clock
        step.cpu += time.process_time() - cpu
        step.database += self._database() - database
        step.queries += self.queries - queries
        step.calls += 1
        return result

    def _count(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.queries += 1
        return execute(*arguments)

    def _database(self) -> float:
        if not self._backend:
            return 0.0
        fields = Path(f"/proc/{self._backend}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK


def peak() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(url: str) -> dict[str, Any]:
    """The day in this process, from the feeds at `url`, on the database of the environment."""
    import django

    django.setup()
    from django.core.management import call_command

    from digest.arxiv_days import feeds_turn
    from digest.models import Category, Keyword
    from tests.benchmarks.tuesday import DAY
    from worker import fetch
    from worker.arxiv.client import Client
    from worker.ledger import open_days, refresh
    from worker.match import apply_keywords, match_versions
    from worker.publish import publish_due
    from worker.sweep import sweep_rows

    call_command("migrate", verbosity=0)  # a database that was kept may be of an older version
    meter, now = Meter(), feeds_turn(DAY) + timedelta(minutes=10)
    peaks = {"at rest": peak()}
    half = Category.objects.count() // 2
    inner = {name: partial(meter.take, f"of it {name}", getattr(fetch, name)) for name in ("parse", "store")}
    with Client(nullcontext, base_url=url) as client:
        meter.take("open days", open_days, now)
        with patch.multiple(fetch, **inner):
            while meter.take("fetch", fetch.fetch_next, client, now):
                meter.take("match", match_versions, now)
                half -= 1
                if not half:
                    meter.take("publish, half a day", publish_due, now)
                    meter.take("refresh, half a day", refresh, now)
        meter.take("match", apply_keywords, now)
        peaks["the day"] = peak()
        Category.objects.update(next_fetch_at=now, etag="")
        while meter.take("feeds once more", fetch.fetch_next, client, now):
            pass
    meter.take("publish", publish_due, now)
    meter.take("publish, nothing to do", publish_due, now)
    meter.take("refresh, all changed", refresh, now)
    meter.take("refresh, no change", refresh, now)
    meter.take("sweep of rows", sweep_rows, now)
    Keyword.objects.filter(pk=1).update(applied_at=None)
    meter.take("one new keyword", apply_keywords, now)
    peaks["all"] = peak()
    return {"steps": {k: asdict(v) for k, v in meter.steps.items()}, "peaks": peaks, "counts": counts()}


def counts() -> dict[str, int]:
    """What is there of the day, to see that it was whole."""
    from digest.models import Announcement, Digest, Entry, Listing, Match
    from tests.benchmarks.tuesday import DAY

    today = Announcement.objects.filter(day=DAY)
    listings = Listing.objects.filter(announcement__in=today)
    return {
        "categories complete": today.filter(state="complete").count(),
        "listings": listings.count(),
        "new papers": listings.filter(announce_type="new").values("paper").distinct().count(),
        "versions": listings.values("version").distinct().count(),
        "matches": Match.objects.filter(version__in=listings.values("version")).count(),
        "digests": Digest.objects.filter(day=DAY).count(),
        "entries": Entry.objects.filter(digest__day=DAY).count(),
    }


# --- databases --------------------------------------------------------------------------------


class Databases:
    """A database for each number of years, and a fresh copy of it for each run."""

    def __init__(self, folder: Path, address: str, categories: int) -> None:
        self.folder, self.address, self.categories = folder, address, categories

    def copy(self, years: float) -> str:
        """The address of a database with so many years in it, made or copied."""
        name = f"bench_{self.categories}_{years:g}".replace(".", "_")
        if self.address:
            if not self._admin(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
                self._admin(f"CREATE DATABASE {name}_making")
                self._fill(self._beside(f"{name}_making"), years)
                self._admin(f"ALTER DATABASE {name}_making RENAME TO {name}")
            self._admin("DROP DATABASE IF EXISTS bench_day")
            self._admin(f"CREATE DATABASE bench_day TEMPLATE {name}")
            return self._beside("bench_day")
        filled, day = self.folder / f"{name}.sqlite3", self.folder / "day.sqlite3"
        if not filled.exists():
            making = self.folder / "making.sqlite3"
            making.unlink(missing_ok=True)
            self._fill(f"sqlite:///{making}", years)
            making.rename(filled)
        for left in self.folder.glob("day.sqlite3*"):
            left.unlink()
        shutil.copyfile(filled, day)
        return f"sqlite:///{day}"

    def _beside(self, name: str) -> str:
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{name}"))

    def _admin(self, statement: str) -> Any:
        import psycopg

        with psycopg.connect(self.address, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchone() if cursor.description else None

    def _fill(self, address: str, years: float) -> None:
        began = time.perf_counter()
        rows = in_a_process(
            self.folder, address, "--fill", f"{years:g}", "--categories", str(self.categories)
        )
        told = ", ".join(f"{count:,} {name}" for name, count in rows.items())
        print(f"{years:g} years made in {time.perf_counter() - began:.0f} s: {told}\n", flush=True)


def in_a_process(folder: Path, address: str, *arguments: str) -> dict[str, Any]:
    env = {**os.environ, "PAPERGLOT_DATA": str(folder / "data"), "PAPERGLOT_DATABASE_URL": address,
           "DJANGO_SETTINGS_MODULE": "digest.settings", "PAPERGLOT_LOG_LEVEL": "ERROR", "NO_PROXY": "127.0.0.1",
           "PAPERGLOT_BROKER_URL": ""}  # fmt: skip
    command = [sys.executable, "-m", "tests.benchmarks.day", *arguments]
    done = subprocess.run(command, env=env, text=True, stdout=subprocess.PIPE, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def fill(categories: int, years: float) -> dict[str, int]:
    import django

    django.setup()
    from tests.benchmarks.years import prefill

    return prefill(categories, years)


# --- the report -------------------------------------------------------------------------------


def report(years: float, result: dict[str, Any]) -> float:
    """Print a run; returns what its day cost by the clock."""
    print(f"### {years:g} years before\n\n| step | clock s | CPU s | database CPU s | queries | calls |")
    print("|---|---|---|---|---|---|")
    steps = {name: Step(**step) for name, step in result["steps"].items()}
    parts = [steps[name] for name in DAY_STEPS]
    whole = Step(*(sum(values) for values in zip(*(vars(part).values() for part in parts), strict=True)))
    for name, step in {"THE DAY": whole, **steps}.items():
        print(f"| {name} | {step.clock:.2f} | {step.cpu:.2f} | {step.database:.2f} | {step.queries:,} "
              f"| {step.calls} |")  # fmt: skip
    print("\npeak MB: " + ", ".join(f"{name} {size:.0f}" for name, size in result["peaks"].items()))
    print("there: " + ", ".join(f"{count:,} {name}" for name, count in result["counts"].items()))
    print(f"the day: {whole.clock:.1f} s by the clock, {whole.cpu + whole.database:.1f} s CPU "
          f"(bar {BAR:.0f} s: {'met' if whole.clock < BAR else 'MISSED'})\n", flush=True)  # fmt: skip
    return whole.cpu + whole.database


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", default="", help="postgres://…; a SQLite file if not given")
    parser.add_argument("--years", default="0,0.1,3")
    parser.add_argument("--categories", type=int, default=155)
    parser.add_argument("--keep", type=Path, help="a folder that keeps the filled databases")
    parser.add_argument("--fill", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.fill is not None:
        print(json.dumps(fill(arguments.categories, arguments.fill)))
    elif arguments.measure:
        print(json.dumps(measure(arguments.measure)))
    else:
        compare(arguments)


def compare(arguments: argparse.Namespace) -> None:
    from tests.benchmarks.tuesday import World, feeds
    from tests.replica import Replica, zipped

    print(f"{len(os.sched_getaffinity(0))} cores, {'PostgreSQL' if arguments.database else 'SQLite'}\n")
    costs: dict[float, float] = {}
    with tempfile.TemporaryDirectory() as temporary, Replica() as replica:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        for code, feed in feeds(World(arguments.categories)).items():
            replica.answers(f"/rss/{code}", zipped(feed))
        databases = Databases(folder, arguments.database, arguments.categories)
        for years in map(float, arguments.years.split(",")):
            address = databases.copy(years)
            costs[years] = report(years, in_a_process(folder, address, "--measure", replica.url))
    for (few, less), (many, more) in combinations(costs.items(), 2):
        print(f"CPU of the day after {many:g} years / after {few:g}: {more / less:.2f}")


if __name__ == "__main__":
    main()
