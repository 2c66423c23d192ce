"""worker/engines.py: which engine a process has, and what the installation has chosen."""

import json
import logging
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from digest.languages import find
from digest.models import GlossaryTerm, Installation, User
from tests.demonstration import CHINESE, CODE, copy, texts
from worker import engines
from worker.engine import ModelError
from worker.engines import chosen_model, engine_for, glossary_of, load, options, release_if_idle, targets
from worker.ladder import Options
from worker.registry import DEMO_FOLDER, MANIFEST, Registry
from worker.text.typography import SPACING, polish

MINUTE = 60.0


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """No engine is there before and after a test, and time stands still."""
    clock = Clock()
    monkeypatch.setattr(engines, "time", clock)
    monkeypatch.setattr(engines, "_used", False)
    engines._loaded.clear()
    yield clock
    engines._loaded.clear()


@pytest.fixture
def models(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MODELS=tmp_path / "models"):
        (tmp_path / "models").mkdir()
        yield tmp_path / "models"


def choose(**chosen: object) -> None:
    Installation.current()
    Installation.objects.update(**chosen)


# --- which model ------------------------------------------------------------------------------


def test_without_a_choice_there_is_no_model(db: None):
    assert chosen_model() is None


def test_the_model_is_the_installations(db: None, models: Path):
    copy(models / "tiny")
    for name in ("demo", "tiny"):
        choose(model=name)
        model = chosen_model()
        assert model
        assert model.name == name


def test_a_model_that_is_not_here_is_told(db: None, models: Path):
    choose(model="nllb-200-distilled-600M")
    with pytest.raises(ModelError, match=r"manage\.py model download"):
        chosen_model()


def test_a_model_whose_folder_is_deleted_while_it_is_loaded_is_told(db: None, models: Path):
    folder = copy(models / "tiny")
    choose(model="tiny")
    model = chosen_model()
    assert model
    load(folder, model.identity)
    (folder / "model.bin").unlink()
    with pytest.raises(ModelError, match=r"model\.bin is missing\. Get it again: .*download tiny"):
        chosen_model()


# --- one engine a process ---------------------------------------------------------------------


def test_an_engine_is_made_when_it_is_asked_for(db: None):
    choose(model="demo")
    model = chosen_model()
    assert model
    get_engine = engine_for(model)
    assert engines._loaded == {}
    assert texts(get_engine(), [CODE])[0]


def test_a_process_has_one_engine():
    assert load(DEMO_FOLDER, "demo#1") is load(DEMO_FOLDER, "demo#1")


def test_another_identity_takes_its_place_and_its_memory():
    first = load(DEMO_FOLDER, "demo#1")
    gone = weakref.ref(first)
    assert load(DEMO_FOLDER, "demo#2") is not first
    del first
    assert gone() is None
    assert list(engines._loaded) == ["demo#2"]


def test_a_model_that_is_replaced_while_it_is_loaded_is_taken_up(db: None, models: Path):
    folder = copy(models / "tiny")
    choose(model="tiny")
    before = chosen_model()
    assert before
    first = engine_for(before)()
    path = folder / "shared_vocabulary.json"
    path.write_text(json.dumps([{"拖": "jpn_Jpan"}.get(t, t) for t in json.loads(path.read_text())]))
    with (folder / "model.bin").open("ab") as weights:
        weights.write(b"\0")
    (folder / MANIFEST).unlink()
    after = chosen_model()
    assert after
    assert after.identity != before.identity
    second = engine_for(after)()
    assert first is not second
    assert second.translate([CODE], find("ja"))[0].text


def test_a_model_that_cannot_be_loaded_leaves_none(models: Path):
    folder = copy(models / "tiny")
    load(DEMO_FOLDER, "demo#1")
    (folder / "model.bin").write_text("<html>")
    for _ in range(2):
        with pytest.raises(ModelError, match=r"Look: manage\.py model check tiny"):
            load(folder, "tiny#1")
    assert engines._loaded == {}


