"""worker/arxiv/authors.py: one string of names becomes names."""

import pytest

from worker.arxiv.authors import split_authors, split_html_authors


@pytest.mark.parametrize(
    ("creator", "names"),
    [
        pytest.param("Ada Example, Bo Sample", ("Ada Example", "Bo Sample"), id="two"),
        pytest.param("Ada Example", ("Ada Example",), id="one"),
        pytest.param(" Qwen Team", ("Qwen Team",), id="leading blank"),
        pytest.param("", (), id="none"),
        pytest.param(" , ,", (), id="nothing but commas"),
        pytest.param("A B (MIT, CSAIL), C D", ("A B (MIT, CSAIL)", "C D"), id="affiliation with a comma"),
        pytest.param("A (X (Y, Z), W), B", ("A (X (Y, Z), W)", "B"), id="brackets in brackets"),
        pytest.param(
            "A (1 and 2), B (2), (1) X, (2) Y", ("A (1 and 2)", "B (2)", "(1) X", "(2) Y"), id="numbers"
        ),
        pytest.param("A (X, B, C", ("A (X", "B", "C"), id="a bracket that is never closed"),
        pytest.param("A X), B, C", ("A X)", "B", "C"), id="a bracket that was never opened"),
        pytest.param(" NVIDIA,  :, Ada Example", ("NVIDIA", "Ada Example"), id="a collaboration's colon"),
        pytest.param(r"Mih\u{a}i\c{t}\u{a} X, Jos\'e Y", ("Mihăi\u0163ă X", "José Y"), id="accents"),
        pytest.param(r"{\L}ukasz K{\'{a}}rm{\'a}n", ("Łukasz Kármán",), id="accents in braces"),
        pytest.param("Ada\n  Example,Bo\tSample", ("Ada Example", "Bo Sample"), id="white space"),
        pytest.param(
            "Ada Example Jr., III", ("Ada Example Jr.", "III"), id="a comma is always between names"
        ),
        pytest.param("O'Brien, D\u2019Arcy, Jean-Luc", ("O'Brien", "D\u2019Arcy", "Jean-Luc"), id="signs"),
        pytest.param("Ada~Example", ("Ada Example",), id="tie"),
    ],
)
def test_names_are_split_at_the_commas_between_them(creator: str, names: tuple[str, ...]):
    assert split_authors(creator) == names


def test_three_thousand_names_are_split():
    names = tuple(f"Author {n} (Lab {n}, City)" for n in range(3303))
    assert split_authors(", ".join(names)) == names


@pytest.mark.parametrize(
    ("creator", "names"),
    [
        pytest.param('<a href="http://a.org/1">Ada Example</a>', ("Ada Example",), id="link"),
        pytest.param(
            '<a href="/1">Ada</a> (MIT, CSAIL), <a href="/2">Bo</a>', ("Ada (MIT, CSAIL)", "Bo"), id="two"
        ),
        pytest.param("<a href='/1'>Jos&#xe9;</a>", ("José",), id="entity"),
        pytest.param("Ada Example", ("Ada Example",), id="no link"),
    ],
)
def test_names_of_before_2024_lose_their_links(creator: str, names: tuple[str, ...]):
    assert split_html_authors(creator) == names
