"""worker/submissions.py: where no feed and no page can be had, the API brings a day's papers, and proves nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest

from digest.arxiv_days import feeds_turn
from digest.models import Announcement, Category, Listing, Paper, PaperVersion, Run
from digest.proof import line, proof_of
from tests.documents import Document
from tests.listings import listing
from tests.replica import Reply, redirect
from tests.test_arxiv_api import answer, paper, twice
from worker.arxiv.api import category_url, ids_url
from worker.arxiv.client import Client
from worker.arxiv.errors import ArxivError, DocumentError
from worker.heal import heal_next
from worker.ledger import expect
from worker.schedule import GIVEN_UP
from worker.submissions import submitted

TUESDAY = date(2026, 5, 12)
CATCHUP = "/catchup/cs.LG/2026-05-12?abs=True&page=1"
FRIDAY_TO_MONDAY = (datetime(2026, 5, 8, 18, tzinfo=UTC), datetime(2026, 5, 11, 17, 59, tzinfo=UTC))


def query(start: int = 0, base: str = "/api/query") -> str:
    return category_url("cs.LG", *FRIDAY_TO_MONDAY, start=start, max_results=500, base=base)


@pytest.fixture
def due(category, now) -> None:
    expect(category, [TUESDAY], now)
    Announcement.objects.update(next_try_at=now)


def row() -> Announcement:
    return Announcement.objects.get(day=TUESDAY)


def ids(arxiv: Client, category: Category) -> list[str]:
    return [entry.arxiv_id for entry in submitted(arxiv, category, TUESDAY)[1].entries]


# --- in the plan ------------------------------------------------------------------------------


def test_where_the_page_can_not_be_had_the_api_brings_the_papers(due, arxiv, replica, now):
    replica.answers(query(), answer(paper(), paper("2605.90002v1"), total=2))
    heal_next(arxiv, now)
    assert (row().state, row().stored, row().complete_at) == ("partial", 2, None)
    assert [(d["source"], d["state"]) for d in row().seen] == [("api", "partial")]
    assert "does not tell what was announced when" in row().note
    assert "papers from arXiv's API" in line(proof_of("cs.LG", row()))


def test_the_day_stays_open_and_the_page_proves_it_later(due, arxiv, replica, now):
    replica.answers(query(), answer(paper(), total=1))
    heal_next(arxiv, now)
    later = row().next_try_at
    assert later == now + timedelta(minutes=20)
    document = Document().add("2605.90001").add("2605.90003")
    replica.answers(CATCHUP, listing(document, catchup=True))
    heal_next(arxiv, later)
    assert (row().state, row().stored, row().note) == ("complete", 2, "")
    assert Paper.objects.count() == 2


def test_the_api_is_not_asked_again_while_its_papers_are_here(due, arxiv, replica, now):
    replica.answers(query(), answer(paper(), total=1))
    heal_next(arxiv, now)
    asked = len(replica.requests)
    heal_next(arxiv, now + timedelta(minutes=20))
    assert replica.asked()[asked:] == [CATCHUP]
    assert (row().state, row().stored) == ("partial", 1)


def test_where_arxiv_says_stop_the_api_is_not_asked_either(due, arxiv, replica, now):
    replica.answers(CATCHUP, Reply(status=429, headers={"Retry-After": "60"}))
    heal_next(arxiv, now)
    assert replica.asked() == [CATCHUP]


def test_where_neither_helps_both_reasons_are_told(due, arxiv, replica, now):
    replica.answers(query(), Reply(status=500))
    heal_next(arxiv, now)
    assert (row().state, row().stored) == ("expected", 0)
    error = Run.objects.get(verb="heal").error
    assert "answered 404" in error
    assert "answered 500" in error


def test_days_beyond_the_reach_of_catch_up_are_the_apis(due, arxiv, replica):
    replica.answers(query(), answer(paper(), total=1))
    heal_next(arxiv, feeds_turn(TUESDAY) + GIVEN_UP + timedelta(days=1))
    assert (row().state, row().stored, row().next_try_at) == ("partial", 1, None)


# --- which papers -----------------------------------------------------------------------------


def test_a_paper_of_another_primary_category_is_a_cross_list(due, arxiv, replica, now):
    other = paper("2605.90002v1").replace('primary_category term="cs.LG"', 'primary_category term="cs.AI"')
    replica.answers(query(), answer(paper(), other, total=2))
    heal_next(arxiv, now)
    kinds = Listing.objects.values_list("paper__arxiv_id", "announce_type")
    assert dict(kinds) == {"2605.90001": "new", "2605.90002": "cross"}


def test_what_was_announced_on_another_day_stays_there(category, announce, arxiv, replica):
    announce(Document(day=date(2026, 5, 11)).add("2605.90001"))
    replica.answers(query(), answer(paper(), paper("2605.90002v1"), total=2))
    assert ids(arxiv, category) == ["2605.90002"]


def test_a_paper_that_was_replaced_since_comes_as_it_was_announced(due, arxiv, replica, now):
    replica.answers(query(), answer(paper("2605.90001v3", title="Third"), total=1))
    replica.answers(ids_url(["2605.90001v1"], base="/api/query"), answer(paper(title="First"), total=1))
    heal_next(arxiv, now)
    assert PaperVersion.objects.values_list("number", "title").get() == (1, "First")


def test_where_the_first_version_is_not_told_the_latest_has_to_do(due, arxiv, replica, now):
    replica.answers(query(), answer(paper("2605.90001v3", title="Third"), total=1))
    heal_next(arxiv, now)
    assert PaperVersion.objects.values_list("number", "title").get() == (3, "Third")


def test_a_day_without_submissions_is_no_answer(category, arxiv, replica):
    replica.answers(query(), answer(total=0))
    with pytest.raises(DocumentError, match="no paper that was submitted"):
        submitted(arxiv, category, TUESDAY)


# --- its known faults ---------------------------------------------------------------------------


def test_all_pages_are_read(category, arxiv, replica):
    first = [paper(f"2605.{n:05}v1") for n in range(500)]
    replica.answers(query(), answer(*first, total=501))
    replica.answers(query(500), answer(paper("2605.90001v1"), total=501, start=500))
    assert len(ids(arxiv, category)) == 501


def test_an_empty_page_with_a_total_is_asked_for_again(category, arxiv, replica):
    replica.answers(query(), answer(total=1), answer(total=1), answer(paper(), total=1))
    assert ids(arxiv, category) == ["2605.90001"]


def test_a_page_that_stays_empty_brings_nothing(category, arxiv, replica):
    replica.answers(query(), answer(total=1))
    with pytest.raises(ArxivError, match="gave no entry from 0 of 1"):
        submitted(arxiv, category, TUESDAY)
    assert len(replica.requests) == 3


def test_a_page_that_is_shorter_than_it_was_asked_for_does_not_end_the_query(category, arxiv, replica):
    replica.answers(query(), answer(paper(), total=2))
    replica.answers(query(1), answer(paper("2605.90002v1"), total=2, start=1))
    assert ids(arxiv, category) == ["2605.90001", "2605.90002"]


def test_a_429_below_the_limit_makes_everybody_rest_and_is_tried_later(due, arxiv, replica, now):
    replica.answers(query(), Reply(status=429, headers={"Retry-After": "3000"}))
    heal_next(arxiv, now)
    assert row().next_try_at == now + timedelta(seconds=3000)


def test_a_redirect_with_an_empty_body_is_followed(category, arxiv, replica):
    replica.answers(query(), redirect(query(base=f"{replica.url}/moved")))
    replica.answers(query(base="/moved"), answer(paper(), total=1))
    assert ids(arxiv, category) == ["2605.90001"]


def test_an_empty_body_is_no_answer(category, arxiv, replica):
    replica.answers(query(), Reply(b""))
    with pytest.raises(ArxivError, match="empty document"):
        submitted(arxiv, category, TUESDAY)


def test_names_that_are_encoded_twice_are_put_right(due, arxiv, replica, now):
    author = f"<author><name>{twice('José Müller')}</name></author>"
    replica.answers(query(), answer(paper(authors=author), total=1))
    heal_next(arxiv, now)
    assert Paper.objects.get().authors == ["José Müller"]


def test_an_entry_that_can_not_be_read_is_told(category, arxiv, replica):
    replica.answers(query(), answer(paper(), paper("nonsense"), total=2))
    document = submitted(arxiv, category, TUESDAY)[1]
    assert (document.declared, len(document.entries), len(document.skipped)) == (2, 1, 1)


def test_an_error_page_brings_nothing(category, arxiv, replica):
    replica.answers(query(), Reply(b"<html><body>Rate exceeded.</body></html>"))
    with pytest.raises(ArxivError):
        submitted(arxiv, category, TUESDAY)
