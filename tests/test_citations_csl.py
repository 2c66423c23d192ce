"""digest/citations/csl.py: what citeproc reads."""

import json
from datetime import date
from typing import Any

import pytest

from digest.citations import Cited
from digest.citations.bibtex import as_bibtex
from digest.citations.csl import as_csl
from tests.pictures import HOSTILE_TEXTS, paper, translated

STRINGS = {"id", "type", "title", "abstract", "publisher", "number", "version", "URL", "DOI", "language", "note",
           "keyword"}  # fmt: skip
"""Variables of csl-data.json (CSL 1.0.2) whose values are strings; it allows no others but these and two more."""


def item(cited: Cited) -> dict[str, Any]:
    (only,) = json.loads(as_csl([cited]))
    return only


def test_a_paper_is_an_article_with_everything_that_is_known():
    assert item(Cited(paper(matched=()), "10.1000/x", "Phys. Rev. D 76", date(2026, 5, 12))) == {
        "id": "example2026robot",
        "type": "article",
        "title": "A Robot",
        "author": [{"family": "Example", "given": "Ada"}, {"family": "Sample", "given": "Bo"}],
        "issued": {"date-parts": [[2026, 5, 12]]},
        "abstract": "We build a robot. It walks.",
        "publisher": "arXiv",
        "number": "arXiv:2605.90001",
        "version": "1",
        "URL": "https://arxiv.org/abs/2605.90001",
        "DOI": "10.1000/x",
        "language": "en",
        "note": "Published as: Phys. Rev. D 76",
    }


def test_a_month_is_a_date_of_two_parts():
    assert item(Cited(paper()))["issued"] == {"date-parts": [[2026, 5]]}


def test_suffixes_and_collaborations_have_places_of_their_own():
    assert item(Cited(paper(authors=("Martin King Jr.", "ATLAS Collaboration"))))["author"] == [
        {"family": "King", "given": "Martin", "suffix": "Jr."},
        {"literal": "ATLAS Collaboration"},
    ]


def test_an_item_has_the_key_that_it_has_in_bibtex():
    papers = [Cited(paper()), Cited(translated())]
    keys = [one["id"] for one in json.loads(as_csl(papers))]
    assert all(f"@misc{{{key},\n" in as_bibtex(papers) for key in keys)


@pytest.mark.parametrize("hostile", HOSTILE_TEXTS)
def test_a_hostile_text_keeps_to_the_schema(hostile):
    told = item(
        Cited(paper(title=hostile, abstract=hostile, authors=(hostile,), comments=hostile), hostile, hostile)
    )
    assert set(told) <= STRINGS | {"author", "issued"}
    assert all(isinstance(told[name], str) for name in set(told) & STRINGS)
    assert "\n" not in told["title"]
