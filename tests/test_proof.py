"""digest/proof.py: what a digest says of its day, category by category."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from digest.proof import line, proof_of

COMPLETE_AT = datetime(2026, 5, 13, 1, 40, tzinfo=UTC)


def seen(source: str, state: str, stored: int = 0, declared: int = 0) -> dict[str, Any]:
    return {"source": source, "state": state, "stored": stored, "declared": declared}


def row(state: str = "complete", declared: int = 425, stored: int = 425, *documents: dict[str, Any]) -> Any:
    return SimpleNamespace(
        state=state, declared=declared, stored=stored, seen=list(documents), complete_at=COMPLETE_AT
    )


def test_a_whole_announcement_is_one_number_of_the_same():
    told = proof_of("cs.LG", row("complete", 425, 425, seen("rss", "complete", 425, 425)))
    assert told == {"category": "cs.LG", "state": "complete", "declared": 425, "stored": 425}
    assert line(told) == "cs.LG: 425 of 425 papers"


def test_a_feed_that_was_stale_says_until_when_and_where_the_papers_came_from():
    told = proof_of(
        "cs.AI",
        row("complete", 425, 425, seen("rss", "stale", 0, 389), seen("catchup", "complete", 425, 425)),
    )
    assert line(told) == (
        "cs.AI: 425 of 425 papers; its feed was stale until 21:40 ET, taken from arXiv's catch-up page"
    )


def test_a_feed_that_was_empty_says_so():
    told = proof_of("cs.AI", row("complete", 2, 2, seen("rss", "empty"), seen("rss", "complete", 2, 2)))
    assert line(told) == "cs.AI: 2 of 2 papers; its feed was empty until 21:40 ET"


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("stale", "arXiv's feed still showed the day before"),
        ("empty", "arXiv's feed was empty"),
        ("holiday", "arXiv had a holiday"),
        ("partial", "only 3 of 4 papers could be read"),
        ("early", "3 of 4 papers, from the listing page before the feed"),
    ],
)
def test_every_state_has_words(state: str, told: str):
    assert line(proof_of("cs.LG", row(state, 4, 3))) == f"cs.LG: {told}"


@pytest.mark.parametrize("nothing", [None, row("expected", 0, 0)])
def test_what_never_came_is_missing(nothing: Any):
    assert line(proof_of("cs.LG", nothing)) == "cs.LG: no announcement was seen"


def test_what_the_api_brought_is_no_proof_and_says_so():
    told_by = row("partial", 40, 40, seen("rss", "stale"), seen("api", "partial", 40, 40))
    told_by.complete_at = None
    told = proof_of("cs.LG", told_by)
    assert line(told) == (
        "cs.LG: 40 papers from arXiv's API, which does not tell what was announced when; some may be missing"
    )
