"""worker/text/protection.py: what must not be translated comes back exactly once, or not at all."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import tex
from tests.engines import (
    double_placeholders,
    drop_placeholders,
    loop,
    say_nothing,
    space_placeholders,
    truncate,
)
from worker.text.protection import ANGLE, RestoreError, restore, spans

SIGNS = [
    *"$\\{}()[]<>＜〉vV0123 .@/`^_ab\n",
    *("$x$", "<v0>", "< V 1 >", r"\cite{a}", "a@b.org", "10.1234/ab", "doi:", "https://a.org/b"),
    *("arXiv:2605.90001", "github.com/a", "We see", "汉字", "\U000f0000", "\U000f0003"),
]
TEXTS = st.lists(st.sampled_from(SIGNS)).map("".join) | st.text(max_size=60)
MANGLERS = [drop_placeholders, double_placeholders, space_placeholders, loop, truncate, say_nothing]


def protect(text: str) -> tuple[str, list[str]]:
    """A whole text behind placeholders, as `segments` does it for a sentence."""
    masked, held = tex.mask(text, spans(text))
    own: list[str] = []

    def show(match) -> str:
        own.append(tex.unmask(match[0], held))
        return ANGLE.show(len(own) - 1)

    return tex.MASKED.sub(show, masked), own


def held(text: str) -> list[str]:
    return [text[span.start : span.end] for span in spans(text)]


@pytest.mark.parametrize(
    ("text", "protected"),
    [
        pytest.param("for $x<y$ only", ["$x<y$"], id="formula"),
        pytest.param("at https://a.org/b.", ["https://a.org/b"], id="address"),
        pytest.param("at github.com/a/b.", ["github.com/a/b"], id="address without a scheme"),
        pytest.param("write to ada.b+c@a.org now", ["ada.b+c@a.org"], id="mail"),
        pytest.param("see doi: 10.1000/ab.1, or 10.1000/x", ["doi: 10.1000/ab.1", "10.1000/x"], id="DOI"),
        pytest.param("as arXiv:2605.90001v2 says", ["arXiv:2605.90001v2"], id="arXiv id"),
        pytest.param("as arXiv:hep-th/9901001 says", ["arXiv:hep-th/9901001"], id="old arXiv id"),
        pytest.param(
            r"as \cite{a, b} and \citep[p.~3]{c} say", [r"\cite{a, b}", r"\citep[p.~3]{c}"], id="command"
        ),
        pytest.param(r"in \LaTeX and", [r"\LaTeX"], id="command without arguments"),
        pytest.param("call `x = 1` twice", ["`x = 1`"], id="code"),
        pytest.param("a <v0> and ＜ v12 ＞", ["<v0>", "＜ v12 ＞"], id="what looks like a placeholder"),
        pytest.param("reasons in <think> tokens", [], id="a tag is prose"),
        pytest.param("a costs $5 and b $6", [], id="prices"),
        pytest.param("e.g. this, and i.e. that", [], id="abbreviations are no addresses"),
    ],
)
def test_what_must_stay_is_protected(text: str, protected: list[str]):
    assert held(text) == protected


@given(TEXTS)
def test_protected_spans_are_in_order_and_apart(text: str):
    found = spans(text)
    assert all(one.start < one.end <= other.start for one, other in pairwise(found))


@given(TEXTS)
def test_restore_undoes_protect(text: str):
    assert restore(*protect(text)) == text


@given(TEXTS)
def test_a_protected_text_shows_only_its_own_placeholders(text: str):
    shown, own = protect(text)
    assert [int(match[1]) for match in ANGLE.found.finditer(shown)] == list(range(len(own)))


@given(TEXTS, st.sampled_from(MANGLERS))
def test_a_damaged_answer_gives_back_every_span_once_or_raises(text: str, mangle):
    shown, own = protect(text)
    answer = mangle(shown)
    try:
        restored = restore(answer, own)
    except RestoreError:
        return
    came = [int(match[1]) for match in ANGLE.found.finditer(answer)]
    assert sorted(came) == list(range(len(own)))
    assert restored == "".join(
        own[int(part)] if n % 2 else part for n, part in enumerate(ANGLE.found.split(answer))
    )


@given(TEXTS, st.randoms(use_true_random=False))
def test_placeholders_may_change_places(text: str, random):
    shown, own = protect(text)
    order = list(range(len(own)))
    random.shuffle(order)
    numbers = iter(order)
    answer = ANGLE.found.sub(lambda _: ANGLE.show(next(numbers)), shown)
    assert sorted(restore(answer, own)) == sorted(text)


@given(TEXTS, st.data())
def test_an_answer_with_anything_cut_out_gives_back_every_span_once_or_raises(text: str, data):
    shown, own = protect(text)
    start = data.draw(st.integers(0, len(shown)))
    end = data.draw(st.integers(start, len(shown)))
    answer = shown[:start] + shown[end:]
    try:
        restore(answer, own)
    except RestoreError:
        return
    assert sorted(int(match[1]) for match in ANGLE.found.finditer(answer)) == list(range(len(own)))


@pytest.mark.parametrize(
    "came", ["<v0>", "< v0 >", "<V0>", "＜v0＞", "〈v 0〉", "＜ V 0 >", "<v00>", "<v\u0660>"], ids=ascii
)
def test_a_placeholder_that_was_spaced_or_widened_is_read(came: str):
    assert restore(f"对于{came}而言", ["$x$"]) == "对于$x$而言"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        pytest.param("对于", r"lost \[0, 1\]", id="both lost"),
        pytest.param("对于<v1>", r"lost \[0\]", id="one lost"),
        pytest.param("<v0><v1><v0>", r"doubled \[0\]", id="doubled"),
        pytest.param("<v0><v1><v7>", r"invented \[7\]", id="invented"),
        pytest.param("<v0><v1 而言", r"lost \[1\]", id="broken"),
        pytest.param(f"<v0><v1><v{'9' * 5000}>", "invented", id="a number without end"),
    ],
)
def test_a_placeholder_that_did_not_come_back_once_is_an_error(answer: str, why: str):
    with pytest.raises(RestoreError, match=why):
        restore(answer, ["$x$", "$y$"])


def test_what_is_brought_back_is_not_read_again():
    assert restore("<v0> <v1>", ["<v1>", "<v0>"]) == "<v1> <v0>"


def test_a_backslash_comes_back_as_it_is():
    assert restore("<v0>", [r"$\1\g<0>$"]) == r"$\1\g<0>$"
