"""How well a model translates: what a reader would see of lines that have a reference, and what it cost.

Each line goes the way of an abstract: cut, protected, translated by the ladder, restored, joined. What the
checks refuse stays in English and is scored so. Spans, numbers and terms are counted in the ladder's last
answers, refused ones too, since a refused sentence says something about the model.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from digest import tex
from digest.languages import Language
from digest.terms import Glossary
from worker.examples import Example
from worker.ladder import Ladder, Rendered
from worker.text.checks import OK, Pair, numbers, units
from worker.text.protection import ANGLE, RestoreError, restore
from worker.text.segments import Piece, join, pieces

BATCH = 128
"""Sentences that are translated in one call of the ladder."""
_ASKED = 500
"""Sentences that are translated once more, with the whole vocabulary, to see what the restricted one lacks."""
_BY_SIGN = frozenset({"Jpan", "Hang", "Thai", "Khmr"})
"""Scripts whose words only a dictionary tells apart; sacrebleu's own for two of them is a download."""


class EvaluationError(Exception):
    """It can't be evaluated so; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return 100 * self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Report:
    """What came of the examples. `answers` are the lines as published.

    `sentences` are those with a word to translate; equal ones are translated once and counted each time.
    `notes` are of those that were published. `loading` is not part of `seconds`. `removed` is the share of
    tokens that the restricted vocabulary lacks; None where nothing is asked to restrict it, or can't tell.
    """

    answers: tuple[str, ...]
    scores: Mapping[str, float]
    signatures: Mapping[str, str]
    sentences: int
    refused: Share
    spans: Share
    numbers: Share
    terms: Share
    verdicts: Mapping[str, int]
    notes: Mapping[str, int]
    rungs: Mapping[str, int]
    removed: Share | None
    tokens: int
    seconds: float
    loading: float

    @property
    def speed(self) -> float:
        """Source tokens a second."""
        return self.tokens / self.seconds if self.seconds else math.nan


# --- scores -----------------------------------------------------------------------------------


class Scorer:
    """chrF and BLEU of a language, by sacrebleu. Raises EvaluationError where that is not installed."""

    def __init__(self, language: Language) -> None:
        try:
            from sacrebleu.metrics.bleu import BLEU
            from sacrebleu.metrics.chrf import CHRF
        except ImportError as error:
            raise EvaluationError(
                "sacrebleu is not installed. Next: pip install 'paperglot[evaluate]'"
            ) from error
        self.tokenizer = _tokenizer(language)
        self._metrics = {"chrF": CHRF(), "BLEU": BLEU(tokenize=self.tokenizer)}

    def scores(self, answers: Sequence[str], references: Sequence[str]) -> dict[str, float]:
        """0 to 100 for the whole."""
        return {
            name: metric.corpus_score(answers, [references]).score for name, metric in self._metrics.items()
        }

    def signatures(self) -> dict[str, str]:
        """What to name beside a score that is published (Post 2018, A call for clarity in reporting BLEU)."""
        return {name: str(metric.get_signature()) for name, metric in self._metrics.items()}

    def chances(
        self, answers: Sequence[str], others: Sequence[str], references: Sequence[str]
    ) -> dict[str, float]:
        """The p-value of each score's difference: paired bootstrap resampling (Koehn 2004), 1,000 times."""
        from sacrebleu.significance import PairedTest

        test = PairedTest(
            [("one", answers), ("other", others)], self._metrics, [references], test_type="bs", n_samples=1000
        )
        _signatures, results = test()
        columns: list[Any] = [results[name] for name in results if name != "System"]
        return {  # sacrebleu calls no difference at all significant
            name: 1.0 if one.score == other.score else other.p_value
            for name, (one, other) in zip(self._metrics, columns, strict=True)
        }


def _tokenizer(language: Language) -> str:
    if language.script in ("Hans", "Hant"):
        return "zh"
    return "char" if language.script in _BY_SIGN else "13a"


# --- evaluating -------------------------------------------------------------------------------


