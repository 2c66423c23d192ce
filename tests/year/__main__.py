"""`python -m tests.year`: a year, its figures by month, and whatever was not as it has to be."""

import argparse
import os
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    parser.add_argument("--from", dest="first", type=date.fromisoformat, default=date(2026, 1, 5))
    parser.add_argument("--until", dest="last", type=date.fromisoformat, default=date(2027, 1, 29))
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from tests.year.run import rows_by_table, simulate

    columns = "paper sentence translation digest entry run delivery alert tally lapse".split()
    print(
        f"{'month':8}{'lines':>8}{'log kB':>8}"
        + "".join(f"{name:>12}" for name in columns)
        + f"{'all rows':>10}{'MB':>7}"
    )
    began = time.monotonic()

    def told(state: Any) -> None:
        from django.utils import timezone

        month, rows = f"{timezone.now():%Y-%m}", rows_by_table()
        size = (
            Path(connection.settings_dict["NAME"]).stat().st_size / 1e6
            if connection.vendor == "sqlite"
            else 0
        )
        print(f"{month:8}{sum(state.lines.values()):8}{sum(state.bytes.values()) / 1e3:8.0f}"
              + "".join(f"{rows.get(name, 0):12}" for name in columns) + f"{sum(rows.values()):10}{size:7.1f}",
              flush=True)  # fmt: skip

    report = simulate(asked.first, asked.last, told)
    print(f"\n{report.days} announcement days from {asked.first} to {asked.last} in {time.monotonic() - began:.0f} s,"
          f" {report.ticks} times all verbs; arXiv's answers {report.answers}")  # fmt: skip
    print(f"runs that failed: {dict(report.failed_runs)}")
    for kind, subject, over in report.alerts:
        print(f"alert {kind} {subject} ({'over' if over else 'open'})")
    for subject, count in report.told.items():
        print(f"told {count} times: {subject}")
    for line in report.turned:
        print(f"tried: {line}")
    for line in report.violations:
        print(f"VIOLATION {line}")
    print(f"{len(report.violations)} violations")
    return 1 if report.violations else 0


if __name__ == "__main__":
    sys.exit(main())
