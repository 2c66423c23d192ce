"""Why a sentence stays in English, in words for people. The verdicts are those of worker.text.checks, and what
worker.translate adds to them."""

from django.utils.translation import gettext as _


def words(verdict: str) -> str:
    """The reason; empty for a good sentence, and the verdict itself where nobody has put it in words."""
    known = {
        "ok": "",
        "crash": _("the engine failed on it three times"),
        "language": _("the model does not know the language"),
        "too long": _("it is too long for the model"),
        "placeholders": _("the model lost or doubled a formula or an address"),
        "unknown": _("the model wrote signs that it does not know"),
        "loop": _("the model repeated itself"),
        "short": _("the model left something out"),
        "long": _("the model added something"),
        "echo": _("the model gave the English back"),
        "empty": _("the model said nothing"),
        "script": _("most of the answer is in another script"),
        "numbers": _("a number was lost or changed"),
        "percent": _("a percentage was lost or changed"),
        "units": _("a unit was lost or changed"),
        "misspelt": _("a name was misspelt"),
    }
    return known.get(verdict, verdict)
