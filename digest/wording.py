"""What nouns say to people: marked for translation where it is written, said in the reader's language at the door.

Nouns know no Django, so `gettext_noop` is here too: makemessages finds what to translate by that name.
"""


def gettext_noop(text: str) -> str:
    """Marks a string for translation; it stays as it is."""
    return text


class WordedError(ValueError):
    """Its message is in English; `words`, with `values` put in, is what a page translates."""

    def __init__(self, words: str, /, **values: object) -> None:
        super().__init__(words % values if values else words)
        self.words, self.values = words, values
