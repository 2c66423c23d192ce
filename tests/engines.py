"""A fake engine that makes the real engine's mistakes on purpose."""

import re
from collections.abc import Callable, Sequence
from zlib import crc32

from digest.languages import Language, languages
from worker.engine import GREEDY, LONGEST_SOURCE, Decoding, EngineError, LanguageError, Output
from worker.text.protection import ANGLE

Mistake = Callable[[str], str]


def drop_placeholders(text: str) -> str:
    return ANGLE.found.sub("", text)


def double_placeholders(text: str) -> str:
    return ANGLE.found.sub(lambda match: match[0] * 2, text)


def space_placeholders(text: str) -> str:
    """Not a mistake that matters: `<v0>` comes back as `＜ v0 ＞`."""
    return ANGLE.found.sub(lambda match: f"＜ v{match[1]} ＞", text)


def loop(text: str) -> str:
    return text + "来自" * 30


def truncate(text: str) -> str:
    return text[:2]


def say_nothing(_text: str) -> str:
    return ""


class FakeEngine:
    """Translates every word into 译 and a sign of its own; placeholders and numbers stay where they are.

    `mistake` damages every answer; `crashes` names a source that the engine fails on. It knows the
    languages of digest.languages, and counts a word as a token, and of a long one every ten letters. `heard`
    and `decodings` are what it was asked.
    """

    placeholder = ANGLE

    def __init__(self, mistake: Mistake | None = None, crashes: str = "") -> None:
        self.mistake, self.crashes = mistake, crashes
        self.heard: list[str] = []
        self.decodings: list[Decoding] = []
        self.fitted: list[str] = []

    def fit(self, sources: Sequence[str], languages: Sequence[Language]) -> None:
        self.fitted = list(sources)

    def length(self, source: str) -> int:
        return max(len(source.split()), len(source) // 10)

    def translate(
        self, sources: Sequence[str], language: Language, decoding: Decoding = GREEDY
    ) -> list[Output]:
        if self.crashes and any(self.crashes in source for source in sources):
            raise EngineError("the fake engine was told to fail on this")
        if language not in languages().values():
            raise LanguageError(f"The fake engine does not know {language.name} ({language.flores}).")
        self.heard += sources
        self.decodings += [decoding] * len(sources)
        return [self._output(source) for source in sources]

    def _output(self, source: str) -> Output:
        if self.length(source) > LONGEST_SOURCE:
            return Output("", None, too_long=True)
        return Output(self._answer(source), -0.05)

    def _answer(self, source: str) -> str:
        parts = re.split(f"({ANGLE.pattern})", source)
        words = [
            ANGLE.show(int(p)) if i % 3 == 2 else self._words(p) for i, p in enumerate(parts) if i % 3 != 1
        ]
        answer = "".join(words)
        return self.mistake(answer) if self.mistake else answer

    @staticmethod
    def _words(text: str) -> str:
        plain = re.sub(r"[A-Za-z][A-Za-z'-]*", lambda word: _word(word[0]), text)
        return plain.replace(". ", "。").replace(".", "。").replace(" ", "")


def _word(word: str) -> str:
    """Another sign for another word: an answer of one sign would be a loop."""
    sign = chr(0x4E00 + crc32(word.lower().encode()) % 0x5000)
    return "译" + sign if len(word) > 2 else sign
