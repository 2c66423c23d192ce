"""What the search finds: a table of words, and each database's own full-text index of it.

The index is kept by the database itself, so that no way of deleting, restoring or changing a row goes past it. A
later migration that alters `Indexed` on SQLite makes its table anew, without the triggers: it has to end with
`create` again.
"""

import django.db.models.deletion
from django.db import migrations, models

_COLUMNS = "title, body, authors, categories"
_NEW = "new.id, new.title, new.body, new.authors, new.categories"
_OLD = _NEW.replace("new.", "old.")
_ADD = f"INSERT INTO digest_search (rowid, {_COLUMNS}) VALUES ({_NEW});"
_TAKE = f"INSERT INTO digest_search (digest_search, rowid, {_COLUMNS}) VALUES ('delete', {_OLD});"
SQLITE = [
    f"""CREATE VIRTUAL TABLE digest_search USING fts5({_COLUMNS}, content='digest_indexed', content_rowid='id',
        columnsize=0, tokenize='porter unicode61 remove_diacritics 2')""",
    f"CREATE TRIGGER digest_search_added AFTER INSERT ON digest_indexed BEGIN {_ADD} END",
    f"CREATE TRIGGER digest_search_taken AFTER DELETE ON digest_indexed BEGIN {_TAKE} END",
    f"CREATE TRIGGER digest_search_changed AFTER UPDATE ON digest_indexed BEGIN {_TAKE} {_ADD} END",
    "INSERT INTO digest_search (digest_search) VALUES ('rebuild')",
]
_WEIGHED = " || ".join(
    f"setweight(to_tsvector('paperglot', {column}), '{weight}')"
    for column, weight in zip(_COLUMNS.split(", "), "ABCD", strict=True)
)
POSTGRESQL = [  # the English stemmer as PostgreSQL has it, but without its stop words: a phrase may be made of them
    # A restored backup takes the place of all tables; these are no tables, and stay behind.
    "DROP TEXT SEARCH CONFIGURATION IF EXISTS paperglot",
    "DROP TEXT SEARCH DICTIONARY IF EXISTS paperglot_stem",
    "CREATE TEXT SEARCH DICTIONARY paperglot_stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION paperglot (COPY = pg_catalog.english)",
    "ALTER TEXT SEARCH CONFIGURATION paperglot ALTER MAPPING REPLACE english_stem WITH paperglot_stem",
    f"ALTER TABLE digest_indexed ADD COLUMN vector tsvector GENERATED ALWAYS AS ({_WEIGHED}) STORED",
    "CREATE INDEX digest_indexed_vector ON digest_indexed USING gin (vector)",
]


def create(_apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def drop(_apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("added", "taken", "changed"):
            schema_editor.execute(f"DROP TRIGGER digest_search_{name}")
        schema_editor.execute("DROP TABLE digest_search")
    else:
        schema_editor.execute("ALTER TABLE digest_indexed DROP COLUMN vector")
        schema_editor.execute("DROP TEXT SEARCH CONFIGURATION paperglot")
        schema_editor.execute("DROP TEXT SEARCH DICTIONARY paperglot_stem")


class Migration(migrations.Migration):

    dependencies = [
        ('digest', '0012_accounts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Indexed',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('paper', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='indexed', to='digest.paper')),
                ('title', models.TextField()),
                ('body', models.TextField(help_text='Abstracts and comments.')),
                ('authors', models.TextField()),
                ('categories', models.TextField(help_text='And single signs of Chinese and its like.')),
                ('indexed_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'indexed paper',
                'verbose_name_plural': 'indexed papers',
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='paperversion',
            name='indexed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='translation',
            name='indexed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='paperversion',
            index=models.Index(condition=models.Q(('indexed_at', None)), fields=['id'], name='versions_unindexed'),
        ),
        migrations.AddIndex(
            model_name='translation',
            index=models.Index(condition=models.Q(('finished_at__isnull', False), ('indexed_at', None)), fields=['id'], name='translations_unindexed'),
        ),
        migrations.RunPython(create, drop),
    ]
