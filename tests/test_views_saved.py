"""digest/views/saved.py: saved papers, by tag."""

import pytest
from django.urls import reverse

from digest import reading
from digest.models import GlossaryTerm, Paper, State
from tests.steps import queries


@pytest.fixture
def as_bob(client, bob, bobs_digest, now):
    reading.write(bob, Paper.objects.get(arxiv_id="2605.90001"), "A note.", ["robots", "later"], now)
    reading.mark(bob, Paper.objects.get(arxiv_id="2605.90002"), "save", now)
    client.force_login(bob)
    return client


def saved(client, tag: str = "") -> str:
    return client.get(reverse("saved"), {"tag": tag} if tag else {}).content.decode()


def test_saved_papers_are_listed_with_their_notes_and_translations(as_bob):
    text = saved(as_bob)
    assert "A note." in text
    assert 'id="p260590001"' in text
    assert 'id="p260590002"' in text
    assert "译" in text


def test_a_tag_is_a_list(as_bob):
    text = saved(as_bob, "robots")
    assert 'id="p260590001"' in text
    assert 'id="p260590002"' not in text


def test_a_tag_that_is_none_is_not_there(as_bob):
    assert as_bob.get(reverse("saved"), {"tag": "nothing"}).status_code == 404


def test_before_anything_is_saved_the_page_says_how(client, charlie):
    client.force_login(charlie)
    assert "save a paper" in saved(client)


def test_a_tag_is_renamed(as_bob, bob):
    as_bob.post(
        reverse("tag-change", args=[bob.tags.get(name="robots").pk, "rename"]), {"name": " walking  robots "}
    )
    assert 'id="p260590001"' in saved(as_bob, "walking robots")


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a,b", "a，b", "a、b", "later"])
def test_a_tag_keeps_its_name_where_the_new_one_can_not_be(as_bob, bob, name):
    as_bob.post(reverse("tag-change", args=[bob.tags.get(name="robots").pk, "rename"]), {"name": name})
    assert bob.tags.filter(name="robots").exists()


def test_papers_of_a_removed_tag_stay_saved(as_bob, bob):
    as_bob.post(reverse("tag-change", args=[bob.tags.get(name="robots").pk, "remove"]))
    assert not bob.tags.filter(name="robots").exists()
    assert State.objects.exclude(saved_at=None).count() == 2


def test_a_change_that_is_none_is_not_there(as_bob, bob):
    assert as_bob.post(reverse("tag-change", args=[bob.tags.first().pk, "burn"])).status_code == 404


def test_the_page_takes_as_many_queries_however_many_papers_there_are(as_bob, bob, now):
    saved(as_bob)
    two = queries(lambda: saved(as_bob))
    reading.mark(bob, Paper.objects.get(arxiv_id="2605.90002"), "unsave", now)
    assert queries(lambda: saved(as_bob)) == two


def test_the_next_page_of_a_tag_is_of_the_tag(as_bob, bob, now, monkeypatch):
    monkeypatch.setattr("digest.views.saved._A_PAGE", 1)
    reading.write(bob, Paper.objects.get(arxiv_id="2605.90002"), "", ["robots"], now)
    assert 'href="?tag=robots&amp;page=2"' in saved(as_bob, "robots")


def test_a_tag_counts_what_is_saved(as_bob, bob, now):
    reading.mark(bob, Paper.objects.get(arxiv_id="2605.90001"), "unsave", now)
    assert 'robots <span class="count">0</span>' in saved(as_bob)


def test_control_characters_are_in_no_tag():
    assert reading.tags_in("ro\x00bots, \x00") == ["robots"]


def test_why_a_saved_paper_was_there_is_marked_in_its_translation_too(as_bob, bob):
    GlossaryTerm.objects.filter(term="robot").delete()
    GlossaryTerm.objects.create(term="robot", language="zh-Hans", renderings="译")
    assert "<mark>译</mark>" in saved(as_bob)
