"""A backup: every row of every table as one zip file, the same for SQLite and PostgreSQL.

The file holds `manifest.json` (when, by what, up to which migrations, how many rows), `secret.key`, and for each
table `rows/<app>.<model>.jsonl`, one JSON array a row in the order of `fields`. It is read in one snapshot of the
database while everything runs. It is restored in the state of the migrations that it was made in, and migrated from
there, so that an older backup fits a newer Paperglot; never the other way round.
"""

import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

FORMAT = 1
LEFT_OUT = {"sessions.Session"}
"""Tables that are worth nothing in a backup: everybody logs in once more."""
_BATCH = 1000

Told = Callable[[str], None]


class BackupError(Exception):
    """There is no backup, or it can't be restored; the message says what to do."""


# --- making one -------------------------------------------------------------------------------


def write(path: Path, told: Told) -> dict[str, int]:
    """Write a backup; returns the rows of each table. The file appears under its name when it is whole (0600).

    Raises BackupError.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                counts = _fill(archive, told)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise BackupError(f"Can't write {path}: {error.strerror}.") from error
    except DatabaseError as error:
        raise BackupError(f"Can't read the database: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    return counts


def _fill(archive: zipfile.ZipFile, told: Told) -> dict[str, int]:
    counts: dict[str, int] = {}
    with _snapshot():
        manifest = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "database": connection.vendor,
            "migrations": _latest_migrations(),
            "fields": {model._meta.label: _columns(model) for model in _tables(apps)},
        }
        for model in _tables(apps):
            label = model._meta.label
            told(label)
            with archive.open(f"rows/{label}.jsonl", "w", force_zip64=True) as out:
                counts[label] = 0
                for row in model._base_manager.order_by("pk").values_list(*_columns(model)).iterator(_BATCH):
                    out.write(json.dumps(row, ensure_ascii=False, default=_plain).encode() + b"\n")
                    counts[label] += 1
    archive.writestr("secret.key", settings.SECRET_KEY)
    archive.writestr("manifest.json", json.dumps(manifest | {"rows": counts}, indent=1))
    return counts


@contextmanager
def _snapshot() -> Iterator[None]:
    """All tables as they are at one moment, without holding up who writes."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        ours: Any = connection
        before, ours.transaction_mode = (
            ours.transaction_mode,
            "DEFERRED",
        )  # IMMEDIATE would take the write lock
        try:
            with transaction.atomic():
                yield
        finally:
            ours.transaction_mode = before
        return
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.in_atomic_block or len(connection.savepoint_ids) == 0:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _tables(registry: Any) -> list[type[models.Model]]:
    rows = registry.get_models(include_auto_created=True)
    real = [model for model in rows if model._meta.managed and not model._meta.proxy]
    return sorted((m for m in real if m._meta.label not in LEFT_OUT), key=lambda model: model._meta.label)


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _latest_migrations() -> dict[str, list[str]]:
    """Everything that was applied, by app."""
    applied: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        applied.setdefault(app, []).append(name)
    return applied


def _plain(value: object) -> object:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    raise TypeError(f"{type(value).__name__} in a backup")


# --- restoring one ----------------------------------------------------------------------------


