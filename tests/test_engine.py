"""worker/engine/: one contract for every engine, and models that can't be used."""

import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.languages import Language, find
from tests.engines import FakeEngine
from worker.engine import LONGEST_SOURCE, NLLB, Engine, LanguageError, ModelError, Settings
from worker.engine.folder import model_name, positions
from worker.registry import DEMO_FOLDER
from worker.text.checks import OK, verdict
from worker.text.protection import ANGLE, WORD, restore

CHINESE = find("zh-Hans")
NOWHERE = Language("xx", "xxx_Latn", "Nowherish", "Nowherish")
CODE = "Code is available at <v0>."
SIMPLE = [CODE, "We propose a new method.", "The code is available."]


class EngineContract:
    """What every engine does; a test class for each gives the fixture `engine`."""

    def test_every_source_has_one_output(self, engine: Engine):
        assert len(engine.translate(SIMPLE, CHINESE)) == len(SIMPLE)

    def test_outputs_are_in_the_order_of_their_sources(self, engine: Engine):
        alone = [engine.translate([source], CHINESE)[0].text for source in SIMPLE]
        assert [output.text for output in engine.translate(SIMPLE, CHINESE)] == alone
        assert [output.text for output in engine.translate(SIMPLE[::-1], CHINESE)] == alone[::-1]

    def test_an_output_does_not_depend_on_its_neighbours(self, engine: Engine):
        crowd = [CODE, *(f"We propose {n} methods." for n in range(40)), CODE]
        outputs = engine.translate(crowd, CHINESE)
        assert outputs[0].text == outputs[-1].text == engine.translate([CODE], CHINESE)[0].text

    def test_nothing_is_answered_with_nothing(self, engine: Engine):
        assert engine.translate([], CHINESE) == []

    def test_a_language_that_it_does_not_know_is_refused_by_name(self, engine: Engine):
        with pytest.raises(LanguageError, match=r"does not know Nowherish \(xxx_Latn\)"):
            engine.translate(SIMPLE, NOWHERE)

    def test_a_source_that_is_too_long_is_not_tried(self, engine: Engine):
        output = engine.translate(["word " * (LONGEST_SOURCE + 1)], CHINESE)[0]
        assert (output.text, output.score, output.too_long) == ("", None, True)

    def test_a_source_that_is_too_long_holds_up_nobody(self, engine: Engine):
        outputs = engine.translate([CODE, "word " * 2000, CODE], CHINESE)
        assert [output.too_long for output in outputs] == [False, True, False]
        assert outputs[0].text == outputs[2].text != ""

    def test_a_placeholder_comes_back(self, engine: Engine):
        answer = engine.translate([CODE], CHINESE)[0].text
        assert "https://a.org/b" in restore(answer, ["https://a.org/b"], engine.placeholder)

    def test_a_simple_sentence_passes_the_checks(self, engine: Engine):
        answer = engine.translate([CODE], CHINESE)[0].text
        assert verdict(CODE, answer, CHINESE, engine.placeholder) == OK

    def test_an_answer_carries_no_signs_of_the_engines_own(self, engine: Engine):
        answers = "".join(output.text for output in engine.translate(SIMPLE, CHINESE))
        assert not [sign for sign in ("zho_Hans", "eng_Latn", "</s>", "▁") if sign in answers]

    @pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u3000\u00a0"], ids=ascii)
    def test_a_blank_is_answered_with_nothing(self, engine: Engine, blank: str):
        outputs = engine.translate([blank, CODE, blank], CHINESE)
        assert [bool(output.text.strip()) for output in outputs] == [False, True, False]
        assert not any(output.too_long for output in outputs)

    @pytest.mark.parametrize(
        "strange",
        [
            ["a\x00b", "\x07", "\x1b[31mred", "\u202eright to left", "\ufeff"],
            ["🤖", "👩‍🔬 studies", "\U000e0001", "e\u0301" * 20, "ℵ₀ ≤ 𝔠"],
            ["</s>", "<unk> <pad>", "zho_Hans eng_Latn", "<v0", "▁the", "的" * 60, "\t\n\r\u2028."],
        ],
        ids=["control characters", "symbols", "what looks like ours"],
    )
    def test_no_text_is_too_strange(self, engine: Engine, strange: list[str]):
        outputs = engine.translate([CODE, *strange], CHINESE)
        assert len(outputs) == 1 + len(strange)
        assert outputs[0].text == engine.translate([CODE], CHINESE)[0].text
        assert all(engine.length(source) >= 0 for source in strange)

    def test_more_words_have_more_tokens(self, engine: Engine):
        lengths = [engine.length("robot " * number) for number in (1, 10, 100)]
        assert lengths == sorted(set(lengths))

    def test_it_may_be_made_ready_for_what_comes(self, engine: Engine):
        before = engine.translate(SIMPLE, CHINESE)
        for languages in ([CHINESE], [CHINESE, find("de")], []):
            engine.fit(SIMPLE, languages)
        assert engine.translate(SIMPLE, CHINESE) == before

    def test_scores_are_log_probabilities(self, engine: Engine):
        scores = [output.score for output in engine.translate(SIMPLE, CHINESE)]
        assert all(score is not None and score <= 0 for score in scores)


