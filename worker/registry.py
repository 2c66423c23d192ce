"""Translation models: which are known, which are here, and what each is.

A model is a folder: `model.bin`, `config.json`, `shared_vocabulary.json`, `sentencepiece.bpe.model`, and
our `paperglot.json` that says where it came from and the SHA-256 of each file.
"""

import errno
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digest.languages import Language
from digest.model_choices import MODELS
from worker.engine import ModelError, check_folder, vocabulary
from worker.engine.folder import MANIFEST

DEMO = "demo"
DEMO_FOLDER = Path(__file__).parent / "demo" / "model"


KNOWN = {model.name: model for model in MODELS}


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model that is here. `identity` names these very weights: the memory keeps it with every sentence."""

    name: str
    folder: Path
    identity: str
    manifest: dict[str, Any]

    @property
    def demonstration(self) -> bool:
        return self.name == DEMO

    def speaks(self, language: Language) -> bool:
        return language.flores in vocabulary(self.folder)


class Registry:
    """The models under one folder, and the demonstration model."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        if name == DEMO:
            return DEMO_FOLDER
        if not name or name.startswith(".") or "/" in name or "\\" in name:
            raise ModelError(f"{name!r} is not the name of a model. See `manage.py model list`.")
        return self.folder / name

    def installed(self) -> list[str]:
        """The names of the model folders that look whole, the demonstration model first."""
        names = [DEMO]
        if self.folder.is_dir():
            names += sorted(p.name for p in self.folder.iterdir() if p.is_dir() and p.name != DEMO)
        return [name for name in names if not name.startswith(".") and self._whole(name)]

    def _whole(self, name: str) -> bool:
        try:
            check_folder(self.path(name))
        except ModelError:
            return False
        return True

    def get(self, name: str) -> InstalledModel:
        """An installed model. Raises ModelError with what to do."""
        folder = self.path(name)
        if not folder.is_dir():
            raise ModelError(self._absent(name))
        check_folder(folder)
        manifest = read_manifest(folder) or write_manifest(folder, {"source": "a folder"})
        if cut := [n for n, size in manifest.get("sizes", {}).items() if _size(folder / n) != size]:
            raise ModelError(
                f"The model {name} is damaged: {', '.join(cut)} has another size than when it came. "
                f"Look: manage.py model check {name}"
            )
        identity = f"{name}#{manifest['files']['model.bin'][:8]}"
        if form := manifest.get("placeholder"):
            identity += f"-{form}"  # another form, other answers
        return InstalledModel(name, folder, identity, manifest)

    def _absent(self, name: str) -> str:
        if name in KNOWN:
            return f"The model {name} is not here yet: manage.py model download {name}"
        near = [*self.installed(), *(known for known in KNOWN if known not in self.installed())]
        return f"There is no model {name!r}. Models: {', '.join(near)}."


def digest(path: Path, told: Callable[[int], None] | None = None) -> str:
    """SHA-256 of a file in hex; `told` hears the bytes of each block."""
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            hashed.update(block)
            if told:
                told(len(block))
    return hashed.hexdigest()


def read_manifest(folder: Path) -> dict[str, Any] | None:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return manifest if isinstance(manifest["files"]["model.bin"], str) else None
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def write_manifest(folder: Path, origin: dict[str, Any]) -> dict[str, Any]:
    """Hash the folder's files and write what it is beside them (in place of what was there)."""
    files = {
        path.name: digest(path)
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name not in (MANIFEST, "README.md") and path.name[0] != "."
    }
    sizes = {name: _size(folder / name) for name in files}
    manifest = {**origin, "files": files, "sizes": sizes}
    _write(folder, manifest)
    return manifest


def describe(folder: Path, profile: dict[str, Any]) -> None:
    """Add to what stands beside a model. Raises ModelError where the folder can't be written."""
    manifest = (read_manifest(folder) or write_manifest(folder, {"source": "a folder"})) | profile
    _write(folder, manifest)
    if read_manifest(folder) != manifest:
        raise ModelError(f"{folder} can't be written: its {MANIFEST} stays as it was.")


def _write(folder: Path, manifest: dict[str, Any]) -> None:
    half = folder / f".{MANIFEST}"
    try:
        half.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        half.replace(folder / MANIFEST)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        half.unlink(missing_ok=True)  # a read-only model folder: hashed again each time


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def damage(folder: Path) -> list[str]:
    """The files that are not what the manifest says they were."""
    manifest = read_manifest(folder)
    if manifest is None:
        return []
    return [
        name
        for name, expected in manifest["files"].items()
        if not (folder / name).is_file() or digest(folder / name) != expected
    ]
