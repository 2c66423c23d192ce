"""worker/translate.py where something dies: the engine at a sentence, the model, a worker in the middle."""

from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from digest.following import follow
from digest.models import Run, Sentence, Translation
from tests.engines import FakeEngine
from tests.steps import MODEL, match, pending, sentence, translate_by, verdicts
from worker import memory, translate
from worker.celery import app
from worker.engine import GREEDY, EngineError, ModelError
from worker.translate import HOLD, claim, plan_wanted, translate_pending


@pytest.fixture
def wanted(announce, document, bob, now) -> Translation:
    """Bob's paper, planned."""
    follow(bob, "robot")
    announce(document.add(title="A Robot that Walks", abstract="It has $n$ legs. It walks on the ground."))
    match(now)
    plan_wanted(MODEL, now)
    return Translation.objects.get()


# --- crashes ----------------------------------------------------------------------------------


def test_a_poisoned_sentence_is_set_aside_and_the_others_are_translated(db, impatient):
    for number in range(6):
        sentence(f"Sentence number {number} of them.")
    sentence("The poison of the engine.")
    engine = FakeEngine(crashes="poison")
    while pending().exists():
        translate_by(engine)
    assert verdicts() == {"ok": 6, "crash": 1}
    assert Sentence.objects.get(verdict="crash").attempts == 3


def test_the_reader_sees_a_poisoned_sentence_in_english(wanted, impatient):
    engine = FakeEngine(crashes="ground")
    while pending().exists():
        translate_by(engine)
    memory.assemble(timezone.now())
    wanted.refresh_from_db()
    assert wanted.state == "partial"
    assert "It walks on the ground." in wanted.abstract


def test_after_a_crash_nothing_is_held(db):
    sentence("The poison of the engine.")
    translate_by(FakeEngine(crashes="poison"))
    assert Sentence.objects.get().lease is None


def test_a_model_that_can_not_be_loaded_leaves_the_sentences_pending(wanted):
    def load():
        raise ModelError("damaged")

    with pytest.raises(ModelError):
        translate_pending(load, pending())
    assert set(pending().values_list("attempts", "lease")) == {(0, None)}
    assert Run.objects.get(verb="translate").error == "ModelError: damaged"


def test_a_model_that_is_gone_in_the_middle_costs_no_sentence_an_attempt(wanted):
    class Gone(FakeEngine):
        def translate(self, *_):
            raise ModelError("its folder was removed")

    with pytest.raises(ModelError):
        translate_by(Gone())
    assert set(pending().values_list("attempts", "lease")) == {(0, None)}


def test_an_unknown_error_leaves_the_sentences_to_the_next_worker(wanted, now):
    class Broken(FakeEngine):
        def translate(self, *_):
            raise MemoryError

    with pytest.raises(MemoryError):
        translate_by(Broken())
    later = timezone.now() + HOLD
    assert claim(pending(), later, 64)


def test_a_full_disk_while_storing_loses_nothing_and_is_on_the_board(wanted, monkeypatch):
    def full(*_: object) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("worker.translate._store", full)
        patched.setattr("worker.translate.STORE_AGAIN", ())
        with pytest.raises(OperationalError):
            translate_by(FakeEngine())
    assert Run.objects.get(verb="translate").error == "OperationalError: database or disk is full"
    assert set(pending().values_list("text", "verdict")) == {("", "")}
    Sentence.objects.update(leased_until=timezone.now())  # there is room again, and the lease is over
    translate_by(FakeEngine())
    assert verdicts() == {"ok": 3}


def test_what_is_translated_waits_for_a_database_that_is_away(wanted, monkeypatch):
    """It is not computed again, and no sentence is blamed."""
    failures, store = [1, 2, 3], translate._store

    def away(*what: object) -> None:
        if failures:
            failures.pop()
            raise OperationalError("the connection is lost")
        store(*what)

    monkeypatch.setattr(translate, "_store", away)
    monkeypatch.setattr(translate, "STORE_AGAIN", (0, 0, 0))
    engine = FakeEngine()
    translate_by(engine)
    assert verdicts() == {"ok": 3}
    assert len(engine.heard) == len(set(engine.heard))


def test_what_fails_before_the_engine_is_asked_is_no_attempt(wanted, monkeypatch):
    def away(_code: str) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(translate, "glossary_of", away)
    for _ in range(4):
        with pytest.raises(OperationalError):
            translate_by(FakeEngine())
        Sentence.objects.update(leased_until=timezone.now())
    monkeypatch.undo()
    translate_by(FakeEngine())
    assert verdicts() == {"ok": 3}


def test_a_hanging_engine_is_killed_long_before_anybody_despairs():
    """The heartbeat keeps the lease of a batch for as long as its process lives, and Celery ends that."""
    assert app.conf.task_time_limit <= 900
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost


# --- a worker that was thought dead -----------------------------------------------------------


class Slow(FakeEngine):
    """While it translates, its lease is lost to somebody else."""

    def translate(self, sources, language, decoding=GREEDY):
        Sentence.objects.update(lease=uuid4(), leased_until=timezone.now() + HOLD)
        return super().translate(sources, language, decoding)


def test_the_result_of_a_lost_lease_is_not_written(db):
    sentence("A robot walks.")
    translate_by(Slow())
    row = Sentence.objects.get()
    assert (row.text, row.verdict, row.finished_at) == ("", "", None)
    assert row.lease


def test_the_failure_of_a_lost_lease_gives_nothing_back(db):
    class Failing(Slow):
        def translate(self, sources, language, decoding=GREEDY):
            super().translate(sources, language, decoding)
            raise EngineError("away")

    sentence("A robot walks.")
    translate_by(Failing())
    assert Sentence.objects.get().lease
