"""`manage.py restore`: a backup in place of what is in the database."""

import os
import zipfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from digest.backup import BackupError, read_manifest, restore
from digest.models import Paper, User


class Command(BaseCommand):
    help = (
        "Restore a backup (manage.py backup), of this or an older Paperglot, from SQLite or PostgreSQL. Stop Paperglot "
        "first. What is in the database now is replaced, which --replace must confirm where there is something."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the backup")
        parser.add_argument(
            "--replace", action="store_true", help="though there are readers or papers already"
        )
        parser.add_argument(
            "--keep-key", action="store_true", help="do not take over the backup's secret key"
        )

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            manifest = read_manifest(file)
            if not options["replace"] and _something_is_here():
                raise CommandError(
                    "There are readers or papers in this database. --replace removes them all first."
                )
            told = (
                (lambda label: self.stderr.write(f"  {label}"))
                if options["verbosity"] > 1
                else lambda label: None
            )
            counts = restore(file, manifest, told)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{sum(counts.values()):,} rows of {manifest['made_at']} are back.")
        if os.environ.get("PAPERGLOT_SECRET_KEY") or os.environ.get("PAPERGLOT_SECRET_KEY_FILE"):
            self.stdout.write(
                "The secret key is set by PAPERGLOT_SECRET_KEY and stays. If this is another installation, set the "
                f"backup's (unzip -p {file} secret.key): authenticator apps and links depend on it."
            )
        elif not options["keep_key"]:
            _write_key(file)
        self.stdout.write("Start Paperglot again: manage.py up")


def _something_is_here() -> bool:
    try:
        return User.objects.exists() or Paper.objects.exists()
    except DatabaseError:  # not migrated: it is empty
        return False


def _write_key(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        key = archive.read("secret.key")
    path = settings.DATA / "secret.key"
    own = path.with_name(".secret.restored")
    with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(key)
    own.replace(path)
