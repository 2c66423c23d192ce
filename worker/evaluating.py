"""Evaluate models, or one model in several ways, on the same lines, and lay what came of it side by side."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, cast, get_args

from django.conf import settings
from tqdm import tqdm

from digest.languages import Language
from digest.terms import Glossary
from worker.engine import NLLB, LanguageError, Settings
from worker.engines import options
from worker.evaluation import EvaluationError, Report, Scorer, Share, distinct, evaluate, references
from worker.examples import Example
from worker.ladder import Ladder, Terms
from worker.registry import InstalledModel, Registry
from worker.text.checks import OK
from worker.text.protection import FORMS
from worker.text.segments import pieces

ABOUT = {
    "beam": "width of the search, 1 to 8",
    "longest": "a sentence of more tokens than this (15 to 200) is translated clause by clause",
    "terms": "what the glossary is for: off, check (nothing is done) or force (missing terms are put in)",
    "vocabulary": "restricted, to what the language and the lines can need, or whole",
    "compute": "CTranslate2's type of computation: int8, float16, float32 …",
    "placeholder": "what stands for a formula: angle <v0>, word XZ0, braces {v0}, or profile, the model's own",
}
"""The settings, as they are explained on the command line."""
CHOICES: dict[str, Sequence[str]] = {
    "terms": get_args(Terms),
    "vocabulary": ("restricted", "whole"),
    "compute": settings.COMPUTE_TYPES.split(),
    "placeholder": ("profile", *FORMS),
}
RANGES = {"beam": (1, 8), "longest": (15, 200)}
"""As digest.models.Installation has them."""
_RUNGS = "greedy beam penalties placeholders pieces free terms".split()
Number = float | None
_ABOUT_P = "p: how likely a difference like this comes of the choice of lines alone (paired bootstrap)"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to translate: a model and its settings. `label` is what the person called it."""

    label: str
    model: str
    beam: int
    longest: int
    terms: str
    vocabulary: str
    compute: str
    placeholder: str = "profile"

    def changed(self, told: str) -> "Way":
        """This way but for what is told: `demo`, `beam=4`, `demo:beam=4:terms=off`. Raises EvaluationError."""
        if not told:
            raise EvaluationError("--compare: name a model or a setting.")
        changes: dict[str, Any] = {"label": told.removeprefix(":")}
        for place, part in enumerate(told.split(":")):
            name, equals, value = part.partition("=")
            if not equals and place == 0:
                changes |= {"model": name} if name else {}
            else:
                changes[name] = setting(name, value)
        return replace(self, **changes)

    @property
    def settings(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ABOUT}


def setting(name: str, value: str) -> int | str:
    """The value of a setting as a person writes it. Raises EvaluationError."""
    if name not in ABOUT:
        raise EvaluationError(f"There is no setting {name!r}. There are: {', '.join(ABOUT)}.")
    if name in RANGES:
        least, most = RANGES[name]
        if not value.isdecimal() or not least <= int(value) <= most:
            raise EvaluationError(f"{name} is a number from {least} to {most}, not {value!r}.")
        return int(value)
    choices = CHOICES[name]
    if value not in choices:
        raise EvaluationError(f"{name} is one of {', '.join(choices)}, not {value!r}.")
    return value


def first_way(model: str, given: Mapping[str, Any]) -> Way:
    """A model with the installation's own settings but for what is given. Raises EvaluationError."""
    if not model:
        raise EvaluationError("No model is in use: name one. See manage.py model list.")
    own = options()
    way = Way(model, model, own.beam, own.longest, own.terms, "restricted", settings.COMPUTE_TYPE)
    changes: dict[str, Any] = {
        name: setting(name, given[name]) for name in ABOUT if given.get(name) is not None
    }
    return replace(way, **changes)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A way, the model that it was, its report, and the p-values of its differences from the first way."""

    way: Way
    model: InstalledModel
    report: Report
    chances: dict[str, float]


def run(
    ways: Sequence[Way],
    registry: Registry,
    language: Language,
    examples: Sequence[Example],
    glossary: Glossary,
) -> list[Evaluated]:
    """Evaluate each way, one after another. Raises EvaluationError, EngineError."""
    scorer = Scorer(language)  # what can be wrong is found before hours of work
    models = [registry.get(way.model) for way in ways]
    for model in models:
        if not model.speaks(language):
            raise LanguageError(f"The model {model.name} does not know {language.name} ({language.flores}).")
    done: list[Evaluated] = []
    for way, model in zip(ways, models, strict=True):
        report = _evaluate(way, model, language, examples, glossary, scorer)
        first = done[0].report.answers if done else None
        chances = scorer.chances(first, report.answers, references(examples)) if first else {}
        done.append(Evaluated(way, model, report, chances))
    return done


def _evaluate(
    way: Way,
    model: InstalledModel,
    language: Language,
    examples: Sequence[Example],
    glossary: Glossary,
    scorer: Scorer,
) -> Report:
    # An engine of its own for each, since one keeps the vocabulary that it has been restricted to.
    shown = "" if way.placeholder == "profile" else way.placeholder
    engine = NLLB(
        model.folder, Settings(settings.DEVICE, way.compute, settings.THREADS, settings.BATCH_TOKENS, shown)
    )
    chosen = replace(options(), beam=way.beam, longest=way.longest, terms=cast(Terms, way.terms))
    total = len(distinct(pieces(example.source) for example in examples))
    try:
        with tqdm(desc=way.label, unit=" sentences", total=total, file=sys.stderr, disable=None) as bar:
            return evaluate(
                Ladder(engine, language, glossary, chosen),
                examples,
                scorer,
                restricted=way.vocabulary == "restricted",
                told=bar.update,
            )
    finally:
        engine.unload()


# --- the table --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of each report; `cells` are as printed, `values` what differences are taken of."""

    label: str
    values: Sequence[Number]
    cells: Sequence[str]
    decimals: int = 0
    chances: Sequence[float | None] = ()

    def difference(self, column: int) -> str:
        """From the first column."""
        one, other = self.values[0], self.values[column]
        if one is None or other is None:
            return ""
        text = f"{round(other - one, self.decimals) + 0.0:+,.{self.decimals}f}"  # no -0.0
        chance = self.chances[column] if self.chances else None
        return text if chance is None else f"{text} (p {chance:.3f})"


