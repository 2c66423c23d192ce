"""The proof of a day, category by category: what arXiv declared, what of it is here, and what went wrong on the way.

A digest keeps it as JSON from the moment at which it was made; `line` says it to a reader.
"""

from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from digest.arxiv_days import EASTERN

_SOURCES = {"listing": "arXiv's listing page", "catchup": "arXiv's catch-up page", "api": "arXiv's API"}
_DELAYED = ("stale", "empty", "partial")


class Row(Protocol):
    """An announcement, as far as its proof goes."""

    @property
    def state(self) -> str: ...
    @property
    def declared(self) -> int: ...
    @property
    def stored(self) -> int: ...
    @property
    def seen(self) -> Any: ...
    @property
    def complete_at(self) -> datetime | None: ...


def proof_of(code: str, row: Row | None) -> dict[str, Any]:
    """What is known of a category on a day. `state` is the announcement's, or missing; `stale_until` is when a feed
    that had not been right was made good; `source` is where the papers came from, if not from the feed."""
    if row is None or row.state == "expected":
        return {"category": code, "state": "missing", "declared": None, "stored": 0}
    found: dict[str, Any] = {
        "category": code,
        "state": row.state,
        "declared": row.declared,
        "stored": row.stored,
    }
    brought = next((d for d in reversed(row.seen) if d["stored"] == row.stored and d["declared"]), None)
    if brought and brought["source"] in _SOURCES:
        found["source"] = brought["source"]
    first_wrong = next((d["state"] for d in row.seen if d["state"] in _DELAYED), None)
    if first_wrong and row.complete_at and len(row.seen) > 1:
        found |= {"was": first_wrong, "stale_until": row.complete_at.isoformat(timespec="seconds")}
    return found


def line(proof: dict[str, Any]) -> str:
    """The same for a reader, in US Eastern as arXiv counts: `cs.AI: 425 of 425 papers; its feed was stale until
    21:40 ET, taken from arXiv's catch-up page`."""
    code, state = proof["category"], proof["state"]
    told = {
        "missing": _("no announcement was seen"),
        "stale": _("arXiv's feed still showed the day before"),
        "empty": _("arXiv's feed was empty"),
        "holiday": _("arXiv had a holiday"),
        "weekend": _("arXiv announces nothing on this day"),
        "partial": _("only %(stored)s of %(declared)s papers could be read") % proof,
        "early": _("%(stored)s of %(declared)s papers, from the listing page before the feed") % proof,
        "complete": _("%(stored)s of %(declared)s papers") % proof,
    }
    if state == "partial" and proof.get("source") == "api":
        told["partial"] = (
            _(
                "%(stored)s papers from arXiv's API, which does not tell what was announced when; some may be missing"
            )
            % proof
        )
    text = f"{code}: {told.get(state, state)}"
    if day := proof.get("day"):  # one that the digest makes up for
        text = f"{day} {text}"
    if until := proof.get("stale_until"):
        at = datetime.fromisoformat(until).astimezone(EASTERN).strftime("%H:%M")
        wrong = _("was empty") if proof.get("was") == "empty" else _("was stale")
        text += _("; its feed %(wrong)s until %(at)s ET") % {"wrong": wrong, "at": at}
    if proof.get("source") == "catchup":
        text += _(", taken from arXiv's catch-up page")
    return text
