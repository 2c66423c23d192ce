"""What a reader costs when digests are published, on PostgreSQL (tests/benchmarks/scale.py `--publishing`).

A Tuesday's papers (tests/benchmarks/tuesday.py) are stored and matched, without HTTP; then the digests of a quarter of
the readers are published, then those of the others, and then there is nothing to do, as with almost every bell. Each
reader has ten keywords of 3,000.
"""

from datetime import timedelta
from typing import Any

from tests.benchmarks.day import Meter, Step, peak

TABLES = {
    "a reader and day": ("Digest", "Section", "Entry", "Run"),
    "a paper": ("Paper", "PaperVersion", "Listing", "Match"),
}


def publishing(readers: int, categories: int = 155) -> None:
    """Print what publishing took, a reader."""
    from digest.arxiv_days import feeds_turn
    from digest.models import Entry, Installation, Match, PaperVersion, User
    from tests.benchmarks import tuesday
    from worker.publish import publish_due

    tuesday.USERS = readers
    now = feeds_turn(tuesday.DAY) + timedelta(minutes=10)
    _fill(categories, now)
    Installation.objects.update(model="")
    first = User.objects.order_by("pk")[readers // 4].pk
    User.objects.filter(pk__gte=first).update(is_active=False)
    meter = Meter()
    counts = [meter.take("a quarter of the digests", publish_due, now)]
    User.objects.update(is_active=True)
    counts.append(meter.take("the other digests", publish_due, now))
    meter.take("one look that remembers", publish_due, now)
    meter.take("one look with nothing to do", publish_due, now)
    print(f"{readers:,} readers, {PaperVersion.objects.count():,} versions, {Match.objects.count():,} matches, "
          f"{Entry.objects.count() / readers:.0f} papers a digest; peak {peak():.0f} MB\n")  # fmt: skip
    print(
        "| step | readers | clock ms a reader | CPU ms | database CPU ms | queries |\n|---|---|---|---|---|---|"
    )
    for (name, step), count in zip(meter.steps.items(), [*counts, readers, readers], strict=True):
        _row(name, step, count)
    print(
        f"\nbytes, indexes counted: {', '.join(f'{size:,.0f} {of}' for of, size in _sizes(readers).items())}"
    )


def _row(name: str, step: Step, count: int) -> None:
    each = [1000 * seconds / count for seconds in (step.clock, step.cpu, step.database)]
    print(
        f"| {name} | {count:,} | {' | '.join(f'{x:.3f}' for x in each)} | {step.queries / count:.2f} |",
        flush=True,
    )


def _fill(categories: int, now: Any) -> None:
    from digest.models import Category
    from tests.benchmarks.tuesday import World, feeds
    from tests.benchmarks.years import Years
    from worker.arxiv.feeds import parse
    from worker.match import match_versions
    from worker.store import store

    Years(World(categories), 0).fill()
    rows = {category.code: category for category in Category.objects.all()}
    for code, feed in feeds(World(categories)).items():
        store(rows[code], parse(feed), "a benchmark", now)
    match_versions(now)


def _sizes(readers: int) -> dict[str, float]:
    """Bytes of the tables, by what they grow with."""
    from django.apps import apps
    from django.db import connection

    from digest.models import Paper

    found, of = {}, {"a reader and day": readers, "a paper": Paper.objects.count()}
    for name, models in TABLES.items():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name",
                [[apps.get_model("digest", model)._meta.db_table for model in models]],
            )
            found[name] = float(cursor.fetchone()[0]) / of[name]
    return found
