"""digest/keywords/sieve.py: whoever satisfies a rule passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.keywords import Record, Rules, canonical
from digest.keywords.sieve import Sieve, stem
from digest.keywords.trees import Term, written
from tests.rules import RECORDS, RULES

TEXT = st.text(alphabet=st.sampled_from([*"robotysi -\n,.{}\\'é", "\u0301", "İ", "ß"]), max_size=20)


def passes(title: str, *rules: str) -> bool:
    return Sieve(Rules(map(canonical, rules))).lets(Record(title, "An abstract."))


@pytest.mark.parametrize("title", ["A Robot", "{R}obots", r"R\'obot", "Röbot", "ro{b}ot", "robotics"])
def test_what_may_have_a_word_passes(title: str):
    assert passes(title, "robots")


@pytest.mark.parametrize("title", ["An Arm", r"$\alpha$ of x", ""])
def test_what_has_not_a_word_stays_out(title: str):
    assert not passes(title, "robot")


def test_many_rules_are_one_question():
    assert passes("An Arm", *(f"word{n}" for n in range(50)), "arm")
    assert not passes("A Leg", *(f"word{n}" for n in range(50)), "arm")


def test_a_rule_of_authors_asks_for_authors():
    sieve = Sieve(Rules([canonical("au:bengio robot"), canonical("cat:cs.LG -robot")]))
    assert sieve.by_name
    assert sieve.lets(Record("", "", ["Y. Bengio"]))
    assert sieve.lets(Record("", "", [], ["cs.LG"]))
    assert not sieve.lets(Record("A Robot", "", ["G. Hinton"], ["math.AG"]))


@pytest.mark.parametrize(
    ("form", "piece"), [("diffusion policies", "diffusion"), ("es", "es"), ("boxes", "box"), ("a s", "a")]
)
def test_a_stem_is_in_both_numbers(form: str, piece: str):
    assert stem(Term("", form)) == piece


@given(st.lists(RULES, min_size=1, max_size=9), RECORDS)
def test_who_satisfies_a_rule_passes(nodes, record):
    rules = Rules([written(node) for node in nodes])
    assert Sieve(rules).lets(record) or not rules.match(record)


@given(st.sampled_from(["robots", "so", "toys", "sties", "boss"]), TEXT)
def test_no_sign_of_tex_hides_a_word(word: str, text: str):
    rules = Rules([canonical(word)])
    record = Record(text, "")
    assert Sieve(rules).lets(record) or not rules.match(record)
