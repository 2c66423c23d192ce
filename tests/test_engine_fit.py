"""worker/engine/nllb.py: a restricted vocabulary that nobody notices."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.demonstration import CHINESE, CODE, GERMAN, JAPANESE, Spy, copy, loads, sample_day, texts
from worker.engine import GREEDY, NLLB, Decoding, EngineError, Settings
from worker.engine import nllb as module
from worker.registry import DEMO_FOLDER

FREE = replace(GREEDY, restricted=False)
LARGE = 1000
"""The demonstration model's 4,802 tokens count as a large vocabulary here."""


@pytest.fixture(scope="module")
def day() -> list[str]:
    return sample_day()


@pytest.fixture(scope="module", autouse=True)
def _it_is_large() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SMALLEST_VOCABULARY", LARGE)
        yield


@pytest.fixture
def engine() -> NLLB:
    return NLLB(DEMO_FOLDER, Settings(threads=1))


@pytest.fixture
def bilingual(tmp_path: Path) -> NLLB:
    return NLLB(copy(tmp_path / "tiny", with_japanese=True), Settings(threads=2))


@pytest.fixture(scope="module")
def fitted(day: list[str], _it_is_large: None) -> NLLB:
    """An engine that is fitted to the sample day; not to be changed."""
    engine = NLLB(DEMO_FOLDER, Settings(threads=2))
    engine.fit(day, [CHINESE])
    return engine


@pytest.fixture(scope="module")
def answers(day: list[str]) -> list[str]:
    """The sample day by an engine that has never heard of a restriction."""
    return texts(NLLB(DEMO_FOLDER), day)


# --- the restriction ------------------------------------------------------------------------------


def test_the_sample_day_is_answered_as_without_a_restriction(
    fitted: NLLB, day: list[str], answers: list[str]
):
    spy = Spy(fitted)
    assert len(day) > 250
    assert texts(fitted, day) == answers
    assert all(spy.restricted)
    fitted._translator = spy.translator
    assert texts(fitted, day, FREE) == answers


def test_nothing_that_the_sample_day_needs_is_removed(fitted: NLLB, day: list[str]):
    removed = fitted.removed(day, CHINESE)
    assert (removed.tokens, removed.sentences, removed.of_sentences) == (0, 0, len(day))
    assert removed.of_tokens > 10 * len(day)


def test_nor_by_a_wider_search(fitted: NLLB, day: list[str]):
    """Several beams are weighed by probabilities that add up to one over the restricted vocabulary: where the model
    hardly knows (one sentence of these, on processors that compute 8 bits by other steps), another may come first."""
    beam = Decoding(beam=5)
    assert fitted.removed(day[::4], CHINESE, beam).tokens == 0
    both = zip(
        texts(fitted, day[::4], beam), texts(fitted, day[::4], replace(beam, restricted=False)), strict=True
    )
    assert sum(restricted != free for restricted, free in both) <= 1


def test_it_does_restrict(fitted: NLLB):
    allowed = fitted._restriction.allowed
    assert LARGE < len(allowed) < 4802 - 200
    assert {"zho_Hans", "方法", "</s>", "<v0>", "Transformer"} <= allowed
    assert "eng_Latn" not in allowed


def test_words_that_come_back_in_another_form_are_why_copies_are_allowed(
    engine: NLLB, day: list[str], monkeypatch: pytest.MonkeyPatch
):
    """`transformers` comes back as `Transformer`, which no source has as a piece."""
    monkeypatch.setattr("worker.engine.pieces.Pieces.of_copies", lambda *_: set())
    engine.fit(day, [CHINESE])
    assert engine.removed(day, CHINESE).sentences > 0


@pytest.fixture
def robbed(engine: NLLB, day: list[str], monkeypatch: pytest.MonkeyPatch) -> NLLB:
    """An engine whose list lacks a token that is needed."""

    all_of = module.candidates
    monkeypatch.setattr(module, "candidates", lambda *args: [t for t in all_of(*args) if t != "方法"])
    engine.fit(day, [CHINESE])
    return engine


def test_what_is_removed_is_counted(robbed: NLLB, day: list[str]):
    removed = robbed.removed(day, CHINESE)
    assert 0 < removed.sentences <= removed.tokens < removed.of_tokens
    assert removed.sentences < removed.of_sentences == len(day)


def test_exactly_the_sentences_that_lose_a_token_are_answered_otherwise(
    robbed: NLLB, day: list[str], answers: list[str]
):
    """So the count is the proof: a greedy answer in which nothing is removed is the unrestricted one."""
    changed = [s for s, fast, free in zip(day, texts(robbed, day), answers, strict=True) if fast != free]
    assert (
        robbed.removed(day, CHINESE).sentences == len(changed) == robbed.removed(changed, CHINESE).sentences
    )
    assert texts(robbed, changed, FREE) == [answers[day.index(source)] for source in changed]


