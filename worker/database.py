"""The database, brought up to date before a command that has to work on a bare machine."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from digest.paths import DataFolderError, make_private


def bring_up_to_date() -> None:
    """Make the data folder and apply what migrations are missing, all or none. Raises CommandError."""
    os.umask(0o077)
    try:
        make_private(settings.DATA)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            with _all_or_none():
                call_command("migrate", interactive=False, verbosity=0)
    except (DatabaseError, sqlite3.Error, DataFolderError, OSError) as error:
        raise CommandError(
            f"The database could not be brought up to date: {error}. Nothing was lost. Is the disk full, "
            f"or the database not running? (data folder: {settings.DATA})"
        ) from error


def wait_until_current(told: Callable[[str], None], sleep: Callable[[float], None] = time.sleep) -> None:
    """Wait until the database answers and has every migration of this version; `told` hears what is waited for."""
    said = ""
    while why := _not_current():
        if why != said:
            told(why)
        said = why
        sleep(2)


def _not_current() -> str:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        return f"the database has not the migration {plan[0][0]} yet (manage.py migrate)" if plan else ""
    except DatabaseError as error:
        return f"the database does not answer: {str(error).strip()}"
    finally:
        connection.close()


@contextmanager
def _all_or_none() -> Iterator[None]:
    """On SQLite a migration that fails half-way (a full disk) leaves tables that the next try trips over:
    keep the file as it was, and put it back."""
    path = Path(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or "memory" in path.name:
        yield
        return
    before = path.with_name(f"{path.name}.before")
    connection.ensure_connection()
    empty = not connection.introspection.table_names()
    if not empty:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(before)) as copy:
            source.backup(copy)
    try:
        yield
    except (
        BaseException
    ):  # nothing is swallowed: raised again below, Ctrl-C too, once the half-made tables are gone
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        if not empty:
            before.replace(path)
        raise
    with suppress(OSError):
        before.unlink(missing_ok=True)
