"""digest/views/lab_reading.py: a lab's reading list with who is interested, and its keywords."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from digest import labs
from digest.models import Interest, LabPaper, Paper, User
from digest.showing import newest_pictures
from tests.steps import browser_of, queries


@pytest.fixture
def lab(bob, charlie, bobs_digest):
    """Bob owns it, charlie is a member; the papers of bob's digest are here."""
    lab = labs.found(bob, "Robots")
    labs.join(lab, charlie)
    return lab


@pytest.fixture
def as_bob(lab, bob) -> Client:
    return browser_of(bob)


@pytest.fixture
def as_charlie(lab, charlie) -> Client:
    return browser_of(charlie)


def add(client, typed: str, note: str = "") -> str:
    form = {"arxiv_id": typed, "note": note}
    return client.post(reverse("lab-papers", args=["robots"]), form, follow=True).content.decode()


def act(client, row: LabPaper, what: str) -> int:
    return client.post(reverse("lab-interest", args=["robots", row.pk, what])).status_code


def shown(client) -> str:
    return client.get(reverse("lab-papers", args=["robots"])).content.decode()


# --- the reading list -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "2605.90001",
        " 2605.90001v3 ",
        "arXiv:2605.90001",
        "https://arxiv.org/abs/2605.90001v1",
        "https://arxiv.org/pdf/2605.90001",
        "https://arxiv.org/pdf/2605.90001v2.pdf",
    ],
)
def test_a_paper_is_added_by_number_or_address(as_charlie, lab, charlie, typed):
    assert "is on the reading list" in add(as_charlie, typed, "look at <b>this</b>")
    row = lab.papers.get()
    assert (row.paper.arxiv_id, row.added_by, row.interests.get().user) == ("2605.90001", charlie, charlie)
    assert "look at &lt;b&gt;this&lt;/b&gt;" in shown(as_charlie)


@pytest.mark.parametrize(
    ("display", "seen"),
    [
        ("both", (True, True)),
        ("translation-first", (True, True)),
        ("original", (True, False)),
        ("translation", (False, True)),
    ],
)
def test_titles_stand_in_the_languages_that_the_reader_has_chosen(as_bob, lab, bob, display, seen):
    add(as_bob, "2605.90001")
    picture = newest_pictures(bob, [lab.papers.get().paper_id]).popitem()[1]
    assert picture.title_translated
    bob.display = display
    bob.save()
    heads = re.findall(r'(?s)<h2><a .*?</h2>|<div class="title-other".*?</div>', shown(as_bob))
    found = [re.sub("<[^>]+>", "", head).strip() for head in heads]
    assert (picture.title in found, picture.title_translated in found) == seen


@pytest.mark.parametrize(
    ("typed", "number"),
    [("HEP-TH/9901001", "hep-th/9901001"), ("https://arxiv.org/abs/math.AG/0309136v2", "math/0309136")],
)
def test_an_old_number_is_known_as_people_type_it(as_charlie, lab, typed, number):
    Paper.objects.create(arxiv_id=number)
    add(as_charlie, typed)
    assert lab.papers.get().paper.arxiv_id == number


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "required"),
        ("robots", "no number of arXiv"),
        ("2605.1", "no number of arXiv"),
        ("2605.12345", "2605.12345 is not here"),
        ("x" * 300, "at most 200"),
    ],
)
def test_what_is_no_paper_is_told_and_what_was_typed_stays(as_bob, lab, typed, told):
    text = add(as_bob, typed, "my note")
    assert told in text
    assert "my note" in text
    assert not lab.papers.exists()


def test_adding_it_twice_is_an_interest(as_bob, as_charlie, lab):
    add(as_bob, "2605.90001")
    assert "on the list already" in add(as_charlie, "2605.90001")
    assert lab.papers.get().interests.count() == 2