def test_a_fit_says_what_it_removes(engine: NLLB, day: list[str], caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    engine.fit(day, [CHINESE])
    assert "demo: the restriction to Chinese (Simplified) removes 0 of " in caplog.text
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


def test_a_fit_that_removes_something_warns(engine: NLLB, day: list[str], caplog, monkeypatch):
    monkeypatch.setattr(module, "candidates", lambda tokens, *_: [t for t in tokens if t not in ("我", "的")])
    engine.fit(day, [CHINESE])
    assert "the restriction to Chinese (Simplified) removes" in caplog.text


def test_a_sentence_with_a_piece_outside_of_the_list_is_translated_unrestricted(engine: NLLB, day: list[str]):
    engine.fit(["We train a robot."], [CHINESE])
    spy = Spy(engine)
    texts(engine, ["We train a robot.", "Ablation studies show a pendulum."])
    first = [row[1] for row, _ in spy.asked]
    assert list(zip(first, spy.restricted, strict=True)) == [("▁We", True), ("▁Ab", False)]
    assert engine.removed(["Ablation studies show a pendulum."], CHINESE).of_sentences == 0


def test_a_sign_that_the_model_does_not_know_is_no_reason_to_go_unrestricted(engine: NLLB):
    engine.fit(["We train a robot."], [CHINESE])
    spy = Spy(engine)
    engine.translate(["We train a 🤖 robot."], CHINESE)
    assert spy.restricted == [True]


def test_a_language_that_was_not_fitted_is_translated_unrestricted(bilingual: NLLB):
    bilingual.fit([CODE], [CHINESE])
    spy = Spy(bilingual)
    for language in (JAPANESE, CHINESE):
        texts(bilingual, [CODE], language=language)
    assert spy.restricted == [False, True]


def test_languages_may_take_turns(bilingual: NLLB, day: list[str]):
    """CTranslate2 keeps where a language's token stood in the first list that a replica saw."""
    targets, sources = [CHINESE, JAPANESE], day[:40]
    free = [texts(bilingual, sources, FREE, language) for language in targets]
    assert free[0] != free[1]
    bilingual.fit(sources, targets)
    for decoding in (GREEDY, FREE, GREEDY):
        assert [texts(bilingual, sources, decoding, language) for language in targets] == free


# --- when it is fitted ----------------------------------------------------------------------------


def test_what_fits_is_not_loaded_again(engine: NLLB, day: list[str], monkeypatch: pytest.MonkeyPatch):
    sizes = loads(engine, monkeypatch)
    engine.fit(day, [CHINESE])
    engine.fit(day, [CHINESE])
    engine.fit(day[:10], [CHINESE, GERMAN])
    engine.fit([], [CHINESE])
    texts(engine, day[:3])
    assert len(sizes) == 1


def test_a_few_sentences_that_do_not_fit_are_no_reason_to_load_again(
    engine: NLLB, day: list[str], monkeypatch: pytest.MonkeyPatch
):
    engine.fit(day[:20], [CHINESE])
    sizes = loads(engine, monkeypatch)
    engine.fit(day[20:120], [CHINESE])
    assert sizes == []


def test_many_are_and_what_fitted_before_still_fits(engine: NLLB, day: list[str], monkeypatch):
    engine.fit(day[:20], [CHINESE])
    before = engine._restriction.allowed
    sizes = loads(engine, monkeypatch)
    engine.fit(day, [CHINESE])
    assert len(sizes) == 1
    assert before < engine._restriction.allowed
    assert engine.removed(day, CHINESE).of_sentences == len(day)


def test_signs_that_the_model_does_not_know_never_make_it_load_again(engine: NLLB, monkeypatch):
    strange = [f"We train a 🤖 {sign}." for sign in "ℵℶℷℸ" * 50]
    engine.fit(strange, [CHINESE])
    sizes = loads(engine, monkeypatch)
    engine.fit(strange, [CHINESE])
    assert sizes == []


def test_another_language_makes_it_fit_again(bilingual: NLLB, monkeypatch: pytest.MonkeyPatch):
    bilingual.fit([CODE], [CHINESE])
    sizes = loads(bilingual, monkeypatch)
    bilingual.fit([CODE], [CHINESE, JAPANESE])
    bilingual.fit([CODE], [JAPANESE])
    assert len(sizes) == 1
    assert bilingual._restriction.targets == {"zho_Hans", "jpn_Jpan"}


@pytest.mark.parametrize("languages", [[], [GERMAN], [JAPANESE]], ids=["none", "Latin", "unknown"])
def test_where_it_gains_nothing_nothing_is_restricted(engine: NLLB, languages, monkeypatch):
    sizes = loads(engine, monkeypatch)
    engine.fit([CODE], languages)
    assert (sizes, engine._restriction.targets) == ([0], set())
    assert texts(engine, [CODE])[0]


def test_a_small_vocabulary_is_not_restricted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "SMALLEST_VOCABULARY", 32_000)
    engine = NLLB(DEMO_FOLDER)
    sizes = loads(engine, monkeypatch)
    engine.fit([CODE], [CHINESE])
    assert (sizes, engine._restriction.targets) == ([], set())


@pytest.mark.parametrize(
    ("device", "cards", "gpu"), [("auto", 0, 0), ("auto", 1, 1), ("cuda", 0, 1), ("cpu", 1, 0)]
)
def test_a_gpu_has_one_replica_and_is_not_restricted(device: str, cards: int, gpu: bool, monkeypatch):
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: cards)
    engine = NLLB(DEMO_FOLDER, Settings(device=device, threads=3))
    assert engine.replicas == (1 if gpu else 3)
    monkeypatch.setattr(engine, "load", lambda: None)
    engine.fit([CODE], [CHINESE])
    assert bool(engine._restriction.targets) is not bool(gpu)


def test_a_check_that_fails_is_told_and_stops_nobody(engine: NLLB, day: list[str], monkeypatch, caplog):
    def fail(*_: object) -> None:
        raise EngineError("out of memory")

    monkeypatch.setattr(engine, "removed", fail)
    engine.fit(day, [CHINESE])
    assert "what its restriction removes is not known: out of memory" in caplog.text
