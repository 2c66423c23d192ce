"""Whether what the engine answered may be shown: cheap checks on the protected sentence and its answer.

Hard findings are facts: the text is broken, in another language, or says another number, percentage, unit or
name than the source. It is never published. Soft findings are suspicions with innocent explanations (a name
that is rightly translated, a clause said in fewer words): worth another try of the engine, and worth a note
if it stays so, but the answer is better than none, since the original stands beside it.
"""

from collections.abc import Callable

from digest.languages import Language
from worker.text.checks import broken, coverage, foreign, marks, names, numbers, units
from worker.text.checks.pair import Pair
from worker.text.protection import Placeholder

__all__ = ["HARD", "OK", "SOFT", "Pair", "findings", "verdict"]

OK = "ok"
Check = Callable[[Pair], str | None]

_HARD: list[Check] = [
    broken.unknown,
    broken.placeholders,
    broken.loop,
    foreign.echo,
    coverage.length,
    foreign.script,
    numbers.numbers,
    numbers.percentages,
    units.units,
    names.misspelt,
]
_SOFT: list[Check] = [
    names.names,
    coverage.omission,
    coverage.negation,
    foreign.untranslated,
    broken.repeats,
    marks.brackets,
    marks.quotes,
    marks.end,
]
HARD = frozenset(
    "empty unknown placeholders loop echo short long script numbers percent units misspelt".split()
)
SOFT = frozenset("names omission negation untranslated repeats brackets quotes end unsure".split())


def findings(pair: Pair, *, least_score: float | None = None) -> list[str]:
    """The reasons against an answer, hard ones first; none for a good one.

    `least_score` is the mean log-probability below which the model itself is `unsure`; it is another for every
    model, so there is none by default.
    """
    if nothing := broken.empty(pair):
        return [nothing]
    found = [reason for check in _HARD + _SOFT if (reason := check(pair))]
    if least_score is not None and pair.score is not None and pair.score < least_score:
        found.append("unsure")
    return found


def verdict(
    source: str,
    answer: str,
    language: Language,
    placeholder: Placeholder,
    score: float | None = None,
    least_score: float | None = None,
) -> str:
    """`ok`, or the first of the findings."""
    found = findings(Pair(source, answer, language, placeholder, score), least_score=least_score)
    return found[0] if found else OK
