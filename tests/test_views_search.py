"""digest/views/search.py: the page to search from."""

import re

import pytest

from digest.models import GlossaryTerm
from digest.search import A_PAGE
from tests.conftest import NOW, announced
from tests.documents import Document
from tests.steps import publish
from worker.index import index_changed


@pytest.fixture
def page(client, bob):
    """What bob's search answers."""
    client.force_login(bob)

    def ask(**fields: object) -> str:
        answer = client.get("/search/", fields)
        assert answer.status_code == 200
        return answer.content.decode()

    return ask


def put(*titles: str, **fields: object) -> None:
    document = Document()
    for title in titles:
        document.add(title=title, **fields)
    announced(document)
    index_changed(NOW)


def test_it_is_for_readers(client):
    assert client.get("/search/?q=robot").status_code == 302


def test_nothing_is_shown_before_anything_is_asked(page):
    assert "<h2" not in page()


def test_a_hit_is_shown_with_what_was_looked_for_marked(page):
    put("A Robot")
    text = page(q="robots")
    assert "A <mark>Robot</mark>" in text
    assert "/papers/2605.90000/" in text
    assert "Ada Example, Bo Sample" in text
    assert "Machine Learning (cs.LG)" in text
    assert "2026-05-12" in text
    assert "1 paper" in text


def test_the_translation_is_shown_and_marked_too(page, bob, engine):
    publish(bob, Document().add(title="A Robot"), "robot")
    index_changed(NOW)
    assert 'class="title-translated" lang="zh-Hans"' in page(q="robot")


@pytest.mark.parametrize(
    ("display", "languages"),
    [
        ("both", ["en", "zh-Hans"]),
        ("translation-first", ["zh-Hans", "en"]),
        ("original", ["en"]),
        ("translation", ["zh-Hans"]),
    ],
)
def test_a_hit_is_in_the_languages_that_its_reader_reads(page, bob, engine, display, languages):
    publish(bob, Document().add(title="A Robot", abstract="It walks."), "robot")
    index_changed(NOW)
    bob.display = display
    bob.save(update_fields=["display"])
    hit = page(q="robot").partition('<article class="hit">')[2]
    assert re.findall('class="(?:original|title-translated)" lang="([^"]+)"', hit) == languages
    assert re.findall('class="excerpt" lang="([^"]+)"', hit) == languages


def test_a_term_typed_in_chinese_is_marked_in_english(page):
    GlossaryTerm.objects.get_or_create(term="reinforcement learning", defaults={"renderings": "强化学习"})
    put("Deep reinforcement learning")
    assert "Deep <mark>reinforcement learning</mark>" in page(q="强化学习")


def test_the_form_keeps_what_was_typed(page, bob):
    text = page(
        q='"a <b>"',
        author="Ada",
        category="cs.lg",
        since="2026-05-01",
        until="2026-05-31",
        order="best",
        keyword="mine",
    )
    for kept in (
        'value="&quot;a &lt;b&gt;&quot;"',
        'value="Ada"',
        'value="cs.lg"',
        'value="2026-05-01"',
        '"best" selected',
        '"mine" selected',
    ):
        assert kept in text


def test_markup_in_a_title_or_a_search_stays_text(page):
    put("A <script>alert(1)</script> robot")
    text = page(q="robot <script>")
    assert "<script>alert" not in text
    assert "&lt;<mark>script</mark>&gt;" in text


def test_nothing_found_says_what_may_help(page):
    put("A Robot")
    text = page(q="drone")
    assert "Nothing was found" in text
    assert "fewer words" in text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"category": "cs.XX"}, "is not an arXiv category"),
        ({"since": "2026-13-40"}, "Enter a valid date"),
        ({"since": "2026-05-12", "until": "2026-05-11"}, "before the one to begin with"),
        ({"q": "x" * 301}, "at most 300 characters"),
        ({"q": "a\x00b"}, "Null characters"),
        ({"keyword": "99999"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_asked_says_why(page, fields, said):
    text = page(**{"q": "robot", **fields})
    assert said in text
    assert 'class="hits"' not in text


def test_an_archive_is_a_category_too(page):
    put("A Robot")
    assert "A <mark>Robot</mark>" in page(q="robot", category="CS")


def test_another_readers_keyword_is_no_choice_and_no_label(page, charlie):
    publish(charlie, Document().add(title="A Robot"), "robot")
    charlie.subscriptions.update(label="charlies own")
    index_changed(NOW)
    text = page(q="robot")
    assert "A <mark>Robot</mark>" in text
    assert "charlies own" not in text
    keyword = charlie.subscriptions.get().keyword_id
    assert "Select a valid choice" in page(q="robot", keyword=keyword)


@pytest.mark.parametrize("order", ["", "best"])
def test_more_goes_on_and_keeps_the_search(page, client, order):
    put(*[f"Robot {n}" for n in range(A_PAGE + 2)])
    answer = client.get("/search/", {"q": "robot", "order": order, "author": "Example"})
    following = answer.context["following"]
    assert "author=Example" in following
    second = client.get(f"/search/{following}")
    assert len(second.context["hits"]) == 2
    assert not second.context["following"]
    assert "To the first page" in second.content.decode()


@pytest.mark.parametrize("value", ["-1", "x", "9" * 40, "", "１"])
def test_a_page_that_is_none_is_the_first(page, value):
    put("A Robot")
    assert "A <mark>Robot</mark>" in page(q="robot", upto=value, skip="0")


def test_only_looking_is_allowed(client, bob):
    client.force_login(bob)
    assert client.post("/search/").status_code == 405
