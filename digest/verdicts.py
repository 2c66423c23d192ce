"""Why a sentence stays in English, in words for people. The verdicts are those of worker.text.checks, and what
worker.translate adds to them."""

from django.utils.translation import gettext, gettext_noop

KNOWN = {
    "ok": "",
    "crash": gettext_noop("the engine failed on it three times"),
    "language": gettext_noop("the model does not know the language"),
    "too long": gettext_noop("it is too long for the model"),
    "placeholders": gettext_noop("the model lost or doubled a formula or an address"),
    "unknown": gettext_noop("the model wrote signs that it does not know"),
    "loop": gettext_noop("the model repeated itself"),
    "short": gettext_noop("the model left something out"),
    "long": gettext_noop("the model added something"),
    "echo": gettext_noop("the model gave the English back"),
    "empty": gettext_noop("the model said nothing"),
    "script": gettext_noop("most of the answer is in another script"),
    "numbers": gettext_noop("a number was lost or changed"),
    "percent": gettext_noop("a percentage was lost or changed"),
    "units": gettext_noop("a unit was lost or changed"),
    "misspelt": gettext_noop("a name was misspelt"),
}


def words(verdict: str) -> str:
    """The reason; empty for a good sentence, and the verdict itself where nobody has put it in words."""
    known = KNOWN.get(verdict, verdict)
    return gettext(known) if known else ""
