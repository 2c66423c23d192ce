"""digest/unsent_words.py: what was typed and not sent is shown by the names of its page."""

import pytest
from django.utils import translation

from digest.unsent_words import Field, shown


def test_a_field_is_called_as_on_its_page():
    (field,) = shown([("phrase", "graph")])
    assert field == Field("phrase", "graph", "Keyword or rule", "")


def test_it_is_called_in_the_language_of_the_interface():
    with translation.override("zh-hans"):
        (field,) = shown([("phrase", "graph")])
    assert field.label == "关键词或规则"


def test_what_was_chosen_is_told_in_the_words_of_the_choice():
    (field,) = shown([("frequency", "weekly")])
    assert (field.label, field.words) == ("How often", "once a week")


def test_a_ticked_box_is_told():
    assert [field.words for field in shown([("send_empty", "on")])] == ["yes"]


@pytest.mark.parametrize("name", ["next", "before", "_save", "form-TOTAL_FORMS"])
def test_what_nobody_typed_has_no_label_and_is_kept(name):
    assert list(shown([(name, "x")])) == [Field(name, "x", "", "")]


def test_of_two_forms_with_a_field_of_one_name_the_likelier_names_it():
    assert [f.label for f in shown([("email", "a@example.org"), ("role", "editor")])] == ["E-mail", "Role"]
    assert next(iter(shown([("label", "Phone"), ("frequency", "daily")]))).label == "Name"
    assert next(iter(shown([("label", "Phone"), ("phrase", "graph")]))).label == "Call it"


def test_a_field_of_the_admin_is_called_as_its_column():
    with translation.override("zh-hans"):
        (field,) = shown([("source", "reward")])
    assert field.label not in ("", "Source")
