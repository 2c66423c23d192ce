"""worker/text/clauses.py: where a sentence that is too long is cut."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.text.clauses import cut

SIGNS = [
    "We train",
    " a policy",
    ", which",
    " and",
    "; ",
    ": ",
    "(",
    ")",
    " <v0>",
    " <v1>",
    ", ",
    " e.g., x",
    " (ii) b",
]
TEXTS = st.lists(st.sampled_from(SIGNS), max_size=80).map("".join)


def words(text: str) -> int:
    return len(text.split())


def test_a_sentence_that_is_short_enough_is_left_whole():
    assert cut("We train a policy, which works.", 6, words) == ["We train a policy, which works."]


def test_a_chain_is_cut_at_its_semicolons():
    assert cut("we train one policy; we test another policy; we compare both of them.", 5, words) == [
        "we train one policy;",
        "we test another policy;",
        "we compare both of them.",
    ]


@pytest.mark.parametrize(
    ("sentence", "pieces"),
    [
        (
            "We present a method for robots, which learns from demonstrations of people.",
            ["We present a method for robots,", "which learns from demonstrations of people."],
        ),
        (
            "The model is small because most of its weights were removed after training.",
            ["The model is small", "because most of its weights were removed after training."],
        ),
        (
            "Our contributions are three: (i) a new loss, (ii) a new data set of images.",
            ["Our contributions are three: (i) a new loss,", "(ii) a new data set of images."],
        ),
    ],
)
def test_a_long_sentence_is_cut_where_a_clause_ends(sentence: str, pieces: list[str]):
    assert cut(sentence, 10, words) == pieces


def test_a_list_of_words_is_not_cut_while_it_is_only_a_little_too_long():
    sentence = "We compare it with apples, pears, plums, cherries and quinces in the field."
    assert cut(sentence, 12, words) == [sentence]


def test_brackets_are_not_cut_while_there_is_another_way():
    pieces = cut(
        "We use many tools (saws, which cut well, and nails, which hold) and then we build it.", 10, words
    )
    assert all(piece.count("(") == piece.count(")") for piece in pieces)
    assert len(pieces) == 2


def test_no_comma_behind_an_abbreviation_ends_a_clause():
    pieces = cut("We test several large models, e.g., we take those of two companies, and compare.", 9, words)
    assert not any(piece.endswith("e.g.,") for piece in pieces)


def test_what_the_engine_could_not_read_at_all_is_cut_at_any_space():
    assert max(map(words, cut("word " * 400, 10, words))) <= 60


def test_a_sentence_without_spaces_stays_as_it_is():
    assert cut("x" * 5000, 10, len) == ["x" * 5000]


@given(TEXTS, st.integers(1, 40))
def test_the_pieces_are_the_sentence_and_no_placeholder_is_cut(text: str, longest: int):
    folded = " ".join(text.split())
    pieces = cut(text, longest, words)
    assert " ".join(pieces) == folded
    assert [n for piece in pieces for n in re.findall(r"<v\d>", piece)] == re.findall(r"<v\d>", folded)


def test_a_hostile_sentence_takes_no_longer_than_its_length_asks():
    assert " ".join(cut("(, and " * 5000, 40, words)) == ("(, and " * 5000).strip()
