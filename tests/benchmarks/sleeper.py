"""The product's settings with another engine: with `DJANGO_SETTINGS_MODULE=tests.benchmarks.sleeper` the product's own
commands start translators whose speed is known.

PAPERGLOT_TEST_ENGINE says which:

- `sleep`: takes so many seconds a sentence (PAPERGLOT_TEST_SECONDS) without the processor, then answers what passes
  the checks. Batches, first batches and tasks are a third as long as the product's (10 seconds, 42 sentences, 15
  seconds), so that a minute says as much as three: what each costs by itself weighs three times as much.
- `shape`: the real engine computes, on a model of random weights (PAPERGLOT_TEST_SHAPE, its folder), answers as long as
  their sources; what passes the checks is answered in their stead.
- `real`: the real engine and its answers.
- nothing: nothing is replaced.

An answer's score names the translator: minus its number (PAPERGLOT_TEST_NUMBER) in thousandths.
"""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from digest.languages import Language
from digest.settings import *  # noqa: F403
from tests.engines import FakeEngine
from worker import engine
from worker.engine import GREEDY, NLLB, Decoding, Output, Settings

KIND = os.environ.get("PAPERGLOT_TEST_ENGINE", "")
SECONDS = float(os.environ.get("PAPERGLOT_TEST_SECONDS", "0.15625"))
"""160 source tokens a second of 25 a sentence: what the README's Speed says of a small server."""
SCORE = -int(os.environ.get("PAPERGLOT_TEST_NUMBER", "0")) / 1000
SHORTER = 3
"""Batches and tasks of `sleep` are so many times shorter than the product's."""


class Sleeper(FakeEngine):
    """Of a fixed speed. Its languages, and how it counts tokens, are the fake engine's."""

    def __init__(self, *_: object) -> None:
        super().__init__()
        self.seconds, self.slept = SECONDS, 0.0
        from worker import translate  # only once Django is ready

        translate._BATCH_SECONDS, translate._TASK_SECONDS, translate._FIRST = (
            30 / SHORTER,
            45 / SHORTER,
            128 // SHORTER,
        )

    def unload(self) -> None:
        pass

    def translate(
        self, sources: Sequence[str], language: Language, decoding: Decoding = GREEDY
    ) -> list[Output]:
        began = time.perf_counter()
        time.sleep(self.seconds * len(sources))
        self.slept += time.perf_counter() - began
        answers = super().translate(sources, language, decoding)
        self.heard.clear()  # a translator lives for long
        self.decodings.clear()
        return [Output(answer.text, SCORE) for answer in answers]


class Shape(NLLB):
    """Computes as a real model of its shape does. Random weights end no sentence: answers are as long as sources."""

    def __init__(self, _folder: Path, settings: Settings | None = None) -> None:
        super().__init__(Path(os.environ["PAPERGLOT_TEST_SHAPE"]), settings)
        self._fake = FakeEngine()

    def _lengths(self, longest: int) -> dict[str, int]:
        return {"max_decoding_length": longest - 1, "min_decoding_length": longest - 1}

    def translate(
        self, sources: Sequence[str], language: Language, decoding: Decoding = GREEDY
    ) -> list[Output]:
        super().translate(sources, language, decoding)
        return [Output(answer.text, SCORE) for answer in self._fake.translate(sources, language, decoding)]


class Numbered(NLLB):
    """The real engine and the real answers; only the score is the translator's number."""

    def translate(self, *arguments: Any) -> list[Output]:
        return [Output(answer.text, SCORE, answer.too_long) for answer in super().translate(*arguments)]


engine.NLLB = {"sleep": Sleeper, "shape": Shape, "real": Numbered}.get(KIND, NLLB)  # type: ignore[misc,assignment]
# (before worker.engines and worker.proving are imported)
