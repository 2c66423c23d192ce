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
            "It has two parts: 1) a memory of speech; 2) a judge of what was held.",
            ["It has two parts: 1) a memory of speech;", "2) a judge of what was held."],
        ),
        (
            "The idea is to i) learn which samples matter most and then ii) repeat these samples often.",
            ["The idea is to i) learn which samples matter most", "and then ii) repeat these samples often."],
        ),
        (
            "We keep a store of documents from which the agent loads what it needs for its task.",
            ["We keep a store of documents", "from which the agent loads what it needs for its task."],
        ),
        (
            "The bound on the error holds with high probability even when the data are dependent.",
            ["The bound on the error holds with high probability", "even when the data are dependent."],
        ),
        (
            "Our robot walks over the wet sand of the beach - a skill that it has never been taught.",
            ["Our robot walks over the wet sand of the beach -", "a skill that it has never been taught."],
        ),
        (
            "Every one of our agents learns a policy which keeps it alive for a very long time.",
            ["Every one of our agents learns a policy", "which keeps it alive for a very long time."],
        ),
        (
            "The first layer reads the raw signal of the camera This layer has no weights of its own",
            ["The first layer reads the raw signal of the camera", "This layer has no weights of its own"],
        ),
        (
            "The robots sort apples, pears, and plums on a belt, and they learn from each mistake.",
            ["The robots sort apples, pears, and plums on a belt,", "and they learn from each mistake."],
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


@pytest.mark.parametrize(
    "sentence",
    [
        "We train it on the images, sounds, and maps of two old towns.",
        "We need a small but quite strong model for maps of old towns.",
    ],
)
def test_a_little_too_long_is_no_reason_to_part_what_belongs_together(sentence: str):
    assert cut(sentence, 11, words) == [sentence]


def test_a_clause_is_preferred_to_the_middle_of_a_list():
    sentence = (
        "We let the robots sort red apples, green pears, ripe plums, wild cherries, "
        "hoping for a harvest that is a little less slow than it was in the last two years."
    )
    assert cut(sentence, 20, words)[0].endswith("cherries,")


def test_an_adjective_is_not_parted_from_its_noun():
    pieces = cut(
        "The law that was passed in May gives us an internal, auditable rule for all of it", 9, words
    )
    assert not any(piece.endswith("an internal,") for piece in pieces)


def test_no_cut_parts_a_preposition_from_what_follows():
    pieces = cut("We ask in which cases and for which of the many models that we saw it holds", 4, words)
    assert not any(piece.endswith((" in", " for", " of", " the")) for piece in pieces)


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
