"""Sentences and what an engine might have answered, as the checks of worker/text/checks/ see them."""

from digest.languages import find
from worker.text.checks import Pair, findings
from worker.text.protection import ANGLE


def pair(source: str, answer: str, language: str = "zh-Hans", score: float | None = None) -> Pair:
    return Pair(source, answer, find(language), ANGLE, score)


def found(source: str, answer: str, language: str = "zh-Hans") -> list[str]:
    """All reasons against an answer: a test that wants one wants no other."""
    return findings(pair(source, answer, language))
