"""The verbs of the pipeline and what a run of one counts, in words for people; what nobody has put in words is its
own name."""

from typing import Any

from django.utils.translation import gettext as _

from digest.models import Announcement


def words(verb: str) -> str:
    known = {
        "fetch": _("fetch"),
        "heal": _("heal"),
        "match": _("match"),
        "translate": _("translate"),
        "publish": _("publish"),
        "deliver": _("deliver"),
        "index": _("index"),
        "download": _("download"),
        "prove": _("prove the model on"),
    }
    return known.get(verb, verb)


def run(verb: str, subject: str) -> str:
    """What a run does and to what (a category, a day, a reader): `fetch cs.LG`."""
    told = _("new keywords") if subject == "new keywords" else subject
    return f"{words(verb)} {told}".strip()


def count(name: str, value: Any) -> str:
    """One thing that a run counts, or a word about it: `papers 2`."""
    known = {
        "again": _("again"),
        "bytes": _("bytes"),
        "day": _("day"),
        "days": _("missed days"),
        "declared": _("declared"),
        "flagged": _("flagged"),
        "keywords": _("keywords"),
        "matches": _("matches"),
        "new": _("new digest"),
        "papers": _("papers"),
        "parsed": _("parsed"),
        "reason": _("reason"),
        "sent": _("sent"),
        "sentences": _("sentences"),
        "state": _("state"),
        "stored": _("stored"),
        "versions": _("versions"),
    }
    said = {
        "all is in": _("all is in"),
        "the deadline has passed": _("the deadline has passed"),
        "False": _("no"),
        "True": _("yes"),
        **{state.value: str(state.label) for state in Announcement.State},
    }
    return f"{known.get(name, name)} {said.get(str(value), value)}"
