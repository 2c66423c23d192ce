"""digest/citations/bibtex.py: read back by bibtexparser, an independent reader."""

import bibtexparser
import pytest
from bibtexparser.model import Entry
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from digest.citations import Cited
from digest.citations.bibtex import as_bibtex, text, title
from digest.picture import Matched
from tests.pictures import HOSTILE_TEXTS, paper

SIGNS = [
    *"aB1 {}\\$%&#_~^@\"',=()[]\n\r\t强é\u2028\x00",
    "\\{",
    "\\\\",
    "$x$",
    "$\\{$",
    " and ",
    "@a{",
    "Jr.",
]
anything = st.lists(st.sampled_from(SIGNS)).map("".join) | st.text()


def read(*cited: Cited) -> list[Entry]:
    """The entries that the reader makes of a file; it must have understood all of it."""
    library = bibtexparser.parse_string(as_bibtex(cited))
    assert not library.failed_blocks
    assert [type(block) for block in library.blocks] == [Entry] * len(cited)
    return library.entries


def fields(cited: Cited) -> dict[str, str]:
    (entry,) = read(cited)
    return {field.key: field.value for field in entry.fields}


def test_a_paper_is_what_arxiv_says_it_is():
    told = fields(Cited(paper(matched=()), "10.1000/x_y", "Phys. Rev. D 76 (2007)"))
    assert told == {
        "title": "A Robot",
        "author": "Example, Ada and Sample, Bo",
        "year": "2026",
        "month": "may",
        "eprint": "2605.90001",
        "archivePrefix": "arXiv",
        "primaryClass": "cs.RO",
        "version": "1",
        "doi": "10.1000/x_y",
        "url": "https://arxiv.org/abs/2605.90001",
        "note": "Published as: Phys. Rev. D 76 (2007)",
        "abstract": "We build a robot. It walks.",
    }


def test_names_are_written_so_that_bibtex_takes_them_apart():
    told = fields(
        Cited(paper(authors=("Guy Van den Broeck", "Martin L. King Jr.", "ATLAS Collaboration", "A and B")))
    )
    assert (
        told["author"]
        == "Van den Broeck, Guy and King, Jr., Martin L. and {ATLAS Collaboration} and {A and B}"
    )


def test_a_paper_without_authors_has_no_such_field():
    assert "author" not in fields(Cited(paper(authors=())))


def test_keywords_that_brought_it_are_in_it():
    matched = (Matched("robot", "title", 0, 1), Matched("legs, two & more", "title", 0, 1))
    assert fields(Cited(paper(matched=matched)))["keywords"] == r"robot, {legs, two \& more}"


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("Attention Is All You Need", "Attention Is All You Need"),
        ("Scaling GPT-4 and LoRA", "Scaling {GPT}-4 and {LoRA}"),
        ("Learning on Riemannian manifolds", "Learning on {Riemannian} manifolds"),
        ("On $Q$-learning and Q-learning", "On {$Q$}-learning and {Q}-learning"),
        ("A Robot of Order $O(n^2)$", "A Robot of Order {$O(n^2)$}"),
        (r"Sets \(\{a_1\}\)", r"Sets {$\lbrace a_1\rbrace $}"),
        (
            "50% of R&D, #1 and a_b ~ 2^3",
            r"50\% of {R}\&{D}, \#1 and a\_b \textasciitilde{} 2\textasciicircum{}3",
        ),
        ("From $5 to $10 million", r"From \$5 to \$10 million"),
        ("{Open", r"\textbraceleft{}Open"),
        ("back\\slash", r"back\textbackslash{}slash"),
        ("at@example", "at{@}example"),
        ("$x_{1$ is broken", r"\$x\_\textbraceleft{}1\$ is broken"),
        ("Rates of $5%$", r"Rates of {$5\%$}"),
        ("Schrödinger 强化学习", "Schrödinger 强化学习"),
    ],
)
def test_a_title_keeps_its_formulas_and_capitals_and_nothing_else_acts(told, written):
    assert title(told) == written


def test_a_text_has_no_braces_around_its_capitals():
    assert text("GPT of $O(n)$ & co") == r"GPT of $O(n)$ \& co"


@pytest.mark.parametrize("prose", ["50% of R&D, #1: a_b ~ 2", r"a \b @c [d] <e>", "5$ and 6$", "a\u00a0b"])
def test_tex_shows_prose_as_it_was(prose):
    assert LatexNodes2Text().latex_to_text(title(prose)) == prose


@pytest.mark.parametrize("hostile", HOSTILE_TEXTS)
def test_a_hostile_text_breaks_no_file(hostile):
    bad = paper(title=hostile, abstract=hostile, authors=(hostile,), comments=hostile, categories=(hostile,),
                matched=(Matched(hostile, "title", 0, 1),))  # fmt: skip
    first, second = read(Cited(bad, hostile, hostile), Cited(paper("2605.90002")))
    assert first["eprint"] == "2605.90001"
    assert second["title"] == "A Robot"


@given(anything, anything, anything)
def test_no_text_breaks_a_file(one, other, label):
    bad = paper(title=one, abstract=other, authors=(one, other), comments=one,
                matched=(Matched(label, "title", 0, 1),))  # fmt: skip
    first, second = read(Cited(bad, one, other), Cited(paper("2605.90002")))
    assert (first["eprint"], second["eprint"]) == ("2605.90001", "2605.90002")
    assert all(balanced(field.value) for field in first.fields)


@given(anything)
def test_no_letter_of_a_title_is_lost(told):
    letters = "".join(sign for sign in told if sign.isalpha() and ord(sign) > 127)
    assert "".join(sign for sign in title(told) if sign.isalpha() and ord(sign) > 127) == letters


def balanced(value: str) -> bool:
    depth = 0
    for sign in value:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0
