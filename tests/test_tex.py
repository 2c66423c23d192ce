r"""digest/tex.py: formulas stay, prose reads as prose."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import tex

SIGNS = [*"$\\{}()[]<>^_~-'` \nab5.,é", r"\(", r"\)", "http://a", "\U000f0000", "\U000f0007"]
TEXTS = st.lists(st.sampled_from(SIGNS)).map("".join)


def held(text: str, kind: str = "math") -> list[str]:
    return [text[span.start : span.end] for span in tex.spans(text) if span.kind == kind]


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        pytest.param(r"for $\alpha<1$ only", [r"$\alpha<1$"], id="dollars"),
        pytest.param("a graph $G$ of $n$ nodes", ["$G$", "$n$"], id="single letters"),
        pytest.param("so $$x = y$$ holds", ["$$x = y$$"], id="display"),
        pytest.param(r"so \(x+y\) and \[z\] hold", [r"\(x+y\)", r"\[z\]"], id="brackets"),
        pytest.param(
            r"by \begin{equation}x\end{equation} and $y$",
            [r"\begin{equation}x\end{equation}", "$y$"],
            id="environment",
        ),
        pytest.param(r"\begin{align*}a&=b\end{align*}", [r"\begin{align*}a&=b\end{align*}"], id="starred"),
        pytest.param("on $2$ to $16$ GPUs", ["$2$", "$16$"], id="numbers"),
        pytest.param("an $O(n \\log n)$-time method", ["$O(n \\log n)$"], id="hyphen behind"),
        pytest.param("with $ x = 5 $ spaced", ["$ x = 5 $"], id="spaced, but looks like TeX"),
        pytest.param(r"$\text{cost} = \$5$ is one", [r"$\text{cost} = \$5$"], id="escaped dollar inside"),
    ],
)
def test_a_formula_is_found(text: str, formulas: list[str]):
    assert held(text) == formulas


@pytest.mark.parametrize(
    "text",
    [
        r"costs \$5 and \$6",
        "costs $5 and $6",
        "from $5/hour to $6/hour",
        "pay $5, or $10 per day",
        "between $1.5 million and $2 million",
        "a $10k budget, not $20k",
        "$1.5M vs $2M",
        "only $5",
        "$$ signs alone",
        r"\\ and \% and \&",
    ],
)
def test_a_price_is_not_a_formula(text: str):
    assert held(text) == []


def test_a_price_before_a_formula_does_not_swallow_it():
    assert held("at $5 per hour we bound $x^2$ by $y$") == ["$x^2$", "$y$"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param("Code: https://github.com/a/b.", "https://github.com/a/b", id="full stop"),
        pytest.param("(see https://a.org/x)", "https://a.org/x", id="in brackets"),
        pytest.param("https://a.org/w_(x), and", "https://a.org/w_(x)", id="brackets of its own"),
        pytest.param("at www.a.org/~bo;", "www.a.org/~bo", id="www"),
        pytest.param(r"\url{https://a.org/x_y}", "https://a.org/x_y", id="in a macro"),
        pytest.param("**https://a.org/x**", "https://a.org/x", id="in Markdown"),
    ],
)
def test_an_address_ends_where_its_sentence_goes_on(text: str, address: str):
    assert held(text, "url") == [address]


@given(TEXTS)
def test_spans_are_in_order_and_none_is_inside_another(text: str):
    found = tex.spans(text)
    assert all(one.start < one.end <= other.start for one, other in pairwise(found))


@given(TEXTS)
def test_unmask_gives_back_what_mask_hid(text: str):
    assert tex.unmask(*tex.mask(text, tex.spans(text))) == text


def test_a_masked_text_shows_nothing_of_a_formula():
    masked, kept = tex.mask("a $x^2$ b", tex.spans("a $x^2$ b"))
    assert (len(masked), kept) == (5, ["$x^2$"])


@pytest.mark.parametrize(
    ("announced", "name"),
    [
        (r"Mih\u{a}i\c{t}\u{a}", "Mihăi\u0163ă"),
        (r"{\O}rsted", "Ørsted"),
        (r"Erd\H{o}s", "Erdős"),
        (r"Schr\"odinger", "Schrödinger"),
        (r"Schr{\"o}dinger", "Schrödinger"),
        (r"Poincar\'{e}", "Poincaré"),
        (r"Jos\'e Ra\'ul", "José Raúl"),
        (r"\v{S}ime \v Cech", "Šime Čech"),
        (r"Gar\c{c}\~{a}o", "Garção"),
        (r"\L{}ukasz Wa\l\k{e}sa", "Łukasz Wałęsa"),
        (r"Na\"{\i}ve", "Naïve"),
        (r"Stra\ss e", "Straße"),
        (r"\AA ngstr\"om", "Ångström"),
        (r"S\o{}ren", "Søren"),
        (r"Tu\'\^an", "Tuấn"),
        (r"\'{\i}\~n", "íñ"),
    ],
)
def test_tex_accents_are_read_as_unicode(announced: str, name: str):
    assert tex.accents(announced) == name


@pytest.mark.parametrize(
    "text", [r"\lambda", r"\ldots", r"\omega_o", r"\url{a}", r"\big", r"\cite{x}", r"\href"]
)
def test_a_command_that_begins_like_an_accent_is_none(text: str):
    assert tex.accents(text) == text


@pytest.mark.parametrize(
    ("announced", "reads"),
    [
        pytest.param(r"\emph{all} of \textbf{it}", "all of it", id="text macros"),
        pytest.param(r"\textbf{\emph{nested}}", "nested", id="nested macros"),
        pytest.param(r"{\it really} {\bf so}", "really so", id="font switches"),
        pytest.param(r"50\% of R\&D \#1 \_x", "50% of R&D #1 _x", id="escapes"),
        pytest.param(r"costs \$5", "costs $5", id="escaped dollar"),
        pytest.param("``quoted''", "“quoted”", id="quotes"),
        pytest.param("one -- two --- three", "one – two — three", id="dashes"),
        pytest.param("Fig.~1", "Fig.\u00a01", id="tie"),
        pytest.param("~5 ms, a <-- b", "~5 ms, a <-- b", id="no tie and no dash"),
        pytest.param(r"\href{https://a.org}{here}", "here", id="link"),
        pytest.param(r"\url{https://a.org/x_y}", "https://a.org/x_y", id="address macro"),
        pytest.param(r"A\ldots B\dots{}", "A… B…", id="dots"),
        pytest.param(r"\textless x\textgreater", "< x>", id="named signs"),
        pytest.param("S&P 500 and <think> tokens", "S&P 500 and <think> tokens", id="no HTML is read"),
        pytest.param("&lt; stays &amp;lt;", "&lt; stays &amp;lt;", id="entities are text"),
    ],
)
def test_prose_reads_as_prose(announced: str, reads: str):
    assert tex.readable(announced) == reads


@pytest.mark.parametrize(
    "formula",
    [
        r"$\emph{a}--b$",
        r"$a~b\,c$",
        r"\(\'e\)",
        r"$50\%$",
        "$a  =  b$",
        r"$$\text{``x''}$$",
        "https://a.org/~b--c",
    ],
)
def test_nothing_in_a_formula_or_an_address_changes(formula: str):
    assert tex.readable(f"so  {formula} holds") == f"so {formula} holds"


def test_paragraphs_stay_apart():
    assert tex.readable("One.\nTwo.") == "One.\nTwo."


@given(TEXTS)
def test_every_text_can_be_read(text: str):
    assert isinstance(tex.readable(text), str)


@pytest.mark.parametrize(
    "hostile", [r"\(", "$$a", r"\begin{align}", "{", "\\", "http://a).", r"\emph{", r"\'", "$5 "], ids=repr
)
def test_an_abstract_of_openers_takes_no_time(hostile: str):
    began = time.process_time()
    tex.readable(hostile * (4000 // len(hostile)))  # the longest recorded abstract has 3,247 characters
    assert time.process_time() - began < 1
