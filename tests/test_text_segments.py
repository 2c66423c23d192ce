"""worker/text/segments.py: a text in sentences, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import tex
from digest.languages import find
from worker.text.protection import restore
from worker.text.segments import join, pieces

CHINESE, GERMAN = find("zh-Hans"), find("de")
SIGNS = [
    *("We see. ", "It is $x<y$. ", "e.g. ", "<v0>", " <v1> ", "\n", " ", "https://a.org/b. ", "Ref. [3]. "),
    *(r"\emph{so} ", r"\$5 ", "$", "\\", "é", "\U000f0001", "`a. B`", "(", ")"),
]
TEXTS = st.lists(st.sampled_from(SIGNS)).map("".join)


def test_a_text_is_cut_into_sentences_by_paragraph():
    cut = pieces("We see. It walks.\nIt runs.")
    assert [(piece.paragraph, piece.text) for piece in cut] == [
        (0, "We see."),
        (0, "It walks."),
        (1, "It runs."),
    ]


def test_a_sentence_goes_on_over_a_line_that_only_looks_like_a_paragraph():
    assert [piece.text for piece in pieces("Each problem\ninjects a fault. It is\nfound.\nWe see it.")] == [
        "Each problem injects a fault.",
        "It is found.",
        "We see it.",
    ]


@pytest.mark.parametrize("text", ["These are:\nrobots that walk.", "We see.\nxarray is used."])
def test_behind_an_end_mark_a_paragraph_is_one(text: str):
    assert [piece.paragraph for piece in pieces(text)] == [0, 1]


def test_a_title_is_one_sentence():
    assert [piece.text for piece in pieces("Robots. They walk? Yes", title=True)] == [
        "Robots. They walk? Yes"
    ]


def test_the_engine_sees_placeholders_and_the_reader_formulas():
    (piece,) = pieces("For $x$ and $y$ it holds.")
    assert (piece.source, piece.text) == ("For <v0> and <v1> it holds.", "For $x$ and $y$ it holds.")
    assert piece.held == ("$x$", "$y$")


def test_equal_sentences_have_equal_sources_wherever_they_stand():
    one, _, other = pieces("Let $x$ be. So is $y$. Let $z$ be.")
    assert one.source == other.source


def test_a_formula_is_never_cut():
    formula = r"$f(x) = 1. \text{ We see. It is. }$"
    assert [piece.held for piece in pieces(f"So {formula} holds. It does.")] == [(formula,), ()]


def test_tex_in_prose_is_read_before_it_is_translated():
    assert pieces(r"\emph{All} 50\% of Schr\"odinger's.")[0].source == "All 50% of Schrödinger's."


def test_a_text_that_looks_like_a_placeholder_is_held():
    (piece,) = pieces("We write <v3> for it.")
    assert (piece.source, piece.held) == ("We write <v0> for it.", ("<v3>",))


@pytest.mark.parametrize(
    ("text", "translatable"),
    [
        ("We see.", True),
        ("$x^2$", False),
        ("https://a.org/b.", False),
        ("$x$ is", True),
        ("(3).", False),
        ("A 1.", False),
        ("<v0>", False),
        ("", None),
    ],
)
def test_only_words_are_translated(text: str, translatable: bool | None):
    assert [piece.translatable for piece in pieces(text)] == ([] if translatable is None else [translatable])


@given(TEXTS)
def test_nothing_is_lost_on_the_way_to_the_engine_and_back(text: str):
    for piece in pieces(text):
        assert restore(piece.source, list(piece.held)) == piece.text


@given(TEXTS)
def test_the_sentences_together_are_the_text_as_it_is_read(text: str):
    cut = pieces(text)
    assert "".join("".join(p.text for p in cut).split()) == "".join(tex.readable(text).split())


@given(TEXTS)
def test_a_title_is_at_most_one_piece_for_each_of_its_lines(text: str):
    assert len(pieces(text.replace("\n", " "), title=True)) <= 1


# And back


def test_chinese_sentences_follow_without_a_space():
    assert join([(0, "我们看。", True), (0, "它走。", True)], CHINESE) == "我们看。它走。"


def test_german_sentences_follow_with_a_space():
    assert join([(0, "Wir sehen.", True), (0, "Er geht.", True)], GERMAN) == "Wir sehen. Er geht."


def test_a_sentence_left_in_english_keeps_its_distance():
    told = [(0, "我们看。", True), (0, "It walks.", False), (0, "它走。", True), (0, "完。", True)]
    assert join(told, CHINESE) == "我们看。 It walks. 它走。完。"


def test_paragraphs_stay_apart():
    assert join([(0, "一。", True), (1, "Two.", False), (1, "三。", True)], CHINESE) == "一。\nTwo. 三。"


def test_a_paragraph_after_an_english_one_begins_without_a_space():
    assert join([(0, "One.", False), (1, "二。", True)], CHINESE) == "One.\n二。"


def test_nothing_joins_to_nothing():
    assert join([], CHINESE) == ""
