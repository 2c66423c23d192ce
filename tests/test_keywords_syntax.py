"""digest/keywords/syntax.py: what is typed becomes a rule, or an error that says where and what to do."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.keywords import LARGEST, LONGEST_RULE, KeywordError, canonical
from digest.keywords.syntax import MOST_TERMS, parse, stored
from digest.keywords.tokens import is_plain
from digest.keywords.trees import Term, written
from tests.rules import RULES

PIECES = [*"a()-*+'\\{}“”（）：＊é\n\x00", "robot", "graph neural", '"', '"a b"', " ", " ", " ", "AND", "OR", "NOT",
          "ANDNOT", "ti:", "abs:", "au:", "cat:", "all:", "foo:", "transform*", "cs.LG", "cs.*", "Bengio, Y",
          "bengio_y", '\\"o', "\u0301", "\ufdfa", "强化"]  # fmt: skip
TYPED = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


# --- one phrase -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("Reinforcement Learning", "reinforcement learning"),
        ("state-of-the-art", "state of the art"),
        ("search and rescue or not", "search and rescue or not"),
        ("Deep learning: a survey", "deep learning : a survey"),
        ("C*-algebra", "c * algebra"),
        ("a * search", "a * search"),
        ("robot *", "robot *"),
        (r"Schr\"odinger bridge", "schrodinger bridge"),
        ('"Reinforcement Learning"', "reinforcement learning"),
        ("((reinforcement))", "reinforcement"),
        ("“强化学习”", "强化学习"),
    ],
)
def test_words_side_by_side_are_a_phrase(typed: str, form: str):
    assert canonical(typed) == form
    assert parse(typed) == Term("", form)


# --- the language -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("robot AND arm", "arm AND robot"),
        ("robot arm OR leg", "(arm AND robot) OR leg"),
        ('"Graph Networks" robot', '"graph networks" AND robot'),
        ("robot -survey", "robot AND NOT survey"),
        ("robot NOT survey", "robot AND NOT survey"),
        ("robot ANDNOT survey", "robot AND NOT survey"),
        ("robot AND NOT (a OR b)", "robot AND NOT (a OR b)"),
        ("robot -(b OR a OR b)", "robot AND NOT (a OR b)"),
        ("NOT NOT robot", "robot"),
        ("(robot AND (arm AND (leg)))", "arm AND leg AND robot"),
        ("a OR b OR a", "a OR b"),
        ("ti:robot", "ti:robot"),
        ("TI: Robot", "ti:robot"),
        ("title:robot abstract:arm", "abs:arm AND ti:robot"),
        ('ti:"graph neural net*"', 'ti:"graph neural net*"'),
        ("ti:(robot OR arm)", "ti:arm OR ti:robot"),
        ("all:robot", "all:robot"),
        ("Transform*", "transform*"),
        ('"A* search"', "a * search"),
        ('"C*"', "c *"),
        ('au:"Yoshua Bengio"', 'au:"bengio, yoshua"'),
        ('au:"Bengio, Yoshua"', 'au:"bengio, yoshua"'),
        ("au:bengio_y", 'au:"bengio, y"'),
        ("au:Beng*", "au:beng*"),
        ("au:Garcia-Molina", "au:garcia-molina"),
        ("cat:cs.lg", "cat:cs.LG"),
        ("cat:CS", "cat:cs.*"),
        ("cat:cs.*", "cat:cs.*"),
        ("cat:hep-th", "cat:hep-th"),
        ("cat:(cs.LG OR stat.ML) robot", "(cat:cs.LG OR cat:stat.ML) AND robot"),
        ("ti：（robot　OR　“graph　net”）", 'ti:"graph net" OR ti:robot'),
        ("transform＊ －survey", "transform* AND NOT survey"),
    ],
)
def test_equal_rules_have_one_form(typed: str, form: str):
    assert canonical(typed) == form
    assert canonical(form) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a OR b c", "(c AND b) OR a"),
        ("ti:(a b)", "ti:b AND ti:a"),
        ("a -b -c", "NOT c AND a AND NOT b"),
        ('au:"Y. Bengio"', "au:bengio_y"),
        ("cat:astro-ph", "cat:astro-ph.*"),
    ],
)
def test_what_means_the_same_is_the_same(one: str, other: str):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"), [("a OR b", "a AND b"), ("ti:a", "abs:a"), ("a*bc", "abc*"), ("a -b", "b -a")]
)
def test_what_means_something_else_is_not_the_same(one: str, other: str):
    assert canonical(one) != canonical(other)


@given(RULES)
def test_what_is_written_is_read_as_the_same_rule(node):
    assert parse(written(node)) == node
    assert stored(written(node)) == node


def assert_told(error: KeywordError) -> None:
    assert str(error)
    assert error.place is None or 0 <= error.place <= len(error.text)
    line, pointer = error.caret
    assert "\n" not in line + pointer


@given(TYPED | st.text(max_size=80))
def test_whatever_is_typed_is_a_rule_or_gets_a_message(typed: str):
    try:
        form = canonical(typed)
    except KeywordError as error:
        assert_told(error)
        return
    assert canonical(form) == form
    assert stored(form) == parse(typed)
    assert len(form.encode()) <= LARGEST


# --- errors -----------------------------------------------------------------------------------


def error_of(typed: str) -> KeywordError:
    with pytest.raises(KeywordError) as caught:
        canonical(typed)
    return caught.value


@pytest.mark.parametrize(
    ("typed", "place", "says"),
    [
        ('robot "arm', 6, "quote is not closed"),
        ("“robot", 0, "quote is not closed"),
        ("(robot OR arm", 0, "parenthesis is not closed"),
        ("robot (", 6, "parenthesis is not closed"),
        ("robot) arm", 5, "closes nothing"),
        (")", 0, "closes nothing"),
        ("robot ()", 6, "nothing in these parentheses"),
        ("robot AND", 6, "missing after “AND”"),
        ("OR robot", 0, "missing before “OR”"),
        ("robot AND OR arm", 6, "missing after “AND”"),
        ("robot OR OR arm", 6, "missing after “OR”"),
        ("(robot OR) arm", 7, "missing after “OR”"),
        ("robot NOT", 6, "missing after “NOT”"),
        ("robot ti:", 6, "Nothing stands after “ti:”"),
        ("ti: AND robot", 0, "Nothing stands after “ti:”"),
        ("robot tii:arm", 6, "no field “tii”. Did you mean “ti:”"),
        ("robot xyz:arm", 6, "no field “xyz”"),
        ("ti:(au:hinton)", 4, "can't stand inside another"),
        ("*", 0, "at least 3 letters"),
        ("robot OR *", 9, "at least 3 letters"),
        ("tr*", 0, "at least 3 letters"),
        ('robot ""', 6, "nothing between these quotes"),
        ('robot "?!"', 6, "at least one letter or digit"),
        ("cat:cs.LX", 4, "not an arXiv category. Did you mean"),
        ("robot cat:", 6, "Nothing stands after"),
        ("au:12", 3, "A name has letters"),
        ("-survey", 0, "not only what must not"),
        ("robot OR -survey", 9, "not only what must not"),
        ("NOT (a b)", 0, "not only what must not"),
        ("(" * 40 + "a" + ")" * 40, 12, "one in another"),
        (" ".join(["NOT"] * 40 + ["a"]), 48, "one in another"),
        (" OR ".join("abcdefghij"[n % 10] * (n // 10 + 1) for n in range(70)), None, f"at most {MOST_TERMS}"),
        ("robot \x07 arm", 6, "control characters"),
        ("robot AND " + "x " * 800, None, "A rule has at most 1,000".replace(",", "")),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(typed: str, place: int | None, says: str):
    error = error_of(typed)
    assert says in str(error)
    assert place is None or error.place == place


@given(st.integers(min_value=LONGEST_RULE, max_value=100_000))
def test_what_is_too_long_is_refused_at_once(size: int):
    assert "at most" in str(error_of("(" * size + "x"))


def test_the_place_is_of_the_text_as_shown():
    error = error_of("e\u0301 AND (")
    assert error.text == unicodedata.normalize("NFC", "e\u0301 AND (")
    assert error.text[error.place] == "("


# --- what is in the database ------------------------------------------------------------------


@pytest.mark.parametrize("form", ["f ( x", '" deep', "ti :", "robot )"])
def test_a_form_from_before_the_language_is_the_phrase_that_it_was(form: str):
    assert stored(form) == Term("", form)


@pytest.mark.parametrize("text", ["robot", "state-of-the-art", "and or not", "a * b"])
def test_a_phrase_is_plain(text: str):
    assert is_plain(text)


@pytest.mark.parametrize("text", ["a AND b", '"a"', "(a)", "ti:a", "abc*", "a -b", "*"])
def test_a_rule_is_not_plain(text: str):
    assert not is_plain(text)
