"""worker/arxiv/freshness.py: whose papers a document has, whatever date it bears."""

from datetime import date

import pytest

from digest.arxiv_days import Calendar
from worker.arxiv.entries import Document, Entry
from worker.arxiv.freshness import CUT_AT, Known, is_cut, judge, newest_number

MONDAY, TUESDAY = date(2026, 5, 11), date(2026, 5, 12)
SATURDAY = date(2026, 5, 16)
CALENDAR = Calendar(frozenset({date(2026, 7, 3)}))


def entry(arxiv_id: str, kind: str = "new", day: date | None = None, version: int = 1) -> Entry:
    return Entry(arxiv_id, version, kind, "A Robot", "It walks.", ("A",), ("cs.LG",), day=day)  # type: ignore[arg-type]


def document(
    *entries: Entry, day: date = TUESDAY, kind: str = "rss", declared: int | None = None
) -> Document:
    count = len(entries) if declared is None else declared
    return Document(kind, "cs.LG", ("cs.LG",), day, None, count, entries)  # type: ignore[arg-type]


def day_of(*entries: Entry, day: date = TUESDAY, known: Known | None = None) -> tuple[date | None, bool]:
    judged = judge(document(*entries, day=day), known or Known(), CALENDAR)
    return judged.day, judged.stale


def test_a_document_is_of_its_own_day():
    assert day_of(entry("2605.90002"), known=Known(newest="2605.90001")) == (TUESDAY, False)


def test_a_document_that_brings_nothing_new_is_stale():
    known = Known(frozenset({("2605.90001", 1), ("2605.80001", 2)}))
    assert day_of(entry("2605.90001"), entry("2605.80001", "replace", version=2), known=known) == (None, True)


def test_a_new_version_of_a_known_paper_is_news():
    known = Known(frozenset({("2605.90001", 1)}))
    assert day_of(entry("2605.90001", "replace", version=2), known=known) == (TUESDAY, False)


def test_a_document_whose_new_papers_were_numbered_before_is_of_the_day_before():
    """Nothing of its own category is known (the installation was off), but another one's newer papers are."""
    assert day_of(entry("2605.90001"), known=Known(newest="2605.90007")) == (MONDAY, True)


def test_without_new_papers_numbers_tell_nothing():
    assert day_of(entry("2605.80001", "cross"), known=Known(newest="2605.90007")) == (TUESDAY, False)


@pytest.mark.parametrize("number", ["hep-th/9901001", "1412.0001"])
def test_numbers_of_other_styles_tell_nothing(number: str):
    assert day_of(entry(number), known=Known(newest="2605.90007")) == (TUESDAY, False)


def test_a_document_of_two_dates_is_of_the_earlier():
    assert day_of(entry("2605.90001", day=MONDAY), entry("2605.90002", day=TUESDAY)) == (MONDAY, True)


def test_papers_under_a_saturday_are_fridays():
    assert day_of(entry("2605.90001"), day=SATURDAY) == (date(2026, 5, 15), True)


def test_papers_under_a_holiday_are_of_the_day_before():
    assert day_of(entry("2605.90001"), day=date(2026, 7, 6)) == (date(2026, 7, 3), True)


def test_an_empty_document_is_of_its_day():
    assert day_of() == (TUESDAY, False)


def test_the_reason_names_the_day():
    judged = judge(document(entry("2605.90001"), day=SATURDAY), Known(), CALENDAR)
    assert judged.note == "A weekend has no announcement: its papers are of 2026-05-15."


def test_the_newest_number_is_a_new_papers():
    assert newest_number(document(entry("2605.90001"), entry("2605.90009", "cross"))) == "2605.90001"


@pytest.mark.parametrize(
    ("kind", "items", "cut"), [("rss", CUT_AT, True), ("rss", CUT_AT - 1, False), ("listing", 9000, False)]
)
def test_a_feed_of_two_thousand_items_is_cut(kind: str, items: int, cut: bool):
    assert is_cut(document(kind=kind, declared=items)) is cut
