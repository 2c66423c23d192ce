"""worker/translate.py: sentences are claimed, translated, checked and stored, each once."""

from datetime import timedelta

import pytest

from digest.following import follow, pause
from digest.models import PaperVersion, Run, Sentence, Translation, User
from tests import engines
from tests.documents import Document
from tests.engines import FakeEngine
from tests.steps import MODEL, choose, match, pending, queries, sentence, translate_by, verdicts
from tests.steps import translate as translate_all
from worker.engine import ModelError
from worker.registry import InstalledModel
from worker.translate import (
    WANTED,
    chosen_model,
    engine_for,
    plan_wanted,
    translate,
    translate_pending,
)
from worker.turns import if_free

ABSTRACT = (
    "We train a robot with $O(n^2)$ steps. It walks on the ground. See https://example.org/robot for more."
)


@pytest.fixture
def wanted(announce, document, bob, now) -> Translation:
    """Bob's paper, planned."""
    follow(bob, "robot")
    announce(document.add(title="A Robot that Walks", abstract=ABSTRACT))
    match(now)
    plan_wanted(MODEL, now)
    return Translation.objects.get()


# --- what is wanted ---------------------------------------------------------------------------


def test_what_a_reader_follows_is_planned_in_their_language(wanted):
    assert (wanted.language, wanted.model) == ("zh-Hans", MODEL)


def test_planning_again_plans_nothing(wanted, now):
    assert plan_wanted(MODEL, now) == 0


def test_each_reader_has_their_own_language(wanted, alice, now):
    User.objects.filter(pk=alice.pk).update(content_language="ja")
    follow(alice, "robot")
    match(now)
    assert plan_wanted(MODEL, now) == 1
    assert set(Translation.objects.values_list("language", flat=True)) == {"zh-Hans", "ja"}


def test_readers_of_one_language_share_a_translation(wanted, alice, now):
    follow(alice, "robot")
    match(now)
    assert plan_wanted(MODEL, now) == 0


def test_another_model_plans_its_own_translations(wanted, now):
    assert plan_wanted("better#00000002", now) == 1


def test_a_paper_that_no_keyword_brings_is_not_planned(announce, document, bob, now):
    follow(bob, "graph neural network")
    announce(document.add(title="A Robot"))
    match(now)
    assert plan_wanted(MODEL, now) == 0


def test_a_replacement_is_not_planned(announce, document, bob, now):
    follow(bob, "robot")
    announce(document.add(title="A Robot", announce_type="replace"))
    match(now)
    assert plan_wanted(MODEL, now) == 0


def test_nothing_is_planned_for_a_paused_keyword(announce, document, bob, now):
    subscription = follow(bob, "robot")
    announce(document.add(title="A Robot"))
    match(now)
    pause(subscription)
    assert plan_wanted(MODEL, now) == 0


def test_nothing_is_planned_for_a_reader_who_is_gone(announce, document, bob, now):
    follow(bob, "robot")
    announce(document.add(title="A Robot"))
    match(now)
    User.objects.update(is_active=False)
    assert plan_wanted(MODEL, now) == 0


def test_a_paper_of_long_ago_is_not_planned(announce, document, bob, now):
    follow(bob, "robot")
    announce(document.add(title="A Robot"))
    match(now)
    assert plan_wanted(MODEL, now + WANTED + timedelta(seconds=1)) == 0


def test_planning_asks_as_often_however_many_keywords_there_are(
    bob, now, announce, document, django_assert_num_queries
):
    announce(document.add(title="A Robot"))
    for number in range(5):
        follow(bob, f"keyword {number}")
    match(now)
    with django_assert_num_queries(2):  # the languages, and what is wanted in the one
        plan_wanted(MODEL, now)


# --- translating ------------------------------------------------------------------------------


def test_every_pending_sentence_is_translated(wanted, engine):
    assert translate_by(engine) is False
    assert verdicts() == {"ok": 4}


def test_a_translated_sentence_is_free_and_finished(wanted, engine):
    translate_by(engine)
    row = Sentence.objects.first()
    assert (row.lease, row.leased_until, row.score, row.attempts) == (None, None, -0.05, 1)
    assert row.finished_at


def test_the_translation_is_put_together_at_once(wanted, engine):
    translate_by(engine)
    wanted.refresh_from_db()
    assert wanted.state == "complete"
    assert "$O(n^2)$" in wanted.abstract
    assert "https://example.org/robot" in wanted.abstract


def test_nothing_finished_is_translated_again(wanted, engine, announce, now):
    translate_by(engine)
    announce(Document("cs.RO").add("2605.90777", title="A Robot", abstract=ABSTRACT))
    match(now)
    again = FakeEngine()
    translate_all(again, now)
    assert again.heard == ["A Robot"]
    assert Translation.objects.filter(state="complete").count() == 2


def test_where_nothing_is_pending_no_engine_is_loaded(db):
    def load():
        raise AssertionError("loaded for nothing")

    assert translate_pending(load, pending()) is False


def test_a_run_records_what_was_translated(wanted):
    translate_by(FakeEngine(engines.say_nothing))
    assert Run.objects.get(verb="translate").counts == {"sentences": 4, "flagged": 4}


