"""A protected sentence and its answer, in the forms that the checks look at."""

import re
from dataclasses import dataclass
from functools import cached_property

from digest.languages import Language
from worker.text.checks import identifiers
from worker.text.protection import Placeholder

_ZEROS = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0BE6, 0x0C66, 0x0E50, 0x17E0)
"""Zero in the scripts that digest.languages offers: Arabic, Persian, Devanagari, Bengali, Tamil, ..."""
_PLAIN = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full width
    | {zero + n: 0x30 + n for zero in _ZEROS for n in range(10)}
    | str.maketrans("٪٫٬−﹪\u00a0\u2007\u2009\u202f\u3000", "%.,-%     ")
)
_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_BLANK = "\x00"
SEPARATORS = re.compile(r"[-‐‑–&+.\s]+")
"""What may stand between the parts of a name."""
EAST = frozenset({"Hans", "Hant", "Jpan", "Hang"})
"""Scripts that write numbers as English does and count in ten thousands."""
HAN = frozenset({"Hans", "Hant", "Jpan"})


@dataclass(frozen=True)
class Pair:
    """`source` is the protected English sentence, `answer` what the engine made of it, with the same
    placeholders; `score` is the mean log-probability of a token, if the engine gave one."""

    source: str
    answer: str
    language: Language
    placeholder: Placeholder
    score: float | None = None

    @cached_property
    def bare_source(self) -> str:
        """The source without placeholders."""
        return self.placeholder.found.sub(" ", self.source).strip()

    @cached_property
    def bare(self) -> str:
        """The answer without placeholders."""
        return self.placeholder.found.sub(" ", self.answer).strip()

    @cached_property
    def plain_source(self) -> str:
        """The bare source with ASCII digits, signs and spaces, whatever width or script they had."""
        return self.bare_source.translate(_PLAIN)

    @cached_property
    def plain(self) -> str:
        """The bare answer, likewise."""
        return self.bare.translate(_PLAIN)

    @cached_property
    def compact(self) -> str:
        """The plain answer without separators: CIFAR10 of `CIFAR-10`."""
        return SEPARATORS.sub("", self.plain)

    @cached_property
    def words(self) -> list[str]:
        """The English words of the source."""
        return _WORD.findall(self.plain_source)

    @cached_property
    def answer_words(self) -> list[str]:
        """The words in Latin letters of the answer."""
        return _WORD.findall(self.plain)

    @cached_property
    def prose(self) -> list[str]:
        """The source's words that are no names, in small letters."""
        return [word.lower() for word in self.words if not identifiers.namelike(word)]

    @cached_property
    def answer_prose(self) -> list[str]:
        """The same of the answer's words in Latin letters."""
        return [word.lower() for word in self.answer_words if not identifiers.namelike(word)]

    @cached_property
    def names(self) -> list[identifiers.Name]:
        """Acronyms and identifiers of the source."""
        return identifiers.find(self.plain_source)

    @cached_property
    def unnamed(self) -> str:
        """The plain source with its identifiers blanked, so that the 4 of `GPT-4` is no number."""
        parts, done = [], 0
        for name in self.names:
            parts += [self.plain_source[done : name.start], _BLANK * (name.end - name.start)]
            done = name.end
        return "".join([*parts, self.plain_source[done:]])

    @cached_property
    def unnamed_answer(self) -> str:
        """The plain answer with the source's identifiers blanked where they came back as they were."""
        text = self.plain
        for name in sorted({name.text for name in self.names}, key=len, reverse=True):
            text = text.replace(name, _BLANK * len(name))
        return text

    @cached_property
    def script(self) -> str:
        """ISO 15924 code of the target script."""
        return self.language.script
