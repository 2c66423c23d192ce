"""digest/search_index.py: the ways in which a database is asked find the same."""

import pytest

from digest import search_index
from digest.models import Indexed, Paper
from digest.search_index import select
from digest.search_query import Narrow, Query, Renderings, carried, parse
from digest.search_text import paper_of, place
from tests.conftest import NOW

EVER = (0, 2**63 - 1)
ROWS = ["robot legs", "legs of a robot", "robot legs and a drone", "a drone"]


@pytest.fixture(autouse=True)
def _rows(db):
    for number, words in enumerate(ROWS, start=1):
        paper = Paper.objects.create(id=number, arxiv_id=f"2605.0000{number}")
        Indexed.objects.create(
            id=place(NOW.date(), number),
            paper=paper,
            title=words,
            authors="ada example",
            categories="cs0",
            indexed_at=NOW,
        )


def found(typed: str, narrow: Narrow, among: list[int] | None = None) -> list[int]:
    query = carried(parse(typed), Renderings([])) if typed else Query()
    inside = (
        Paper.objects.filter(pk__in=among).order_by().values("pk").query.sql_with_params() if among else None
    )
    return [paper_of(key) for key in select(query, narrow, EVER, inside)]


@pytest.mark.parametrize("common", [0, 10**6], ids=["a common word", "a rare word"])
@pytest.mark.parametrize(
    ("typed", "narrow", "keys"),
    [
        ("robot", Narrow(), [3, 2, 1]),
        ('"robot legs"', Narrow(), [3, 1]),
        ('"robot legs" -drone', Narrow(), [1]),
        ("-drone", Narrow(), [2, 1]),
        ("robot", Narrow("Ada Example", "cs"), [3, 2, 1]),
        ("", Narrow("Robot"), []),
        ("zzyzx", Narrow(), []),
    ],
)
def test_what_is_asked_is_found_newest_first_among_all_and_among_some(
    monkeypatch, common, typed, narrow, keys
):
    monkeypatch.setattr(search_index, "_COMMON", common)
    assert found(typed, narrow) == keys
    assert found(typed, narrow, [1, 3, 4]) == [key for key in keys if key != 2]


def test_no_more_are_found_than_are_wanted():
    assert len(select(carried(parse("robot"), Renderings([])), Narrow(), EVER, limit=2)) == 2
