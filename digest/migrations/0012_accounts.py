"""Accounts, invitations, labs; what editors may do; the table of the cache, where limits are counted."""

import digest.models.users
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models


EDITORS = {
    "correction": ("correction", ["add", "change", "delete", "view"]),
    "glossaryterm": ("glossary term", ["add", "change", "delete", "view"]),
    "sentence": ("sentence", ["view"]),
    "translation": ("translation", ["view"]),
}


def editors(apps, schema_editor):
    """The permissions are made here, since Django makes them only after all migrations."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Editors")
    for model, (name, actions) in EDITORS.items():
        kind, _ = ContentType.objects.get_or_create(app_label="digest", model=model)
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                content_type=kind, codename=f"{action}_{model}", defaults={"name": f"Can {action} {name}"}
            )
            group.permissions.add(permission)


def cache_table(apps, schema_editor):
    """Nothing, where the cache is not in the database."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('digest', '0011_rules'),
    ]

    operations = [
        migrations.AlterModelManagers(
            name='user',
            managers=[
                ('objects', digest.models.users.Users()),
            ],
        ),
        migrations.AddField(
            model_name='user',
            name='display',
            field=models.CharField(choices=[('both', 'original and translation'), ('translation-first', 'translation first'), ('original', 'original only'), ('translation', 'translation only')], default='both', help_text='Where a translation is missing, the original stands.', max_length=17, verbose_name='languages of a paper'),
        ),
        migrations.AddField(
            model_name='user',
            name='formulas',
            field=models.CharField(choices=[('unicode', 'Unicode text: every feed reader shows it'), ('mathml', 'MathML: drawn, where the feed reader can'), ('tex', 'TeX, as the authors wrote it')], default='unicode', max_length=7, verbose_name='formulas in feeds'),
        ),
        migrations.AddField(
            model_name='user',
            name='is_lab',
            field=models.BooleanField(default=False, editable=False, verbose_name='lab'),
        ),
        migrations.AddField(
            model_name='user',
            name='last_seen_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last seen at'),
        ),
        migrations.AddField(
            model_name='user',
            name='waiting_since',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='waiting since'),
        ),
        migrations.CreateModel(
            name='Lab',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('about', models.TextField(blank=True, max_length=2000, verbose_name='about')),
                ('public', models.BooleanField(default=False, help_text='Its digests and its reading list can be read without an account; names stay with members.', verbose_name='public')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reader', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='lab', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'lab',
                'verbose_name_plural': 'labs',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('mailed', models.BooleanField(default=False)),
                ('role', models.CharField(choices=[('reader', 'reader'), ('editor', 'editor: corrects translations and the glossary'), ('administrator', 'administrator')], default='reader', max_length=13, verbose_name='role')),
                ('lab_role', models.CharField(choices=[('owner', 'owner'), ('member', 'member')], default='member', max_length=6)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL)),
                ('used_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='accepted_invitations', to=settings.AUTH_USER_MODEL)),
                ('lab', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='digest.lab')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='LabPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(blank=True, max_length=500)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='lab_papers', to=settings.AUTH_USER_MODEL)),
                ('lab', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='digest.lab')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lab_papers', to='digest.paper')),
            ],
            options={
                'verbose_name': 'paper of a lab',
                'verbose_name_plural': 'papers of labs',
                'ordering': ['-added_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Interest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interests', to=settings.AUTH_USER_MODEL)),
                ('lab_paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interests', to='digest.labpaper')),
            ],
            options={
                'verbose_name': 'interest',
                'verbose_name_plural': 'interests',
                'ordering': ['since'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('owner', 'owner'), ('member', 'member')], default='member', max_length=6)),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('lab', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='digest.lab')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
                'ordering': ['-role', 'joined_at'],
            },
        ),
        migrations.AddField(
            model_name='lab',
            name='members',
            field=models.ManyToManyField(related_name='labs', through='digest.Membership', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='labpaper',
            constraint=models.UniqueConstraint(fields=('lab', 'paper'), name='one_lab_paper'),
        ),
        migrations.AddConstraint(
            model_name='interest',
            constraint=models.UniqueConstraint(fields=('lab_paper', 'user'), name='one_interest'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('lab', 'user'), name='one_membership_a_lab'),
        ),
        migrations.RunPython(editors, migrations.RunPython.noop),
        migrations.RunPython(cache_table, migrations.RunPython.noop),
    ]
