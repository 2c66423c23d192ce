"""`manage.py model`: which there are, getting one, checking it, choosing it."""

import io
import json
import os
import re
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from digest.models import Installation
from tests.engines import FakeEngine
from tests.steps import choose
from worker import proving
from worker.hub import HubError
from worker.management.commands import model as module
from worker.registry import DEMO_FOLDER, KNOWN, Registry, write_manifest

NAME = "nllb-200-distilled-600M"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _umask():
    umask = os.umask(0o022)
    yield
    os.umask(umask)


@pytest.fixture
def models(settings, tmp_path) -> Path:
    settings.MODELS = tmp_path / "models"
    return settings.MODELS


@pytest.fixture
def mine(models) -> Path:
    """A model that somebody has put into the folder."""
    folder = models / "mine"
    folder.mkdir(parents=True)
    for name in ("model.bin", "config.json", "sentencepiece.bpe.model"):
        (folder / name).write_text("x")
    (folder / "shared_vocabulary.json").write_text('["eng_Latn", "zho_Hans"]')
    return folder


def run(*arguments: str) -> str:
    out, err = io.StringIO(), io.StringIO()
    call_command("model", *arguments, stdout=out, stderr=err)
    return out.getvalue()


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as error:
        run(*arguments)
    return str(error.value)


# --- list -------------------------------------------------------------------------------------


def state_of(name: str) -> str:
    (line,) = (line for line in run("list").splitlines() if line.startswith(f"{name} "))
    return line[27:36].strip()


def test_every_known_model_is_listed(models):
    text = run("list")
    assert all(name in text for name in KNOWN)


def test_a_model_that_is_not_here_says_so(models):
    assert state_of(NAME) == "not here"


def test_a_model_that_is_here_says_so(mine):
    assert state_of("mine") == "here"


def test_the_model_in_use_says_so(mine):
    choose("mine")
    assert state_of("mine") == "in use"


def test_where_none_is_in_use_the_next_step_is_said(models):
    assert "Next: manage.py model download" in run("list")


def test_a_folder_that_is_no_model_is_not_listed(mine):
    (mine / "model.bin").unlink()
    assert "mine" not in run("list")


# --- download ---------------------------------------------------------------------------------


def test_a_model_is_downloaded_to_the_models_folder(models, settings, monkeypatch):
    asked = []

    def download(model, folder, hub, told):
        asked.append((model.name, folder, hub))
        told(model.size, model.size)
        return folder / model.name

    monkeypatch.setattr(module, "download", download)
    assert f"Next: manage.py model use {NAME}" in run("download", NAME)
    assert asked == [(NAME, models, settings.HUB_URL)]


def test_a_download_that_fails_is_a_plain_sentence(models, monkeypatch):
    def download(*_):
        raise HubError("The hub answers 404.")

    monkeypatch.setattr(module, "download", download)
    assert refusal("download", NAME) == "The hub answers 404."


def test_an_unknown_model_can_not_be_downloaded(models):
    assert refusal("download", "gpt-9").startswith("There is no model 'gpt-9' to download. There are: ")


# --- use --------------------------------------------------------------------------------------


def test_a_model_that_is_here_can_be_used(mine):
    run("use", "mine")
    assert Installation.current().model == "mine"


def test_a_model_can_be_shown_other_placeholders_and_is_another_then(mine):
    run("use", "mine", "--placeholder", "word")
    model = Registry(mine.parent).get("mine")
    assert model.manifest["placeholder"] == "word"
    assert model.identity.endswith("-word")


def test_no_model_can_be_used(mine):
    choose("mine")
    run("use", "none")
    assert Installation.current().model == ""


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (NAME, f"The model {NAME} is not here yet: manage.py model download {NAME}"),
        ("gpt-9", "There is no model 'gpt-9'."),
        ("../mine", "is not the name of a model."),
        ("", "is not the name of a model."),
    ],
)
def test_a_model_that_is_not_here_can_not_be_used(mine, name, told):
    choose("mine")
    assert told in refusal("use", name)
    assert Installation.current().model == "mine"


def test_a_model_that_is_not_whole_can_not_be_used(mine):
    (mine / "config.json").write_text("")
    assert "config.json is empty" in refusal("use", "mine")


# --- check ------------------------------------------------------------------------------------


def test_a_check_translates_a_sentence(mine, monkeypatch):
    class Fake(FakeEngine):
        languages = frozenset({"zho_Hans"})

    monkeypatch.setattr(proving, "NLLB", lambda *_: Fake())
    text = run("check", "mine")
    assert "1 languages; every file is whole" in text
    assert "译" in text


def test_a_check_finds_a_file_that_has_changed(mine):
    write_manifest(mine, {})
    (mine / "config.json").write_text("y")
    assert "mine is damaged: config.json changed since it came." in refusal("check", "mine")


def test_a_check_of_a_model_that_can_not_be_loaded_is_a_plain_sentence(mine):
    assert "can't be loaded" in refusal("check", "mine")


def test_the_demonstration_model_is_whole(models):
    assert "every file is whole" in run("check", "demo")


# --- evaluate ---------------------------------------------------------------------------------


