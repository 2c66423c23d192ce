"""digest/search_query.py: what is typed becomes an expression, and the expression a database's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.search_query import MOST, Narrow, Query, Renderings, carried, fts5, parse, rough_tsquery, tsquery

GLOSSARY = Renderings(
    [("reinforcement learning", "强化学习"), ("robot", "机器人"), ("policy", "策略|政策"), ("CLIP", "=")]
)
NONE = Renderings([])


def phrases(text: str) -> list[str]:
    return [" ".join(phrase) for phrase, _ in parse(text).wanted]


def ways(text: str) -> list[list[list[str]]]:
    """What is wanted: of each thing the ways to say it, each a list of phrases."""
    return [[[" ".join(p) for p in way] for way in w.ways] for w in carried(parse(text), GLOSSARY).wanted]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("robot legs", ["robot", "legs"]),
        ('"robot legs"', ["robot legs"]),
        ("“robot legs” 「強化」", ["robot legs", "強 化"]),
        ("vision-language", ["vision language"]),
        ("强化学习 robot", ["强 化 学 习", "robot"]),
        ('"never closed', ["never closed"]),
        ("the robot of the day", ["robot", "day"]),
        ("the of", ["the", "of"]),
        ('"the"', ["the"]),
        ("* ( ) -", []),
    ],
)
def test_what_is_looked_for(text, wanted):
    assert phrases(text) == wanted


def test_a_minus_before_a_word_or_a_phrase_keeps_it_out():
    typed = parse('robot -drone -"flying car" e-mail')
    assert [p for p, _ in typed.unwanted] == [("drone",), ("flying", "car")]
    assert phrases('robot -drone -"flying car" e-mail') == ["robot", "e mail"]


def test_so_many_words_are_read_and_no_more():
    assert len(phrases(" ".join(f"w{n}" for n in range(99)))) == MOST


def test_a_term_is_said_in_the_other_language_too():
    assert ways("强化学习") == [[["强 化 学 习"], ["reinforcement learning"]]]
    assert ways('"Reinforcement Learning"') == [[["reinforcement learning"], ["强 化 学 习"]]]


def test_words_typed_one_after_the_other_are_a_term():
    assert ways("deep reinforcement learning") == [
        [["deep"]],
        [["reinforcement", "learning"], ["强 化 学 习"]],
    ]


def test_words_in_quotes_are_no_part_of_a_term():
    assert ways('reinforcement "learning"') == [[["reinforcement"]], [["learning"]]]


def test_other_forms_of_a_term_are_the_term():
    assert ways("policies") == [[["policies"], ["策 略"], ["政 策"]]]


def test_terms_of_a_run_are_carried_over_one_by_one():
    assert ways("强化学习机器人") == [[["强 化 学 习 机 器 人"], ["reinforcement learning", "robot"]]]
    assert ways("强化学习的") == [[["强 化 学 习 的"]]]


def test_what_is_kept_in_english_has_no_other_side():
    assert ways("clip") == [[["clip"]]]


def test_what_must_not_be_there_is_carried_over_too():
    assert carried(parse("-机器人"), GLOSSARY).unwanted[0].ways == ((("机", "器", "人"),), (("robot",),))


def test_sqlite_is_asked_so():
    query = carried(parse("强化学习 legs -drone"), GLOSSARY)
    assert fts5(query, Narrow("Ada Example", "cs.LG")) == (
        '(("强化 化学 学习") OR ("reinforcement learning")) AND (("legs"))'
        ' AND authors : "ada example" AND categories : "cslg0"',
        '(("drone"))',
    )


def test_postgresql_is_asked_so():
    query = carried(parse('"robot legs" -drone'), NONE)
    assert tsquery(query, Narrow("Example", "cs")) == (
        "((('robot' <-> 'legs'))) & ('example':C) & ('cs0':D)",
        "((('drone')))",
    )


def test_postgresql_is_first_asked_for_the_words_in_any_order():
    query = carried(parse('"robot legs" -drone'), NONE)
    assert rough_tsquery(query, Narrow("Example", "cs")) == "((('robot' & 'legs'))) & ('example') & ('cs0')"


def test_nothing_is_asked_as_nothing():
    assert fts5(Query()) == tsquery(Query()) == ("", "")
    assert rough_tsquery(Query()) == ""


@given(st.text())
def test_nothing_typed_is_syntax(text):
    query = carried(parse(text), NONE)
    for phrase in query.phrases:
        assert phrase
        assert all(word.isalnum() for word in phrase)


def test_the_terms_of_a_text_are_those_of_several_words():
    assert GLOSSARY.within(("a", "robot", "by", "reinforcement", "learning")) == [
        ("reinforcement", "learning")
    ]


@pytest.mark.parametrize(
    ("text", "sqlite", "postgresql"),
    [
        ("码", '"码"', "('码')"),
        ("量子码", '"量子 子码"', "('量子' <-> '子码')"),
        ("模型GPT", '"模型 型 gpt"', "('模型' <-> '型' <-> 'gpt')"),
        ("GPT用", '"gpt 用" *', "('gpt' <-> '用':*)"),
    ],
)
def test_a_run_of_signs_is_asked_in_pairs(text, sqlite, postgresql):
    query = carried(parse(text), NONE)
    assert (fts5(query)[0], tsquery(query)[0]) == (f"(({sqlite}))", f"(({postgresql}))")
