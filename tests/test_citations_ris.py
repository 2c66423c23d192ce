"""digest/citations/ris.py: read back by rispy, an independent reader."""

from datetime import date
from typing import Any

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from digest.citations import Cited
from digest.citations.ris import as_ris
from digest.picture import Matched
from tests.pictures import HOSTILE_TEXTS, paper, translated


def read(*cited: Cited) -> list[dict[str, Any]]:
    return rispy.loads(as_ris(cited))


def test_a_paper_is_an_unpublished_work_with_everything_that_is_known():
    cited = Cited(
        translated("2605.90001", comments="12 pages"),
        "10.1000/x",
        "Phys. Rev. D 76 (2007)",
        date(2026, 5, 12),
    )
    assert read(cited) == [
        {
            "type_of_reference": "UNPB",
            "title": "A Robot",
            "translated_title": "一个机器人",
            "authors": ["Example, Ada", "Sample, Bo"],
            "year": "2026",
            "date": "2026/05/12/",
            "abstract": "We build a robot. It walks.",
            "publisher": "arXiv",
            "accession_number": "arXiv:2605.90001",
            "doi": "10.1000/x",
            "urls": ["https://arxiv.org/abs/2605.90001"],
            "language": "en",
            "notes": ["Published as: Phys. Rev. D 76 (2007)", "12 pages"],
            "keywords": ["robot"],
        }
    ]


def test_suffixes_stand_last_and_collaborations_whole():
    assert read(Cited(paper(authors=("Martin King Jr.", "ATLAS Collaboration"))))[0]["authors"] == [
        "King, Martin, Jr.", "ATLAS Collaboration"]  # fmt: skip


def test_a_day_that_is_not_known_is_left_out():
    assert read(Cited(paper()))[0]["date"] == "2026/05//"


def test_formulas_are_unicode():
    assert read(Cited(paper(title=r"Decays of $\alpha<1$")))[0]["title"] == "Decays of α<1"


def test_lines_end_as_the_format_wants_it():
    text = as_ris([Cited(paper())])
    assert text.startswith("TY  - UNPB\r\nTI  - A Robot\r\n")
    assert text.endswith("ER  - \r\n\r\n")
    assert text.count("\n") == text.count("\r\n")


@pytest.mark.parametrize("hostile", HOSTILE_TEXTS)
def test_a_hostile_text_breaks_no_record(hostile):
    first, second = read(Cited(_all_of(hostile), hostile, hostile), Cited(paper("2605.90002")))
    assert first["type_of_reference"] == "UNPB"
    assert second["title"] == "A Robot"


@given(st.text(st.characters(codec="utf-8")))
def test_no_text_breaks_a_record(text):
    first, second = read(Cited(_all_of(text), text, text), Cited(paper("2605.90002")))
    assert first["accession_number"] == "arXiv:2605.90001"
    assert second["accession_number"] == "arXiv:2605.90002"


def _all_of(text: str):
    return translated("2605.90001", title=text, abstract=text, authors=(text,), comments=text, title_translated=text,
                      matched=(Matched(text, "title", 0, 1),))  # fmt: skip