@override_settings(DEVICE="cpu", COMPUTE_TYPE="float32", THREADS=3, BATCH_TOKENS=77)
def test_an_engine_runs_as_the_settings_say():
    engine = load(DEMO_FOLDER, "demo#1")
    assert engine.replicas == 3
    assert (engine.settings.compute_type, engine.settings.batch_tokens) == ("float32", 77)


# --- released when idle -----------------------------------------------------------------------


def test_an_idle_engine_gives_its_memory_back(clock: Clock, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    engine = load(DEMO_FOLDER, "demo#1")
    assert not release_if_idle(2)
    clock.wait(2 * MINUTE - 1)
    assert not release_if_idle(2)
    clock.wait(1)
    assert release_if_idle(2)
    assert not release_if_idle(2)
    assert (engine._translator, engines._loaded) == (None, {})
    assert "released the model after 2 minutes without work" in caplog.text


def test_a_task_that_takes_longer_than_that_is_not_idle(clock: Clock):
    load(DEMO_FOLDER, "demo#1")
    clock.wait(10 * MINUTE)
    assert not release_if_idle(1)
    clock.wait(MINUTE)
    assert release_if_idle(1)


def test_work_begins_the_time_anew(clock: Clock):
    for _ in range(5):
        load(DEMO_FOLDER, "demo#1")
        assert not release_if_idle(1)
        clock.wait(MINUTE - 1)
    assert not release_if_idle(1)


def test_zero_minutes_keep_it(clock: Clock):
    load(DEMO_FOLDER, "demo#1")
    release_if_idle(0)
    clock.wait(1e9)
    assert not release_if_idle(0)


def test_a_released_engine_comes_back(clock: Clock):
    before = texts(load(DEMO_FOLDER, "demo#1"), [CODE])
    release_if_idle(1)
    clock.wait(MINUTE)
    assert release_if_idle(1)
    assert texts(load(DEMO_FOLDER, "demo#1"), [CODE]) == before


# --- what the installation has chosen ---------------------------------------------------------


def test_the_options_are_the_installations(db: None):
    choose(longest_sentence=30, beam=4, glossary="check", spacing="thin")
    assert options() == Options(longest=30, beam=4, terms="check", spacing="thin")


def test_what_nobody_has_chosen_is_the_default(db: None):
    assert options() == Options()


@pytest.mark.parametrize("spacing", [v for v, _ in Installation._meta.get_field("spacing").flatchoices])
def test_every_spacing_that_can_be_chosen_is_known(spacing: str):
    assert spacing in SPACING
    assert polish("方法GPT", CHINESE, spacing=spacing)


def test_the_targets_are_the_languages_of_active_readers(db: None):
    assert targets() == []
    for name, language, active in [
        ("alice", "zh-Hans", True), ("bob", "de", True), ("charlie", "zh-Hans", True), ("dora", "ja", False),
    ]:  # fmt: skip
        User.objects.create_user(name, content_language=language, is_active=active)
    assert targets() == [find("de"), CHINESE]


def test_a_glossary_has_the_active_terms_of_its_language(db: None):
    GlossaryTerm.objects.all().delete()
    for language, term, active in [
        ("zh-Hans", "robot", True), ("zh-Hans", "policy", False), ("ja", "robot arm", True),
    ]:  # fmt: skip
        GlossaryTerm.objects.create(language=language, term=term, renderings="甲|乙", active=active)
    glossary = glossary_of("zh-Hans")
    assert [(term.text, term.renderings) for term in glossary.terms] == [("robot", ("甲", "乙"))]
    assert not glossary_of("de")


def test_the_chosen_model_is_the_one_that_is_used(db: None, models: Path, capsys: pytest.CaptureFixture[str]):
    """As `manage.py model use` chooses it."""
    call_command("model", "use", "demo")
    model = chosen_model()
    assert model == Registry(models).get("demo")
