"""The ladder: a sentence that fails its checks is tried again another way, and only then left in English.

    greedy        all sentences, fast
    beam          what was flagged, with a wider search
    penalties     against loops, or against dropped clauses
    terms         glossary terms put in their accepted rendering where none stands (if asked to)
    placeholders  another form of placeholder, then the parts around them, where a formula was lost
    pieces        clause by clause
    free          with the whole vocabulary of the model

Each rung is climbed only by the sentences that the last left with a finding it can help. Of all answers to a
sentence the one with the fewest findings is kept; one with a hard finding is never shown.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from digest.languages import Language
from digest.terms import Glossary
from worker.engine import GREEDY, Decoding, Engine, Output
from worker.text.checks import OK, SOFT, Pair, findings
from worker.text.clauses import cut
from worker.text.protection import ANGLE, BRACES, WORD, rewritten
from worker.text.typography import polish

Terms = Literal["off", "check", "force"]
TERMS = "terms"
_BEAM = Decoding(beam=5)
_AGAINST_LOOPS = Decoding(beam=5, no_repeat_ngram_size=3, repetition_penalty=1.2)
_AGAINST_GAPS = Decoding(beam=5, length_penalty=1.5, coverage_penalty=0.2)
_FREE = Decoding(beam=5, restricted=False)
_SHORT_PIECE = 20


@dataclass(frozen=True, slots=True)
class Options:
    """`longest` is in tokens: a longer sentence is translated in clauses from the first rung on. `terms` says
    what a glossary is for: `off`, `check` (a missing term is noted) or `force` (it is put in)."""

    longest: int = 45
    beam: int = 1
    least_score: float | None = None
    terms: Terms = "force"
    spacing: str = "none"


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of a sentence: its protected text in the target language, and what is to be said of it.

    `verdict` is `ok` or the hard finding that keeps it in English; `notes` are soft findings.
    """

    text: str
    score: float | None
    verdict: str
    rung: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    score: float | None
    rung: str
    found: tuple[str, ...]

    @property
    def hard(self) -> list[str]:
        return [finding for finding in self.found if finding not in SOFT and finding != TERMS]

    @property
    def rank(self) -> tuple[int, int, float]:
        return len(self.hard), len(self.found), -(self.score if self.score is not None else -99.0)


@dataclass(frozen=True, slots=True)
class _Rung:
    name: str
    helps: Callable[[_Candidate], bool]
    render: Callable[[list[str]], list[Output]]


