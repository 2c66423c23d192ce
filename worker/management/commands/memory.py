"""`manage.py memory`: corrections out and in, as TMX."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digest import tmx
from digest.corrections import PLACEHOLDER, store
from digest.models import Correction, Sentence
from worker.database import bring_up_to_date
from worker.memory import key
from worker.text.checks import OK


class Command(BaseCommand):
    help = "The translation memory as TMX: export corrections (or all good sentences), import corrections."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        export = actions.add_parser("export", help="write a TMX document to a file, or - for standard output")
        export.add_argument("file")
        export.add_argument(
            "--all", action="store_true", help="with the sentences that models translated well"
        )
        imported = actions.add_parser("import", help="take the units of a TMX document as corrections")
        imported.add_argument("file")

    def handle(self, *, action: str, file: str, **options: Any) -> None:
        bring_up_to_date()
        try:
            if action == "export":
                self._export(file, everything=options["all"])
            else:
                self._import(Path(file).expanduser())
        except tmx.TMXError as error:
            raise CommandError(f"{file}: {error}") from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from error

    def _export(self, file: str, *, everything: bool) -> None:
        rows = Correction.objects.select_related("by").order_by("at")
        units = [
            tmx.Unit(row.source, row.text, row.language, row.by.username if row.by else "", row.at)
            for row in rows
        ]
        if everything:
            corrected = {(row.key, row.language) for row in rows}
            units += [
                tmx.Unit(row.source, row.text, row.language, row.model, row.finished_at)
                for row in Sentence.objects.filter(verdict=OK).order_by("id").iterator()
                if (row.key, row.language) not in corrected
            ]
        if file == "-":
            tmx.write(units, sys.stdout)
            return
        with Path(file).expanduser().open("w", encoding="utf-8") as out:
            count = tmx.write(units, out)
        self.stdout.write(f"{count} sentences written to {file}.")

    def _import(self, path: Path) -> None:
        taken = left = 0
        for unit in tmx.read(path.read_bytes()):
            # Sentences of the memory number their placeholders from 0 in order.
            if sorted(PLACEHOLDER.findall(unit.source)) != sorted(PLACEHOLDER.findall(unit.text)):
                left += 1
                continue
            store(unit.source, key(unit.source), unit.language, unit.text, None)
            taken += 1
        self.stdout.write(
            f"{taken} corrections taken; translations that show their sentences follow within seconds."
        )
        if left:
            self.stderr.write(f"{left} left out: their placeholders are not the same in both languages.")
