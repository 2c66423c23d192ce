"""`manage.py backup`: everything in one file, while Paperglot runs."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from digest.backup import BackupError, write
from digest.models import Installation


class Command(BaseCommand):
    help = (
        "Write everything that the database holds, and the secret key, into one file (mode 0600), while Paperglot "
        "runs. It fits SQLite and PostgreSQL alike. Translation models are not in it: they are downloaded again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            help="where to (DATA/backups/paperglot-DATE.zip; a folder takes the same name)",
        )
        parser.add_argument(
            "--keep", type=int, metavar="N", help="then remove all but the N newest in that folder"
        )

    def handle(self, *, file: Path | None, keep: int | None, **options: Any) -> None:
        name = f"paperglot-{datetime.now().astimezone():%Y%m%d-%H%M%S}.zip"
        if file is None:
            file = settings.DATA / "backups"
            file.mkdir(mode=0o700, parents=True, exist_ok=True)
        if keep is not None and keep < 1:
            raise CommandError("--keep: 1 or more, please.")
        path = file / name if file.is_dir() else file
        told = (
            (lambda label: self.stderr.write(f"  {label}"))
            if options["verbosity"] > 1
            else lambda label: None
        )
        try:
            counts = write(path, told)
        except BackupError as error:
            raise CommandError(str(error)) from error
        Installation.objects.filter(pk=1).update(backed_up_at=timezone.now())
        size = path.stat().st_size / 1e6
        self.stdout.write(f"{path}: {sum(counts.values()):,} rows of {len(counts)} tables, {size:.1f} MB.")
        self.stdout.write(f"Bring it back with: manage.py restore {path}")
        for old in sorted(path.parent.glob("paperglot-*.zip"), reverse=True)[keep:] if keep else ():
            old.unlink()
            self.stdout.write(f"removed {old}")
