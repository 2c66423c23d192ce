"""digest/api/digests.py, papers.py, marks.py, saved.py, search.py, sentences.py: what a reading program does."""

import pytest
import time_machine

from digest import reading
from digest.models import Correction, Paper, Segment
from tests.api import Program, token
from tests.conftest import NOW
from worker.index import index_changed

PAPER = "/papers/2605.90001"


@pytest.fixture
def program(bob, bobs_digest) -> Program:
    index_changed(NOW)
    return Program(token(bob))


@pytest.fixture
def charlies(charlie, bobs_digest) -> Program:
    return Program(token(charlie))


def test_the_newest_digest_is_the_digest_of_its_day(program, charlies):
    newest = program.get("/digests/newest")
    day = program.get("/digests")["items"][0]["day"]
    assert program.get(f"/digests/{day}") == newest
    assert newest["count"] == sum(group["count"] for group in newest["groups"]) == 2
    assert charlies.refused("get", f"/digests/{day}")[0] == 404
    assert charlies.refused("get", "/digests/newest")[0] == 404


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "20260512"])
def test_a_day_that_is_none_is_not_valid(program, day):
    status, told = program.refused("get", f"/digests/{day}")
    assert (status, told["errors"][0]["where"]) == (422, ["path", "day"])


def test_a_digest_is_taken_along_whole_or_by_its_keyword(program):
    day = program.get("/digests")["items"][0]["day"]
    answer = program.ask("get", f"/digests/{day}/file?format=ris")
    assert answer.content.decode().count("TY  -") == 2
    one = program.ask("get", f"/digests/{day}/file?format=ris&keyword=Robot").content.decode()
    assert "2605.90001" in one
    assert program.refused("get", f"/digests/{day}/file?format=ris&keyword=nothing")[0] == 404
    assert program.refused("get", f"/digests/{day}/file?format=exe")[0] == 422


def test_a_paper_is_marked_and_what_takes_it_back_takes_it_back(program):
    told = program.patch(f"{PAPER}/marks", {"saved": True})
    assert (told["marks"]["saved"], told["marks"]["read"]) == (True, True)
    assert program.patch(f"{PAPER}/marks", {"saved": True})["undo"] == {}
    back = program.patch(f"{PAPER}/marks", told["undo"])
    assert (back["marks"]["saved"], back["marks"]["read"]) == (False, False)


def test_what_is_marked_is_no_longer_unread_and_only_for_whom_marked_it(program, charlies, charlie):
    program.patch(f"{PAPER}/marks", {"hidden": True})
    assert [row["arxiv_id"] for row in program.get("/papers?unread=true")["items"]] == ["2605.90002"]
    assert charlies.get(PAPER)["marks"]["hidden"] is False
    assert not charlie.states.exists()


def test_notes_and_tags_make_a_list_that_is_searched_and_renamed(program, charlies):
    program.put(f"{PAPER}/note", {"note": "read  again", "tags": ["legs", "to read"]})
    (row,) = program.get("/saved?tag=legs")["items"]
    assert row["marks"]["tags"] == ["legs", "to read"]
    tags = {tag["name"]: tag["id"] for tag in program.get("/tags")}
    assert program.refused("patch", f"/tags/{tags['legs']}", {"name": "to read"})[0] == 409
    assert charlies.refused("patch", f"/tags/{tags['legs']}", {"name": "mine"})[0] == 404
    assert program.patch(f"/tags/{tags['legs']}", {"name": "walking"})["papers"] == 1
    program.delete(f"/tags/{tags['legs']}")
    assert [tag["name"] for tag in program.get("/tags")] == ["to read"]
    assert program.refused("get", "/saved?tag=legs")[0] == 404
    assert len(program.get("/saved")["items"]) == 1


@pytest.mark.parametrize("tags", [["a,b"], [""], [" x"], ["x" * 61], ["t"] * (reading.MOST_TAGS + 1)])
def test_tags_that_are_none_are_refused_and_nothing_is_saved(bob, program, tags):
    status, told = program.refused("put", f"{PAPER}/note", {"tags": tags})
    assert (status, told["errors"][0]["where"][:2]) == (422, ["body", "tags"])
    assert not bob.states.exists()


def test_a_search_finds_by_words_category_and_what_is_mine(program, charlies):
    assert {hit["arxiv_id"] for hit in program.get("/search?q=policy")["items"]} == {"2605.90002"}
    assert program.get("/search?q=robot&category=math")["items"] == []
    assert charlies.get("/search?q=robot&mine=true")["items"] == []
    assert program.get("/search?q=robot&mine=true")["items"] != []
    assert program.refused("get", "/search?q=robot&category=nothing")[0] == 422
    assert program.refused("get", "/search?q=robot&since=2026-02-30")[0] == 422


def test_any_papers_are_one_file_and_those_not_here_are_left_out(program):
    answer = program.ask(
        "post",
        "/export",
        {"ids": ["2605.90002", "2605.12345", "https://arxiv.org/abs/2605.90001v1"], "format": "bib"},
    )
    assert answer.content.decode().count("eprint") == 2


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/papers/2605.12345", 404),
        ("/papers/robots", 404),
        (f"{PAPER}?version=9", 404),
        (f"{PAPER}?version=0", 422),
        ("/papers?keyword=%00", 422),
    ],
)
def test_a_paper_that_is_not_there_is_told(program, path, status):
    assert program.refused("get", path)[0] == status


# --- corrections ------------------------------------------------------------------------------


def test_an_editor_corrects_a_sentence_and_takes_it_back(alice, bobs_digest):
    editor = Program(token(alice))
    row = Segment.objects.exclude(sentence=None).first()
    before = editor.get(f"/sentences/{row.pk}")
    held = " ".join(row.held)
    after = editor.put(f"/sentences/{row.pk}/correction", {"text": f"更好的译文 {held}"})
    assert (after["corrected"], before["corrected"]) == (True, False)
    assert after["text"].startswith("更好的译文")
    editor.delete(f"/sentences/{row.pk}/correction")
    assert not Correction.objects.exists()


def test_a_correction_without_the_sources_formula_is_refused(alice, bobs_digest):
    row = next(row for row in Segment.objects.exclude(sentence=None) if row.held)
    status, told = Program(token(alice)).refused(
        "put", f"/sentences/{row.pk}/correction", {"text": "no formula"}
    )
    assert (status, told["errors"][0]["where"]) == (422, ["body", "text"])
    assert not Correction.objects.exists()


def test_a_reader_who_is_no_editor_corrects_nothing(charlies):
    row = Segment.objects.exclude(sentence=None).first()
    status, told = charlies.refused("put", f"/sentences/{row.pk}/correction", {"text": "mine"})
    assert (status, told["type"]) == (403, "/api/#forbidden")


def test_papers_like_it_are_found(program):
    assert Paper.objects.count() == 2
    with time_machine.travel(NOW):
        assert isinstance(program.get(f"{PAPER}/related"), list)
