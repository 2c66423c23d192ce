"""The translation engine: NLLB-200 through CTranslate2 and SentencePiece. Knows neither Django nor Celery.

CTranslate2 is not safe to fork (OpenNMT/CTranslate2#1414): load an engine in the process that uses it,
never before a fork.
"""

from worker.engine.contract import (
    GREEDY,
    LONGEST_SOURCE,
    Decoding,
    Engine,
    EngineError,
    LanguageError,
    ModelError,
    Output,
    Settings,
)
from worker.engine.folder import check_folder, model_name, vocabulary
from worker.engine.nllb import NLLB
from worker.engine.restriction import Removed

__all__ = [
    "GREEDY",
    "LONGEST_SOURCE",
    "NLLB",
    "Decoding",
    "Engine",
    "EngineError",
    "LanguageError",
    "ModelError",
    "Output",
    "Removed",
    "Settings",
    "check_folder",
    "model_name",
    "vocabulary",
]
