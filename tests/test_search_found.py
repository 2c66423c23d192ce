"""digest/search_found.py: where hits stand, which piece shows them, which is the best."""

import pytest

from digest.search_found import Finder, score
from digest.search_query import Renderings, carried, parse

NONE = Renderings([])


def marked(text: str, *phrases: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in Finder([tuple(p.split()) for p in phrases]).find(text)]


def test_hits_are_marked_in_all_their_forms():
    assert marked("Errors of an error", "error") == ["Errors", "error"]


@pytest.mark.parametrize(
    ("sought", "text"), [("policies", "Policy"), ("h2o", "H_2O"), ("policy", "POLICIES")]
)
def test_a_word_is_marked_however_it_is_written(sought, text):
    assert marked(f"One {text} more", sought) == [text]


def test_a_run_of_chinese_is_marked_inside_of_its_sentence():
    assert marked("我们用强化学习训练。", "强 化 学 习") == ["强化学习"]


def test_a_phrase_is_marked_whole():
    assert marked("Deep Vision-Language models", "vision language") == ["Vision-Language"]


def test_nothing_is_marked_in_a_formula():
    assert marked("a robot $robot$", "robot") == ["robot"]


def test_nothing_looked_for_marks_nothing():
    assert Finder([]).find("a robot") == []


def test_a_short_abstract_is_shown_whole():
    assert Finder([("robot",)]).excerpt("A robot walks.") == "A robot walks."


def test_a_long_abstract_is_shown_where_the_hit_is():
    text = "Nothing at all is said here. " * 30 + "Then a robot walks. " + "And more follows after it. " * 30
    shown = Finder([("robot",)]).excerpt(text)
    assert "a robot walks" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 330


def test_the_piece_with_the_most_different_words_is_shown():
    text = "A robot alone. " + "x " * 300 + "A robot with legs. " + "y " * 300
    assert "with legs" in Finder([("robot",), ("legs",)]).excerpt(text)


def test_no_formula_is_cut():
    text = "A robot " + "$" + "x + " * 200 + "y$ walks. " + "z " * 300
    shown = Finder([("robot",)]).excerpt(text)
    assert shown.count("$") == 2


def test_chinese_is_cut_shorter():
    text = "我们训练一个机器人。" * 60
    assert len(Finder([("机", "器", "人")]).excerpt(text)) < 150


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [
        ("robot", ("robots", ""), ("legs", "robots")),
        ("robot legs", ("robot legs", ""), ("legs for a robot", "")),
        ("robot", ("a", "robot robot robot"), ("a", "robot")),
        ("robot", ("a", "robot " + "x " * 500), ("a", "x " * 500 + "robot")),
    ],
)
def test_the_better_hit_has_more(typed, better, worse):
    query = carried(parse(typed), NONE)
    assert score(query, *better) > score(query, *worse)


def test_the_best_way_to_say_it_counts():
    query = carried(parse("强化学习"), Renderings([("reinforcement learning", "强化学习")]))
    assert score(query, "reinforcement learning", "") == score(query, "强化 化学 学习 习", "")
