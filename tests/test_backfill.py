"""`manage.py backfill`: past days, from arXiv's catch-up pages."""

import io
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command

from digest.models import Announcement, Category, Paper
from tests.documents import Document
from tests.listings import listing
from tests.replica import Replica

NOW = datetime(2026, 5, 15, 12, 0, tzinfo=UTC)
DAYS = {12: "Tuesday", 13: "Wednesday", 14: "Thursday", 15: "Friday"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def arxiv(db, replica: Replica, settings) -> Replica:
    """A replica with a catch-up page of cs.LG for every day of the week."""
    settings.ARXIV_URL = replica.url
    Category.objects.create(code="cs.LG", followed=True, next_fetch_at=NOW)
    for day in DAYS:
        document = Document(day=date(2026, 5, day)).add(f"2605.9{day}01").add(f"2605.9{day}02")
        replica.answers(f"/catchup/cs.LG/2026-05-{day}?abs=True&page=1", listing(document, catchup=True))
    return replica


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("backfill", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_past_days_are_fetched_the_newest_first(arxiv):
    told = run("--category", "cs.LG", "--from", "2026-05-12", "--to", "2026-05-15")
    assert "4 days of 1 categories: 4 new, 4 to be fetched." in told
    assert "Done: every day is here." in told
    assert [path[15:25] for path in arxiv.asked()] == [f"2026-05-{day}" for day in (15, 14, 13, 12)]
    assert set(Announcement.objects.values_list("state", "stored")) == {("complete", 2)}
    assert Paper.objects.count() == 8


def test_a_second_run_asks_for_nothing_that_is_here(arxiv):
    run("--from", "2026-05-12")
    arxiv.requests.clear()
    assert "0 new, 0 to be fetched" in run("--from", "2026-05-12")
    assert arxiv.requests == []


def test_a_run_that_was_stopped_goes_on(arxiv):
    run("--from", "2026-05-14")
    arxiv.requests.clear()
    run("--from", "2026-05-12")
    assert len(arxiv.requests) == 2


def test_a_day_that_can_not_be_had_is_left_to_the_workers(arxiv):
    arxiv.answers("/catchup/cs.LG/2026-05-13?abs=True&page=1", b"<html>a captcha</html>")
    assert "1 days could not be had yet and are tried again" in run("--from", "2026-05-12")
    assert Announcement.objects.filter(state="complete").count() == 3


def test_the_work_may_be_left_to_the_workers(arxiv):
    assert "The running workers fetch them" in run("--from", "2026-05-12", "--background")
    assert arxiv.requests == []
    assert Announcement.objects.due(NOW.replace(hour=13)).count() == 4


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--category", "cs.NOPE"], "cs.NOPE"),
        (["--category", "cs.CL"], "cs.CL is not followed"),
        (["--from", "2026-05-14", "--to", "2026-05-12"], "is after"),
        (["--from", "yesterday"], "'yesterday' is not a day"),
    ],
)
def test_what_can_not_be_is_told(arxiv, arguments, why):
    with pytest.raises(CommandError, match=why):
        run(*arguments)


def test_days_beyond_arxivs_reach_are_left_out(arxiv):
    assert "catch-up pages begin at 2026-02-14" in run("--from", "2026-01-01", "--background")
