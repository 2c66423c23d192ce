"""A model's folder: whether it is whole, its vocabulary, and how many positions it knows."""

import json
import struct
from pathlib import Path

from digest.model_choices import SENTENCEPIECE
from worker.engine.contract import ModelError
from worker.text.protection import ANGLE, FORMS, Placeholder

MANIFEST = "paperglot.json"
"""Our own description of a model (worker.registry)."""
_VOCABULARIES = ("shared_vocabulary.json", "shared_vocabulary.txt")


def model_name(folder: Path) -> str:
    """What people call the model in a folder."""
    return "demo" if folder.parent.name == "demo" else folder.name


def check_folder(folder: Path) -> None:
    """Raise ModelError unless the folder holds what a converted NLLB model needs."""
    if not folder.is_dir():
        raise ModelError(f"There is no model in {folder}. See `manage.py model list`.")
    words = next((name for name in _VOCABULARIES if (folder / name).is_file()), _VOCABULARIES[0])
    needed = ("model.bin", "config.json", SENTENCEPIECE, words)
    missing = [name for name in needed if not (folder / name).is_file()]
    empty = [name for name in needed if name not in missing and not (folder / name).stat().st_size]
    if missing or empty:
        what = [f"{name} is missing" for name in missing] + [f"{name} is empty" for name in empty]
        raise ModelError(
            f"The model in {folder} is not whole: {', '.join(what)}. "
            f"Get it again: manage.py model download {model_name(folder)}"
        )


def vocabulary(folder: Path) -> list[str]:
    """The tokens of a model, in its order. Raises ModelError."""
    check_folder(folder)
    path = next(folder / name for name in _VOCABULARIES if (folder / name).is_file())
    try:
        text = path.read_text(encoding="utf-8")
        tokens = json.loads(text) if path.suffix == ".json" else text.splitlines()
        if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens):
            raise ValueError("it is no list of tokens")
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{path} can't be read: {error}. Get it again: manage.py model download {model_name(folder)}"
        ) from error
    return tokens


def shown_as(folder: Path) -> Placeholder:
    """The placeholders that the model is shown: its profile, `placeholder` in the folder's paperglot.json, says it
    if it isn't the usual form. Raises ModelError."""
    try:
        name = json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("placeholder", "angle")
        return FORMS[name]
    except (FileNotFoundError, ValueError, AttributeError):
        return ANGLE  # a folder that nobody has described yet
    except (KeyError, TypeError) as error:
        raise ModelError(
            f"{folder / MANIFEST} names a placeholder {name!r}; there are: {', '.join(FORMS)}."
        ) from error


def positions(folder: Path) -> int | None:
    """How many tokens a source or an answer of the model can have; None where the model does not say.

    Beyond it CTranslate2 fails for a whole batch. It stands only in model.bin, as the number of rows of
    `position_encodings/encodings`; the layout is that of ctranslate2.specs.model_spec.ModelSpec._serialize.
    """
    rows = []
    try:
        with (folder / "model.bin").open("rb") as file:

            def number(code: str) -> int:
                return int(struct.unpack(f"<{code}", file.read(struct.calcsize(code)))[0])

            def name() -> bytes:
                return file.read(number("H"))[:-1]

            file.read(4)
            name()
            file.read(4)
            for _ in range(number("I")):
                variable, shape = name(), [number("I") for _ in range(number("B"))]
                file.read(1)
                file.seek(number("I"), 1)
                if variable.endswith(b"position_encodings/encodings"):
                    rows.append(shape[-2])
    except (OSError, struct.error, IndexError):
        return None
    return min(rows, default=None)
