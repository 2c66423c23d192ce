"""digest/plain.py: formulas as Unicode text and as MathML, whatever TeX they are."""

from xml.etree import ElementTree

import pytest

from digest.plain import as_mathml, plain

HOSTILE = [
    r"$\input{/etc/passwd}$",
    r"$\def\x{\x\x}\x$",
    r"$\newcommand{\x}{\x\x}\x$",
    "$" + "{" * 3000 + "$",
    "$" + r"\frac{" * 500 + "$",
    "$" + "x^" * 2000 + "x$",
    r"$\begin{matrix} a & b$",
    r"\[ \left( x \]",
    r"$\undefined{$",
    "$%$",
    "$ $",
    "$\\$",
    "$$",
]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"a bound of $O(n \log n)$ steps", "a bound of O(n log n) steps"),
        (r"$\alpha<1$", "α<1"),
        (r"$\mathbb{R}^n$", "ℝ^n"),
        (r"$x_{i} = 50\%$", "x_i = 50%"),
        (r"\(\epsilon\)-close", "ϵ-close"),
        ("no formula at all", "no formula at all"),
        ("$5 and $6", "$5 and $6"),
        ("see https://example.org/$a$", "see https://example.org/$a$"),
    ],
)
def test_formulas_are_unicode_text(text, shown):
    assert plain(text) == shown


def test_a_percent_sign_in_a_formula_begins_no_comment():
    assert plain("$50% of n$ remain") == "50% of n remain"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_tex_is_still_text(text):
    assert isinstance(plain(f"before {text} after"), str)
    assert plain(f"before {text} after").startswith("before ")


def test_no_file_is_read():
    assert "root:" not in plain(r"$\input{/etc/passwd}$ and $\include{/etc/passwd}$")


# --- MathML -----------------------------------------------------------------------------------


@pytest.mark.parametrize("formula", [r"$a<b$", r"$\text{a < b & c}$", r"$\sum_{i=1}^n x_i$", r"\[x\]"])
def test_a_formula_is_well_formed_mathml(formula):
    assert ElementTree.fromstring(as_mathml(formula)).tag.endswith("math")


@pytest.mark.parametrize(
    ("formula", "display"), [("$x$", "inline"), (r"\(x\)", "inline"), ("$$x$$", "block"), (r"\[x\]", "block")]
)
def test_a_formula_of_its_own_line_is_a_block(formula, display):
    assert ElementTree.fromstring(as_mathml(formula)).get("display") == display


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_tex_is_well_formed_mathml_or_nothing(text):
    markup = as_mathml(text)
    assert markup == "" or ElementTree.fromstring(markup).tag.endswith("math")


@pytest.mark.parametrize(
    "formula",
    [
        r"$\href{javascript:alert(1)}{x}$",
        r"$\style{background:url(//example.org)}{x}$",
    ],
)
def test_a_formula_that_would_do_something_is_nothing(formula):
    assert as_mathml(formula) == ""


def test_markup_in_the_text_of_a_formula_is_text():
    assert "<script>" not in as_mathml(r"$\text{<script>alert(1)</script>}$")


def test_a_command_that_one_formula_defines_is_unknown_to_the_next():
    as_mathml(r"$\newcommand{\robot}{R}\robot$")
    assert "R" not in as_mathml(r"$\robot$")
