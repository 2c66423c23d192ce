"""digest/citations/cited.py: when a paper came out, its DOI, its key."""

from datetime import date

import pytest

from digest.citations.cited import Cited, keys, month_of
from tests.pictures import paper


def cited(
    arxiv_id: str = "2605.90001", announced: date | None = None, doi: str = "", **fields: object
) -> Cited:
    return Cited(paper(arxiv_id, **fields), doi, announced=announced)


@pytest.mark.parametrize(
    ("arxiv_id", "month"),
    [
        ("2605.90001", (2026, 5)),
        ("0704.0001", (2007, 4)),
        ("hep-th/9901001", (1999, 1)),
        ("math.GT/0309136", (2003, 9)),
    ],
)
def test_the_month_of_a_paper_stands_in_its_id(arxiv_id, month):
    assert month_of(arxiv_id) == month


def test_the_day_is_that_of_the_announcement():
    assert cited(announced=date(2026, 5, 12)).issued == (2026, 5, 12)


def test_a_paper_may_be_announced_in_the_month_after_its_ids():
    assert cited("2612.00001", date(2027, 1, 1)).issued == (2027, 1, 1)


@pytest.mark.parametrize("day", [None, date(2026, 9, 1), date(2025, 5, 12)])
def test_without_a_day_of_its_own_a_paper_has_its_ids_month(day):
    assert cited(announced=day).issued == (2026, 5, 0)


@pytest.mark.parametrize(
    ("told", "doi"),
    [
        ("10.1103/PhysRevD.76.013009", "10.1103/PhysRevD.76.013009"),
        ("10.1000/one 10.1000/two", "10.1000/one"),
        ("https://doi.org/10.1000/one.", "10.1000/one"),
        ("10.1000/}evil", ""),
        ("none yet", ""),
        ("", ""),
    ],
)
def test_the_first_doi_is_taken(told, doi):
    assert cited(doi=told).published_doi == doi


def test_a_note_says_first_that_a_paper_was_withdrawn():
    assert cited(withdrawn=True, comments="An error in Lemma 3").remarks == [
        "Withdrawn",
        "An error in Lemma 3",
    ]


def test_a_title_without_words_is_the_papers_number():
    assert cited(title=" ").plain_title == "arXiv:2605.90001"


# --- keys -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"authors": ("Ashish Vaswani",), "title": "Attention Is All You Need"}, "vaswani2026attention"),
        ({"authors": ("Søren Ørsted",), "title": "On the Über-Robot"}, "orsted2026uber"),
        ({"authors": ("Guy Van den Broeck",), "title": "A $k$-NN"}, "vandenbroeck2026k"),
        ({"authors": ("张三",), "title": "强化学习"}, "arxiv2026260590001"),
        ({"authors": (), "title": "Robots"}, "arxiv2026robots"),
        ({"authors": ("ATLAS Collaboration",), "title": "W' at 13 TeV"}, "atlascollaboration2026w"),
    ],
)
def test_a_key_is_surname_year_and_first_word(fields, key):
    assert keys([cited(**fields)]) == [key]


def test_equal_keys_are_told_apart_by_letters():
    assert keys([cited(f"2605.9000{n}") for n in range(3)]) == [
        "example2026robot", "example2026robota", "example2026robotb"]  # fmt: skip


def test_keys_do_not_depend_on_the_order_of_papers():
    papers = [cited(f"2605.9000{n}") for n in range(3)]
    assert keys(papers[::-1]) == keys(papers)[::-1]


def test_a_letter_never_makes_the_key_of_another_paper():
    papers = [cited("2605.90003", title="Robota"), cited("2605.90001"), cited("2605.90002")]
    assert len(set(keys(papers))) == 3


def test_there_are_keys_for_more_papers_than_letters():
    made = keys([cited(f"2605.{n:05d}") for n in range(800)])
    assert len(set(made)) == 800
    assert made[-1] == "example2026robotads"
