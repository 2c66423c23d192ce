"""The product's Celery app with a quick engine: `celery -A tests.chaos.app worker`.

The engine signs every answer with the hash of its source, sleeps as long as it would take, and writes down what
it was asked: a line before, a line after.
"""

import hashlib
import json
import os
import time
from collections.abc import Sequence

from tests.engines import FakeEngine
from tests.translator import signature
from worker import engine
from worker.engine import GREEDY, Decoding, Output

SECONDS = float(os.environ.get("PAPERGLOT_CHAOS_SECONDS", "0.1"))
"""A sentence takes so long."""


class SigningEngine(FakeEngine):
    def __init__(self, *_: object) -> None:
        super().__init__()

    def unload(self) -> None:
        pass

    def translate(self, sources: Sequence[str], language, decoding: Decoding = GREEDY) -> list[Output]:  # type: ignore[no-untyped-def]
        keys = [hashlib.sha256(source.encode()).hexdigest() for source in sources]
        first = decoding == GREEDY
        self._tell(begins=time.monotonic(), keys=keys, first=first)
        time.sleep(SECONDS * len(sources))
        answers = super().translate(sources, language, decoding)
        self._tell(ends=time.monotonic(), keys=keys[:1], first=first)
        return answers

    def _answer(self, source: str) -> str:
        return super()._answer(source).rstrip("。") + signature(source) + "。"

    @staticmethod
    def _tell(**what: object) -> None:
        line = json.dumps({"pid": os.getpid(), "name": os.environ.get("PAPERGLOT_CHAOS_NAME"), **what})
        file = os.open(os.environ["PAPERGLOT_CHAOS_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, f"{line}\n".encode())
        os.close(file)


engine.NLLB = SigningEngine  # type: ignore[misc]  # before worker.engines is imported

from worker.celery import app  # noqa: E402

__all__ = ["app"]
