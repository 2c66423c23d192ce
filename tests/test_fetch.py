"""worker/fetch.py: due categories become announcements; whatever arXiv does, what is stored stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from digest.arxiv_days import feeds_turn
from digest.models import Announcement, Category, Installation, Listing, Paper, Run
from tests.documents import Document
from worker.arxiv.client import Answer
from worker.arxiv.errors import FetchError
from worker.fetch import fetch_next
from worker.schedule import AFTER_TURN, WAITING

MONDAY, TUESDAY, WEDNESDAY = date(2026, 5, 11), date(2026, 5, 12), date(2026, 5, 13)
NEXT_TURN = feeds_turn(WEDNESDAY) + AFTER_TURN


class FakeArxiv:
    """Answers by category: a document, bytes, None (not changed), or an error to raise."""

    def __init__(self, **answers: object) -> None:
        self.answers = {code.replace("_", "."): answer for code, answer in answers.items()}
        self.asked: list[tuple[str, str]] = []
        self.etag = '"of-the-document"'
        self.skew = timedelta()
        self.meanwhile: Callable[[], object] = lambda: None

    def feed_url(self, category: str) -> str:
        return f"https://rss.arxiv.org/rss/{category}"

    def atom_url(self, category: str) -> str:
        return f"https://rss.arxiv.org/atom/{category}"

    def get(self, url: str, etag: str = "") -> Answer:
        code = url.rpartition("/")[2]
        if "/atom/" in url:
            raise FetchError(f"{url} answered 404.", permanent=True, status=404)
        self.asked.append((code, etag))
        self.meanwhile()
        answer = self.answers[code]
        if isinstance(answer, Exception):
            raise answer
        return Answer(url, answer.rss() if isinstance(answer, Document) else answer, self.etag)


def follow(code: str = "cs.LG", due: datetime | None = None, **fields) -> Category:
    return Category.objects.create(code=code, followed=True, next_fetch_at=due, **fields)


def fetch_all(client: FakeArxiv, now: datetime) -> None:
    for _ in range(9):
        if not fetch_next(client, now):  # type: ignore[arg-type]
            return
    raise AssertionError("it never ends")


@pytest.fixture(autouse=True)
def late(db) -> None:
    """Only feeds are read; listings are in test_fetch_early.py."""
    Installation.objects.update_or_create(pk=1, defaults={"early": False})


@pytest.fixture
def category(db, now) -> Category:
    return follow(due=now)


@pytest.fixture
def arxiv(document) -> FakeArxiv:
    return FakeArxiv(cs_LG=document.add().add())


# --- who is due -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_category_that_is_not_due_is_not_asked_for(arxiv, now):
    follow(due=now + timedelta(seconds=1))
    fetch_all(arxiv, now)
    assert arxiv.asked == []


@pytest.mark.django_db
def test_a_category_that_is_no_longer_followed_is_not_asked_for(arxiv, now):
    Category.objects.create(code="cs.LG", followed=False, next_fetch_at=now)
    fetch_all(arxiv, now)
    assert arxiv.asked == []


@pytest.mark.django_db
def test_a_followed_category_without_a_date_is_never_asked_for(arxiv, now):
    follow(due=None)
    fetch_all(arxiv, now)
    assert arxiv.asked == []


def test_a_category_that_another_worker_asks_for_is_left_to_it(category, arxiv, now):
    Category.objects.due(now).claim(now, 1, timedelta(minutes=3))
    fetch_all(arxiv, now)
    assert arxiv.asked == []


@pytest.mark.django_db
def test_who_has_waited_longest_is_first(now):
    arxiv = FakeArxiv(cs_AI=Document("cs.AI"), cs_CL=Document("cs.CL"), cs_LG=Document("cs.LG"))
    follow("cs.AI", now)
    follow("cs.LG", now - timedelta(hours=1))
    follow("cs.CL", now)
    fetch_all(arxiv, now)
    assert [code for code, _ in arxiv.asked] == ["cs.LG", "cs.AI", "cs.CL"]


# --- success ----------------------------------------------------------------------------------


def test_a_due_category_becomes_its_announcement(category, arxiv, now):
    fetch_all(arxiv, now)
    announcement = Announcement.objects.get()
    assert (announcement.day, announcement.state, announcement.stored) == (TUESDAY, "complete", 2)


def test_the_announcement_says_where_it_came_from(category, arxiv, now):
    fetch_all(arxiv, now)
    assert Announcement.objects.get().source == "https://rss.arxiv.org/rss/cs.LG"


def test_after_a_whole_announcement_the_next_turn_of_the_feeds_is_due(category, arxiv, now):
    fetch_all(arxiv, now)
    category.refresh_from_db()
    assert (category.next_fetch_at, category.lease) == (NEXT_TURN, None)


def test_a_run_records_what_was_fetched(category, arxiv, now):
    fetch_all(arxiv, now)
    run = Run.objects.get()
    assert (run.verb, run.subject, run.error) == ("fetch", "cs.LG", "")
    assert run.counts == {
        "day": "2026-05-12",
        "state": "complete",
        "declared": 2,
        "parsed": 2,
        "stored": 2,
    }


def test_a_success_clears_the_failures_before_it(category, arxiv, now):
    Category.objects.update(failures=4, last_error="arXiv was away.")
    fetch_all(arxiv, now)
    category.refresh_from_db()
    assert (category.failures, category.last_error) == (0, "")


def test_the_second_fetch_of_a_day_changes_nothing(category, arxiv, now):
    fetch_all(arxiv, now)
    Category.objects.update(next_fetch_at=now)
    fetch_all(arxiv, now)
    assert [m.objects.count() for m in (Announcement, Listing, Paper)] == [1, 2, 2]


# --- not changed ------------------------------------------------------------------------------


def test_the_etag_of_a_whole_document_is_sent_the_next_time(category, arxiv, now):
    fetch_all(arxiv, now)
    Category.objects.update(next_fetch_at=now)
    fetch_all(arxiv, now)
    assert [etag for _, etag in arxiv.asked] == ["", '"of-the-document"']


def test_the_etag_of_a_partial_document_is_not_kept(category, arxiv, document, now):
    document.add(announce_type="retracted")
    fetch_all(arxiv, now)
    category.refresh_from_db()
    assert category.etag == ""


def test_a_document_that_has_not_changed_since_today_waits_for_the_next_turn(category, arxiv, now):
    fetch_all(arxiv, now)
    arxiv.answers["cs.LG"] = None
    Category.objects.update(next_fetch_at=now)
    fetch_all(arxiv, now)
    category.refresh_from_db()
    assert (category.next_fetch_at, category.etag) == (NEXT_TURN, '"of-the-document"')


def test_a_document_that_has_not_changed_since_yesterday_is_asked_for_again_soon(category, arxiv, now):
    arxiv.answers["cs.LG"] = Document(day=MONDAY).add()
    fetch_all(arxiv, now)
    arxiv.answers["cs.LG"] = None
    Category.objects.update(next_fetch_at=now)
    fetch_all(arxiv, now)
    category.refresh_from_db()
    assert category.next_fetch_at == now + WAITING


# --- documents that are not what they should be -----------------------------------------------


@pytest.fixture
def stale(category, arxiv, now) -> Category:
    """A category whose feed shows yesterday's papers under today's date."""
    arxiv.answers["cs.LG"] = yesterday = Document(day=MONDAY).add("2605.90007")
    fetch_all(arxiv, now)
    arxiv.answers["cs.LG"] = replace(yesterday, day=TUESDAY)
    Category.objects.update(next_fetch_at=now)
    fetch_all(arxiv, now)
    category.refresh_from_db()
    return category


def test_yesterdays_document_under_todays_date_is_called_stale_and_lists_nothing(stale):
    today = stale.announcements.get(day=TUESDAY)
    assert (today.state, today.listings.count()) == ("stale", 0)


def test_after_a_stale_document_arxiv_is_asked_again_soon(stale, now):
    assert (stale.next_fetch_at, stale.failures) == (now + WAITING, 0)


def test_after_a_partial_document_arxiv_is_asked_again_soon(category, arxiv, document, now):
    document.add(announce_type="retracted")
    fetch_all(arxiv, now)
    category.refresh_from_db()
    assert category.next_fetch_at == now + WAITING


def test_after_an_empty_document_of_a_weekday_arxiv_is_asked_again_soon(category, now):
    fetch_all(FakeArxiv(cs_LG=Document()), now)
    category.refresh_from_db()
    assert category.next_fetch_at == now + WAITING


def test_after_an_empty_document_of_a_saturday_mondays_turn_is_due(category):
    saturday = date(2026, 5, 16)
    fetch_all(FakeArxiv(cs_LG=Document(day=saturday)), feeds_turn(saturday) + timedelta(hours=2))
    category.refresh_from_db()
    assert category.next_fetch_at == feeds_turn(date(2026, 5, 18)) + AFTER_TURN


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"<!doctype html><html><body>We are away</body></html>", "HTML page"),
        (Document().add().rss()[:-200], "cut off or damaged"),
        (Document("cs.CL").add(), "cs.CL"),
        (Document("cs.LG,cs.CL").add(), "cs.LG, cs.CL"),
    ],
    ids=["html", "cut off", "another category", "several categories"],
)
def test_a_document_that_is_not_the_categorys_is_told_and_stores_nothing(category, now, answer, told):
    fetch_all(FakeArxiv(cs_LG=answer), now)
    category.refresh_from_db()
    assert told in category.last_error
    assert (Announcement.objects.count(), Paper.objects.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "named"), [("math-ph", "math.MP"), ("cs.NA", "math.NA")])
def test_a_category_that_has_two_codes_may_be_named_by_either(now, asked, named):
    follow(asked, now)
    arxiv = FakeArxiv()
    arxiv.answers[asked] = Document(named).add()
    fetch_all(arxiv, now)
    assert Announcement.objects.get().state == "complete"


# --- failure ----------------------------------------------------------------------------------


def failing(**how) -> FakeArxiv:
    return FakeArxiv(cs_LG=FetchError("arXiv does not answer.", **how))


def test_a_failure_is_told_with_the_category(category, now):
    fetch_all(failing(), now)
    category.refresh_from_db()
    assert (category.failures, category.last_error) == (1, "arXiv does not answer.")


def test_a_failure_is_recorded_in_its_run(category, now):
    fetch_all(failing(), now)
    assert Run.objects.get().error == "FetchError: arXiv does not answer."


@pytest.mark.parametrize(("failures", "minutes"), [(0, 1), (1, 2), (2, 4), (5, 32), (6, 60), (99, 60)])
def test_failures_in_a_row_wait_longer_and_longer_up_to_an_hour(category, now, failures, minutes):
    Category.objects.update(failures=failures)
    fetch_all(failing(), now)
    category.refresh_from_db()
    assert category.next_fetch_at == now + timedelta(minutes=minutes)


def test_nobody_asks_before_arxiv_allows_it(category, now):
    fetch_all(failing(retry_after=1800.0), now)
    category.refresh_from_db()
    assert category.next_fetch_at == now + timedelta(seconds=1800)


def test_a_failure_keeps_what_is_stored(category, arxiv, now):
    fetch_all(arxiv, now)
    Category.objects.update(next_fetch_at=now)
    fetch_all(failing(), now)
    announcement = Announcement.objects.get()
    assert (announcement.state, announcement.listings.count()) == ("complete", 2)


def test_a_category_that_failed_is_free_to_be_claimed_again(category, now):
    fetch_all(failing(), now)
    category.refresh_from_db()
    assert (category.lease, category.leased_until) == (None, None)


def test_one_bad_category_does_not_stop_the_others(category, document, now):
    follow("cs.AI", now)
    arxiv = FakeArxiv(cs_AI=b"<html>", cs_LG=document.add())
    fetch_all(arxiv, now)
    assert Announcement.objects.get().category == category


# --- a worker that was thought dead -----------------------------------------------------------


def lose_the_lease() -> None:
    Category.objects.update(lease=uuid4(), next_fetch_at=datetime(2030, 1, 1, tzinfo=NEXT_TURN.tzinfo))


def test_a_success_whose_lease_was_lost_leaves_the_category_to_its_new_holder(category, arxiv, now):
    arxiv.meanwhile = lose_the_lease
    fetch_all(arxiv, now)
    category.refresh_from_db()
    assert (category.next_fetch_at.year, category.etag) == (2030, "")
    assert category.lease is not None


def test_a_failure_whose_lease_was_lost_leaves_the_category_to_its_new_holder(category, now):
    arxiv = failing()
    arxiv.meanwhile = lose_the_lease
    fetch_all(arxiv, now)
    category.refresh_from_db()
    assert (category.next_fetch_at.year, category.failures) == (2030, 0)
