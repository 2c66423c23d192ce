"""digest/field_names.py: what the admin calls the columns of the record."""

import re

from django.apps import apps
from django.contrib import admin
from django.utils.translation import override

from digest.field_names import NAMES, OTHERWISE
from digest.models import Announcement, Sentence

AS_IN_ENGLISH = {"ID", "UUID", "GUID", "DOI", "ETag", "Webhook"}


def test_every_column_that_the_admin_shows_has_a_chinese_name():
    with override("zh-hans"):
        names = {
            str(field.verbose_name)
            for model in admin.site._registry
            if model._meta.app_label == "digest"
            for field in model._meta.fields
        }
    assert {name for name in names if not re.search("[\u4e00-\u9fff]", name)} <= AS_IN_ENGLISH


def test_in_english_a_column_is_called_as_before():
    assert str(Announcement._meta.get_field("first_seen_at").verbose_name) == "first seen at"


def test_one_attribute_may_be_two_things():
    with override("zh-hans"):
        assert str(Announcement._meta.get_field("source").verbose_name) == "来源"
        assert str(Sentence._meta.get_field("source").verbose_name) == "原文"


def test_no_name_is_left_from_a_column_that_is_gone():
    fields = {field for model in apps.get_app_config("digest").get_models() for field in model._meta.fields}
    called = {field.name.replace("_", " ") for field in fields}
    assert set(NAMES) - called == set(OTHERWISE.values())
    assert set(OTHERWISE) <= {f"{field.model._meta.model_name}.{field.name}" for field in fields}


def test_every_model_of_the_admin_has_a_chinese_name():
    with override("zh-hans"):
        names = [str(model._meta.verbose_name_plural) for model in admin.site._registry]
    assert [name for name in names if not re.search("[\u4e00-\u9fff]", name)] == []
