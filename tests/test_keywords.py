"""digest/keywords/phrases.py: phrases found whole, whatever their case, hyphens, line breaks and plurals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.keywords import LONGEST, Hit, KeywordError, Matcher, canonical, merged
from digest.keywords.phrases import _words_of_hard, row_of, words_of

LATIN = st.text(st.characters(max_codepoint=0x24F, exclude_characters="¼½¾"), max_size=60)
NEAR = st.text(alphabet=st.sampled_from([*"ab -\n,.{}\\'é", "\u0301", "\ufdfa", "ℝ", "ß", "\u037a", "İ"]))


def found(keyword: str, text: str) -> list[str]:
    """The stretches of the text at which the keyword stands."""
    return [text[hit.start : hit.end] for hit in Matcher([canonical(keyword)]).find(text)]


@pytest.mark.parametrize(
    ("keyword", "form"),
    [
        ("Vision-Language  Model", "vision language model"),
        ("vision\nlanguage\tmodel", "vision language model"),
        ("Schrödinger", "schrodinger"),
        ("Schro\u0308dinger", "schrodinger"),
        (r"Schr\"odinger", "schrodinger"),
        (r"Schr{\"o}dinger", "schrodinger"),
        ("{B}ayesian", "bayesian"),
        (r"\emph{in-context} learning", "in context learning"),
        ("ℝ", "r"),
        ("GPT-4", "gpt 4"),
        ("C++", "c + +"),
        ("Straße", "strasse"),
        ("强化学习", "强化学习"),
    ],
)
def test_equal_keywords_have_one_form(keyword: str, form: str):
    assert canonical(keyword) == form


@given(LATIN | NEAR)
def test_a_canonical_form_is_its_own(phrase: str):
    try:
        form = canonical(phrase)
    except KeywordError:
        return
    assert canonical(form) == form


@pytest.mark.parametrize("phrase", ["", "   ", "--", "?!", "…", "\u0301"], ids=ascii)
def test_a_keyword_needs_a_letter_or_a_digit(phrase: str):
    with pytest.raises(KeywordError, match=r"at least one letter or digit"):
        canonical(phrase)


def test_a_keyword_that_is_too_long_is_refused_with_its_beginning():
    with pytest.raises(KeywordError, match=r"at most 200 characters; this one has 1,001.*“robot robot"):
        canonical("robot " * 166 + "robot")


def test_the_longest_keyword_is_taken():
    assert canonical("x" * LONGEST) == "x" * LONGEST


def test_a_control_character_is_refused():
    with pytest.raises(KeywordError, match=r"control characters"):
        canonical("robot\x00arm")


@pytest.mark.parametrize(
    ("keyword", "text", "stretch"),
    [
        pytest.param("robot", "A Robot.", "Robot", id="case"),
        pytest.param("vision language", "Vision-language models", "Vision-language", id="hyphen"),
        pytest.param("vision-language", "vision\nlanguage", "vision\nlanguage", id="line break"),
        pytest.param("vision language", "vision\u2013language", "vision\u2013language", id="dash"),
        pytest.param("vision language", "vision~language", "vision~language", id="tie"),
        pytest.param("diffusion policy", "Diffusion policies win", "Diffusion policies", id="policies"),
        pytest.param("diffusion policies", "a diffusion policy", "diffusion policy", id="policy"),
        pytest.param("LLM", "many LLMs", "LLMs", id="LLMs"),
        pytest.param("LLMs", "an LLM", "LLM", id="LLM"),
        pytest.param("box", "two boxes", "boxes", id="boxes"),
        pytest.param("benchmarks", "a benchmark", "benchmark", id="benchmark"),
        pytest.param("schrodinger", r"the Schr\"{o}dinger bridge", r"Schr\"{o}dinger", id="TeX accent"),
        pytest.param("schrödinger", "the Schrodinger bridge", "Schrodinger", id="no accent"),
        pytest.param("schrödinger", "Schro\u0308dinger", "Schro\u0308dinger", id="combining accent"),
        pytest.param("bayesian", "{B}ayesian", "B}ayesian", id="protected case"),
        pytest.param(
            "in-context learning", r"\emph{in-context} learning", "in-context} learning", id="macro"
        ),
        pytest.param("C++", "in C++ code", "C++", id="signs"),
        pytest.param("RL", "(RL)", "RL", id="brackets"),
    ],
)
def test_a_keyword_is_found(keyword: str, text: str, stretch: str):
    assert found(keyword, text) == [stretch]


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        pytest.param("robot", "robotics", id="beginning of a word"),
        pytest.param("RL", "the URL", id="end of a word"),
        pytest.param("vision language", "vision, language", id="comma between"),
        pytest.param("reinforcement learning", "by reinforcement. Learning is", id="full stop between"),
        pytest.param("language vision", "vision language", id="other order"),
        pytest.param("policy", "police", id="near word"),
        pytest.param("analysis", "analysi", id="-is is no plural"),
        pytest.param("bus", "bu", id="-us is no plural"),
        pytest.param("GPT-4", "GPT-4s", id="numbers have no plural"),
        pytest.param("alpha beta", "alpha $beta", id="formula between"),
    ],
)
def test_a_keyword_is_not_found(keyword: str, text: str):
    assert found(keyword, text) == []


def test_keywords_are_named_by_their_place_in_the_list():
    assert Matcher(["robot", "arm"]).find("an arm of a robot") == [Hit(1, 3, 6), Hit(0, 12, 17)]


def test_the_longer_of_two_keywords_at_one_place_comes_first():
    hits = Matcher(["diffusion", "diffusion policy"]).find("diffusion policy")
    assert [hit.keyword for hit in hits] == [1, 0]


def test_every_place_is_found():
    assert len(found("robot", "robot robots Robot")) == 3


def test_two_places_may_share_a_word():
    assert found("a b a", "a b a b a") == ["a b a", "a b a"]


def test_two_keywords_that_share_a_plural_are_both_found():
    hits = Matcher(["policy", "policies"]).find("policies")
    assert [hit.keyword for hit in hits] == [0, 1]


def test_no_keywords_find_nothing():
    assert Matcher([]).find("a robot") == []


def test_a_letter_that_is_a_whole_phrase_is_one_word():
    """U+FDFA is a single letter that NFKD spells as four words."""
    assert found("الله", "\ufdfa") == []


@given(NEAR, NEAR)
def test_offsets_are_of_the_text_as_given(keyword: str, text: str):
    try:
        matcher = Matcher([canonical(keyword)])
    except KeywordError:
        return
    assert all(0 <= hit.start < hit.end <= len(text) for hit in matcher.find(text))


@given(NEAR, NEAR)
def test_a_keyword_between_commas_is_always_found(keyword: str, around: str):
    try:
        matcher = Matcher([canonical(keyword)])
    except KeywordError:
        return
    assert matcher.find(f"{around}, {canonical(keyword)}, {around}")


def test_a_thousand_keywords_are_one_pass():
    matcher = Matcher([f"keyword number {n}" for n in range(1000)])
    assert [hit.keyword for hit in matcher.find("Keyword number 999, keyword-number 7")] == [999, 7]


def test_hits_that_overlap_are_highlighted_as_one():
    assert merged([Hit(0, 5, 9), Hit(1, 0, 3), Hit(2, 7, 12), Hit(3, 6, 8)]) == [(0, 3), (5, 12)]


def test_hits_that_touch_are_highlighted_as_one():
    assert merged([Hit(0, 0, 3), Hit(0, 3, 5)]) == [(0, 5)]


@given(NEAR | LATIN | st.text(max_size=60))
def test_the_quick_row_of_words_is_the_row_of_words(text: str):
    assert row_of(text) == f" {' '.join(word.text for word in words_of(text))} "


@given(LATIN)
def test_the_quick_way_to_tell_words_is_the_thorough_one(text: str):
    assert words_of(text) == _words_of_hard(text)
