"""Names of authors, as arXiv lists them ("First Last"), taken apart as reference managers want them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV")
_PARTICLES = {"Van", "Von", "De", "Der", "Den", "Del", "Della"}
"""Written with a capital, they still belong to the surname: Luc Van Gool."""
_COLLECTIVE = re.compile(
    r"\b(?:collaborations?|consortium|teams?|group|project|committee|network|institute|university|laborator(?:y|ies)"
    r"|cent(?:er|re)|foundation|society|observatory|contributors|authors)\b|\b(?:for|on behalf of)\s+the\b|\band\b|&",
    re.IGNORECASE,
)
_AFFILIATION = re.compile(r"\s*\([^()]*\)\s*\Z")
_PARTING = set(",;()[]{}\\$")
"""What no person's name has: a name with one of them is left whole."""


@dataclass(frozen=True, slots=True)
class Name:
    """A person, or a name that can't be taken apart (`literal`): a collaboration, a single word."""

    given: str = ""
    family: str = ""
    """With its particles: van den Broeck."""
    suffix: str = ""
    literal: str = ""

    @property
    def inverted(self) -> str:
        """Last, First, Jr. (the order of RIS); a name that can't be taken apart as it is."""
        return self.literal or ", ".join(part for part in (self.family, self.given, self.suffix) if part)

    @property
    def surname(self) -> str:
        return self.family or self.literal


def names(authors: Iterable[str]) -> list[Name]:
    """The authors without their affiliations; a suffix that a comma parted from its name is joined again."""
    told: list[str] = []
    for author in authors:
        plain = _without_affiliation(folded(author))
        if told and _SUFFIX.fullmatch(plain):
            told[-1] += f" {plain}"
        elif plain:
            told.append(plain)
    return [parse(name) for name in told]


def parse(name: str) -> Name:
    """One name. Surnames of several words are known by their particles only (`Guy Van den Broeck`): nothing else
    in a plain list of names tells them."""
    words = name.split()
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    if len(words) < 2 or _COLLECTIVE.search(name) or not _PARTING.isdisjoint(name):
        return Name(literal=name)
    start = len(words) - 1
    while start > 1 and (words[start - 1] in _PARTICLES or words[start - 1][0].islower()):
        start -= 1
    return Name(" ".join(words[:start]), " ".join(words[start:]), suffix)


def _without_affiliation(name: str) -> str:
    while (shorter := _AFFILIATION.sub("", name)) != name:
        if not shorter:
            return name
        name = shorter
    return name


CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def folded(text: str) -> str:
    """A value on one line: any white space is one blank (line breaks of every kind too), control characters and
    halves of surrogate pairs are gone."""
    return " ".join(CONTROLS.sub("", text).split())
