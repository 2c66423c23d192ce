"""digest/reading.py: what readers do with papers."""

from datetime import timedelta

import pytest

from digest import reading
from digest.models import Desk, Paper, State, Tag
from digest.showing import digest_picture


@pytest.fixture
def paper(bobs_digest) -> Paper:
    return Paper.objects.get(arxiv_id="2605.90001")


def state(bob, paper) -> State:
    return State.objects.get(user=bob, paper=paper)


@pytest.mark.parametrize(
    ("what", "field"), [("read", "read_at"), ("save", "saved_at"), ("hide", "hidden_at")]
)
def test_a_mark_is_set_once_and_taken_back(bob, paper, now, what, field):
    assert reading.mark(bob, paper, what, now)
    assert getattr(state(bob, paper), field) == now
    assert reading.mark(bob, paper, reading.INVERSE[what], now)
    assert getattr(state(bob, paper), field) is None


@pytest.mark.parametrize("what", sorted(reading.INVERSE))
def test_a_mark_that_comes_twice_ends_the_same(bob, paper, now, what):
    reading.mark(bob, paper, what, now)
    once = State.objects.values().get()
    assert not reading.mark(bob, paper, what, now + timedelta(hours=1))
    assert State.objects.values().get() == once


def test_what_is_saved_is_read(bob, paper, now):
    reading.mark(bob, paper, "save", now)
    assert state(bob, paper).read_at == now


def test_what_is_no_change_is_refused(bob, paper, now):
    with pytest.raises(KeyError):
        reading.mark(bob, paper, "toggle", now)


def test_a_mark_is_its_readers_own(bob, charlie, paper, now):
    reading.mark(bob, paper, "save", now)
    assert reading.marks_of(charlie, [paper.arxiv_id]) == {}


def test_a_note_saves_the_paper(bob, paper, now):
    reading.write(bob, paper, " A <b>note</b>\r\nof two lines ", ["planning"], now)
    row = state(bob, paper)
    assert (row.note, row.saved_at) == ("A <b>note</b>\nof two lines", now)
    assert [tag.name for tag in row.tags.all()] == ["planning"]


def test_a_tag_that_no_paper_has_is_gone(bob, paper, now):
    reading.write(bob, paper, "", ["a", "b"], now)
    reading.write(bob, paper, "", ["b"], now)
    assert list(bob.tags.values_list("name", flat=True)) == ["b"]


def test_a_note_that_is_too_long_changes_nothing(bob, paper, now):
    reading.write(bob, paper, "short", [], now)
    with pytest.raises(reading.NoteError):
        reading.write(bob, paper, "x" * 10_001, [], now)
    assert state(bob, paper).note == "short"


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("", []),
        (" a ,b,, a", ["a", "b"]),
        ("强化学习，机器人、规划", ["强化学习", "机器人", "规划"]),
        ("two  words", ["two words"]),
    ],
)
def test_tags_are_separated_by_commas(typed, tags):
    assert reading.tags_in(typed) == tags


@pytest.mark.parametrize("typed", ["x" * 61, ",".join(map(str, range(21)))])
def test_tags_have_an_end(typed):
    with pytest.raises(reading.NoteError):
        reading.tags_in(typed)


def test_saved_papers_come_newest_first_and_by_tag(bob, paper, now):
    other = Paper.objects.get(arxiv_id="2605.90002")
    reading.write(bob, paper, "", ["robots"], now)
    reading.mark(bob, other, "save", now + timedelta(minutes=1))
    assert [row.paper for row in reading.saved(bob)] == [other, paper]
    assert [row.paper for row in reading.saved(bob, "robots")] == [paper]


def test_a_digest_shows_what_was_done_with_its_papers(bob, bobs_digest, paper, now):
    reading.mark(bob, paper, "save", now)
    reading.mark(bob, Paper.objects.get(arxiv_id="2605.90002"), "hide", now)
    picture = reading.marked_digest(bob, digest_picture(bobs_digest))
    assert [one.arxiv_id for one in picture.shown] == ["2605.90001"]
    assert [one.arxiv_id for one in picture.hidden] == ["2605.90002"]
    assert (picture.unread, picture.saved, picture.count) == (0, 1, 2)


def test_what_came_after_the_last_visit_is_new(bob, bobs_digest, now):
    before = reading.marked_digest(bob, digest_picture(bobs_digest), now - timedelta(hours=1))
    after = reading.marked_digest(bob, digest_picture(bobs_digest), now)
    first = reading.marked_digest(bob, digest_picture(bobs_digest), None)
    assert (before.news, after.news, first.news) == (2, 0, 0)


def test_a_visit_begins_after_half_an_hour_away(bob, now):
    assert reading.visit(bob, now).since is None
    assert reading.visit(bob, now + timedelta(minutes=20)).since is None
    assert reading.visit(bob, now + timedelta(minutes=51)).since == now + timedelta(minutes=20)
    assert Desk.objects.get().seen_at == now + timedelta(minutes=51)


def test_tags_of_two_readers_are_two(bob, charlie, paper, now):
    reading.write(bob, paper, "", ["same"], now)
    reading.write(charlie, paper, "", ["same"], now)
    assert Tag.objects.count() == 2
