"""What an engine promises, and how it fails.

EngineError
 ├── ModelError      the model folder is not usable; the message says what to do
 └── LanguageError   the model does not know the language
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from digest.languages import Language
from worker.text.protection import Placeholder

LONGEST_SOURCE = 400
"""Tokens of one source, the two included that every source has; NLLB was trained on 512 and CTranslate2 cuts
at 1,024 without a word."""


class EngineError(Exception):
    """The engine did not answer."""


class ModelError(EngineError):
    """The model can't be loaded; trying again does not help."""


class LanguageError(EngineError):
    """The model has no such language."""


@dataclass(frozen=True, slots=True)
class Output:
    """`score` is the mean log-probability of a token, None where the source was not tried: too long, or blank.
    `text` is empty there."""

    text: str
    score: float | None
    too_long: bool = False


@dataclass(frozen=True, slots=True)
class Decoding:
    """How answers are searched for. `restricted` lets the engine leave out target tokens that the
    language can't need, which makes it about twice as fast."""

    beam: int = 1
    length_penalty: float = 1.0
    coverage_penalty: float = 0.0
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    restricted: bool = True


GREEDY = Decoding()


class Engine(Protocol):
    """Answers every source, in order, with one output, or raises EngineError.

    Sources and answers have placeholders of the memory's own form (ANGLE); `placeholder` is the form that the
    model is shown instead.
    """

    placeholder: Placeholder

    def translate(
        self, sources: Sequence[str], language: Language, decoding: Decoding = GREEDY
    ) -> list[Output]: ...

    def length(self, source: str) -> int:
        """Tokens of a source."""

    def fit(self, sources: Sequence[str], languages: Sequence[Language]) -> None:
        """Make ready for these sources and target languages; may load the model."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run a model. `threads` 0 is one for each core; `batch_tokens` counts padding; `placeholder` names one
    of worker.text.protection.FORMS instead of what the model's own profile says."""

    device: str = "cpu"
    compute_type: str = "int8"
    threads: int = 0
    batch_tokens: int = 2048
    placeholder: str = ""
