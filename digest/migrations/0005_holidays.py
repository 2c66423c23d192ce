"""The evenings without an announcement that are known."""

from datetime import date
from pathlib import Path

from django.db import migrations

HOLIDAYS = Path(__file__).resolve().parent.parent / "holidays.tsv"


def load(apps, schema_editor):
    Holiday = apps.get_model("digest", "Holiday")
    rows = [line.split("\t") for line in HOLIDAYS.read_text(encoding="utf-8").splitlines()[1:]]
    Holiday.objects.bulk_create(
        (Holiday(evening=date.fromisoformat(evening), reason=reason) for evening, reason in rows),
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("digest", "0004_ledger")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
