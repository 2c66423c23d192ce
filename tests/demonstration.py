"""The demonstration model as a large one: what the tests of the engine share."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from digest.languages import find
from worker.arxiv.feeds import parse
from worker.engine import GREEDY, NLLB, Decoding
from worker.registry import DEMO_FOLDER
from worker.sample import DOCUMENT
from worker.text.segments import pieces

CHINESE, JAPANESE, GERMAN = find("zh-Hans"), find("ja"), find("de")
CODE = "Code is available at <v0>."


def sample_day() -> list[str]:
    """Its sentences, as translate hands them to an engine."""
    entries = parse(DOCUMENT.read_bytes()).entries
    every = [piece for e in entries for piece in (*pieces(e.title, title=True), *pieces(e.abstract))]
    return [piece.source for piece in every if piece.translatable]


def copy(folder: Path, *, with_japanese: bool = False) -> Path:
    """A copy of the model, to be damaged. Its Japanese is rubbish, but it begins with the language's code."""
    shutil.copytree(DEMO_FOLDER, folder)
    if with_japanese:
        path = folder / "shared_vocabulary.json"
        tokens = json.loads(path.read_text())
        tokens[tokens.index("拖")] = JAPANESE.flores
        path.write_text(json.dumps(tokens))
    return folder


def texts(engine: NLLB, sources: list[str], decoding: Decoding = GREEDY, language=CHINESE) -> list[str]:
    return [output.text for output in engine.translate(sources, language, decoding)]


def loads(engine: NLLB, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The size of the restriction at each loading from now on."""
    load, sizes = engine.load, []
    monkeypatch.setattr(engine, "load", lambda: (sizes.append(len(engine._restriction.allowed)), load()))
    return sizes


class Spy:
    """Stands before an engine's translator and keeps what it is asked for."""

    def __init__(self, engine: NLLB) -> None:
        engine._ready()
        self.translator, self.asked = engine._translator, []
        engine._translator = self

    def translate_batch(self, rows: list[list[str]], **how: Any) -> Any:
        self.asked += [(row, how) for row in rows]
        return self.answer(rows, how)

    def answer(self, rows: list[list[str]], how: dict[str, Any]) -> Any:
        return self.translator.translate_batch(rows, **how)

    @property
    def restricted(self) -> list[bool]:
        """Whether each row was to be answered from the restricted vocabulary."""
        return [how["use_vmap"] for _, how in self.asked]
