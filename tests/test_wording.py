"""digest/wording.py: what nouns say is English in a log and the reader's language on a page."""

import pytest
from django.utils.translation import gettext, override

from digest.keywords import KeywordError, canonical
from digest.wording import WordedError, gettext_noop


def test_an_error_is_told_in_english_and_keeps_what_to_translate():
    error = WordedError(gettext_noop("There are %(n)d."), n=3)
    assert (str(error), error.words, error.values) == ("There are 3.", "There are %(n)d.", {"n": 3})


def test_without_values_a_percent_sign_is_one():
    assert str(WordedError("100 %")) == "100 %"


def test_a_keywords_error_has_a_translation():
    with pytest.raises(KeywordError) as raised:
        canonical("+++")
    with override("zh-hans"):
        assert gettext(raised.value.words) == "关键词至少要有一个字母或数字。"
