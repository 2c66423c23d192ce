"""A title or an abstract as the engine gets it, sentence by sentence, and as the reader gets it back."""

import re
from dataclasses import dataclass

from digest import tex
from digest.languages import Language
from worker.text.protection import ANGLE, Placeholder, spans
from worker.text.sentences import split


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence of a text.

    `text` is the sentence as it is read; `source` is the same with placeholders, numbered from 0
    in every sentence so that equal sentences are equal; `held` is what they stand for.
    """

    paragraph: int
    text: str
    source: str
    held: tuple[str, ...]

    @property
    def translatable(self) -> bool:
        """Whether there is a word left to translate once the placeholders are taken out."""
        return bool(re.search(r"[^\W\d_]{2}", _PLACEHOLDERS.sub(" ", self.source)))


_PLACEHOLDERS = ANGLE.found
_END_MARKS = tuple(".!?:;")


def pieces(announced: str, *, title: bool = False, placeholder: Placeholder = ANGLE) -> list[Piece]:
    """The sentences of a text as announced (TeX, paragraphs separated by newlines).

    A title is one sentence. Formulas and addresses are masked before anything is split, so no
    cut ever falls into one.
    """
    out: list[Piece] = []
    for number, paragraph in enumerate(_paragraphs(tex.readable(announced))):
        masked, held = tex.mask(paragraph, spans(paragraph, placeholder))
        for sentence in [" ".join(masked.split())] if title else split(masked):
            out.append(_piece(number, sentence, held, placeholder))
    return [piece for piece in out if piece.text]


def _paragraphs(text: str) -> list[str]:
    """Paragraphs, less those that only an author's indented lines made: a sentence that goes on in small
    letters behind a line without an end mark goes on."""
    joined: list[str] = []
    for line in text.split("\n"):
        if joined and line[:1].islower() and joined[-1].rstrip()[-1:] not in _END_MARKS:
            joined[-1] = f"{joined[-1].rstrip()} {line}"
        else:
            joined.append(line)
    return joined


def _piece(number: int, masked: str, held: list[str], placeholder: Placeholder) -> Piece:
    own: list[str] = []

    def renumber(match: re.Match[str]) -> str:
        own.append(tex.unmask(match[0], held))
        return placeholder.show(len(own) - 1)

    source = tex.MASKED.sub(renumber, masked)
    return Piece(number, tex.unmask(masked, held), source, tuple(own))


def join(sentences: list[tuple[int, str, bool]], language: Language) -> str:
    """Sentences (paragraph, text, translated) as one text, paragraphs separated by newlines.

    Between two sentences in a script without spaces there is none; a sentence left in English
    keeps its distance.
    """
    paragraphs: dict[int, str] = {}
    before_foreign = False
    for paragraph, text, translated in sentences:
        foreign = not (translated and language.spaceless)
        so_far = paragraphs.get(paragraph, "")
        gap = " " if so_far and (foreign or before_foreign) else ""
        paragraphs[paragraph] = so_far + gap + text
        before_foreign = foreign
    return "\n".join(paragraphs[number] for number in sorted(paragraphs))
