"""digest/verbs.py: runs in words for people."""

import pytest
from django.utils.translation import override

from digest import verbs
from digest.board import VERBS
from digest.models import Announcement


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_a_name_in_each_language(verb):
    assert verbs.words(verb) == verb
    with override("zh-hans"):
        assert verbs.words(verb) != verb


def test_what_has_no_words_is_its_own_name():
    assert verbs.words("deliver") == "deliver"
    assert verbs.run("deliver", "bob") == "deliver bob"
    assert verbs.count("seconds", 3) == "seconds 3"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("papers", 2, "论文 2"),
        ("state", Announcement.State.STALE, "状态 未更新"),
        ("new", True, "新文摘 是"),
        ("reason", "all is in", "原因 全部到齐"),
        ("day", "2026-05-12", "日期 2026-05-12"),
    ],
)
def test_what_a_run_counts_is_told_in_chinese(name, value, told):
    with override("zh-hans"):
        assert verbs.count(name, value) == told


def test_in_english_a_count_is_as_the_run_has_it():
    assert verbs.count("papers", 2) == "papers 2"


def test_a_run_says_what_it_does_and_to_what():
    assert verbs.run("fetch", "cs.LG") == "fetch cs.LG"
    with override("zh-hans"):
        assert verbs.run("match", "new keywords") == "匹配 新关键词"
        assert verbs.run("match", "") == "匹配"
