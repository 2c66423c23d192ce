"""What must not be translated: hidden behind placeholders, and brought back exactly once.

The placeholder's form belongs to the model (`<v0>` for the demonstration model, which has it in its
vocabulary). An engine may space it out, widen its brackets, lose it or double it: `restore` reads the
first two and refuses the others.
"""

import re
from collections import Counter
from dataclasses import dataclass

from digest import tex

# Every repetition is bounded or begins where a run begins: text of 20,000 openers costs milliseconds.
_MORE = re.compile(
    r"""
      (?P<code>(?<![\w`])`(?=\S)[^`'\n]{1,120}(?<=\S)`(?![\w`]))
    | (?P<email>(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,}\b)
    | (?P<doi>\b(?:doi:\s?)?10\.\d{4,9}/[^\s;,)\]]{0,200}[^\s;,.)\]])
    | (?P<arxiv>\barXiv:\s?\d{4}\.\d{4,5}(?:v\d{1,3})?|\barXiv:\s?[a-z-]{2,10}(?:\.[A-Z]{2})?/\d{7})
    | (?P<command>\\[A-Za-z]++\*?(?:\[[^\[\]{}]{0,100}\])?(?:[ ]?\{[^{}]{0,300}\})*)
    | (?P<domain>(?<![\w.-])(?:[\w-]{1,63}\.){1,8}(?:com|org|io|net|edu|ai|dev|gov|cn)/
          [^\s;,)\]]{0,200}[^\s;,.)\]])
    """,
    re.VERBOSE,
)
_DIGITS = 6  # int() refuses thousands


class RestoreError(ValueError):
    """The engine lost, doubled or invented a placeholder; the message says which."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """How a model is shown a protected span: `form.format(0)`, and how it may come back."""

    form: str
    pattern: str

    def show(self, number: int) -> str:
        return self.form.format(number)

    @property
    def found(self) -> re.Pattern[str]:
        return re.compile(self.pattern)


ANGLE = Placeholder("<v{}>", r"[<＜〈]\s*[vV]\s*(\d+)\s*[>＞〉]")
"""The form in which the memory keeps sentences, whatever a model is shown."""
WORD = Placeholder("XZ{}", r"\bXZ\s?(\d{1,3})\b")
BRACES = Placeholder("{{v{}}}", r"[{｛]\s*[vV]\s*(\d+)\s*[}｝]")
FORMS = {"angle": ANGLE, "word": WORD, "braces": BRACES}
"""What a model's profile may say that it is shown: which form a model copies best depends on what it has learnt."""


def rewritten(text: str, form: Placeholder, other: Placeholder) -> str:
    """The text with its placeholders in another form."""
    if form is other:
        return text
    return form.found.sub(lambda match: other.show(int(match[1][:_DIGITS])), text)


def spans(text: str, placeholder: Placeholder = ANGLE) -> list[tex.Span]:
    """Formulas, addresses, identifiers and commands, and whatever looks like a placeholder.

    Names (`GPT-4o`, `ImageNet-1k`), numbers and citations (`[3, 5]`) stay in the sentence: every mask
    costs quality, and a model copies them. Whether they came through is asked after translation.
    """
    found = [tex.Span(m.start(), m.end(), "code") for m in _MORE.finditer(text)]
    shown = [tex.Span(m.start(), m.end(), "code") for m in placeholder.found.finditer(text)]
    return tex.apart(tex.apart(tex.spans(text), shown), found)


def restore(text: str, held: list[str], placeholder: Placeholder = ANGLE) -> str:
    """Put back what is held. Raises RestoreError unless every placeholder came back exactly once."""
    numbers = placeholder.found.findall(text)
    if any(len(number) > _DIGITS for number in numbers):
        raise RestoreError("a placeholder was invented that has no number")
    came = Counter(map(int, numbers))
    lost = [n for n in range(len(held)) if came[n] == 0]
    doubled = [n for n in came if came[n] > 1]
    invented = [n for n in came if n >= len(held)]
    if lost or doubled or invented:
        raise RestoreError(f"placeholders lost {lost}, doubled {doubled}, invented {invented}")
    return placeholder.found.sub(lambda match: held[int(match[1])], text)
