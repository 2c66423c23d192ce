"""digest/keywords/matching.py: papers held against rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.keywords import Record, Rules, canonical
from digest.keywords.trees import written
from tests.rules import RECORDS, RULES, plainly

PAPER = Record(
    "A Robot of Order $O(n^2)$",
    "The graph-neural network walks.\nWe transform {B}ayesian policies.",
    ["Yoshua Bengio", "Geoffrey E. Hinton"],
    ["cs.LG", "stat.ML"],
)


def matches(rule: str, paper: Record = PAPER) -> bool:
    return bool(Rules([canonical(rule)]).match(paper))


@pytest.mark.parametrize(
    "rule",
    [
        "robot",
        "ti:robot",
        "robot AND policy",
        "robot OR unicorn",
        "robot -unicorn",
        "transform*",
        "abs:bayes*",
        '"graph neural net*"',
        "robot (unicorn OR policy)",
        "robot -(unicorn OR dragon)",
        "robot NOT (policy AND unicorn)",
        'au:"Bengio, Yoshua"',
        "au:hinton_g",
        "all:hinton",
        "all:robot",
        "cat:cs.LG",
        "cat:stat",
        "cat:cs.* robot au:bengio",
        "cat:cs.* -au:lecun",
    ],
)
def test_a_paper_satisfies_a_rule(rule: str):
    assert matches(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "abs:robot",
        "ti:policy",
        "robot AND unicorn",
        "robot -policy",
        "robo -robot",
        "robot NOT (policy OR unicorn)",
        "au:robot",
        "hinton",
        "all:lecun",
        "cat:cs.CV",
        "cat:math",
        "transfor",
        "order -cat:cs",
    ],
)
def test_a_paper_does_not_satisfy_a_rule(rule: str):
    assert not matches(rule)


def test_the_places_are_those_of_the_words_that_speak_for_the_paper():
    (spans,) = Rules([canonical("robot AND baye* -unicorn")]).match(PAPER).values()
    assert [(s["field"], getattr(PAPER, s["field"])[s["start"] : s["end"]]) for s in spans] == [
        ("abstract", "B}ayesian"),
        ("title", "Robot"),
    ]


def test_an_author_and_a_category_are_told_by_their_place_in_the_list():
    (spans,) = Rules([canonical("au:hinton cat:stat.ML")]).match(PAPER).values()
    assert spans == [
        {"field": "authors", "start": 1, "end": 2},
        {"field": "categories", "start": 1, "end": 2},
    ]


def test_a_rule_is_named_by_its_place():
    assert list(Rules(["unicorn", "policy", "robot"]).match(PAPER)) == [1, 2]


def test_no_rules_match_nothing():
    assert Rules([]).match(PAPER) == {}


@given(st.lists(RULES, min_size=1, max_size=12), RECORDS)
def test_all_at_once_is_as_one_by_one(nodes, record):
    found = Rules([written(node) for node in nodes]).match(record)
    assert sorted(found) == [place for place, node in enumerate(nodes) if plainly(node, record)]


@given(st.lists(RULES, min_size=1, max_size=4), RECORDS)
def test_what_is_satisfied_has_a_place(nodes, record):
    for spans in Rules([written(node) for node in nodes]).match(record).values():
        assert spans
        for span in spans:
            assert 0 <= span["start"] < span["end"] <= len(getattr(record, span["field"]))
