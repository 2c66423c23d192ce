"""Where papers come from: what each source has brought of late, what forbids it, and its switch."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digest import audit, models

DAYS = timedelta(days=14)
SOURCES = {
    "listing": gettext_lazy("arXiv's listing pages, four hours before the feeds"),
    "rss": gettext_lazy("arXiv's RSS feeds"),
    "atom": gettext_lazy("arXiv's Atom feeds"),
    "catchup": gettext_lazy("arXiv's catch-up pages"),
    "api": gettext_lazy("arXiv's API"),
}
"""As the ledger calls them (`Announcement.seen`)."""


def sources(request: HttpRequest, each_context: dict[str, Any]) -> HttpResponse:
    """The page; a POST turns the listing pages on or off."""
    if not request.user.has_perm("digest.change_installation"):
        raise PermissionDenied
    if request.method == "POST":
        turn(request, request.POST.get("early") == "on")
        return redirect("admin:sources")
    documents, states = _came(timezone.now())
    rows = [
        {"name": name, "words": words, "documents": documents[name], "states": states.get(name, {}).items()}
        for name, words in SOURCES.items()
    ]
    return TemplateResponse(request, "admin/sources.html", {
        **each_context, "title": _("Sources"), "rows": rows, "days": DAYS.days,
        "early": models.Installation.current().early,
        "robots": models.Robots.objects.order_by("site"),
        "failing": models.Category.objects.followed().exclude(failures=0),
    })  # fmt: skip


@transaction.atomic
def turn(request: HttpRequest, early: bool) -> None:
    installation = models.Installation.current()
    before = audit.shown(installation)
    installation.early = early
    installation.save(update_fields=["early"])
    if values := audit.differences(before, installation):
        audit.note(request.user, models.Change.Action.CHANGED, installation, values=values)
    told = _("The listing pages are read from now on.") if early else _("The listing pages are read no more.")
    messages.success(request, told)


def _came(now: datetime) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """How many documents came of each source in the last days, and what they were."""
    documents: Counter[str] = Counter()
    states: dict[str, Counter[str]] = {}
    rows = models.Announcement.objects.filter(day__gte=(now - DAYS).date())
    labels = dict(models.Announcement.State.choices)
    for seen in rows.values_list("seen", flat=True).iterator():
        for document in seen:
            source, state = str(document.get("source", "")), str(document.get("state", ""))
            documents[source] += 1
            states.setdefault(source, Counter())[str(labels.get(state, state))] += 1
    return documents, states