def test_somebody_hears_of_every_batch(wanted, engine):
    heard: list[int] = []
    translate_by(engine, told=heard.append)
    assert sum(heard) == 4


@pytest.mark.django_db
def test_when_the_time_is_up_the_rest_is_left_for_the_next_bell(monkeypatch, engine):
    monkeypatch.setattr("worker.translate._FIRST", 2)
    for number in range(5):
        sentence(f"Sentence number {number} of them.")
    assert translate_by(engine, seconds=0) is True
    assert pending().count() == 3


@pytest.mark.django_db
def test_after_a_quiet_time_the_first_batch_is_small_and_comes_soon(engine):
    for number in range(20):
        sentence(f"Sentence number {number} of them.")
    heard: list[int] = []
    translate_by(engine, told=heard.append)
    assert heard == [8, 12]


@pytest.mark.django_db
def test_a_translator_that_has_just_worked_takes_whole_batches(engine):
    heard: list[int] = []
    for number in range(40):
        sentence(f"Sentence number {number} of them.")
        if number in (19, 39):
            translate_by(engine, told=heard.append)
    assert heard == [8, 12, 20]


@pytest.mark.django_db
def test_a_batch_is_stored_in_as_many_statements_however_large_it_is(engine):
    asked = []
    for many in (1, 1, 60):
        for number in range(many):
            sentence(f"Sentence {len(asked)} and {number} of them.")
        asked.append(queries(lambda: translate_by(engine)))
    assert asked[1] == asked[2]  # the first one also makes the totals' rows


def test_only_one_translator_plans_at_a_time(wanted, monkeypatch, now):
    """Another goes on to what is planned already."""
    planned: list[str] = []
    monkeypatch.setattr("worker.translate.plan_wanted", lambda model, _: planned.append(model))
    choose("demo")
    with if_free("plan"):
        translate()
    assert planned == []
    translate()
    assert len(planned) == 1


@pytest.mark.django_db
def test_sentences_in_two_languages_are_all_translated(engine):
    sentence("A robot walks on the ground.")
    sentence("A robot walks on the ground.", "ja")
    translate_by(engine)
    assert verdicts() == {"ok": 2}


# --- the engine's mistakes --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mistake", "verdict"),
    [(engines.loop, "loop"), (engines.truncate, "short"), (engines.say_nothing, "empty")],
)
def test_a_mistake_of_the_engine_marks_the_sentence(db, mistake, verdict):
    sentence("We train a robot with few steps.")
    translate_by(FakeEngine(mistake))
    assert verdicts() == {verdict: 1}


@pytest.mark.parametrize("mistake", [engines.loop, engines.truncate, engines.say_nothing])
def test_a_sentence_with_a_mistake_is_never_shown(wanted, mistake):
    translate_by(FakeEngine(mistake))
    wanted.refresh_from_db()
    good = set(Sentence.objects.filter(verdict="ok").values_list("pk", flat=True))
    for segment in wanted.segments.all():
        assert bool(segment.text) == (segment.sentence_id in good)
    assert wanted.state in ("partial", "failed")


@pytest.mark.parametrize("mistake", [engines.drop_placeholders, engines.double_placeholders])
def test_formulas_survive_an_engine_that_loses_or_doubles_them(wanted, mistake):
    translate_by(FakeEngine(mistake))
    wanted.refresh_from_db()
    assert wanted.state == "complete"
    assert wanted.abstract.count("$O(n^2)$") == wanted.abstract.count("https://example.org/robot") == 1


def test_spaced_and_widened_placeholders_are_no_mistake(wanted):
    translate_by(FakeEngine(engines.space_placeholders))
    wanted.refresh_from_db()
    assert wanted.state == "complete"
    assert "$O(n^2)$" in wanted.abstract


def test_a_sentence_that_is_too_long_is_marked(db):
    sentence("word" * 2000)
    translate_by(FakeEngine())
    assert verdicts() == {"too long": 1}


def test_a_language_that_the_model_does_not_know_is_marked(db, engine, monkeypatch):
    monkeypatch.setattr("tests.engines.languages", dict)
    sentence("A robot walks.")
    translate_by(engine)
    assert verdicts() == {"language": 1}


# --- the installation's model -----------------------------------------------------------------


@pytest.mark.django_db
def test_without_a_model_nothing_is_translated():
    assert chosen_model() is None


@pytest.mark.django_db
def test_a_model_that_is_not_here_is_told():
    choose("nllb-200-distilled-600M")
    with pytest.raises(ModelError, match="is not here yet"):
        chosen_model()


def test_a_model_is_loaded_when_it_is_first_needed(tmp_path):
    get = engine_for(InstalledModel("absent", tmp_path / "absent", "absent#1", {}))
    with pytest.raises(ModelError):
        get()


def test_every_version_is_planned_by_itself(wanted, announce, bob, now):
    announce(Document("cs.RO").add("2605.90000", version=2, title="A Robot that Runs"))
    match(now)
    assert plan_wanted(MODEL, now) == 1
    assert PaperVersion.objects.count() == Translation.objects.count() == 2
