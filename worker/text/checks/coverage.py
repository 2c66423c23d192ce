"""Whether the answer says as much as the source: its length, its clauses, its negations.

NLLB drops clauses of longer sentences without a word (fairseq#5549: English to Chinese over 30 tokens comes
half). Ratios are characters of the answer to characters of the source, both without placeholders; the bounds
come from 304 references, 3,000 sentences of the demonstration's grammar and 95,000 paragraphs of one sentence
of Debian's package descriptions in 16 languages (tests/benchmarks/checks.py has the first two).
"""

import re
from typing import NamedTuple

from worker.text.checks.pair import Pair


class Bounds(NamedTuple):
    """Below `least` and above `most` no answer is one; below `usual` a clause is probably missing."""

    least: float
    usual: float
    most: float


_HAN = Bounds(0.12, 0.20, 1.1)
_BOUNDS = {
    "Hans": _HAN,
    "Hant": _HAN,
    "Jpan": Bounds(0.18, 0.33, 1.5),
    "Hang": Bounds(0.18, 0.35, 1.5),
    "Latn": Bounds(0.35, 0.62, 2.6),
    "Cyrl": Bounds(0.30, 0.55, 2.6),
    "Grek": Bounds(0.35, 0.60, 2.6),
}
_OTHERS = Bounds(0.20, 0.40, 2.6)
"""Arabic and Hebrew leave vowels out, Ethiopic writes syllables; there was nothing to measure on."""
_SHORT, _LONG = 20, 60
_CLAUSE = re.compile(
    r"[;:—]\s|,\s(?:(?:and|but|or|so|yet)\s)?(?=(?:which|where|who|whose|while|whereas|although|though|because|since|"
    r"if|when|we|it|they|this|that|these|its|our|then|thus|unlike|making|leading|resulting|using|with|without|"
    r"achieving|showing|suggesting|improving|reducing|allowing|enabling|compared|outperforming)\b)",
    re.IGNORECASE,
)
_STOP = re.compile(r"[，,；;：:、。—،؛](?=.)")
_CLAUSES_USUAL = 1.22
"""With three clauses that became one, a ratio this much above `usual` is already suspect."""
_NEGATED = re.compile(
    r"\b(?:not|no|never|neither|nor|none|nothing|nobody|without|cannot|fails? to|failed to|unable|lacks?)\b|n['’]t\b",
    re.IGNORECASE,
)
_NOT_NEGATED = re.compile(
    r"\b(?:not only|not just|whether or not|nothing but|no\. ?\d|not to mention|no matter|not until|if not|"
    r"(?:no|not) (?:less|more|fewer|later) than)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    "未(?!来|來)|[无無](?![线線人监監限穷窮论論])|非(?![线線凸参參平常])|不(?![断斷等仅僅但])|否(?!则|則)|[没沒勿免难難缺]"
)
"""In Chinese, of both kinds; not 未来 (future), 无监督 (unsupervised), 非常 (very), 不仅 (not only) and their like."""


def length(pair: Pair) -> str | None:
    """`short` or `long`: nobody translates so."""
    source, answer = len(pair.bare_source), len(pair.bare)
    if source < _SHORT:
        return "long" if answer > 8 * max(source, 6) else None
    bounds = bounds_of(pair)
    if answer < bounds.least * source:
        return "short"
    return "long" if answer > bounds.most * max(source, 2 * _SHORT) else None


def omission(pair: Pair) -> str | None:
    """`omission` where an answer is shorter than all but one of a thousand, or short and of fewer clauses."""
    source = len(pair.bare_source)
    if source < _LONG:
        return None
    ratio = len(pair.bare) / source
    usual = bounds_of(pair).usual
    if ratio < usual:
        return "omission"
    if ratio > usual * _CLAUSES_USUAL:
        return None
    clauses = 1 + len(_CLAUSE.findall(pair.bare_source))
    return "omission" if clauses >= 2 and clauses >= 2 + len(_STOP.findall(pair.bare)) else None


def negation(pair: Pair) -> str | None:
    """`negation` where a source that denies something has an answer that denies nothing (Chinese)."""
    if pair.script not in ("Hans", "Hant") or _DENIES.search(pair.bare):
        return None
    if not _NEGATED.search(pair.bare_source):
        return None
    return "negation" if _NEGATED.search(_NOT_NEGATED.sub(" ", pair.bare_source)) else None


def bounds_of(pair: Pair) -> Bounds:
    """The bounds of the target's script."""
    return _BOUNDS.get(pair.script, _OTHERS)
