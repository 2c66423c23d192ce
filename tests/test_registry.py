"""worker/registry.py: which models are here, and what each is."""

import errno
import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from digest.languages import find
from worker.engine import ModelError
from worker.registry import DEMO, DEMO_FOLDER, MANIFEST, Registry, damage, read_manifest, write_manifest

NEEDED = ("model.bin", "config.json", "sentencepiece.bpe.model", "shared_vocabulary.json")


def put(models: Path, name: str = "tiny") -> Path:
    """A folder that looks like a model."""
    folder = models / name
    folder.mkdir(parents=True)
    for file in NEEDED[:3]:
        (folder / file).write_text(f"{file} of {name}")
    (folder / NEEDED[3]).write_text(json.dumps(["<unk>", "eng_Latn", "zho_Hans", "▁the"]))
    return folder


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models")


@pytest.fixture
def folder(registry: Registry) -> Path:
    return put(registry.folder)


def installed(registry: Registry) -> list[str]:
    return [name for name in registry.installed() if name != DEMO]


def test_a_model_that_is_here_is_got(registry: Registry, folder: Path):
    model = registry.get("tiny")
    assert (model.name, model.folder, model.demonstration) == ("tiny", folder, False)


def test_the_identity_of_a_model_is_that_of_its_weights(registry: Registry, folder: Path):
    weights = hashlib.sha256(b"model.bin of tiny").hexdigest()
    assert registry.get("tiny").identity == f"tiny#{weights[:8]}"


def test_other_weights_are_another_identity(registry: Registry, folder: Path):
    before = registry.get("tiny").identity
    (folder / "model.bin").write_text("better")
    (folder / MANIFEST).unlink()
    assert registry.get("tiny").identity != before


def test_a_model_speaks_what_its_vocabulary_has(registry: Registry, folder: Path):
    model = registry.get("tiny")
    assert [model.speaks(find(code)) for code in ("zh", "de")] == [True, False]


def test_models_are_listed_by_name(registry: Registry):
    for name in ("b", "a"):
        put(registry.folder, name)
    assert installed(registry) == ["a", "b"]


def test_without_a_folder_there_is_no_model(registry: Registry):
    assert installed(registry) == []


def test_what_is_no_model_is_not_listed(registry: Registry, folder: Path):
    (registry.folder / "notes.txt").write_text("")
    (registry.folder / "empty").mkdir()
    put(registry.folder, ".half.part")
    assert installed(registry) == ["tiny"]


def test_a_folder_named_like_the_demonstration_model_is_not_it(registry: Registry):
    put(registry.folder, DEMO)
    assert registry.installed().count(DEMO) <= 1
    assert registry.path(DEMO) == DEMO_FOLDER


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_file_is_named_with_what_to_do(registry: Registry, folder: Path, name: str):
    (folder / name).unlink()
    with pytest.raises(ModelError, match=rf"{name} is missing.*Get it again: manage.py model download tiny"):
        registry.get("tiny")


@pytest.mark.parametrize("name", NEEDED)
def test_an_empty_file_is_named_with_what_to_do(registry: Registry, folder: Path, name: str):
    (folder / name).write_text("")
    with pytest.raises(ModelError, match=rf"{name} is empty.*Get it again: manage.py model download tiny"):
        registry.get("tiny")


def test_a_model_that_is_not_whole_is_not_listed(registry: Registry, folder: Path):
    (folder / "model.bin").unlink()
    assert installed(registry) == []


def test_a_known_model_that_is_not_here_says_how_to_get_it(registry: Registry):
    with pytest.raises(ModelError, match=r"manage.py model download nllb-200-distilled-600M"):
        registry.get("nllb-200-distilled-600M")


def test_an_unknown_model_gets_the_list(registry: Registry, folder: Path):
    with pytest.raises(
        ModelError, match=r"There is no model 'tinny'. Models: .*tiny, nllb-200-distilled-600M"
    ):
        registry.get("tinny")


@pytest.mark.parametrize("name", ["", ".", "..", "../models/tiny", "/etc", "a/b", "a\\b", ".hidden"])
def test_a_name_never_leaves_the_folder(registry: Registry, folder: Path, name: str):
    with pytest.raises(ModelError, match=r"is not the name of a model"):
        registry.get(name)


@pytest.mark.parametrize("name", ["a\0b", "x" * 300])
def test_a_name_that_no_folder_can_have_is_of_no_model(registry: Registry, name: str):
    with pytest.raises(ModelError):
        registry.get(name)


# What a model is


def test_a_manifest_names_every_file_and_where_it_came_from(folder: Path):
    manifest = write_manifest(folder, {"source": "a test"})
    assert (manifest["source"], sorted(manifest["files"])) == ("a test", sorted(NEEDED))
    assert read_manifest(folder) == manifest


def test_a_manifest_is_written_once(registry: Registry, folder: Path):
    registry.get("tiny")
    before = (folder / MANIFEST).stat().st_mtime_ns
    registry.get("tiny")
    assert (folder / MANIFEST).stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "broken",
    ["", "{", "[]", "null", "3", '{"files": []}', '{"files": null}', '{"files": {}}', "\udcff"],
    ids=ascii,
)
def test_a_broken_manifest_is_written_again(registry: Registry, folder: Path, broken: str):
    (folder / MANIFEST).write_text(broken, errors="surrogateescape")
    assert registry.get("tiny").manifest["files"].keys() == set(NEEDED)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS], ids=errno.errorcode.get)
def test_a_model_in_a_folder_that_cannot_be_written_to_is_got(
    registry: Registry, folder: Path, monkeypatch, number: int
):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(Path, "write_text", refuse)
    assert registry.get("tiny").identity.startswith("tiny#")
    assert not (folder / MANIFEST).exists()


def test_a_model_that_is_as_it_came_is_not_damaged(registry: Registry, folder: Path):
    registry.get("tiny")
    assert damage(folder) == []


def test_a_file_that_changed_is_damage(registry: Registry, folder: Path):
    registry.get("tiny")
    (folder / "model.bin").write_text("model.bim of tiny")
    assert damage(folder) == ["model.bin"]


def test_a_file_that_is_gone_is_damage(registry: Registry, folder: Path):
    registry.get("tiny")
    (folder / "config.json").unlink()
    assert damage(folder) == ["config.json"]


def test_without_a_manifest_no_damage_is_known(folder: Path):
    (folder / "model.bin").write_text("other")
    assert damage(folder) == []


def test_a_file_that_lost_its_last_bytes_is_seen_before_it_is_loaded(tmp_path: Path):
    """SentencePiece reads a model whose end is cut off, without its normaliser."""
    folder = tmp_path / "tiny"
    shutil.copytree(DEMO_FOLDER, folder)
    (folder / "paperglot.json").unlink(missing_ok=True)
    registry = Registry(tmp_path)
    registry.get("tiny")
    os.truncate(folder / "sentencepiece.bpe.model", (folder / "sentencepiece.bpe.model").stat().st_size - 10)
    with pytest.raises(ModelError, match=r"sentencepiece.bpe.model has another size"):
        registry.get("tiny")
