"""digest/wording.py: what nouns say is English in a log and the reader's language on a page."""

import ast

import pytest
from django.utils.translation import gettext, override

from digest.keywords import KeywordError, canonical
from digest.wording import WordedError, gettext_noop
from tests.house import CHECKOUT


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


def test_every_sentence_that_a_page_may_translate_is_marked():
    """One that isn't has no Chinese: neither makemessages nor the test of what is missing would know of it."""
    trees = {
        path: ast.parse(path.read_text())
        for room in ("digest", "worker")
        for path in (CHECKOUT / room).rglob("*.py")
    }
    nodes = [(path, node) for path, tree in trees.items() for node in ast.walk(tree)]
    worded = {"WordedError"} | {
        node.name
        for _path, node in nodes
        if isinstance(node, ast.ClassDef) and [ast.unparse(base) for base in node.bases] == ["WordedError"]
    }
    assert {"KeywordError", "ChannelError", "SendError"} < worded
    unmarked = [
        f"{path.name}:{node.lineno}"
        for path, node in nodes
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in worded
        and node.args
        and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
    ]
    assert unmarked == []
