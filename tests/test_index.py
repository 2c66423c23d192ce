"""worker/index.py: what has changed is written down for the search, once, and again when it changes."""

from datetime import date, timedelta

import pytest

from digest.following import follow
from digest.models import Indexed, Paper, PaperVersion, Run, Translation
from digest.retention import Choice, prune
from digest.search_text import day_of
from tests.conftest import NOW, announced
from tests.documents import Document
from tests.engines import FakeEngine, say_nothing
from tests.steps import choose, match, publish, queries, translate
from worker import index as verb
from worker import memory
from worker.index import index, index_changed

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def paper(document) -> Paper:
    announced(document.add(title="A Robot", abstract="It walks."))
    return Paper.objects.get()


def test_a_paper_is_written_down_in_words(paper):
    index_changed(NOW)
    row = Indexed.objects.get()
    assert (row.title, row.body, row.authors, row.categories) == (
        "a robot",
        "it walks",
        "ada example 0 bo sample",
        "cslg0 cs0",
    )
    assert (row.paper, day_of(row.pk)) == (paper, date(2026, 5, 12))


def test_what_is_written_down_is_not_again(paper):
    index_changed(NOW)
    index_changed(LATER)
    assert Indexed.objects.get().indexed_at == NOW
    assert Run.objects.filter(verb="index").count() == 1


def test_a_bell_without_work_costs_little(paper):
    index_changed(NOW)
    assert queries(index) <= 3


def test_the_newest_version_is_written_down(paper):
    index_changed(NOW)
    announced(
        Document(day=date(2026, 5, 13)).add("2605.90000", version=2, title="A Drone", announce_type="replace")
    )
    index_changed(LATER)
    row = Indexed.objects.get()
    assert (row.title, day_of(row.pk)) == ("a drone", date(2026, 5, 12))


def test_a_translation_is_written_down_when_it_is_finished(bob, document):
    announced(document.add(title="A Robot"))
    index_changed(NOW)
    publish(bob, document, "robot")
    index_changed(LATER)
    assert "译" in Indexed.objects.get().title


def test_a_translation_that_changes_is_written_down_again(bob, document):
    publish(bob, document.add(title="A Robot"), "robot")
    index_changed(NOW)
    Translation.objects.update(title="机器人", indexed_at=None)
    index_changed(LATER)
    assert Indexed.objects.get().title == "a robot 机器 器人 人"


def test_assembling_a_translation_again_has_it_written_down_again(bob, document):
    publish(bob, document.add(title="A Robot"), "robot")
    index_changed(NOW)
    assert not Translation.objects.unindexed().exists()
    Translation.objects.update(stale=True)
    memory.assemble(LATER)
    assert Translation.objects.unindexed().exists()


def test_a_translation_that_failed_is_not_searched(bob, document):
    choose("fake")
    follow(bob, "robot")
    announced(document.add(title="A Robot"))
    match()
    translate(FakeEngine(say_nothing))
    index_changed(NOW)
    assert Indexed.objects.get().title == "a robot"


def test_a_paper_whose_first_day_comes_late_moves(paper):
    index_changed(NOW)
    announced(Document(category="cs.AI", day=date(2026, 5, 11)).add("2605.90000", title="A Robot"))
    PaperVersion.objects.update(indexed_at=None)
    index_changed(LATER)
    assert day_of(Indexed.objects.get().pk) == date(2026, 5, 11)


def test_a_paper_that_was_never_announced_has_the_day_it_came(paper):
    paper.listings.all().delete()
    index_changed(NOW)
    assert day_of(Indexed.objects.get().pk) == date(2026, 5, 12)


def test_a_database_without_its_index_fills_it(paper):
    index_changed(NOW)
    Indexed.objects.all().delete()
    index_changed(LATER)
    assert Indexed.objects.get().title == "a robot"


def test_all_batches_are_written_down(monkeypatch, document):
    monkeypatch.setattr(verb, "_BATCH", 3)
    for _ in range(10):
        document.add()
    announced(document)
    index_changed(NOW)
    assert Indexed.objects.count() == 10


def test_when_the_time_is_up_the_rest_is_left_for_the_next_bell(monkeypatch, document):
    monkeypatch.setattr(verb, "_BATCH", 3)
    for _ in range(10):
        document.add()
    announced(document)
    assert index_changed(NOW, seconds=0)
    assert Indexed.objects.count() == 3


def test_a_write_that_fails_leaves_no_mark(paper, monkeypatch):
    monkeypatch.setattr(verb, "_row", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        index_changed(NOW)
    assert PaperVersion.objects.unindexed().exists()


def test_pruned_papers_leave_nothing(paper):
    index_changed(NOW)
    assert dict(prune(Choice(date(2026, 6, 30)))) == {"papers": 1}
    assert not Indexed.objects.exists()