def test_what_most_are_interested_in_stands_first(as_bob, as_charlie, lab):
    add(as_bob, "2605.90001")
    add(as_bob, "2605.90002")
    act(as_charlie, lab.papers.get(paper__arxiv_id="2605.90001"), "interested")
    text = shown(as_bob)
    assert text.index("2605.90001") < text.index("2605.90002")
    assert "bob, charlie" in text


def test_interest_is_given_and_taken_back_twice_over(as_bob, as_charlie, lab):
    add(as_bob, "2605.90001")
    row = lab.papers.get()
    assert [act(as_charlie, row, "interested") for _ in range(2)] == [302, 302]
    assert row.interests.count() == 2
    assert [act(as_charlie, row, "not-interested") for _ in range(2)] == [302, 302]
    assert row.interests.count() == 1


def test_who_added_it_and_owners_take_it_off(as_bob, as_charlie, lab):
    add(as_bob, "2605.90001")
    add(as_charlie, "2605.90002")
    assert act(as_charlie, lab.papers.get(paper__arxiv_id="2605.90001"), "remove") == 403
    assert act(as_charlie, lab.papers.get(paper__arxiv_id="2605.90002"), "remove") == 302
    add(as_charlie, "2605.90002")
    assert act(as_bob, lab.papers.get(paper__arxiv_id="2605.90002"), "remove") == 302


def test_another_action_is_not_there(as_bob, lab):
    add(as_bob, "2605.90001")
    assert act(as_bob, lab.papers.get(), "burn") == 404


def test_of_a_public_list_names_and_notes_stay_with_members(as_charlie, lab, charlie, client):
    add(as_charlie, "2605.90001", "our secret")
    lab.public = True
    lab.save()
    User.objects.filter(pk=charlie.pk).update(username="charlotte")
    text = shown(client)
    assert "A Robot of Order" in text
    assert "1 interested" in text
    assert "charlotte" not in text
    assert "our secret" not in text
    assert "csrfmiddlewaretoken" not in text


def test_a_reader_who_is_no_member_adds_nothing_to_a_public_list(client, alice, lab):
    lab.public = True
    lab.save()
    assert client.post(reverse("lab-papers", args=["robots"]), {"arxiv_id": "2605.90001"}).status_code == 302
    client.force_login(alice)
    assert client.post(reverse("lab-papers", args=["robots"]), {"arxiv_id": "2605.90001"}).status_code == 404
    assert not lab.papers.exists()


def test_a_long_list_takes_as_many_queries(as_bob, lab, bob):
    add(as_bob, "2605.90001")
    few = queries(lambda: shown(as_bob))
    for number in range(20):
        paper = Paper.objects.create(arxiv_id=f"2605.8{number:04}")
        row = LabPaper.objects.create(lab=lab, paper=paper, added_by=bob)
        Interest.objects.create(lab_paper=row, user=bob)
    assert queries(lambda: shown(as_bob)) == few


def test_the_papers_page_has_a_button_for_each_lab(as_bob, bob, client, alice):
    labs.found(bob, "Walking <b>")
    text = as_bob.get(reverse("paper", args=["2605.90001"])).content.decode()
    assert text.count('formaction="/labs/') == 2
    assert "Onto the list of Walking &lt;b&gt;" in text
    add(as_bob, "2605.90001")
    text = as_bob.get(reverse("paper", args=["2605.90001"])).content.decode()
    assert (text.count('formaction="/labs/'), "On the list of Robots" in text) == (1, True)
    client.force_login(alice)
    assert 'formaction="/labs/' not in client.get(reverse("paper", args=["2605.90001"])).content.decode()


def test_a_paper_on_a_list_is_not_pruned(lab, bob, bobs_digest):
    from digest.retention import Choice, old_papers

    kept, gone = (entry.paper for entry in bobs_digest.entries.all())
    LabPaper.objects.create(lab=lab, paper=kept, added_by=bob)
    bobs_digest.delete()
    assert list(old_papers(Choice(before=bobs_digest.day + timedelta(days=99)))) == [gone]
