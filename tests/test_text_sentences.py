"""worker/text/sentences.py: sentences of scientific English, cut where they end and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import tex
from worker.text.sentences import split

WORDS = st.lists(
    st.sampled_from(
        [
            *". ! ? , ; ( ) [ ] \" ' … \n".split(" "),
            " ",
            "  ",
            "\u00a0",
            "We",
            "Fig",
            "e.g",
            "et al",
            "A",
            "x",
            "3.5",
            "\U000f0000",
            "é",
            "汉。",
            "http",
        ]
    )
).map("".join)


def apart(*sentences: str) -> None:
    assert split(" ".join(sentences)) == list(sentences)


@pytest.mark.parametrize(
    "sentences",
    [
        pytest.param(("We build a robot.", "It walks."), id="full stop"),
        pytest.param(("Does it walk?", "It does!", "We show how."), id="question and exclamation"),
        pytest.param(("It works (see below).", "We show how."), id="bracket before the full stop"),
        pytest.param(("It works.", "(We show how in Section 3.)"), id="bracket around a sentence"),
        pytest.param(('They call it "robot."', "We do not."), id="quotation"),
        pytest.param(("It reaches 92.4 on v1.5 of X.", "We use 3.5 GB."), id="numbers"),
        pytest.param(("We use GPT-4.", "It is large."), id="ends in a number"),
        pytest.param(("See [12].", "We follow it."), id="citation"),
        pytest.param(("Smith et al.", "However, we do not."), id="et al. at the end"),
        pytest.param(("We use drug A.", "The effect is small."), id="a letter at the end"),
        pytest.param(("It is fast.", "3D models help."), id="begins with a number"),
        pytest.param(("We train it.", "iPhone users like it."), id="begins with a small letter"),
        pytest.param(("It is O(n)...", "We prove it."), id="dots"),
        pytest.param(("We test robots, cars, etc.", "The results are good."), id="etc. at the end"),
        pytest.param(("Let Q be a face of W.", "Denoting its edges by E, we count."), id="denoting"),
        pytest.param(("We bound the flow on Y.", "Applications of this bound follow."), id="applications"),
        pytest.param(("It reaches 71.4 Avg.", "The gap is small."), id="avg. at the end"),
        pytest.param(("Tuning inflates it.", "gridfast achieved less."), id="a small name and a past tense"),
    ],
)
def test_sentences_are_cut_apart(sentences: tuple[str, ...]):
    apart(*sentences)


@pytest.mark.parametrize(
    "sentence",
    [
        "As Fig. 3 shows, it works.",
        "As Eq. (3) and Eqs. 4-5 show, it works.",
        "See Ref. [12] and Sec. 4.",
        "Following Smith et al. (2020), we do it.",
        "Some models, e.g. GPT-4, i.e. large ones, fail.",
        "It costs approx. 5 s vs. 10 s.",
        "We follow J. Smith and A. B. Jones here.",
        "We use i.i.d. data of the U.S. Census.",
        "It is w.r.t. x optimal.",
        "Does it (really? yes!) walk.",
        "We ask [Does it walk? It does.] and answer.",
        "At 3 p.m. it rained.",
        "We call f. a function.",
        "Dr. Smith and Prof. Jones agree.",
        "It reaches 92.4% vs. 90.1% (cf. Tab. 2).",
        "It reaches 71.4 Avg. F1 and 68.0 Avg. MRR on both sets.",
        "The score is high (avg. 27.9).",
        "It appeared in Nat. Med. 12 last year.",
        "We use load curves of the U.S. Building Stock survey.",
        "We query the U.S. Code of 1926.",
        "We pass torch.Tensor objects to it.",
    ],
)
def test_a_sentence_stays_whole(sentence: str):
    assert split(sentence) == [sentence]


@pytest.mark.parametrize(
    "sentences",
    [
        ("We draw maps of all rivers.", "Code and maps are public."),
        ("It hears three voices.", "Audio samples are on our page."),
        ("It keeps the terms of both teachers.", "Existing students do not."),
    ],
)
def test_two_sentences_without_a_space_between_them_are_cut_apart(sentences: tuple[str, str]):
    assert split("".join(sentences)) == list(sentences)


def test_an_address_is_never_cut():
    text = "Code is at https://a.org/b.html?x=1. We share it."
    masked, _ = tex.mask(text, tex.spans(text))
    assert len(split(masked)) == 2


def test_white_space_between_words_is_folded():
    assert split("One\n two.  Three\tfour. ") == ["One two.", "Three four."]


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_nothing_has_no_sentences(text: str):
    assert split(text) == []


@given(WORDS)
def test_no_sign_is_lost_doubled_or_moved(text: str):
    assert "".join("".join(split(text)).split()) == "".join(text.split())


@given(st.text(max_size=80))
def test_any_text_can_be_split_without_loss(text: str):
    assert "".join("".join(split(text)).split()) == "".join(text.split())


@given(WORDS)
def test_no_sentence_is_empty(text: str):
    assert all(sentence == " ".join(sentence.split()) != "" for sentence in split(text))


def test_a_bracket_that_is_never_closed_does_not_hold_the_rest_together():
    sentences = ["It opens (here.", *["We go on with words that are long enough." for _ in range(20)]]
    assert len(split(" ".join(sentences))) > 5