def evaluate(
    ladder: Ladder,
    examples: Sequence[Example],
    scorer: Scorer,
    *,
    restricted: bool = True,
    told: Callable[[int], None] = lambda _: None,
) -> Report:
    """Translate the examples and report; `told` hears how many sentences each batch had.

    `restricted` lets the engine restrict its vocabulary to these sentences, as it does in a worker. Raises
    EngineError where the engine does not answer.
    """
    cut = [pieces(example.source) for example in examples]
    sources = distinct(cut)
    began = time.monotonic()
    if restricted:
        ladder.engine.fit(sources, [ladder.language])
    ladder.engine.translate(sources[:1], ladder.language)  # loads the model, where nothing has loaded it yet
    loaded = time.monotonic()
    rendered: dict[str, Rendered] = {}
    for start in range(0, len(sources), BATCH):
        batch = sources[start : start + BATCH]
        rendered |= zip(batch, ladder.climb(batch), strict=True)
        told(len(batch))
    seconds = time.monotonic() - loaded
    answers = [_published(line, rendered, ladder.language) for line in cut]
    came = [(p, rendered[p.source]) for line in cut for p in line if p.translatable]
    pairs = [Pair(p.source, r.text, ladder.language, ANGLE) for p, r in came]
    return Report(
        answers=tuple(answers),
        scores=scorer.scores(answers, references(examples)),
        signatures=scorer.signatures(),
        sentences=len(came),
        refused=Share(sum(r.verdict != OK for _, r in came), len(came)),
        spans=_spans(pairs),
        numbers=_numbers(pairs),
        terms=_terms(pairs, ladder.glossary),
        verdicts=_counted(r.verdict for _, r in came),
        notes=_counted(note for _, r in came for note in r.notes if r.verdict == OK),
        rungs=_counted(r.rung for _, r in came),
        removed=_removed(ladder, sources) if restricted else None,
        tokens=sum(map(ladder.engine.length, sources)),
        seconds=seconds,
        loading=loaded - began,
    )


def references(examples: Iterable[Example]) -> list[str]:
    """The references as a reader would see them; a plain one is the same."""
    return [tex.readable(example.reference) for example in examples]


def distinct(cut: Iterable[Iterable[Piece]]) -> list[str]:
    """The sentences to translate, each once, as the memory has them."""
    return list(dict.fromkeys(p.source for line in cut for p in line if p.translatable))


def _published(line: Sequence[Piece], rendered: Mapping[str, Rendered], language: Language) -> str:
    """A line as a reader gets it: what has no good translation stands in English."""
    sentences = []
    for piece in line:
        text = _target(piece, rendered)
        sentences.append((piece.paragraph, piece.text if text is None else text, text is not None))
    return join(sentences, language)


def _target(piece: Piece, rendered: Mapping[str, Rendered]) -> str | None:
    if not piece.translatable:
        return piece.text
    result = rendered[piece.source]
    try:
        return restore(result.text, list(piece.held)) if result.verdict == OK else None
    except RestoreError:
        return None


def _removed(ladder: Ladder, sources: Sequence[str]) -> Share | None:
    """Tokens that the restriction takes away from sentences taken evenly from all, if the engine can tell."""
    count = getattr(ladder.engine, "removed", None)
    if count is None:
        return None
    lost = count(sources[:: math.ceil(len(sources) / _ASKED) or 1], ladder.language)
    return Share(lost.tokens, lost.of_tokens)


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names).most_common())


def _spans(pairs: Iterable[Pair]) -> Share:
    """Placeholders that came back exactly once, of all."""
    kept = whole = 0
    for pair in pairs:
        came = Counter(pair.placeholder.found.findall(pair.answer))
        there = pair.placeholder.found.findall(pair.source)
        kept, whole = kept + sum(came[number] == 1 for number in there), whole + len(there)
    return Share(kept, whole)


def _numbers(pairs: Iterable[Pair]) -> Share:
    """Sentences whose numbers, percentages and units the answer gives, of those that have a number."""
    asked = [pair for pair in pairs if numbers.source_numbers(pair.unnamed)]
    checks = (numbers.numbers, numbers.percentages, units.units)
    return Share(sum(not any(check(pair) for check in checks) for pair in asked), len(asked))


def _terms(pairs: Iterable[Pair], glossary: Glossary) -> Share:
    """Terms that the answer renders in an accepted way, of those that stand in the source."""
    if not glossary:
        return Share(0, 0)
    whole = missing = 0
    for pair in pairs:
        whole += len(glossary.find(pair.source))
        missing += len(glossary.missing(pair.source, pair.answer))
    return Share(whole - missing, whole)
