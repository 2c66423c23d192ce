"""From the first state of the record to the newest: every row that was there is there."""

import datetime
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

FIRST = ("digest", "0001_first")


def value(field: Any, number: int) -> Any:
    """Something that fits a field, another for each number."""
    if field.choices:
        return next(key for key, _ in field.flatchoices if key != "")
    if isinstance(field, models.UUIDField):
        return uuid.UUID(int=number)
    if isinstance(field, models.DateTimeField):
        return datetime.datetime(2026, 5, 12, 6, number % 60, tzinfo=datetime.UTC)
    if isinstance(field, models.DateField):
        return datetime.date(2026, 5, 1 + number % 28)
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.JSONField):
        return field.get_default()
    if isinstance(field, (models.IntegerField, models.FloatField)):
        return number
    if isinstance(field, models.CharField) and field.max_length:
        return f"v{number}"[: field.max_length]
    return f"some text {number}"


def fill(state: Any) -> dict[str, tuple[Any, dict[str, Any]]]:
    """One row in each of our tables, those first that others refer to; what was put there."""
    made: dict[str, tuple[Any, dict[str, Any]]] = {}
    todo = [model for model in state.get_models() if model._meta.app_label == "digest"]
    number = 10
    while todo:
        model = todo.pop(0)
        names = [f for f in model._meta.concrete_fields if f.remote_field]
        if any(f.remote_field.model._meta.label not in made and not f.null
               and f.remote_field.model._meta.app_label == "digest" for f in names):  # fmt: skip
            todo.append(model)
            continue
        fields = {}
        for field in model._meta.concrete_fields:
            number += 1
            if field.primary_key:
                continue
            if field.remote_field:
                other = made.get(field.remote_field.model._meta.label)
                fields[field.attname] = other[0] if other else None
            else:
                fields[field.attname] = value(field, number)
        row = model.objects.create(**fields)
        kept = model.objects.filter(pk=row.pk).values().get()
        made[model._meta.label] = row.pk, kept
    return made


def lost(state: Any, made: dict[str, tuple[Any, dict[str, Any]]]) -> list[str]:
    """What of it is not there any more, of tables and columns that still are."""
    found = []
    there = {model._meta.label: model for model in state.get_models()}
    for label, (pk, before) in made.items():
        if label not in there:
            found.append(f"{label} has gone")
            continue
        after = there[label].objects.filter(pk=pk).values().first()
        if after is None:
            found.append(f"the row of {label}")
        else:
            found += [
                f"{label}.{name}" for name in before.keys() & after.keys() if before[name] != after[name]
            ]
    return found


@pytest.fixture
def upgraded(transactional_db: None) -> Any:
    """A database of the first version with a row in every table, migrated to the newest; the rows of before."""
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    executor = MigrationExecutor(connection)
    executor.migrate([FIRST])
    made = fill(executor.loader.project_state([FIRST]).apps)
    executor = MigrationExecutor(connection)
    executor.migrate(newest)
    return made


def test_nothing_is_lost_on_the_way_from_the_first_version(upgraded):
    assert len(upgraded) > 15
    assert lost(apps, upgraded) == []
