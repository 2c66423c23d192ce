"""What nouns say to people: marked for translation where it is written, said in the reader's language at the door.

Nouns know no Django, so `gettext_noop` is here too: makemessages finds what to translate by that name.
"""

from collections.abc import Callable


def gettext_noop(text: str) -> str:
    """Marks a string for translation; it stays as it is."""
    return text


class WordedError(ValueError):
    """Its message is in English; `words`, with `values` put in, is what a page translates."""

    def __init__(self, words: str, /, **values: object) -> None:
        self.words, self.values = words, values
        super().__init__(self.said(str))

    def said(self, translate: Callable[[str], str]) -> str:
        """Its message as a translator of words, `gettext` mostly, says it. Without values a percent sign is one."""
        words = translate(self.words)
        return words % self.values if self.values else words
