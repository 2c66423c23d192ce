"""digest/search_text.py: the words that are searched."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import search_text
from digest.search_text import day_of, fold, forms, paper_of, place, spaced, stem


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("Vision-Language  Models", "vision language models"),
        ("Schrödinger’s cat", "schrodinger s cat"),
        ("量子纠错码", "量子 子纠 纠错 错码 码"),
        ("用GPT-4的强化学习", "用 gpt 4 的强 强化 化学 学习 习"),
        ("ガイド", "ガイ イド ド"),
        ("ＧＰＴ ４", "gpt 4"),
        ("CO$_2$ capture", "co2 capture"),
        ("of order $O(n^2)$", "of order o n2"),
        (r"$\mathcal{O}(\alpha_s)$", "o alpha s"),
        ("{B}ayesian", "bayesian"),
        ("co\u00adoperate", "cooperate"),
        ("", ""),
        ("?!, 😀", ""),
    ],
)
def test_a_text_becomes_words_with_one_space_between_them(text, searched):
    assert spaced(text) == searched


def test_tex_is_read_before_it_is_searched():
    assert search_text.announced(r"Schr\"odinger and \emph{all} the 50\%") == "schrodinger and all the 50"


@given(st.text())
def test_whatever_the_text_its_words_are_letters_and_digits(text):
    for word in spaced(text).split(" "):
        assert word == "" or word.isalnum()


@given(st.text())
def test_a_word_that_is_folded_is_folded(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("accented", ["", " é"])
def test_a_word_knows_where_it_stands_and_formulas_are_passed_over(accented):
    text = f"A Robots $x+y$ CO_2{accented}"
    row, places = forms(text)
    assert [(form, text[start:end]) for form, (start, end) in zip(row, places, strict=True)][:3] == [
        ("a", "A"),
        ("robot", "Robots"),
        ("co2", "CO_2"),
    ]


def test_each_sign_is_a_word():
    assert forms("机器")[0] == ["机", "器"]


def test_a_sign_of_two_parts_is_folded_once():
    assert fold(fold("\U0002fa1eA")) == fold("\U0002fa1eA")


@pytest.mark.parametrize("name", ["Yann A. LeCun", "LeCun, Yann", "Yann LeCun", "LECUN, Y. Yann"])
def test_a_name_is_the_same_however_it_is_written(name):
    assert search_text.author(name) == ("yann", "lecun")


def test_a_name_of_initials_alone_stays():
    assert search_text.author("X.") == ("x",)


def test_names_are_kept_apart():
    assert search_text.authors(["Ada Example", "Bo Sample"]) == "ada example 0 bo sample"


def test_a_category_is_a_word_that_no_text_has():
    assert search_text.categories(["cs.LG", "cs.AI", "math-ph"]) == "cslg0 cs0 csai0 mathph0"


def test_keys_have_the_order_of_the_days():
    early, late = place(date(2026, 5, 11), 900), place(date(2026, 5, 12), 7)
    assert early < late
    assert (day_of(late), paper_of(late)) == (date(2026, 5, 12), 7)


@pytest.mark.parametrize(
    "forms",
    "error errors,policy policies,learn learned learning,class classes,match matches matching".split(","),
)
def test_forms_of_an_english_word_have_one_stem(forms):
    assert len({stem(word) for word in forms.split()}) == 1


@pytest.mark.parametrize("word", ["bias", "this", "gas", "ring", "强", "3d"])
def test_what_only_looks_like_an_ending_stays(word):
    assert stem(word) in (word, word.removesuffix("s"))
