"""digest/views/marks.py: marks, undo, notes; as forms, and by script."""

import pytest
from django.urls import reverse

from digest.models import Desk, Paper, State
from digest.views import marks

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def as_bob(client, bob, bobs_digest):
    client.force_login(bob)
    return client


def mark(client, what: str, arxiv_id: str = "2605.90001", **how):
    return client.post(reverse("mark", args=[arxiv_id, what]), **how)


def test_a_button_leads_back_to_the_paper_on_the_page(as_bob):
    answer = as_bob.post(reverse("mark", args=["2605.90001", "save"]), {"next": "/digests/2026-05-12/"})
    assert answer.url == "/digests/2026-05-12/#p260590001"
    assert State.objects.get().saved_at


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_button_leads_to_no_other_site(as_bob, address):
    answer = as_bob.post(reverse("mark", args=["2605.90001", "save"]), {"next": address})
    assert answer.url == "/#p260590001"


def test_a_script_is_told_the_truth(as_bob):
    answer = mark(as_bob, "save", headers=SCRIPT)
    told = {"paper": "p260590001", "read": True, "saved": True, "hidden": False, "undo": True}
    assert answer.json() == told


def test_two_tabs_that_do_the_same_end_the_same(as_bob):
    mark(as_bob, "hide")
    assert mark(as_bob, "hide", headers=SCRIPT).json()["hidden"] is True


@pytest.mark.parametrize("what", ["toggle", "delete", "Save"])
def test_a_mark_that_is_none_is_not_there(as_bob, what):
    assert mark(as_bob, what).status_code == 404


def test_a_paper_that_is_not_here_takes_no_mark(as_bob):
    assert mark(as_bob, "save", "2605.99999").status_code == 404


def test_a_mark_needs_a_post(as_bob):
    assert as_bob.get(reverse("mark", args=["2605.90001", "save"])).status_code == 405


def test_undo_takes_back_the_last_change_once(as_bob):
    mark(as_bob, "hide")
    as_bob.post(reverse("undo"))
    assert State.objects.get().hidden_at is None
    assert as_bob.post(reverse("undo"), headers=SCRIPT).json() == {"undo": False}


def test_undo_goes_back_change_by_change(as_bob):
    mark(as_bob, "hide")
    mark(as_bob, "read", "2605.90002")
    assert as_bob.post(reverse("undo"), headers=SCRIPT).json()["undo"] is True
    assert State.objects.get(paper__arxiv_id="2605.90001").hidden_at
    assert as_bob.post(reverse("undo"), headers=SCRIPT).json()["undo"] is False
    assert State.objects.get(paper__arxiv_id="2605.90001").hidden_at is None


def test_no_more_than_the_last_changes_are_undone(as_bob, monkeypatch):
    monkeypatch.setattr(marks, "MOST_UNDONE", 2)
    for what in ("hide", "show", "hide"):
        mark(as_bob, what)
    for _ in range(4):
        as_bob.post(reverse("undo"))
    assert State.objects.get().hidden_at  # as after the first


def test_undoing_a_save_leaves_the_paper_as_unread_as_it_was(as_bob):
    mark(as_bob, "save")
    as_bob.post(reverse("undo"))
    assert not State.objects.get().read_at


def test_undoing_the_save_of_a_paper_that_was_read_leaves_it_read(as_bob):
    mark(as_bob, "read")
    mark(as_bob, "save")
    as_bob.post(reverse("undo"))
    assert State.objects.get().read_at


def test_a_change_that_changed_nothing_is_not_undone(as_bob):
    mark(as_bob, "read")
    mark(as_bob, "save")
    mark(as_bob, "read")
    as_bob.post(reverse("undo"))
    assert State.objects.get().saved_at is None
    assert State.objects.get().read_at


def test_a_note_is_text(as_bob):
    as_bob.post(reverse("note", args=["2605.90001"]), {"note": "<script>alert(1)</script>", "tags": "<i>, b"})
    text = as_bob.get(reverse("saved")).content.decode()
    assert "&lt;script&gt;" in text
    assert "<script>alert" not in text
    assert "<i>" not in text


def test_a_note_that_is_too_long_is_given_back(as_bob):
    typed = "long " * 3000
    answer = as_bob.post(reverse("note", args=["2605.90001"]), {"note": typed, "tags": "a"}, follow=True)
    text = answer.content.decode()
    assert "at most 10,000 characters" in text
    assert typed in text
    assert not State.objects.exclude(note="").exists()


def test_a_note_that_another_tab_has_changed_is_not_overwritten_and_nothing_is_lost(as_bob):
    where = reverse("note", args=["2605.90001"])
    for typed in ("from the first tab", "from the second tab"):
        answer = as_bob.post(where, {"note": typed, "tags": "", "before": ""}, follow=True)
    text = answer.content.decode()
    assert State.objects.get().note == "from the first tab"
    assert "changed meanwhile" in text
    assert ">from the second tab</textarea>" in text
    assert 'name="before" value="from the first tab"' in text
    as_bob.post(where, {"note": "both", "tags": "", "before": "from the first tab"})
    assert State.objects.get().note == "both"


def test_a_note_that_comes_twice_is_kept_once(as_bob):
    for _ in range(2):
        as_bob.post(
            reverse("note", args=["2605.90001"]), {"note": "as it is\r\ntyped", "tags": "", "before": ""}
        )
    assert State.objects.get().note == "as it is\ntyped"


def test_a_hidden_paper_folds_away_and_can_be_shown_again(as_bob):
    mark(as_bob, "hide")
    text = as_bob.get(reverse("today")).content.decode()
    assert "1 hidden paper" in text
    assert text.index("2605.90002") < text.index('id="p260590001"')


def test_a_reader_may_have_one_list(as_bob):
    as_bob.post(reverse("layout", args=["list"]))
    assert Desk.objects.get().one_list
    assert "<h2>Papers" in as_bob.get(reverse("today")).content.decode()
    as_bob.post(reverse("layout", args=["sections"]))
    assert "<h2>Robot" in as_bob.get(reverse("today")).content.decode()


def test_a_layout_that_is_none_is_not_there(as_bob):
    assert as_bob.post(reverse("layout", args=["circle"])).status_code == 404


def test_the_papers_page_has_the_readers_note(as_bob):
    as_bob.post(reverse("note", args=["2605.90001"]), {"note": "Read again.", "tags": "later"})
    text = as_bob.get(reverse("paper", args=["2605.90001"])).content.decode()
    assert "Read again.</textarea>" in text
    assert 'value="later"' in text


def test_marks_are_about_papers_whatever_digest_they_stand_in(as_bob, bobs_digest):
    mark(as_bob, "save")
    bobs_digest.delete()
    assert State.objects.get().paper == Paper.objects.get(arxiv_id="2605.90001")
