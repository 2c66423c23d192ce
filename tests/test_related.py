"""digest/related.py: papers that share the most telling terms."""

from datetime import date

import pytest

from digest.models import GlossaryTerm, Paper
from digest.related import related, terms
from digest.search_query import Renderings
from tests.conftest import NOW, announced
from tests.documents import Document
from tests.steps import queries
from worker.index import index_changed


@pytest.fixture(autouse=True)
def _glossary(db):
    GlossaryTerm.objects.all().delete()
    GlossaryTerm.objects.create(term="reinforcement learning", renderings="强化学习")


def put(*papers: tuple[str, str], day: date = date(2026, 5, 12)) -> list[Paper]:
    document = Document(day=day)
    for place, (title, abstract) in enumerate(papers):
        document.add(f"2605.{place:05}", title=title, abstract=abstract)
    announced(document)
    index_changed(NOW)
    return list(Paper.objects.order_by("arxiv_id"))


def titles(paper: Paper, user) -> list[str]:
    return [other.paper.title for other in related(paper, user)]


def test_a_shared_term_relates_and_the_paper_itself_is_left_out(bob):
    first, *_ = put(
        ("One", "We use reinforcement learning."),
        ("Two", "By reinforcement learning."),
        ("Three", "Nothing."),
    )
    assert titles(first, bob) == ["Two"]


def test_a_pair_of_words_of_the_title_relates(bob):
    first, *_ = put(("Hopping Kangaroos", "x"), ("Two", "Of hopping kangaroos."), ("Kangaroos, hopping", "y"))
    assert titles(first, bob) == ["Two"]


def test_who_shares_more_comes_first(bob):
    first, *_ = put(
        ("Hopping kangaroos", "We use reinforcement learning."),
        ("Two", "By reinforcement learning."),
        ("Three", "Reinforcement learning of hopping kangaroos."),
    )
    assert titles(first, bob) == ["Three", "Two"]


def test_a_paper_that_says_nothing_is_related_to_nothing(bob):
    first, *_ = put(("On", "x"), ("Two", "y"))
    assert titles(first, bob) == []


def test_words_that_every_title_has_tell_nothing():
    assert terms(("a", "novel", "learning", "method"), (), Renderings([])) == []


def test_it_takes_as_many_queries_whatever_there_is(bob):
    first, *_ = put(*[(f"Hopping kangaroos {n}", "x") for n in range(10)])
    assert queries(lambda: related(first, bob)) <= 8


def test_the_page_of_a_paper_shows_them(client, bob):
    put(("Hopping kangaroos", "x"), ("Two <b>", "Of hopping kangaroos."))
    client.force_login(bob)
    page = client.get("/papers/2605.00000/").content.decode()
    assert "Related papers" in page
    assert "Two &lt;b&gt;" in page
    assert "/papers/2605.00001/" in page