@pytest.fixture
def pairs(models, tmp_path) -> list[str]:
    """Twenty sentences of the sample day, as the arguments that name them."""
    lines = (DEMO_FOLDER.parent / "references.tsv").read_text(encoding="utf-8").splitlines()[:20]
    (tmp_path / "pairs.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ["--source", str(tmp_path / "pairs.tsv")]


def row(text: str, label: str) -> list[str]:
    """The cells of a table's row."""
    (line,) = (line for line in text.splitlines() if line.startswith(f"{label}  "))
    return re.split(r"\s{2,}", line)[1:]


def test_a_model_is_evaluated(pairs):
    text = run("evaluate", "demo", *pairs)
    assert text.startswith("20 lines into Chinese (Simplified)\ndemo: demo#")
    assert float(row(text, "chrF")[0]) > 90
    assert row(text, "left in English") == ["0 of 20 = 0.0 %"]
    assert row(text, "verdict: ok") == ["20"]


def test_without_a_name_the_model_in_use_is_evaluated(pairs):
    choose("demo")
    assert "\ndemo: demo#" in run("evaluate", *pairs)


def test_without_a_name_and_a_model_in_use_the_next_step_is_said(pairs):
    assert refusal("evaluate", *pairs) == "No model is in use: name one. See manage.py model list."


def test_source_and_reference_may_be_two_files(pairs, tmp_path):
    (tmp_path / "en.txt").write_text("We study graphs.\n")
    (tmp_path / "zh.txt").write_text("我们研究图。\n")
    files = ["--source", str(tmp_path / "en.txt"), "--reference", str(tmp_path / "zh.txt")]
    assert run("evaluate", "demo", *files).startswith("1 lines into")


def test_settings_are_laid_side_by_side(pairs):
    text = run("evaluate", "demo", *pairs, "--compare", "beam=4:terms=off")
    assert "\nbeam=4:terms=off: demo#" in text
    one, other, difference = row(text, "chrF")
    assert float(difference.split()[0]) == pytest.approx(float(other) - float(one), abs=0.11)
    assert row(text, "rung: greedy")[1:] == ["0", f"-{row(text, 'rung: greedy')[0]}"]


def test_the_settings_of_the_first_hold_for_the_others_too(pairs):
    text = run("evaluate", "demo", *pairs, "--beam", "2", "--compare", "terms=off")
    assert text.count("beam 2,") == 2
    assert "terms=off: demo#" in text


def test_the_evaluation_is_there_for_programs_too(pairs):
    said = json.loads(run("evaluate", "demo", *pairs, "--compare", "beam=4", "--json"))
    one, other = said["results"]
    assert (said["language"], len(said["lines"]), len(one["answers"])) == ("zh-Hans", 20, 20)
    assert one["settings"]["beam"] == 1
    assert one["differences"] == {}
    assert one["verdicts"] == {"ok": 20}
    assert one["refused"] == {"part": 0, "whole": 20, "percent": 0.0}
    assert other["differences"]["chrF"]["by"] == pytest.approx(
        other["scores"]["chrF"] - one["scores"]["chrF"]
    )


def test_a_glossary_of_ones_own_counts_instead_of_the_installations(pairs, tmp_path):
    (tmp_path / "terms.tsv").write_text("credit assignment\t功劳归因\n", encoding="utf-8")
    arguments = [
        *pairs,
        "--glossary",
        str(tmp_path / "terms.tsv"),
        "--terms",
        "off",
        "--compare",
        "terms=force",
    ]
    off, force, _ = row(run("evaluate", "demo", *arguments), "terms as in the glossary")
    assert off.startswith("0 of ")
    assert force.endswith("= 100.0 %")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["gpt-9"], "There is no model 'gpt-9'."),
        ([NAME], f"The model {NAME} is not here yet: manage.py model download {NAME}"),
        (["demo", "--compare", "gpt-9"], "There is no model 'gpt-9'."),
        (["demo", "--to", "tlh"], "'tlh' is not a language that Paperglot knows."),
        (["demo", "--to", "ja"], "The model demo does not know Japanese (jpn_Jpan)."),
        (["demo", "--beam", "0"], "beam is a number from 1 to 8, not '0'."),
        (["demo", "--terms", "maybe"], "terms is one of off, check, force, not 'maybe'."),
        (["demo", "--vocabulary", "small"], "vocabulary is one of restricted, whole, not 'small'."),
        (["demo", "--compute", "int3"], "compute is one of int8, default, "),
        (["demo", "--compare", "width=4"], "There is no setting 'width'. There are: beam, longest, "),
        (["demo", "--compare", "demo:beam"], "beam is a number from 1 to 8, not ''."),
        (["demo", "--compare", ""], "--compare: name a model or a setting."),
        (["demo", "--glossary", "nowhere.tsv"], "nowhere.tsv: No such file or directory."),
        (["demo", "--reference", "nowhere.txt"], "nowhere.txt: No such file or directory."),
    ],
)
def test_what_can_not_be_evaluated_is_a_plain_sentence(pairs, arguments, told):
    assert told in refusal("evaluate", *arguments, *pairs)


def test_without_sacrebleu_the_next_step_is_said(pairs, monkeypatch):
    monkeypatch.setitem(sys.modules, "sacrebleu.metrics.bleu", None)
    assert refusal("evaluate", "demo", *pairs).endswith("Next: pip install 'paperglot[evaluate]'")
