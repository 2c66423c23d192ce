"""What the admin's pages cost over a million papers.

    python -m tests.benchmarks.admin [--papers 1000000] [--keep FOLDER] [--only WORD]

Fills a SQLite database, or the empty PostgreSQL database of PAPERGLOT_DATABASE_URL, with papers and all that hangs on
them (tests.benchmarks.years_of_admin), then asks as an administrator for every list, each of its filters' choices, a
search in it, its last page, its days, the first row's page and its changes, and the pages of an administrator's week.
Told are the queries, and the processor seconds of this process and of its database backend, the better of two times.
It fails at a page that takes more than a second of them, or does not answer 200.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BAR = 1.0
_CHOICES = 4
"""Of a filter so many are tried, its last one too."""


@dataclass(frozen=True)
class Took:
    address: str
    queries: int
    cpu: float
    status: int
    slowest: str = ""

    @property
    def kept(self) -> bool:
        return self.cpu <= BAR and self.status == 200


def week() -> list[str]:
    """The pages of an administrator's week that are no lists."""
    from django.urls import reverse

    from digest.models import Announcement, Digest, Paper

    newest = Digest.objects.order_by("-id").values_list("pk", flat=True)[0]
    cell = Announcement.objects.select_related("category").order_by("-id")[0]
    names = ["admin:index", "people", "start", "board", "board-work", "status"]
    return [
        *(reverse(name) for name in names),
        reverse("board-cell", args=[cell.category.code, cell.day]),
        reverse("admin:digest-preview", args=[newest]),
        reverse("paper", args=[Paper.objects.order_by("-id").values_list("arxiv_id", flat=True)[0]]),
        reverse("search") + "?q=learning",
    ]


def lists(client: Any) -> Iterator[str]:
    """Every address of the admin that a list leads to."""
    from django.contrib import admin
    from django.urls import reverse

    for model, page in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        address = reverse(f"{name}_changelist")
        yield address
        answer = client.get(address)
        if answer.status_code != 200:
            continue
        changelist = answer.context["cl"]
        yield from (address + query for query in queries(page, changelist, answer.wsgi_request))
        if row := next(iter(changelist.result_list), None):
            for what in ("change", "history", "delete"):
                yield reverse(f"{name}_{what}", args=[row.pk])
        if page.has_add_permission(answer.wsgi_request):
            yield reverse(f"{name}_add")


def queries(page: Any, changelist: Any, request: Any) -> Iterator[str]:
    """What a list can be asked for."""
    for spec in changelist.filter_specs:
        choices = [choice["query_string"] for choice in spec.choices(changelist)]
        yield from [*choices[1 : _CHOICES + 1], *choices[-1:]]
    if page.search_fields:
        yield from (f"?q={sought}" for sought in ("learning", "bob", "2605.99999", "zzyzx"))
    for number in range(len(page.get_list_display(request))):
        if _sortable(page, changelist, number):
            yield f"?o=-{number + 1}"
    if changelist.paginator.num_pages > 1:
        yield f"?p={changelist.paginator.num_pages}"
    if field := changelist.date_hierarchy:
        yield f"?{field}__year=2025"
        yield f"?{field}__year=2026&{field}__month=5&{field}__day=11"


def _sortable(page: Any, changelist: Any, number: int) -> bool:
    name = changelist.list_display[number + 1 if changelist.list_display[0] == "action_checkbox" else number]
    allowed = page.get_sortable_by(None)
    return name in allowed and bool(changelist.get_ordering_field(name))


def measure(client: Any, address: str) -> Took:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.benchmarks.search import Clock

    clock, best = Clock(), float("inf")
    for _ in range(2):
        connection.queries_log.clear()
        with CaptureQueriesContext(connection) as asked:
            before = clock.now()[0]
            answer = client.get(address)
            cpu = clock.now()[0] - before
        best = min(best, cpu)
        if best < BAR / 10:
            break
    status = 200 if answer.status_code in (200, 302, 403) else answer.status_code
    slowest = max(
        asked.captured_queries, key=lambda query: float(query["time"]), default={"time": 0, "sql": ""}
    )
    return Took(address, len(asked), best, status, f"{slowest['time']} {slowest['sql'][:1500]}")


def report(told: list[Took], full: bool) -> bool:
    print(f"{'page':100} {'queries':>7} {'CPU ms':>8}")
    for row in sorted(told, key=lambda row: -row.cpu):
        print(f"{row.address[:100]:100} {row.queries:7} {1000 * row.cpu:8.0f}{'' if row.kept else '  <<<'}")
        if full and not row.kept:
            print("    ", row.status, row.slowest)
    slow = [row for row in told if not row.kept]
    times = sorted(row.cpu for row in told)
    print(
        f"{len(told)} pages, median {1000 * times[len(times) // 2]:.0f} ms, "
        f"slowest {1000 * times[-1]:.0f} ms, most queries {max(row.queries for row in told)}, {len(slow)} over the bar"
    )
    return not slow


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="a folder for the SQLite database, for another run")
    parser.add_argument("--only", default="", help="only addresses that have this in them")
    parser.add_argument("--slowest", action="store_true", help="the slowest query of each page over the bar")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="paperglot-admin-"))
    folder.mkdir(exist_ok=True)
    os.environ |= {"PAPERGLOT_DATA": str(folder.resolve()), "DJANGO_SETTINGS_MODULE": "digest.settings"}
    import django

    django.setup()
    from django.test import Client
    from django.test.utils import setup_test_environment

    from digest.models import User
    from tests.benchmarks.years_of_admin import fill

    began = time.monotonic()
    fill(options.papers)
    print(f"{options.papers:,} papers, filled in {time.monotonic() - began:.0f} s", flush=True)
    setup_test_environment()  # so that an answer tells its list
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="alice"))
    wanted = dict.fromkeys([*week(), *lists(client)])
    kept = report([measure(client, a) for a in wanted if options.only in a], options.slowest)
    if not options.keep:
        shutil.rmtree(folder)
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
