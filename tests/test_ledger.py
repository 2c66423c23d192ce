"""worker/ledger.py: a row for every category and day, whether anything came or not."""

from datetime import date, datetime, timedelta

import pytest

from digest.arxiv_days import feeds_turn
from digest.following import follow
from digest.models import Announcement, Category, Installation, Keyword
from tests.documents import Document
from tests.steps import match, publish, queries
from worker.ledger import expect, open_days, refresh
from worker.schedule import AFTER_TURN, GIVEN_UP, HEAL_AFTER

FRIDAY = date(2026, 5, 15)
MONDAY = date(2026, 5, 18)


@pytest.fixture
def category(db) -> Category:
    return Category.objects.create(code="cs.LG", followed=True, next_fetch_at=feeds_turn(MONDAY))


def days() -> list[tuple[str, str]]:
    rows = Announcement.objects.order_by("day").values_list("day", "state")
    return [(f"{day:%a %d}", state) for day, state in rows]


def monday(hour: int = 6) -> datetime:
    return feeds_turn(MONDAY) + timedelta(hours=hour)


def back(count: int) -> None:
    Installation.objects.update_or_create(pk=1, defaults={"backfill_days": count})


def test_a_new_category_brings_the_days_that_the_installation_wants(category):
    back(5)
    open_days(monday())
    assert days() == [(day, "expected") for day in ("Wed 13", "Thu 14", "Fri 15", "Mon 18")]


def test_a_new_category_may_begin_with_today(category):
    back(0)
    open_days(monday())
    assert days() == [("Mon 18", "expected")]


def test_after_an_outage_every_day_that_was_missed_is_expected(category):
    Announcement.objects.create(category=category, day=date(2026, 5, 12), state="complete")
    open_days(monday())
    assert days() == [
        ("Tue 12", "complete"),
        *((day, "expected") for day in ("Wed 13", "Thu 14", "Fri 15", "Mon 18")),
    ]


def test_the_day_is_expected_from_its_announcement_on(category):
    back(0)
    open_days(monday(-5))
    assert days() == [("Fri 15", "expected")]
    open_days(monday(-4))
    assert days() == [("Fri 15", "expected"), ("Mon 18", "expected")]


def test_todays_feed_has_its_chance_before_another_source_is_asked(category):
    back(0)
    open_days(monday(-4))
    assert Announcement.objects.get(day=MONDAY).next_try_at == feeds_turn(MONDAY) + AFTER_TURN + HEAL_AFTER


def test_opening_twice_makes_nothing(category):
    assert open_days(monday()) > 0
    assert open_days(monday()) == 0


def test_the_samples_category_expects_nothing(category):
    Category.objects.update(next_fetch_at=None)
    assert open_days(monday()) == 0


def test_days_beyond_arxivs_reach_are_not_expected(category):
    old = (monday() - GIVEN_UP).date() - timedelta(days=3)
    assert expect(category, [old, FRIDAY], monday()) == 1


def test_the_row_of_a_day_counts_what_became_of_its_papers(bob, now):
    document = Document().add(title="A Robot").add(title="Another Robot").add(title="Algebra")
    publish(bob, document, "robot")
    refresh(now)
    row = Announcement.objects.get()
    assert (row.stored, row.matched, row.translated, row.published) == (3, 2, 2, 2)
    assert row.published_at == now


def test_counts_of_a_day_without_readers_are_nought(announce, now):
    announce(Document().add(title="A Robot"))
    refresh(now)
    row = Announcement.objects.get()
    assert (row.matched, row.published, row.published_at) == (0, 0, None)


def test_a_paper_that_its_follower_leaves_out_is_not_counted_as_matched(announce, bob, now):
    follow(bob, "robot")
    bob.subscriptions.create(
        keyword=Keyword.objects.create(canonical="survey"), label="survey", excluded=True
    )
    announce(Document().add(title="A Robot").add(title="A Robot Survey"))
    match()
    refresh(now)
    assert Announcement.objects.get().matched == 1


# --- how much is asked ------------------------------------------------------------------------


def test_counting_again_asks_as_much_whatever_a_day_holds(announce, bob, now):
    follow(bob, "robot")
    announce(Document().add("2605.90001", title="A Robot"))
    match()
    refresh(now)
    few = queries(lambda: refresh(now))
    for code in ("cs.AI", "cs.RO"):
        document = Document(code)
        for n in range(20):
            document.add(f"2605.91{n:03}", title="A Robot", announce_type="cross")
        announce(document)
    match()
    refresh(now)
    assert queries(lambda: refresh(now)) == few


def test_where_every_day_is_known_nothing_is_asked_of_each_category(category, now):
    open_days(monday())
    one = queries(lambda: open_days(monday()))
    for code in ("cs.AI", "cs.RO", "cs.CL"):
        Category.objects.create(code=code, followed=True, next_fetch_at=now)
    open_days(monday())
    assert queries(lambda: open_days(monday())) == one
