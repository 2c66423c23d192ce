"""worker/engine/nllb.py: the language of an answer, decoding, and loading."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.demonstration import CHINESE, CODE, Spy, copy, loads, sample_day, texts
from tests.house import CHECKOUT
from worker.engine import GREEDY, LONGEST_SOURCE, NLLB, Decoding, EngineError, ModelError, Settings
from worker.engine import nllb as module
from worker.registry import DEMO_FOLDER

FREE = replace(GREEDY, restricted=False)


@pytest.fixture(scope="module")
def day() -> list[str]:
    return sample_day()


@pytest.fixture(scope="module", autouse=True)
def _it_is_large() -> Iterator[None]:
    """The demonstration model's 4,802 tokens count as a large vocabulary here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SMALLEST_VOCABULARY", 1000)
        yield


@pytest.fixture
def engine() -> NLLB:
    return NLLB(DEMO_FOLDER, Settings(threads=1))


@pytest.fixture(scope="module")
def fitted(day: list[str], _it_is_large: None) -> NLLB:
    """An engine that is fitted to the sample day; not to be changed."""
    engine = NLLB(DEMO_FOLDER, Settings(threads=2))
    engine.fit(day, [CHINESE])
    return engine


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return copy(tmp_path / "tiny")


class Confused(Spy):
    """Answers in English where it is restricted (or always)."""

    always = False

    def answer(self, rows: list[list[str]], how: dict[str, Any]) -> Any:
        if not (self.always or how["use_vmap"]):
            return super().answer(rows, how)
        answer = SimpleNamespace(hypotheses=[["eng_Latn", "▁with"]], scores=[-0.1])
        return [SimpleNamespace(result=lambda: answer) for _ in rows]


# --- the wrong language ---------------------------------------------------------------------------


def test_an_answer_in_another_language_is_noticed_and_asked_for_again(
    engine: NLLB, day: list[str], fitted: NLLB, caplog: pytest.LogCaptureFixture
):
    engine.fit(day, [CHINESE])
    confused = Confused(engine)
    assert texts(engine, day[:5]) == texts(fitted, day[:5])
    assert sorted(confused.restricted) == [False] * 5 + [True] * 5
    assert "5 sentences came in another language" in caplog.text


def test_one_that_never_comes_in_the_language_is_no_answer(engine: NLLB):
    Confused(engine).always = True
    with pytest.raises(EngineError, match="answers 1 sentences in another language"):
        engine.translate([CODE], CHINESE)


# --- decoding -------------------------------------------------------------------------------------


def test_every_choice_of_decoding_is_handed_on(engine: NLLB):
    spy = Spy(engine)
    engine.translate([CODE], CHINESE, Decoding(5, 1.5, 0.2, 1.2, 3, restricted=False))
    ((row, how),) = spy.asked
    assert (row[0], row[-1], how["target_prefix"]) == ("eng_Latn", "</s>", [["zho_Hans"]])
    names = ("beam_size", "length_penalty", "coverage_penalty", "repetition_penalty", "no_repeat_ngram_size")
    assert [how[name] for name in names] == [5, 1.5, 0.2, 1.2, 3]
    assert how["disable_unk"]
    assert not how["use_vmap"]


def test_an_answer_is_at_most_twice_its_source_and_a_bit(engine: NLLB):
    spy = Spy(engine)
    engine.translate([CODE], CHINESE)
    ((row, how),) = spy.asked
    assert how["max_decoding_length"] == 2 * len(row) + 16


def test_a_score_is_the_mean_log_probability_of_a_token(fitted: NLLB, day: list[str]):
    output = fitted.translate(day[:1], CHINESE, FREE)[0]
    rows = fitted._rows(day[:1])
    ((tokens, score),) = fitted._answers(fitted._translator, rows, CHINESE, FREE, restricted=False)
    forced = fitted._translator.score_batch(rows, [["zho_Hans", *tokens]])[0].log_probs
    assert output.score == score == pytest.approx(sum(forced[1:]) / len(forced), rel=0.02, abs=0.002)


def test_a_wider_search_finds_nothing_less_likely(fitted: NLLB, day: list[str]):
    greedy, beam = (fitted.translate(day[:60], CHINESE, Decoding(beam=n)) for n in (1, 5))
    assert sum(b.score >= g.score - 1e-4 for g, b in zip(greedy, beam, strict=True)) >= 58


def test_two_thousand_sentences_at_once(fitted: NLLB, day: list[str]):
    short = sorted(day, key=len)[:10]
    assert texts(fitted, short * 200) == texts(fitted, short) * 200


