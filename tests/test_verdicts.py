"""digest/verdicts.py: why a sentence stays in English, in words."""

import pytest

from digest.verdicts import words
from worker.claims import CRASH
from worker.text.checks import HARD


@pytest.mark.parametrize("verdict", sorted({*HARD, CRASH, "language", "too long"}))
def test_every_verdict_has_words(verdict: str):
    assert " " in words(verdict)
    assert words(verdict) != verdict


def test_a_good_sentence_has_no_reason():
    assert words("ok") == ""


def test_a_verdict_that_nobody_put_in_words_stands_for_itself():
    assert words("odd") == "odd"
