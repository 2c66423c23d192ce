"""digest/admin/names.py: columns of models that are not ours have Chinese names too."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.core.management import call_command
from django.utils import translation

import digest.urls  # noqa: F401 (registers)

OTHERS = [model for model in admin.site._registry if model._meta.app_label != "digest"]


@pytest.mark.parametrize("model", OTHERS, ids=lambda model: model._meta.label)
def test_every_column_and_field_has_a_chinese_name(model):
    shown = admin.site._registry[model]
    with translation.override("zh-hans"):
        columns = [
            str(label_for_field(name, model, shown)) for name in shown.list_display if name != "__str__"
        ]
        fields = [str(field.verbose_name) for field in model._meta.fields if field.editable]
    english = {name for name in columns + fields if not re.search("[\u4e00-\u9fff]", name)}
    assert english <= {"ID", "Token"}


@pytest.mark.django_db
def test_the_migrations_of_others_do_not_see_it(capsys):
    call_command("makemigrations", "--check", "--dry-run")
    assert "No changes detected" in capsys.readouterr().out
