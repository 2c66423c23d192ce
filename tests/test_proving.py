"""worker/proving.py: a translator takes no work before its model is here, whole, and translates."""

from datetime import timedelta

import pytest
from celery.worker import state
from django.db import OperationalError

from digest.fleet import fleet
from digest.models import Run, Sentence
from tests.demonstration import copy
from tests.steps import choose, sentence
from worker import hub, proving
from worker.engine import ModelError
from worker.registry import DEMO_FOLDER, Registry, write_manifest
from worker.translate import translate

NAME = "nllb-200-distilled-600M"
DEMO = Registry(DEMO_FOLDER).get("demo").identity


@pytest.fixture
def models(settings, tmp_path, db):
    settings.MODELS = tmp_path / "models"
    settings.MODELS.mkdir()
    return settings.MODELS


@pytest.fixture
def hub_of_copies(monkeypatch, models) -> list[str]:
    """A hub whose every model is the demonstration model; the list is what was asked for."""
    asked = []

    def download(model, folder, _url, *, unless_here):
        asked.append(model.name)
        write_manifest(copy(folder / model.name), {"source": "a hub"})

    monkeypatch.setattr(hub, "download", download)
    return asked


@pytest.fixture
def proved(monkeypatch):
    """This process as a worker that `manage.py run translator` has become."""
    return lambda identity: monkeypatch.setenv("_PAPERGLOT_PROVED", identity)


@pytest.fixture
def stopped(monkeypatch):
    monkeypatch.setattr(state, "should_stop", None)
    return lambda: state.should_stop is not None


# --- proving ----------------------------------------------------------------------------------


def test_a_model_that_translates_is_proved(models):
    choose("demo")
    assert proving.prove() == DEMO
    assert [(run.error, run.counts) for run in Run.objects.filter(verb="prove")] == [("", {"model": DEMO})]


def test_where_no_model_is_in_use_there_is_nothing_to_prove(models):
    choose("")
    assert proving.prove() == ""
    assert not Run.objects.exists()


def test_a_model_that_is_not_here_is_got_first(hub_of_copies):
    choose(NAME)
    assert proving.prove().startswith(f"{NAME}#")
    assert hub_of_copies == [NAME]


def test_a_model_that_is_mounted_is_not_got_again(models, hub_of_copies):
    copy(models / NAME)
    choose(NAME)
    proving.prove()
    assert hub_of_copies == []


def test_a_damaged_model_is_not_proved(models):
    folder = copy(models / "mine")
    write_manifest(folder, {"source": "a folder"})
    (folder / "config.json").write_text("{ }")
    choose("mine")
    with pytest.raises(ModelError, match="damaged"):
        proving.prove()


def test_a_model_that_says_nothing_is_not_proved(models, monkeypatch):
    monkeypatch.setattr(proving, "check", lambda model: (None, " "))
    choose("demo")
    with pytest.raises(ModelError, match="answers nothing"):
        proving.prove()


def test_it_is_tried_again_until_it_is_proved_and_handed_on(models, monkeypatch):
    choose("absent")
    rests = []

    def sleep(seconds: float) -> None:
        rests.append(seconds)
        if len(rests) == 8:
            choose("demo")

    assert proving.prove_at_last(sleep) == {"_PAPERGLOT_PROVED": DEMO}
    assert rests == [15, 30, 60, 120, 240, 480, 600, 600]


# --- what the board says ----------------------------------------------------------------------


def test_the_board_says_which_translator_takes_no_work_and_why(models, monkeypatch, now):
    monkeypatch.setattr("socket.gethostname", lambda: "gpu7")
    choose("absent")
    with pytest.raises(ModelError):
        proving.prove()
    tried = Run.objects.get().began_at
    told = "The translator on gpu7 takes no work: There is no model 'absent'. Models: demo"
    assert any(warning.startswith(told) for warning in fleet(tried).warnings)
    choose("demo")
    proving.prove()
    assert not any("takes no work" in warning for warning in fleet(tried + timedelta(minutes=1)).warnings)


# --- a worker that has proved a model ----------------------------------------------------------


def test_it_takes_no_work_of_another_model(models, proved):
    choose("demo")
    Sentence.objects.filter(pk=sentence("A robot walks.").pk).update(model=DEMO)
    proved(f"{NAME}#12345678")
    translate()
    assert Sentence.objects.get().attempts == 0
    proved(DEMO)
    translate()
    assert Sentence.objects.get().attempts == 1


def test_a_worker_that_was_not_asked_to_prove_takes_any_work():
    assert proving.may_use("anything#1")
    assert not proving.asked()


@pytest.mark.parametrize(("used", "ends"), [("demo", False), ("", True), ("absent", True)])
def test_it_ends_once_another_model_is_in_use(models, proved, stopped, used, ends):
    proved(DEMO)
    choose(used)
    proving.end_if_another_is_in_use()
    assert stopped() == ends


def test_it_waits_for_a_database_that_is_away(models, proved, stopped, monkeypatch, caplog):
    def away():
        raise OperationalError("the server closed the connection")

    proved(DEMO)
    monkeypatch.setattr(proving.Installation, "current", away)
    proving.end_if_another_is_in_use()
    assert not stopped()
    assert "can't see which model is in use" in caplog.text
