"""What more translators bring, what the queue costs, and how soon the first sentence is there.

    python -m tests.benchmarks.scale --sleeping 1 2 4 8 16 32 [--window 30]
    python -m tests.benchmarks.scale --real 1 2 [--model FOLDER]
    python -m tests.benchmarks.scale --overhead
    python -m tests.benchmarks.scale --latency
    python -m tests.benchmarks.scale --publishing 2000

Real processes (`manage.py run translator`, `io`, `beat`; each with its own host name and data folder, and nothing else
than the addresses of database and broker), real PostgreSQL and Redis: those of PAPERGLOT_TEST_DATABASE_URL and
PAPERGLOT_TEST_BROKER_URL (`.ci/servers`), else of its own.

**--sleeping**: an engine of a fixed speed, 6.4 sentences a second, no processor (tests/benchmarks/sleeper.py:
batches and tasks are a third as long as the product's). Translators are added one after another; once each of them has
stored a batch, a window of the clock is measured; a batch counts for the part of its time that lies in it. Efficiency
is the rate of n translators / (n x the rate of one).

**--real**: the demonstration model, one thread a translator, or with `--model` one of random weights (python -m
tests.benchmarks.shapes FOLDER) that computes as a real one and is answered for. Here the processor is the limit.

**--overhead**: one batch of half a minute after the other, in one process: what claiming, counting the attempt, keeping
the lease, storing and ringing take of a batch's time. **--latency**: an idle system of one translator, io and beat; a
day of a few papers is stored as fetch does and its bell rung, again and again; then the first sentence's `finished_at`.
"""

import argparse
import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.benchmarks import planted, queueing
from tests.benchmarks import publishing as readers
from tests.benchmarks.machines import Machines, busy, cpu_of_all, parent_of, servers