def table(done: Sequence[Evaluated]) -> Iterator[str]:
    """The lines of the table: a row for each figure, a column for each way and each difference from the first."""
    for evaluated in done:
        chosen = ", ".join(f"{name} {value}" for name, value in evaluated.way.settings.items())
        yield f"{evaluated.way.label}: {evaluated.model.identity}, {chosen}"
    yield ""
    rows = [row for group in _groups(done) for row in [None, *group]][1:]
    header = ["", done[0].way.label]
    for evaluated in done[1:]:
        header += [evaluated.way.label, "difference"]
    lines = [header, *([] if row is None else _line(row) for row in rows)]
    widths = [max(len(line[n]) for line in lines if line) for n in range(len(header))]
    for line in lines:
        padded = [cell.rjust(width) for cell, width in zip(line, widths, strict=True)] if line else []
        yield "  ".join([line[0].ljust(widths[0]), *padded[1:]]).rstrip() if line else ""
    yield ""
    yield from (f"{name}: {signature}" for name, signature in done[0].report.signatures.items())
    if len(done) > 1:
        yield _ABOUT_P


def _line(row: Row) -> list[str]:
    line = [row.label, row.cells[0]]
    for column in range(1, len(row.cells)):
        line += [row.cells[column], row.difference(column)]
    return line


def _groups(done: Sequence[Evaluated]) -> Iterator[list[Row]]:
    reports = [evaluated.report for evaluated in done]
    yield [_score(name, done) for name in reports[0].scores]
    shares: list[tuple[str, Callable[[Report], Share | None]]] = [
        ("left in English", lambda report: report.refused),
        ("formulas, addresses kept", lambda report: report.spans),
        ("numbers kept", lambda report: report.numbers),
        ("terms as in the glossary", lambda report: report.terms),
        ("removed by the vocabulary", lambda report: report.removed),
    ]
    yield [_share(label, [of(report) for report in reports]) for label, of in shares]
    for title, counts, order in (
        ("verdict", [report.verdicts for report in reports], (OK,)),
        ("note", [report.notes for report in reports], ()),
        ("rung", [report.rungs for report in reports], _RUNGS),
    ):
        came = dict.fromkeys(name for count in counts for name in count)
        names = [name for name in dict.fromkeys([*order, *came]) if name in came]
        yield [_plain(f"{title}: {name}", [count.get(name, 0) for count in counts]) for name in names]
    yield [
        _plain("source tokens", [report.tokens for report in reports]),
        _plain("source tokens a second", [report.speed for report in reports]),
        _plain("seconds", [report.seconds for report in reports], 1),
        _plain("seconds of loading before", [report.loading for report in reports], 1),
    ]


def _score(name: str, done: Sequence[Evaluated]) -> Row:
    values = [evaluated.report.scores[name] for evaluated in done]
    chances = [evaluated.chances.get(name) for evaluated in done]
    return Row(name, values, [f"{value:.1f}" for value in values], 1, chances)


def _share(label: str, shares: Sequence[Share | None]) -> Row:
    cells = [
        "–"
        if share is None or share.percent is None
        else f"{share.part:,} of {share.whole:,} = {share.percent:.1f} %"
        for share in shares
    ]
    return Row(label, [share.percent if share else None for share in shares], cells, 1)


def _plain(label: str, values: Sequence[float], decimals: int = 0) -> Row:
    return Row(label, values, [f"{value:,.{decimals}f}" for value in values], decimals)


# --- for programs -----------------------------------------------------------------------------


def as_json(done: Sequence[Evaluated], language: Language, examples: Sequence[Example]) -> str:
    """The same for programs, with every answer; the differences are of the scores, with their p-values."""
    return json.dumps(
        {
            "language": language.code,
            "lines": [asdict(example) for example in examples],
            "results": [_result(evaluated, done[0]) for evaluated in done],
        },
        ensure_ascii=False,
        indent=2,
    )


def _result(evaluated: Evaluated, first: Evaluated) -> dict[str, Any]:
    report = asdict(evaluated.report)
    for name in ("refused", "spans", "numbers", "terms", "removed"):
        share = getattr(evaluated.report, name)
        report[name] = {**asdict(share), "percent": share.percent} if share else None
    differences = {
        name: {"by": score - first.report.scores[name], "p": evaluated.chances[name]}
        for name, score in evaluated.report.scores.items()
        if evaluated is not first
    }
    return {
        "name": evaluated.way.label,
        "model": evaluated.model.identity,
        "settings": evaluated.way.settings,
        **report,
        "speed": evaluated.report.speed,
        "differences": differences,
    }