def read_manifest(path: Path) -> dict[str, Any]:
    """What a backup says of itself. Raises BackupError for a file that is none, is cut, or is too new."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
            if broken := archive.testzip():
                raise BackupError(f"{path} is damaged: {broken} can't be read.")
    except FileNotFoundError as error:
        raise BackupError(f"There is no file {path}.") from error
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise BackupError(f"{path} is no backup of Paperglot, or it is cut ({error}).") from error
    if manifest.get("format") != FORMAT:
        raise BackupError(f"{path} was made by a newer Paperglot: update this one first.")
    known = MigrationExecutor(connection).loader.disk_migrations
    newer = [f"{app}.{name}" for app, names in manifest["migrations"].items() for name in names
             if (app, name) not in known and app in apps.app_configs]  # fmt: skip
    if newer:
        raise BackupError(
            f"{path} was made by a newer Paperglot (it has {newer[-1]}): update this one first."
        )
    return manifest


def restore(path: Path, manifest: dict[str, Any], told: Told) -> dict[str, int]:
    """Put a backup's rows in place of everything that is in the database; all of it, or nothing.

    A fresh database is brought into the backup's state of the migrations, filled, and migrated from there. SQLite's
    file of before stays beside the new one, with `.before-restore` behind its name. Raises BackupError.
    """
    try:
        with _fresh(), zipfile.ZipFile(path) as archive:
            state = _migrate_to(manifest)
            with transaction.atomic(), connection.constraint_checks_disabled():
                counts = _fill_tables(archive, state, manifest, told)
                connection.check_constraints()
            call_command("migrate", verbosity=0)
    except (DatabaseError, KeyError, ValueError, TypeError, OSError) as error:
        raise BackupError(f"{path} can't be restored, and nothing of it was: {error}") from error
    return counts


@contextmanager
def _fresh() -> Iterator[None]:
    """A database without tables, which takes the place of the present one if all goes well."""
    if connection.vendor != "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            names = [connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)]
            if names:
                cursor.execute(f"DROP TABLE {', '.join(names)} CASCADE")
            yield
        return
    name = Path(connection.settings_dict["NAME"])
    new = name.with_name(f"{name.name}.restoring")
    connection.close()
    try:
        _unlink(new)
        connection.settings_dict["NAME"] = str(new)
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        _put_in_place(new, name)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(name)
        _unlink(new)


def _put_in_place(new: Path, name: Path) -> None:
    new.chmod(0o600)
    if name.exists():
        before = name.with_name(f"{name.name}.before-restore")
        _unlink(before)
        for suffix in ("", "-wal"):
            if (old := name.with_name(name.name + suffix)).exists():
                old.replace(before.with_name(before.name + suffix))
        name.with_name(name.name + "-shm").unlink(missing_ok=True)
    new.replace(name)


def _unlink(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _migrate_to(manifest: dict[str, Any]) -> Any:
    """Bring an empty database to the backup's migrations; returns the models of that state."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    wanted = {(app, name) for app, names in manifest["migrations"].items() for name in names}
    there = [node for node in wanted if node in graph.nodes]
    ends = [node for node in there if not any(child.key in wanted and child.key[0] == node[0]
                                              for child in graph.node_map[node].children)]  # fmt: skip
    executor.migrate(sorted(ends))
    return executor.loader.project_state(sorted(ends)).apps


def _fill_tables(
    archive: zipfile.ZipFile, state: Any, manifest: dict[str, Any], told: Told
) -> dict[str, int]:
    tables = _tables(state)
    with connection.cursor() as cursor:
        for model in tables:  # what the migrations have put there
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
        counts = {model._meta.label: _load(archive, model, manifest, told) for model in tables}
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
    return counts


def _load(archive: zipfile.ZipFile, model: type[models.Model], manifest: dict[str, Any], told: Told) -> int:
    label = model._meta.label
    told(label)
    names = manifest["fields"].get(label)
    if names is None:
        return 0
    fields = {field.attname: field for field in model._meta.concrete_fields}
    for field in fields.values():  # dates stay what they were
        if isinstance(field, (models.DateField, models.TimeField)):
            field.auto_now = field.auto_now_add = False
    batch, count = [], 0
    with archive.open(f"rows/{label}.jsonl") as lines:
        for line in lines:
            values = zip(names, json.loads(line), strict=True)
            batch.append(model(**{name: _value(fields[name], value) for name, value in values}))
            if len(batch) == _BATCH:
                model._base_manager.bulk_create(batch, batch_size=_BATCH)
                count, batch = count + len(batch), []
    model._base_manager.bulk_create(batch, batch_size=_BATCH)
    return count + len(batch)


def _value(field: Any, value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return bytes.fromhex(value)
    return (
        field.target_field.to_python(value)
        if isinstance(field, models.ForeignKey)
        else field.to_python(value)
    )
