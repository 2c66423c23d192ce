"""The glossary to begin with: the terms that Paperglot ships."""

from pathlib import Path

from django.db import migrations

from digest.terms import FOLDER, KEPT, starting_glossary


def load(apps, schema_editor):
    GlossaryTerm = apps.get_model("digest", "GlossaryTerm")
    for path in sorted(Path(FOLDER).glob("*.tsv")):
        GlossaryTerm.objects.bulk_create(
            (
                GlossaryTerm(
                    language=path.stem,
                    term=term.text,
                    renderings="|".join(term.renderings) or KEPT,
                    field=term.field,
                )
                for term in starting_glossary(path.stem)
            ),
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [("digest", "0002_memory_and_glossary")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
