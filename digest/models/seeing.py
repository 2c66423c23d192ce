"""What is counted for whoever watches: running totals, and work that was begun and never ended.

State is rows: any number of web processes tell the same, and none of them counts anything that is large.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F


class Tally(models.Model):
    """A total that only grows, by what it counts and a label: `sentences`, `ok`. It counts what was done here, so what
    is pruned later stays in it."""

    name = models.CharField(max_length=40)
    label = models.CharField(max_length=80, blank=True)
    total = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "label"], name="one_tally_a_label")]

    def __str__(self) -> str:
        return f"{self.name} {self.label}".strip()

    @classmethod
    def add(cls, name: str, counts: Mapping[str, float]) -> None:
        """Add to the totals by label. Inside of the transaction that writes what is counted, and last in it, so that
        both are there or neither, and nobody waits for long."""
        for label, count in sorted(
            counts.items()
        ):  # in one order: two transactions never wait for each other
            row = cls.objects.filter(name=name, label=label[:80])
            if count and not row.update(total=F("total") + count):
                cls.objects.get_or_create(name=name, label=label[:80])
                row.update(total=F("total") + count)


class Lapse(models.Model):
    """A row whose lease has run out before whoever held it was done, and how often that has happened."""

    table = models.CharField(max_length=40)
    row = models.BigIntegerField()
    count = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "row"], name="one_lapse_a_row")]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"

    @classmethod
    def note(cls, table: str, rows: Sequence[Any], now: datetime) -> None:
        """Somebody takes up what another has not ended."""
        known = cls.objects.filter(table=table, row__in=rows)
        here = set(known.values_list("row", flat=True))
        known.update(count=F("count") + 1, last_at=now)
        new = [Lapse(table=table, row=row, last_at=now) for row in rows if row not in here]
        Lapse.objects.bulk_create(new, ignore_conflicts=True)
        Tally.add("leases_expired", {table: len(rows)})
