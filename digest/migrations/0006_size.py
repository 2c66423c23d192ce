from django.db import migrations, models


class Migration(migrations.Migration):
    """What is asked every few seconds is found whatever the years before: days, and runs that have not ended."""

    dependencies = [("digest", "0005_holidays")]

    operations = [
        migrations.AlterField(
            model_name="announcement",
            name="day",
            field=models.DateField(db_index=True, help_text="An arXiv day: a US Eastern calendar date."),
        ),
        migrations.AlterField(
            model_name="digest",
            name="day",
            field=models.DateField(db_index=True),
        ),
        migrations.AlterField(
            model_name="paperversion",
            name="first_seen_at",
            field=models.DateTimeField(db_index=True),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["began_at"], name="runs_begun"
            ),
        ),
    ]
