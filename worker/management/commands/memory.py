"""`manage.py memory`: corrections out and in, as TMX."""

import itertools
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Exists, OuterRef

from digest import audit, tmx
from digest.corrections import LONGEST, as_units, store
from digest.models import Correction, Sentence, User
from worker.database import bring_up_to_date
from worker.memory import key

_AT_ONCE = 500


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
        units = as_units(Correction.objects.order_by("at", "pk"))
        if everything:
            units = itertools.chain(units, _by_models())
        if file == "-":
            tmx.write(units, sys.stdout.buffer)  # UTF-8, whatever the terminal has
            return
        with Path(file).expanduser().open("w", encoding="utf-8") as out:
            count = tmx.write(units, out)
        self.stdout.write(f"{count} sentences written to {file}.")

    def _import(self, path: Path) -> None:
        with path.open("rb") as document:
            units, left_out = tmx.read(document.read(tmx.LARGEST + 1))
        counts = Counter(left=left_out)
        people = {user.username: user for user in User.objects.all()}
        for start in range(0, len(units), _AT_ONCE):
            with transaction.atomic():
                counts.update(_take(unit, people) for unit in units[start : start + _AT_ONCE])
        audit.note_done(None, Correction, path.name, "import", taken=counts["taken"])
        self.stdout.write(
            f"{counts['taken']} corrections taken; translations that show their sentences follow within seconds."
        )
        for what, why in _WHY.items():
            if counts[what]:
                self.stderr.write(f"{counts[what]} left out: {why}")


_WHY = {
    "left": "not from English, not into a language of Paperglot's, with other placeholders in one language than "
    "in the other, or with codes of another tool's.",
    "model": "a model translated them, not a person.",
    "newer": "they were corrected here since.",
    "long": f"they are longer than {LONGEST:,} characters.",
}


def _take(unit: tmx.Unit, people: dict[str, User]) -> str:
    """Store a unit as a correction, or say why not."""
    if unit.model:
        return "model"
    if max(len(unit.source), len(unit.text)) > LONGEST:
        return "long"
    there = Correction.objects.filter(key=key(unit.source), language=unit.language)
    if unit.at and there.filter(at__gt=unit.at.replace(microsecond=999_999)).exists():
        return "newer"
    store(unit.source, key(unit.source), unit.language, unit.text, people.get(unit.by), unit.at)
    return "taken"


def _by_models() -> Iterator[tmx.Unit]:
    """What models translated well and nobody has corrected."""
    corrected = Correction.objects.filter(key=OuterRef("key"), language=OuterRef("language"))
    rows = Sentence.objects.filter(~Exists(corrected), verdict=Sentence.OK).order_by("id")
    for row in rows.iterator():
        yield tmx.Unit(row.source, row.text, row.language, at=row.finished_at, model=row.model)
