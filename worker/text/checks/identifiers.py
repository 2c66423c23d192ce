"""Acronyms and identifiers in English text: GPT-4o, ImageNet-1k, CREDO, LLMs, word2vec."""

import re
from typing import NamedTuple


class Name(NamedTuple):
    """`text` as it must come back (LLM of `LLMs`); the span is the whole token's."""

    start: int
    end: int
    text: str


_TOKEN = re.compile(r"(?<![\w\\])[A-Za-z][A-Za-z0-9]*(?:[-&+.][A-Za-z0-9]+)*(?![\w])")
_SEED = re.compile(r"(?<=[A-Za-z&.+-])[A-Z0-9]")
_PARTS = re.compile(r"([-+.])")
_NAMELIKE = re.compile(
    r"[A-Za-z0-9&]*(?:[A-Z][A-Za-z0-9&]*[A-Z]|[a-z][A-Z]|[A-Z][A-Za-z]*\d|[a-z]{2}\d+[a-z]{2})"
)
_ROMAN = re.compile(r"(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})")
_CAPITALISED = re.compile(r"[A-Z][a-z]{2,}")
_PLURAL = re.compile(r"(?<=[A-Z0-9])(?:s|es)$")
_EMPHASISED = frozenset(
    "ALL AND AS AT BUT BY FOR FROM IF IN IS IT NO NOT OF ON ONLY OR SO THE TO WITH".split()
)
_ORDINARY = frozenset(
    """algorithm appendix bottom case chapter class column day definition equation example experiment factor fig
    figure grade group layer lemma level line method mode model month order page part phase point problem
    proposition question rank round row section stage step system table task test theorem tier top track type
    version week year zero""".split()
)
"""Words that a number may follow without making a name: Top-5, Type-2, Level-3."""


_UNITS = frozenset("dB eV GB GeV GHz GW kB KB kHz keV kV kW mA MB MeV MHz mV mW MW PB TB TeV THz TW".split())
"""Units may be translated; worker.text.checks.units looks after them."""


def find(text: str) -> list[Name]:
    """The names of a text; none in a text that is printed in capitals throughout."""
    if not _SEED.search(text) or _shouted(text):
        return []
    names: list[Name] = []
    for token in _TOKEN.finditer(text):
        if token[0].islower() and token[0].isalpha():
            continue
        names += _names(token[0], token.start())
    return names


def namelike(word: str) -> bool:
    """Whether a word looks like an acronym or an identifier by itself."""
    if word[1:].islower() and word.isalpha():
        return False
    return (
        bool(_NAMELIKE.match(word))
        and word not in _EMPHASISED
        and word not in _UNITS
        and not _ROMAN.fullmatch(word)
    )


def _names(token: str, start: int) -> list[Name]:
    """The names in a token: one in `GPT-4o` and in `CNN-based`, two in `CLIP-ViT`, none in `Vision-Language`."""
    names: list[Name] = []
    open_end = -1  # where a name ends that a number may continue
    position = start
    for part in _PARTS.split(token):
        end = position + len(part)
        if part in ("-", "+", "."):
            open_end = end if open_end == position else -1
        elif open_end == position and part[:1].isdigit():
            names[-1] = Name(names[-1].start, end, token[names[-1].start - start : end - start])
            open_end = end
        elif namelike(part):
            names.append(Name(position, end, _PLURAL.sub("", part)))
            open_end = end
        elif _numbered(part, token[end - start :]):
            names.append(Name(position, end, part))
            open_end = end
        position = end
    return names


def _numbered(word: str, rest: str) -> bool:
    """Whether a capitalised word and the number behind it are a name: Llama-3, not Top-5."""
    return bool(re.match(r"-\d", rest) and _CAPITALISED.fullmatch(word) and word.lower() not in _ORDINARY)


def _shouted(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return letters > 20 and sum(map(str.isupper, text)) > 0.6 * letters
