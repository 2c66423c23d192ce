"""digest/versions.py: what changed between two versions, and no formula is ever cut."""

import random
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import tex
from digest.versions import Changes, Piece, changes, diff, same_text
from tests.pictures import paper, translated


def told(old: str, new: str) -> str:
    """The difference in one line: `a [-old-]{+new+} b`."""
    frames = {"same": "{}", "del": "[-{}-]", "ins": "{{+{}+}}"}
    return "".join(frames[piece.kind].format(piece.text) for piece in diff(old, new))


def text_of(pieces: tuple[Piece, ...], *kinds: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


# --- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("We train a robot.", "We train a robot.", "We train a robot."),
        ("We train a robot.", "We train two robots.", "We train [-a robot-]{+two robots+}."),
        ("We train a robot.", "We train a fast robot.", "We train a {+fast +}robot."),
        ("A robot walks, and runs.", "A robot walks.", "A robot walks[-, and runs-]."),
        ("It is 0.5 m long.", "It is 0.7 m long.", "It is [-0.5-]{+0.7+} m long."),
        ("", "New.", "{+New.+}"),
        ("Old.", "", "[-Old.-]"),
        ("", "", ""),
    ],
)
def test_what_changed_is_told_word_by_word(old, new, expected):
    assert told(old, new) == expected


def test_changes_with_only_a_comma_between_them_are_one():
    assert told("red, green things", "blue, grey things") == "[-red, green-]{+blue, grey+} things"


def test_a_word_that_changed_by_a_letter_is_told_as_a_whole():
    assert told("the modeling of", "the modelling of") == "the [-modeling-]{+modelling+} of"


def test_what_is_accented_or_has_marks_is_one_word():
    assert told("Schrödinger हिन्दी", "Schrödinger हिन्द") == "Schrödinger [-हिन्दी-]{+हिन्द+}"


def test_white_space_alone_is_no_anchor():
    assert told("a b c d", "w x y z") == "[-a b c d-]{+w x y z+}"


# --- formulas ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("cost $O(n^2)$ here", "cost $O(n^3)$ here", "cost [-$O(n^2)$-]{+$O(n^3)$+} here"),
        (r"so \(a b\) holds", r"so \(a c\) holds", r"so [-\(a b\)-]{+\(a c\)+} holds"),
        (
            "see https://a.org/x now",
            "see https://a.org/y now",
            "see [-https://a.org/x-]{+https://a.org/y+} now",
        ),
        ("对于 $n<4$ 成立", "对于 $n<5$ 成立", "对于 [-$n<4$-]{+$n<5$+} 成立"),
    ],
)
def test_a_formula_is_told_as_a_whole(old, new, expected):
    assert told(old, new) == expected


def test_a_piece_knows_its_formulas():
    (piece,) = diff("if $x<y$ and $a$", "if $x<y$ and $a$")
    assert [piece.text[span.start : span.end] for span in piece.held] == ["$x<y$", "$a$"]


def test_what_is_no_formula_in_its_text_is_none_in_a_piece_of_it():
    """`$5 and $` would be read as one, alone."""
    old, new = "It costs $5 and more, says $ he.", "It costs $5 and $6, says he."
    for piece in diff(old, new):
        assert piece.held == () or piece.text.count("$") == 2 * len(piece.held)
    assert not tex.spans(old)
    assert all(piece.held == () for piece in diff(old, "nothing"))


# --- Chinese, Japanese, Thai ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("我们训练机器人。", "我们训练两个机器人。", "我们训练{+两个+}机器人。"),
        ("一种新的方法", "两种方法", "[-一种新的-]{+两种+}方法"),
        ("用BERT模型训练", "用GPT模型训练", "用[-BERT-]{+GPT+}模型训练"),
        ("ロボットが歩く", "ロボットは歩く", "ロボット[-が-]{+は+}歩く"),
    ],
)
def test_signs_of_scripts_without_spaces_are_told_one_by_one(old, new, expected):
    assert told(old, new) == expected


def test_a_mark_stays_with_the_sign_that_it_stands_on():
    for piece in diff("นี่คือหุ่นยนต์", "นี้คือหุ่นยนต์เร็ว"):
        assert unicodedata.category(piece.text[0])[0] != "M"


# --- whatever the texts are -------------------------------------------------------------------

PARTS = st.sampled_from(
    [
        *"a the robot $n<4$ $O(n^2)$ $ \\(x\\) https://a.org/b_c 我 们 的 机 , . \\$5 é e\u0301 \u0301 \U000f0000 $5 "
        "\\ {\\'e} \\begin{math}x\\end{math} 0 .5 0.5".split(),
        " ",
        "  ",
        "\n",
    ]
)
TEXTS = st.lists(PARTS, max_size=30).map("".join) | st.lists(PARTS, max_size=30).map(" ".join) | st.text()


@given(TEXTS, TEXTS)
def test_the_pieces_make_both_texts(old, new):
    pieces = diff(old, new)
    assert text_of(pieces, "same", "del") == old
    assert text_of(pieces, "same", "ins") == new
    assert all(piece.text for piece in pieces)


@given(TEXTS, TEXTS)
def test_no_formula_is_cut_and_none_is_forgotten(old, new):
    for text, kinds in ((old, ("same", "del")), (new, ("same", "ins"))):
        found, position = [], 0
        for piece in diff(old, new):
            if piece.kind in kinds:
                found += [(position + span.start, position + span.end, span.kind) for span in piece.held]
                position += len(piece.text)
        assert found == tex.spans(text)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert all(piece.kind == "same" for piece in diff(text, text))


def words(count: int, vocabulary: int, seed: int) -> str:
    """Words as often as in a language: the n-th a n-th as often as the first."""
    weights = [1 / (n + 1) for n in range(vocabulary)]
    return " ".join(random.Random(seed).choices([f"w{n}" for n in range(vocabulary)], weights, k=count))


@pytest.mark.parametrize("vocabulary", [1, 2, 100, 5000])
def test_five_thousand_words_take_a_moment(vocabulary):
    old, new = words(5000, vocabulary, 1), words(5000, vocabulary, 2)
    began = time.process_time()
    pieces = diff(old, new)
    assert time.process_time() - began < 3
    assert text_of(pieces, "same", "del") == old
    assert text_of(pieces, "same", "ins") == new


def test_a_long_text_of_which_a_sentence_has_changed_shows_that_sentence():
    old = words(5000, 5000, 1)
    new = old[:12_000] + " something else " + old[12_000:]
    assert sum(len(piece.text) for piece in diff(old, new) if piece.kind != "same") < 60


# --- of a paper -------------------------------------------------------------------------------


def test_title_and_abstract_are_compared_and_what_is_the_same_has_no_pieces():
    found = changes(paper(), paper(version=3, title="A Fast Robot"))
    assert (found.since, found.abstract, found.unchanged) == (1, (), False)
    assert text_of(found.title, "ins") == "Fast "


def test_white_space_and_the_way_an_accent_is_written_are_no_change():
    old = paper(title=r"Schr\"odinger's  robot", abstract="One.\nTwo.")
    new = paper(version=2, title="Schrödinger's robot", abstract="One. Two.")
    assert changes(old, new) == Changes(1)
    assert changes(old, new).unchanged
    assert same_text(old.title, new.title)
    assert not same_text("A robot", "A robots")


def test_translations_are_compared_where_both_have_one():
    old, new = translated(), translated(version=2, title_translated="一个快机器人", abstract="It runs.")
    assert text_of(changes(old, new).title_translated, "ins") == "快"
    for other in (paper(), translated(title_translated=""), translated(language="ja")):
        assert changes(other, new).title_translated == ()