def test_a_source_beyond_the_positions_of_the_model_is_not_tried(fitted: NLLB):
    """The demonstration model has 256: CTranslate2 fails for the whole batch beyond."""
    fitting, beyond = (" ".join(["robot"] * n) for n in (250, 380))
    assert fitted.length(fitting) < 254 < fitted.length(beyond) < LONGEST_SOURCE - 2
    outputs = fitted.translate([CODE, fitting, beyond], CHINESE)
    assert [output.too_long for output in outputs] == [False, False, True]
    assert outputs[0].text == texts(fitted, [CODE])[0]


# --- loading --------------------------------------------------------------------------------------


def test_a_large_model_is_loaded_when_it_is_needed(engine: NLLB):
    assert engine._translator is None
    assert engine.length(CODE) > 3
    assert engine._translator is None
    assert texts(engine, [CODE])[0]
    assert engine._translator is not None


def test_a_small_model_is_loaded_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "SMALLEST_VOCABULARY", 32_000)
    assert NLLB(DEMO_FOLDER)._translator is not None


def test_a_broken_large_model_is_told_by_the_first_who_needs_it(model: Path):
    os.truncate(model / "model.bin", 1_000_000)
    engine = NLLB(model, Settings(threads=1))
    for use in (lambda: engine.fit([CODE], [CHINESE]), lambda: engine.translate([CODE], CHINESE)) * 2:
        with pytest.raises(ModelError, match=r"can't be loaded: .*Look: manage.py model check tiny"):
            use()


def test_a_model_that_is_repaired_is_loaded_after_all(model: Path):
    (model / "model.bin").rename(model / "aside")
    (model / "model.bin").write_text("<html>")
    engine = NLLB(model, Settings(threads=1))
    with pytest.raises(ModelError):
        engine.fit([CODE], [CHINESE])
    (model / "aside").replace(model / "model.bin")
    assert texts(engine, [CODE])[0]


@pytest.mark.parametrize("how", ["folder", "file"])
def test_a_model_that_is_deleted_while_loaded_answers_until_it_has_to_be_loaded(model: Path, how: str):
    engine = NLLB(model, Settings(threads=1))
    engine.fit([CODE], [CHINESE])
    answer = texts(engine, [CODE])
    if how == "folder":
        shutil.rmtree(model)
    else:
        (model / "shared_vocabulary.json").unlink()
    assert texts(engine, [CODE]) == answer
    engine.unload()
    what_to_do = "manage.py model list" if how == "folder" else "manage.py model download tiny"
    strange = [f"The {word} pendulum." for word in ("alpha", "robot", "policy") for _ in range(40)]
    for use in (lambda: engine.translate([CODE], CHINESE), lambda: engine.fit(strange, [CHINESE])):
        with pytest.raises(ModelError, match=what_to_do):
            use()


def test_an_engine_that_gave_its_memory_back_loads_again_as_it_was(engine: NLLB, day: list[str], monkeypatch):
    engine.fit(day, [CHINESE])
    answers, size = texts(engine, day[:5]), len(engine._restriction.allowed)
    sizes = loads(engine, monkeypatch)
    engine.unload()
    engine.unload()
    assert engine._translator is None
    engine.fit(day, [CHINESE])
    assert texts(engine, day[:5]) == answers
    assert sizes == [size]


def test_threads_may_translate_fit_and_unload_at_once(day: list[str]):
    engine = NLLB(DEMO_FOLDER, Settings(threads=2))
    want = texts(engine, day[:30])

    def work(number: int) -> list[str]:
        if number % 4 == 1:
            engine.unload()
        elif number % 4 == 3:
            engine.fit(day[:: 1 + number // 4], [CHINESE])
        return texts(engine, day[:30])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(16))) == [want] * 16


@pytest.mark.parametrize("failure", [RuntimeError("CUDA out of memory"), MemoryError("std::bad_alloc")])
def test_a_translator_that_fails_is_an_error_of_the_engine(engine: NLLB, failure: Exception):
    def fail(*_: Any, **__: Any) -> None:
        raise failure

    engine._translator = SimpleNamespace(translate_batch=fail)
    with pytest.raises(EngineError, match=f"The engine failed: {failure}"):
        engine.translate([CODE], CHINESE)


@pytest.mark.parametrize(("given", "found"), [({}, "1"), ({"OMP_NUM_THREADS": "4"}, "4")])
def test_the_threads_of_openmp_are_set_before_ctranslate2_is_imported(given: dict[str, str], found: str):
    code = (
        "import os, sys\n"
        "class Gate:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'ctranslate2': print(os.environ.get('OMP_NUM_THREADS'))\n"
        "sys.meta_path.insert(0, Gate())\n"
        "from worker.engine import NLLB\n"
        "from worker.registry import DEMO_FOLDER\n"
        "NLLB(DEMO_FOLDER)\n"
    )
    env = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"} | given
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, env=env, capture_output=True, text=True)
    assert done.stdout.split() == [found], done.stderr