class TestFakeEngine(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return FakeEngine()


@pytest.fixture(scope="module")
def demonstration() -> Path:
    return DEMO_FOLDER


@pytest.fixture(scope="module")
def nllb(demonstration: Path) -> NLLB:
    return NLLB(demonstration, Settings(threads=1))


class TestNLLB(EngineContract):
    @pytest.fixture
    def engine(self, nllb: NLLB) -> NLLB:
        return nllb

    def test_every_text_has_an_answer(self, engine: NLLB):
        @given(st.lists(st.text(max_size=60), max_size=4))
        @settings(max_examples=50)
        def holds(sources: list[str]) -> None:
            assert len(engine.translate(sources, CHINESE)) == len(sources)

        holds()

    def test_it_names_its_languages(self, engine: NLLB):
        assert engine.languages == {"eng_Latn", "zho_Hans"}

    def test_a_language_of_ours_that_the_model_has_not_is_refused(self, engine: NLLB):
        with pytest.raises(LanguageError, match=r"The model demo does not know German \(deu_Latn\)"):
            engine.translate(SIMPLE, find("de"))

    def test_two_engines_answer_alike(self, engine: NLLB, demonstration: Path):
        other = NLLB(demonstration, Settings(threads=2, batch_tokens=64))
        alike = [[o.text for o in each.translate(SIMPLE, CHINESE)] for each in (engine, other)]
        assert alike[0] == alike[1]


# Models that can't be used


@pytest.fixture
def model(demonstration: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration model, to be damaged."""
    return Path(shutil.copytree(demonstration, tmp_path / "tiny"))


def why(folder: Path) -> str:
    """Why the model can't be used; it tells where it is."""
    with pytest.raises(ModelError) as caught:
        NLLB(folder, Settings(threads=1))
    assert str(folder) in str(caught.value)
    return str(caught.value)


def test_a_copy_of_a_model_is_one(model: Path):
    assert NLLB(model, Settings(threads=1)).translate([CODE], CHINESE)[0].text


@pytest.mark.parametrize(
    "name", ["model.bin", "config.json", "sentencepiece.bpe.model", "shared_vocabulary.json"]
)
def test_a_missing_file_says_what_to_do(model: Path, name: str):
    (model / name).unlink()
    assert f"{name} is missing. Get it again: manage.py model download tiny" in why(model)


@pytest.mark.parametrize(
    "name", ["model.bin", "config.json", "sentencepiece.bpe.model", "shared_vocabulary.json"]
)
def test_an_empty_file_says_what_to_do(model: Path, name: str):
    (model / name).write_bytes(b"")
    assert f"{name} is empty. Get it again: manage.py model download tiny" in why(model)


def test_an_empty_file_beside_the_model_does_no_harm(model: Path):
    (model / ".gitattributes").write_bytes(b"")
    assert NLLB(model, Settings(threads=1)).languages


@pytest.mark.parametrize(
    ("name", "share"),
    [("model.bin", 0.001), ("model.bin", 0.5), ("model.bin", 0.99), ("sentencepiece.bpe.model", 0.5)],
)
def test_a_truncated_file_says_what_to_do(model: Path, name: str, share: float):
    size = (model / name).stat().st_size
    os.truncate(model / name, max(int(size * share), 1))
    assert "can't be loaded: " in (told := why(model))
    assert "Look: manage.py model check tiny" in told


@pytest.mark.parametrize("name", ["model.bin", "sentencepiece.bpe.model", "config.json"])
def test_a_page_in_a_files_place_says_what_to_do(model: Path, name: str):
    (model / name).write_text("<!DOCTYPE html><html>Please log in</html>")
    assert "manage.py model check tiny" in why(model)


@pytest.mark.parametrize(
    "content", ['["<unk>", "eng_La', "<html>", "{}", '"eng_Latn"', "[1, 2]", "null", "\udcff"], ids=ascii
)
def test_a_broken_vocabulary_says_what_to_do(model: Path, content: str):
    (model / "shared_vocabulary.json").write_text(content, errors="surrogateescape")
    assert "manage.py model" in why(model)


def test_a_profile_says_which_placeholders_the_model_is_shown(model: Path):
    path = model / "paperglot.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"placeholder": "word"}))
    engine = NLLB(model, Settings(threads=1))
    assert engine.placeholder is WORD
    assert NLLB(model, Settings(threads=1, placeholder="angle")).placeholder is ANGLE


@pytest.mark.parametrize("name", ["sword", 1, ["angle"]])
def test_a_profile_with_unknown_placeholders_lists_those_that_there_are(model: Path, name: object):
    path = model / "paperglot.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"placeholder": name}))
    assert "there are: angle, word, braces" in why(model)


def test_a_model_without_english_is_no_nllb(model: Path):
    path = model / "shared_vocabulary.json"
    path.write_text(path.read_text().replace("eng_Latn", "eng_latn"))
    assert "has no eng_Latn: not an NLLB model" in why(model)


def test_a_vocabulary_of_lines_is_read_too(model: Path):
    path = model / "shared_vocabulary.json"
    (model / "shared_vocabulary.txt").write_text("\n".join(json.loads(path.read_text())) + "\n")
    path.unlink()
    assert NLLB(model, Settings(threads=1)).translate([CODE], CHINESE)[0].text


def test_where_no_model_is_it_says_so(tmp_path: Path):
    assert "There is no model in" in (told := why(tmp_path / "none"))
    assert "manage.py model list" in told


def test_a_file_is_no_model(tmp_path: Path):
    (tmp_path / "file").write_text("")
    assert "There is no model in" in why(tmp_path / "file")


@pytest.mark.parametrize("settings", [Settings(device="tpu"), Settings(compute_type="int3")], ids=str)
def test_settings_that_cannot_be_are_an_error(demonstration: Path, settings: Settings):
    with pytest.raises(ModelError, match="can't be loaded"):
        NLLB(demonstration, settings)


# What a folder says of itself


def test_a_model_says_how_many_positions_it_has(model: Path):
    assert positions(model) == 256


@pytest.mark.parametrize("content", [b"", b"<!DOCTYPE html>" * 99, b"\x06\0\0\0\x02\0T\0" + b"\xff" * 99])
def test_one_that_does_not_say_it_is_no_error(model: Path, content: bytes):
    (model / "model.bin").write_bytes(content)
    assert positions(model) is None
    (model / "model.bin").unlink()
    assert positions(model) is None


@given(st.binary(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_is_too_strange(tmp_path: Path, content: bytes):
    (tmp_path / "model.bin").write_bytes(content)
    assert positions(tmp_path) is None or positions(tmp_path) >= 0


def test_a_model_is_called_as_its_folder(tmp_path: Path):
    assert model_name(tmp_path / "nllb-200-600M") == "nllb-200-600M"
    assert model_name(DEMO_FOLDER) == "demo"
