"""worker/wanted.py: what a day brings is asked for all readers at once, and again only when something has changed."""

from datetime import timedelta

import pytest

from digest.following import edit, follow, pause, resume, want_replacements
from digest.models import Announcement, Category, Entry, Keyword, Match, PaperVersion, User
from tests.conftest import NOW, announced
from tests.documents import Document
from tests.steps import match, queries
from worker.publish import publish_due
from worker.wanted import mark

AGAIN = NOW + timedelta(seconds=5)
QUIET = 25
"""Queries of a look at one day at which nothing is to be done."""


@pytest.fixture
def quiet(bob) -> User:
    """Bob follows `robot`, has paused `graph`, and has his digest; publish has seen that nothing is left."""
    follow(bob, "robot")
    pause(follow(bob, "graph"))
    document = Document().add("2605.90001", title="A Robot").add("2605.90002", title="A Graph")
    announced(document.add("2605.90003", title="Two Robots", announce_type="replace", version=2))
    match()
    assert [publish_due(NOW), publish_due(NOW), publish_due(NOW)] == [1, 0, 0]
    return bob


def papers(user: User) -> list[str]:
    return list(Entry.objects.filter(digest__user=user).values_list("paper__arxiv_id", flat=True))


def readers(count: int) -> None:
    for n in range(count):
        follow(User.objects.create_user(f"reader{n}"), "robot")


# --- how much is asked ------------------------------------------------------------------------


def test_a_look_at_which_nothing_is_to_be_done_asks_as_much_for_many_readers(quiet):
    alone = queries(lambda: publish_due(NOW))
    readers(9)
    publish_due(NOW)
    publish_due(NOW)
    assert queries(lambda: publish_due(NOW)) == alone <= QUIET


def test_a_look_at_a_day_that_is_not_whole_asks_as_much_for_many_readers(announce, bob):
    follow(bob, "robot")
    announce(Document().add(title="A Robot"))
    Category.objects.create(code="cs.AI", followed=True, next_fetch_at=NOW)
    match()
    publish_due(NOW)
    alone = queries(lambda: publish_due(NOW))
    readers(9)
    assert queries(lambda: publish_due(NOW)) == alone <= QUIET


def test_a_digest_takes_as_many_queries_whatever_it_holds(announce, bob, alice):
    follow(bob, "robot")
    announce(Document().add(title="A Robot"))
    match()
    one = queries(lambda: publish_due(NOW))
    follow(alice, "policy")
    document = Document("cs.AI")
    for n in range(50):
        document.add(f"2605.91{n:03}", title="A Policy")
    announce(document)
    match()
    assert queries(lambda: publish_due(NOW)) <= one
    assert len(papers(alice)) == 50


# --- what is seen although nothing seemed to be left --------------------------------------------


def test_a_keyword_that_goes_on_brings_its_papers(quiet):
    resume(quiet.subscriptions.get(label="graph"))
    match()
    assert publish_due(AGAIN) == 1
    assert papers(quiet) == ["2605.90001", "2605.90002"]


def test_a_keyword_for_another_brings_its_papers(quiet):
    pause(quiet.subscriptions.get(label="robot"))
    resume(quiet.subscriptions.get(label="graph"))
    match()
    assert publish_due(AGAIN) == 1


def test_a_keyword_that_others_follow_brings_its_papers_at_once(quiet, alice):
    follow(alice, "graph")
    match()
    assert publish_due(AGAIN) == 1
    follow(quiet, "graph")
    match()
    assert publish_due(AGAIN) == 1
    assert papers(quiet) == ["2605.90001", "2605.90002"]


def test_replacements_come_once_they_are_wanted(quiet):
    want_replacements(quiet.subscriptions.get(label="robot"), True)
    assert publish_due(AGAIN) == 1
    assert papers(quiet) == ["2605.90001", "2605.90003"]


def test_a_document_that_comes_late_brings_its_papers(quiet):
    announced(Document("cs.AI").add("2605.90009", title="A Robot"), AGAIN)
    match()
    assert publish_due(AGAIN) == 1


def test_an_entry_that_has_gone_comes_back(quiet):
    Entry.objects.all().delete()
    assert publish_due(AGAIN) == 1


def test_a_digest_that_has_gone_is_made_again(quiet):
    quiet.digests.all().delete()
    assert publish_due(AGAIN) == 1


def test_the_mark_stays_while_nothing_changes(quiet):
    day = Announcement.objects.get().day
    before = mark(day)
    match(AGAIN)
    publish_due(AGAIN)
    assert mark(day) == before


def test_the_mark_changes_when_a_keyword_was_held_against_the_papers(quiet):
    day = Announcement.objects.get().day
    before = mark(day)
    Keyword.objects.update(applied_at=AGAIN)
    assert mark(day) != before


def test_papers_that_are_matched_again_come_with_the_next_bell(quiet):
    """A rule that finds more than it did: nothing else has changed."""
    Match.objects.create(
        keyword=Keyword.objects.get(canonical="robot"),
        version=PaperVersion.objects.get(paper__arxiv_id="2605.90002"),
    )
    assert publish_due(AGAIN) == 1
    assert papers(quiet) == ["2605.90001", "2605.90002"]


# --- what is left out -------------------------------------------------------------------------


def test_what_an_exclusion_matches_does_not_come(announce, alice, bob):
    for user in (alice, bob):
        follow(user, "robot")
    follow(bob, "survey", excluded=True)
    announce(Document().add("2605.90001", title="A Robot").add("2605.90002", title="A Survey of Robots"))
    match()
    publish_due(NOW)
    assert sorted(papers(alice)) == ["2605.90001", "2605.90002"]
    assert papers(bob) == ["2605.90001"]


def test_a_paused_exclusion_leaves_nothing_out(announce, bob):
    follow(bob, "robot")
    pause(follow(bob, "survey", excluded=True))
    announce(Document().add("2605.90002", title="A Survey of Robots"))
    match()
    publish_due(NOW)
    assert papers(bob) == ["2605.90002"]


def test_an_exclusion_brings_nothing(announce, bob):
    follow(bob, "robot")
    follow(bob, "graph", excluded=True)
    announce(Document().add("2605.90001", title="A Robot").add("2605.90002", title="A Graph"))
    match()
    publish_due(NOW)
    assert papers(bob) == ["2605.90001"]


def test_an_exclusion_leaves_out_new_versions(announce, bob):
    want_replacements(follow(bob, "robot"), True)
    follow(bob, "survey", excluded=True)
    announce(Document().add("2605.90001", title="A Robot", announce_type="replace", version=2))
    announce(Document("cs.AI").add("2605.90002", title="Robot Survey", announce_type="replace", version=2))
    match()
    publish_due(NOW)
    assert papers(bob) == ["2605.90001"]


def test_what_is_no_longer_left_out_comes_at_the_next_bell(bob):
    follow(bob, "robot")
    left_out = follow(bob, "survey", excluded=True)
    announced(Document().add("2605.90001", title="A Robot").add("2605.90002", title="A Survey of Robots"))
    match()
    assert [publish_due(NOW), publish_due(NOW)] == [1, 0]
    edit(left_out, "survey", excluded=False)
    assert publish_due(AGAIN) == 1
    assert Entry.objects.count() == 2
