"""worker/match.py: every version is held against every followed keyword, once."""

from datetime import timedelta

import pytest

from digest.following import follow, pause, resume
from digest.models import Keyword, Match, PaperVersion, Run
from tests.documents import Document
from tests.steps import queries
from worker.match import KEPT, apply_keywords, match_versions

DIFFUSION = "We train a Diffusion-Policy on robots."


def matched() -> list[tuple[str, str]]:
    """Keyword and versioned id of every match."""
    rows = Match.objects.select_related("keyword", "version__paper").order_by("version", "keyword")
    return [(match.keyword.canonical, str(match.version)) for match in rows]


@pytest.fixture
def robot(announce, document) -> PaperVersion:
    announce(document.add(title="A Robot", abstract=DIFFUSION))
    return PaperVersion.objects.get()


# --- new versions -----------------------------------------------------------------------------


def test_a_new_version_is_held_against_every_followed_keyword(robot, bob, alice, now):
    follow(bob, "robot")
    follow(alice, "diffusion policy")
    follow(alice, "graph neural network")
    assert match_versions(now) == 1
    assert sorted(matched()) == [("diffusion policy", "2605.90000v1"), ("robot", "2605.90000v1")]


def test_the_places_of_a_match_are_those_of_the_phrase(robot, bob, now):
    follow(bob, "diffusion policy")
    match_versions(now)
    (span,) = Match.objects.get().spans
    assert span["field"] == "abstract"
    assert robot.abstract[span["start"] : span["end"]] == "Diffusion-Policy"


def test_a_match_has_every_place_in_both_fields(robot, bob, now):
    follow(bob, "robot")
    match_versions(now)
    assert [span["field"] for span in Match.objects.get().spans] == ["title", "abstract"]


def test_a_matched_version_is_stamped(robot, bob, now):
    follow(bob, "robot")
    match_versions(now)
    robot.refresh_from_db()
    assert robot.matched_at == now


def test_a_version_that_no_keyword_brings_is_stamped_too(robot, now):
    assert match_versions(now) == 1
    assert not PaperVersion.objects.unmatched().exists()


def test_each_version_of_a_paper_is_matched_by_its_own_text(announce, document, bob, now):
    follow(bob, "robot")
    announce(document.add("2605.90001", title="A Title"))
    announce(Document().add("2605.90001", version=2, title="A Robot", announce_type="replace"))
    match_versions(now)
    assert matched() == [("robot", "2605.90001v2")]


def test_more_versions_than_one_batch_are_all_matched(announce, document, bob, now, monkeypatch):
    monkeypatch.setattr("worker.match._BATCH", 3)
    follow(bob, "robot")
    for _ in range(8):
        document.add(title="A Robot")
    announce(document)
    assert match_versions(now) == 8
    assert Match.objects.count() == 8


def test_a_run_records_what_was_matched(robot, bob, now):
    follow(bob, "robot")
    match_versions(now)
    assert Run.objects.get().counts == {"versions": 1, "keywords": 1, "matches": 1}


def test_where_nothing_is_new_nothing_is_recorded(db, now):
    assert match_versions(now) == 0
    assert not Run.objects.exists()


# --- again ------------------------------------------------------------------------------------


def test_matching_twice_matches_once(robot, bob, now):
    follow(bob, "robot")
    match_versions(now)
    assert match_versions(now) == 0
    assert len(matched()) == 1


def test_a_version_that_is_matched_again_keeps_its_match(robot, bob, now):
    follow(bob, "robot")
    match_versions(now)
    PaperVersion.objects.update(matched_at=None)
    match_versions(now)
    assert len(matched()) == 1


def test_a_keyword_of_two_readers_matches_once(robot, alice, bob, now):
    follow(alice, "Robot")
    follow(bob, "robot")
    match_versions(now)
    assert len(matched()) == 1


# --- new keywords -----------------------------------------------------------------------------


def test_a_new_keyword_is_held_against_the_papers_already_here(robot, bob, now):
    match_versions(now)
    follow(bob, "robot")
    assert apply_keywords(now) == 1
    assert matched() == [("robot", "2605.90000v1")]


def test_a_keyword_is_applied_once(robot, bob, now):
    follow(bob, "robot")
    apply_keywords(now)
    assert apply_keywords(now) == 0
    assert Keyword.objects.get().applied_at == now


def test_a_new_keyword_does_not_look_at_papers_of_long_ago(announce, document, bob, now):
    announce(document.add(title="A Robot"), now - KEPT - timedelta(seconds=1))
    match_versions(now)
    follow(bob, "robot")
    apply_keywords(now)
    assert matched() == []


def test_a_new_keyword_looks_at_more_papers_than_one_batch(announce, document, bob, now, monkeypatch):
    monkeypatch.setattr("worker.match._BATCH", 3)
    for _ in range(8):
        document.add(title="A Robot")
    announce(document)
    match_versions(now)
    follow(bob, "robot")
    apply_keywords(now)
    assert Match.objects.count() == 8


def test_new_versions_and_a_new_keyword_at_once_match_once(robot, bob, now):
    follow(bob, "robot")
    match_versions(now)
    apply_keywords(now)
    assert len(matched()) == 1


# --- paused keywords --------------------------------------------------------------------------


def test_a_paused_keyword_brings_nothing(robot, bob, now):
    pause(follow(bob, "robot"))
    match_versions(now)
    apply_keywords(now)
    assert matched() == []


def test_a_keyword_that_one_reader_pauses_still_works_for_another(robot, alice, bob, now):
    pause(follow(bob, "robot"))
    follow(alice, "robot")
    match_versions(now)
    assert len(matched()) == 1


def test_a_resumed_keyword_catches_up_on_what_it_has_missed(robot, bob, now):
    subscription = follow(bob, "robot")
    pause(subscription)
    match_versions(now)
    apply_keywords(now)
    resume(subscription)
    apply_keywords(now)
    assert matched() == [("robot", "2605.90000v1")]


def test_a_keyword_that_everybody_has_left_brings_nothing(robot, bob, now):
    follow(bob, "robot").delete()
    match_versions(now)
    assert matched() == []


def test_how_much_is_asked_does_not_depend_on_the_keywords(announce, bob, now):
    follow(bob, "robot")
    announce(Document().add("2605.90000", title="A Robot"))
    match_versions(now)  # what is counted has its rows from now on
    announce(Document("cs.CV").add("2605.90001", title="A Robot"))
    one = queries(lambda: match_versions(now))
    for phrase in ("policy", "graph", "walk", "diffusion"):
        follow(bob, phrase)
    announce(Document("cs.AI").add("2605.90002", title="A Robot"))
    assert queries(lambda: match_versions(now)) == one