@dataclass
class Ladder:
    """Translates protected sentences into one language by one engine."""

    engine: Engine
    language: Language
    glossary: Glossary = field(default_factory=lambda: Glossary(()))
    options: Options = field(default_factory=Options)

    def climb(self, sources: Sequence[str]) -> list[Rendered]:
        """What becomes of each sentence, in order. Raises EngineError where the engine does not answer."""
        best: list[_Candidate | None] = [None] * len(sources)
        for rung in self._rungs():
            todo = [n for n, known in enumerate(best) if known is None or (known.found and rung.helps(known))]
            outputs = rung.render([sources[n] for n in todo]) if todo else []
            for n, output in zip(todo, outputs, strict=True):
                judged = self._judge(sources[n], output, rung.name)
                known = best[n]
                best[n] = judged if known is None or judged.rank < known.rank else known
        return [self._rendered(candidate) for candidate in best if candidate is not None]

    def _rungs(self) -> list[_Rung]:
        first = replace(GREEDY, beam=self.options.beam)
        rungs = [
            _Rung("greedy" if first.beam == 1 else "beam", lambda _: True, self._plainly(first)),
            _Rung("beam", lambda c: first.beam < _BEAM.beam, self._plainly(_BEAM)),
            _Rung("penalties", lambda c: "loop" in c.found, self._plainly(_AGAINST_LOOPS)),
            _Rung("penalties", _lacks_something, self._plainly(_AGAINST_GAPS)),
            _Rung("placeholders", _lost_a_span, self._with_other_placeholders),
            _Rung("placeholders", _lost_a_span, self._around_placeholders),
            _Rung("pieces", lambda c: bool(c.hard), self._in_pieces),
            _Rung("free", lambda c: bool(c.hard), self._plainly(_FREE)),
        ]
        if self.options.terms == "force" and self.glossary:
            rungs.append(_Rung(TERMS, lambda c: TERMS in c.found and not c.hard, self._with_terms))
        return rungs

    def _judge(self, source: str, output: Output, rung: str) -> _Candidate:
        if output.too_long:
            return _Candidate("", None, rung, ("too long",))
        text = polish(output.text, self.language, spacing=self.options.spacing)
        pair = Pair(source, text, self.language, ANGLE, output.score)
        found = findings(pair, least_score=self.options.least_score)
        if self.options.terms != "off" and self.glossary and self.glossary.missing(source, text):
            found.append(TERMS)
        return _Candidate(text, output.score, rung, tuple(found))

    @staticmethod
    def _rendered(best: _Candidate) -> Rendered:
        verdict = best.hard[0] if best.hard else OK
        notes = tuple(finding for finding in best.found if finding not in best.hard)
        return Rendered(best.text, best.score, verdict, best.rung, notes)

    # The ways

    def _plainly(self, decoding: Decoding) -> Callable[[list[str]], list[Output]]:
        return lambda sources: self._joined([self._units(s, self.options.longest) for s in sources], decoding)

    def _in_pieces(self, sources: list[str]) -> list[Output]:
        return self._joined([self._units(s, _SHORT_PIECE) for s in sources], _FREE)

    def _units(self, source: str, longest: int) -> list[str]:
        return cut(source, longest, self.engine.length)

    def _joined(self, sentences: list[list[str]], decoding: Decoding) -> list[Output]:
        """Translate every piece of every sentence in one call, and put the pieces together again."""
        numbered = [_renumbered(piece) for pieces in sentences for piece in pieces]
        outputs = iter(self.engine.translate([source for source, _ in numbered], self.language, decoding))
        back = iter(numbered)
        joined = []
        for pieces in sentences:
            parts = []
            for _ in pieces:
                output, (_, numbers) = next(outputs), next(back)
                parts.append(replace(output, text=_numbered_back(output.text, numbers)))
            joined.append(self._one(pieces, parts))
        return joined

    def _one(self, pieces: Sequence[str], outputs: Sequence[Output]) -> Output:
        if len(outputs) == 1:
            return outputs[0]
        texts = [
            output.text if n == len(outputs) - 1 else _mid_sentence(output.text, piece, self.language)
            for n, (piece, output) in enumerate(zip(pieces, outputs, strict=True))
        ]
        scores = [output.score for output in outputs if output.score is not None]
        text = ("" if self.language.spaceless else " ").join(texts)
        too_long = any(output.too_long for output in outputs)
        return Output(text, min(scores, default=None), too_long)

    def _with_other_placeholders(self, sources: list[str]) -> list[Output]:
        """A made-up word instead of brackets, for a model that drops them; braces for one that is shown words."""
        other = BRACES if self.engine.placeholder is WORD else WORD
        changed = [rewritten(source, ANGLE, other) for source in sources]
        outputs = self.engine.translate(changed, self.language, _BEAM)
        return [replace(output, text=rewritten(output.text, other, ANGLE)) for output in outputs]

    def _around_placeholders(self, sources: list[str]) -> list[Output]:
        """Translate what stands between the placeholders, and leave them where they are: the last resort, since
        the word order of the source stays."""
        split = [re.split(f"({_BARE})", source) for source in sources]
        parts = [part for pieces in split for part in pieces if _has_words(part)]
        answers = iter(self.engine.translate([part.strip() for part in parts], self.language, _BEAM))
        outputs = []
        for pieces in split:
            texts: list[str] = []
            scores: list[float] = []
            for piece in pieces:
                answer = next(answers) if _has_words(piece) else None
                texts.append(answer.text if answer else piece.strip())
                scores += [answer.score] if answer and answer.score is not None else []
            text = " ".join(text for text in texts if text)
            outputs.append(Output(text, min(scores, default=None)))
        return outputs

    def _with_terms(self, sources: list[str]) -> list[Output]:
        """Hide the glossary's terms behind placeholders that come back as their preferred rendering."""
        hidden = [self._hide_terms(source) for source in sources]
        outputs = self._joined([[source] for source, _ in hidden], GREEDY)
        return [
            replace(output, text=_replaced(output.text, renderings))
            for output, (_, renderings) in zip(outputs, hidden, strict=True)
        ]

    def _hide_terms(self, source: str) -> tuple[str, dict[int, str]]:
        number = 1 + max((int(m[1]) for m in ANGLE.found.finditer(source)), default=-1)
        renderings: dict[int, str] = {}
        text, position = "", 0
        for found in self.glossary.find(source):
            renderings[number] = found.term.preferred
            text += source[position : found.start] + ANGLE.show(number)
            position, number = found.end, number + 1
        return text + source[position:], renderings


_BARE = r"<v\d+>"


def _lost_a_span(candidate: _Candidate) -> bool:
    return "placeholders" in candidate.found


def _lacks_something(candidate: _Candidate) -> bool:
    return bool({"short", "omission", "names", "numbers"} & set(candidate.found))


def _has_words(part: str) -> bool:
    return bool(re.search(r"[^\W\d_]", part)) and not re.fullmatch(_BARE, part)


def _renumbered(piece: str) -> tuple[str, list[int]]:
    """A piece with its placeholders numbered from 0, and their numbers in the sentence."""
    numbers: list[int] = []

    def number(match: re.Match[str]) -> str:
        numbers.append(int(match[1]))
        return ANGLE.show(len(numbers) - 1)

    return ANGLE.found.sub(number, piece), numbers


def _numbered_back(text: str, numbers: Sequence[int]) -> str:
    """The sentence's numbers again; one that the engine invented stays invented."""

    def number(match: re.Match[str]) -> str:
        own = int(match[1][:6])
        return ANGLE.show(numbers[own]) if own < len(numbers) else match[0]

    return ANGLE.found.sub(number, text)


def _mid_sentence(text: str, piece: str, language: Language) -> str:
    """A translated clause that others follow: it does not end as a sentence unless its source does."""
    if piece.rstrip()[-1:] in ".!?":
        return text
    bare = text.rstrip().rstrip(".。!！?？")
    mark = {";": "；", ":": "：", ",": "，"}.get(piece.rstrip()[-1:], "，")
    if language.script in ("Hans", "Hant"):
        return bare if bare[-1:] in "，；：、" else bare + mark
    return bare


def _replaced(text: str, renderings: dict[int, str]) -> str:
    def rendering(match: re.Match[str]) -> str:
        return renderings.get(int(match[1][:6]), match[0])

    return ANGLE.found.sub(rendering, text)
