"""digest/keywords/highlight.py: a rule's words in what is shown."""

import pytest

from digest.keywords import Matcher, Record, canonical

GLOSSARY = {
    "diffusion": ["扩散"],
    "policy": ["策略", "政策"],
    "robot": ["机器人"],
    "reinforcement learning": ["强化学习"],
}


def marked(rule: str, text: str, field: str = "") -> list[str]:
    return [text[h.start : h.end] for h in Matcher([canonical(rule)]).find(text, field)]


def marked_there(rule: str, text: str) -> list[str]:
    return [text[h.start : h.end] for h in Matcher([canonical(rule)], GLOSSARY).find_translated(text)]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("robot AND arm", ["Robots", "arm"]),
        ("robot -arm", ["Robots"]),
        ("robot NOT (a OR NOT arm)", ["Robots", "arm"]),
        ('"an arm*"', ["an arm"]),
        ("transform*", ["transformers"]),
        ("au:robot cat:cs.LG", []),
        ("all:arm", ["arm"]),
    ],
)
def test_what_speaks_for_a_paper_is_marked(rule: str, words: list[str]):
    assert marked(rule, "Robots have an arm and transformers") == words


def test_a_field_is_heeded():
    assert marked("ti:robot", "A robot", "ti") == ["robot"]
    assert marked("ti:robot", "A robot", "abs") == []
    assert marked("robot", "A robot", "abs") == ["robot"]


def test_a_field_is_heeded_in_a_translation():
    matcher = Matcher([canonical("ti:robot")], GLOSSARY)
    assert [h.start for h in matcher.find_translated("这个机器人", "ti")] == [2]
    assert matcher.find_translated("这个机器人", "abs") == []


def test_words_of_a_rule_that_did_not_bring_the_paper_are_not_marked():
    matcher = Matcher(["arm AND robot", "leg"]).within(Record("A Robot", "Its leg."))
    assert [hit.keyword for hit in matcher.find("A robot with a leg")] == [1]


@pytest.mark.parametrize(
    ("rule", "text", "words"),
    [
        ("robots", "机器人的手臂", ["机器人"]),
        ("policy", "策略与政策", ["策略", "政策"]),
        ("diffusion policy", "我们用扩散策略", ["扩散策略"]),
        ("diffusion policy", "扩散的政策", ["扩散的政策"]),
        ('"reinforcement learning" robot', "强化学习用于机器人", ["强化学习", "机器人"]),
        ("transform*", "使用Transformer模型", ["Transformer"]),
        ("CLIP model", "使用CLIP model训练", ["CLIP model"]),
        ("unicorn policy", "策略", []),
        ("robot -policy", "机器人策略", ["机器人"]),
    ],
)
def test_a_translation_is_marked_as_far_as_it_can_be_told(rule: str, text: str, words: list[str]):
    assert marked_there(rule, text) == words


def test_without_a_glossary_words_in_latin_script_are_marked():
    assert [h.start for h in Matcher(["clip"]).find_translated("用CLIP")] == [1]