RATE = 6.4
"""Sentences a second of the sleeping engine."""
_COLUMNS = {
    "cores": 2,
    "load": 1,
    "connections": 0,
    "transactions": 1,
    "database": 3,
    "commands": 1,
    "broker": 4,
}
SLEEPER = "tests.benchmarks.sleeper"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sleeping", type=int, nargs="+", metavar="N", help="so many translators")
    parser.add_argument("--real", type=int, nargs="+", metavar="N")
    parser.add_argument("--overhead", action="store_true")
    parser.add_argument("--latency", action="store_true")
    parser.add_argument("--publishing", type=int, metavar="READERS", help="what a reader costs")
    parser.add_argument("--window", type=float, default=30, help="seconds that are measured (30)")
    parser.add_argument("--model", type=Path, help="a model of random weights for --real")
    parser.add_argument("--rounds", type=int, default=12, help="of --latency (12)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="paperglot-scale-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        for measure in (sleeping, real, overhead, latency, publishing):
            if getattr(given, measure.__name__):
                with servers(folder / measure.__name__) as (database, broker):
                    _become(folder / "data", database, broker)
                    measure(given, Machines(folder / f"machines-{measure.__name__}", database, broker))
                    _forget()


def _become(data: Path, database: str, broker: str) -> None:
    """This process is one of the installation's, too: it plants and counts."""
    from django.conf import settings

    os.environ |= {"PAPERGLOT_DATA": str(data), "PAPERGLOT_DATABASE_URL": database, "PAPERGLOT_BROKER_URL": broker,
                   "DJANGO_SETTINGS_MODULE": SLEEPER, "PAPERGLOT_LOG_LEVEL": "WARNING"}  # fmt: skip
    if settings.configured:
        raise SystemExit("One measurement at a time, please.")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _forget() -> None:
    from django.db import connection

    connection.close()


def load() -> str:
    return f"load average {os.getloadavg()[0]:.1f}, {len(os.sched_getaffinity(0))} cores"


# --- more translators --------------------------------------------------------------------------


def sleeping(given: argparse.Namespace, machines: Machines) -> None:
    """The table for engines of a fixed speed."""
    counts = sorted(given.sleeping)
    papers = int(RATE * (given.window + 45) * sum(counts) / 8) + 100
    print(f"{_plant(papers)}; window {given.window:.0f} s; {load()}\n")
    print("| translators | sentences/s | efficiency | cores used | load | PostgreSQL connections "
          "| transactions/s | its cores | Redis commands/s | its cores |\n" + 10 * "|---" + "|")  # fmt: skip
    with machines:
        _others(machines)
        alone = 0.0
        for count in counts:
            result = _measure(machines, count, given.window, {"PAPERGLOT_TEST_ENGINE": "sleep"})
            alone = alone or result["rate"] / count
            told = " | ".join(f"{result[name]:.{places}f}" for name, places in _COLUMNS.items())
            share = result["rate"] / count / alone
            print(f"| {count} | {result['rate']:.1f} | {share:.1%} | {told} |", flush=True)
    _verdicts()


def real(given: argparse.Namespace, machines: Machines) -> None:
    """The table for real engines."""
    papers = 250 if given.model else 6000
    print(f"{_plant(papers)}; window {given.window:.0f} s; {load()}\n")
    print("| translators | sentences/s | of one | cores used | load |\n|---|---|---|---|---|")
    engine = {"PAPERGLOT_TEST_ENGINE": "shape" if given.model else "real", "PAPERGLOT_THREADS": "1"}
    engine |= {"PAPERGLOT_TEST_SHAPE": str(given.model)} if given.model else {}
    with machines:
        _others(machines)
        alone = 0.0
        for count in sorted(given.real):
            result = _measure(machines, count, given.window, engine)
            alone = alone or result["rate"] / count
            print(f"| {count} | {result['rate']:.1f} | {result['rate'] / alone:.2f} | {result['cores']:.2f} "
                  f"| {result['load']:.1f} |", flush=True)  # fmt: skip
    _verdicts()


def _plant(papers: int) -> str:
    began = time.monotonic()
    planted.prepare()
    for seed, start in enumerate(range(0, papers, 1000), start=1):
        waiting = planted.plant(min(1000, papers - start), seed)
    return f"{papers:,} papers, {waiting:,} sentences wait (planted in {time.monotonic() - began:.0f} s)"


def _others(machines: Machines) -> None:
    machines.start("first", "io")
    machines.start("clock", "beat")


def _measure(machines: Machines, count: int, window: float, engine: dict[str, str]) -> dict[str, float]:
    """Add translators until there are so many, wait until each has stored a batch, measure."""
    from django.utils import timezone

    before = timezone.now()
    for number in range(1, count + 1):
        if f"mt{number}" not in machines.started:
            environment = {"DJANGO_SETTINGS_MODULE": SLEEPER, "PAPERGLOT_TEST_NUMBER": str(number)}
            machines.start(f"mt{number}", "translator", **environment, **engine)
            time.sleep(1.5)  # forty processes at once would keep one another from starting
    planted.wait_for_stores(count, before, 240)
    start, worked, counted = timezone.now(), busy(), _counters()
    connections = _most_connections(window)
    end, works, counts = timezone.now(), busy(), _counters()
    planted.wait_for_stores(count, end, 60)
    seconds = (end - start).total_seconds()
    found = planted.stores(before - timedelta(seconds=120))
    return {
        "rate": planted.rate(found, start.timestamp(), end.timestamp()),
        "cores": (works[0] - worked[0]) / (works[1] - worked[1]) * (os.cpu_count() or 1),
        "load": os.getloadavg()[0],
        "connections": connections,
        **{name: (counts[name] - counted[name]) / seconds for name in counts},
    }


def _counters() -> dict[str, float]:
    """Since they began: the database's transactions and seconds of the processor, the broker's commands and seconds."""
    import redis
    from django.conf import settings
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xact_commit, pg_backend_pid() FROM pg_stat_database WHERE datname = current_database()"
        )
        transactions, backend = cursor.fetchone()
    with redis.Redis.from_url(settings.BROKER_URL) as broker:
        told: Any = broker.info()
    return {
        "transactions": transactions,
        "database": cpu_of_all(parent_of(backend)),
        "commands": told["total_commands_processed"],
        "broker": told["used_cpu_sys"] + told["used_cpu_user"],
    }


def _most_connections(seconds: float) -> int:
    """To the database at once, in the next so many seconds; looked at every half second."""
    from django.db import connection

    until, most = time.monotonic() + seconds, 0
    while (left := until - time.monotonic()) > 0:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            most = max(most, cursor.fetchone()[0])
        time.sleep(min(left, 0.5))
    return most


def _verdicts() -> None:
    """That what was stored is good: an engine that is asked again and again would be another measurement."""
    from collections import Counter

    from digest.models import Sentence

    verdicts = Counter(Sentence.objects.exclude(finished_at=None).values_list("verdict", flat=True))
    print(f"\nverdicts: {dict(verdicts)}; still waiting: {planted.waiting():,}; {load()}")
    print(f"bytes a sentence, its segments and its share of a translation: {planted.size():,.0f}")


def overhead(_given: argparse.Namespace, _machines: Machines) -> None:
    """The tables of what a batch costs."""
    print(f"{_plant(1100)}; {load()}")
    queueing.overhead()
    queueing.claims()
    print(f"\n{load()}")


def latency(given: argparse.Namespace, machines: Machines) -> None:
    """The table of how soon a sentence is there."""
    print(load())
    planted.prepare()
    queueing.latency(machines, given.rounds)
    print(f"\n{load()}")


def publishing(given: argparse.Namespace, _machines: Machines) -> None:
    """The table of what a reader costs."""
    print(load())
    readers.publishing(given.publishing)
    print(f"\n{load()}")


if __name__ == "__main__":
    main()
