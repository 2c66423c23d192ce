"""Totals, lapsed leases, alerts of every kind, disks and backups.

The totals begin with what is here; an alert that is there already is of a day.
"""

from django.db import migrations, models
from django.db.models import Count


def begin(apps, _editor):
    rows = apps.get_model
    add = rows("digest", "Tally").objects.create
    for name, model in (("papers", "Paper"), ("versions", "PaperVersion"), ("digests", "Digest"), ("digest_papers", "Entry")):
        if count := rows("digest", model).objects.count():
            add(name=name, total=count)
    finished = rows("digest", "Sentence").objects.exclude(finished_at=None).order_by()
    for verdict, count in finished.values_list("verdict").annotate(n=Count("pk")):
        add(name="sentences", label=verdict, total=count)
    for alert in rows("digest", "Alert").objects.iterator():
        alert.subject, alert.seen_at = alert.day.isoformat(), alert.raised_at
        alert.save(update_fields=["subject", "seen_at"])

class Migration(migrations.Migration):

    dependencies = [
        ('digest', '0015_api'),
    ]

    operations = [
        migrations.CreateModel(
            name='Lapse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=40)),
                ('row', models.BigIntegerField()),
                ('count', models.PositiveIntegerField(default=1)),
                ('last_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('label', models.CharField(blank=True, max_length=80)),
                ('total', models.FloatField(default=0)),
            ],
        ),
        migrations.AlterModelOptions(
            name='alert',
            options={'ordering': ['-raised_at', '-day'], 'verbose_name': 'alert', 'verbose_name_plural': 'alerts'},
        ),
        migrations.AddField(
            model_name='alert',
            name='kind',
            field=models.CharField(default='incomplete', max_length=16),
        ),
        migrations.AddField(
            model_name='alert',
            name='seen_at',
            field=models.DateTimeField(blank=True, help_text='When it was so last.', null=True),
        ),
        migrations.AddField(
            model_name='alert',
            name='subject',
            field=models.CharField(blank=True, help_text='The day, the machine, the year.', max_length=200),
        ),
        migrations.AddField(
            model_name='alert',
            name='values',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='installation',
            name='backed_up_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='worker',
            name='disk_free',
            field=models.BigIntegerField(blank=True, help_text='Bytes of the disk that its data folder is on.', null=True),
        ),
        migrations.AddField(
            model_name='worker',
            name='disk_total',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='alert',
            name='day',
            field=models.DateField(blank=True, help_text='Of an incomplete day.', null=True),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.UniqueConstraint(fields=('name', 'label'), name='one_tally_a_label'),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('kind', 'subject'), name='one_open_alert'),
        ),
        migrations.AddConstraint(
            model_name='lapse',
            constraint=models.UniqueConstraint(fields=('table', 'row'), name='one_lapse_a_row'),
        ),
    ]
