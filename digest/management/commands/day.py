"""`manage.py day`: what came of an arXiv day, category by category."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from digest.almanac import Almanac, Day
from digest.arxiv_days import announced
from digest.board import Cell, default_until, grid


class Command(BaseCommand):
    help = (
        "Show what came of an arXiv day: each followed category's state, counts and source. Exits with 1 if "
        "a followed category is not complete on a day that has an announcement."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "day", nargs="?", type=_day, metavar="YYYY-MM-DD", help="the arXiv day (the newest announced)"
        )
        parser.add_argument("--json", action="store_true", help="as JSON, with the documents that came")

    def handle(self, *, day: date | None, **options: Any) -> None:
        now = timezone.now()
        try:
            almanac = Almanac.read()
            shown = almanac.day(day or default_until(almanac, now))
            cells = [line.cells[0] for line in grid([shown], seen=options["json"])]
        except DatabaseError as error:
            raise CommandError(f"The database can't be read ({error}): manage.py migrate, first.") from error
        if not cells:
            raise CommandError("No category is followed: manage.py up, then Set-up.")
        if not shown.why and announced(shown.day) > now and not any(each.state for each in cells):
            raise CommandError(f"{shown.day} has not been announced yet.")
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(shown, cells), indent=2, default=_iso, ensure_ascii=False))
        else:
            self._print(shown, cells)
        late = [f"{each.code} ({each.state or 'no row'})" for each in cells if not each.settled]
        if late and not shown.why:
            raise CommandError(f"{shown.day} is not complete: {', '.join(late)}.", returncode=1)

    def _print(self, day: Day, cells: list[Cell]) -> None:
        why = f", {day.words}: no announcement" if day.why else ""
        self.stdout.write(f"{day.day:%Y-%m-%d %A}{why}")
        width = max(len(each.code) for each in cells)
        for each in cells:
            counts = f"{each.stored:>5} of {each.declared:<5}" if each.counts else ""
            line = f"{each.sign} {each.code:<{width}}  {each.word:<9}  {counts:<14}  {each.source}"
            self.stdout.write(line.rstrip())
            for note in each.note.splitlines():
                self.stdout.write(f"  {'':<{width}}  {note}")


def _as_json(day: Day, cells: list[Cell]) -> dict[str, Any]:
    return {
        "day": day.day,
        "no_announcement": day.words,
        "complete": all(each.settled for each in cells),
        "categories": [asdict(each) for each in cells],
    }


def _iso(value: date) -> str:
    return value.isoformat()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day: YYYY-MM-DD, please.") from error
