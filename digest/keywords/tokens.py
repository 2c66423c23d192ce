"""The signs of the language of rules: a text becomes words, phrases, operators, fields and parentheses."""

import re
from dataclasses import dataclass

from digest.keywords.phrases import KeywordError
from digest.wording import gettext_noop

TWINS = str.maketrans("“”„‟＂«»「」『』（）：＊－", '"""""""""""():*-')
"""What keyboards for Chinese and curly quotes put for the signs of the language, one for one."""
_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<open>\() | (?P<close>\))
    | (?P<quote>")
    | (?P<field>(?<![^\s(\-])[A-Za-z]{1,12}:(?!//)(?=\S)|(?<![^\s(\-])(?i:ti|abs|au|cat|all):)
    | (?P<minus>(?<![^\s(:])-(?=[^\s\-]))
    | (?P<word>(?:\\"|[^\s"()])+)
    """,
    re.VERBOSE,
)
_CLOSING = re.compile(r'(?<!\\)"')
_OPERATORS = ("AND", "OR", "NOT", "ANDNOT")


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is word, phrase, operator, field, minus, open or close; `start` its place in the text."""

    kind: str
    text: str
    start: int


def tokens_of(shown: str, text: str) -> list[Token]:
    """What stands in a text, by `shown`, which is the text with `TWINS` put in. Raises KeywordError."""
    found: list[Token] = []
    position = 0
    while position < len(shown):
        match = _TOKEN.match(shown, position)
        assert match, "every sign is of some kind"
        kind, start = str(match.lastgroup), position
        position = match.end()
        if kind == "quote":
            closing = _CLOSING.search(shown, position)
            if not closing:
                words = gettext_noop('This quote is not closed: put a second " behind the phrase.')
                raise KeywordError(words).at(text, start)
            found.append(Token("phrase", text[position : closing.start()], start))
            position = closing.end()
        elif kind == "word" and match[0] in _OPERATORS:
            found.append(Token("operator", match[0], start))
        elif kind != "space":
            taken = text[start:position] if kind == "word" else match[0]
            found.append(Token(kind, taken, start))
    return found


def is_plain(text: str) -> bool:
    """Whether a text is one phrase to this language, without quotes."""
    try:
        return plain(tokens_of(text.translate(TWINS), text))
    except KeywordError:
        return False


def plain(tokens: list[Token]) -> bool:
    """Whether these are one phrase without quotes. A * that stands alone among words is a sign as any other."""
    if not all(token.kind == "word" for token in tokens):
        return False
    starred = [token.text.translate(TWINS) for token in tokens]
    if any(word.endswith("*") and word.strip("*") for word in starred):
        return False
    return not (starred and all(word.strip("*") == "" for word in starred))
