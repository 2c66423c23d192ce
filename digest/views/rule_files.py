"""Rules in and out: a file is read, what it holds is shown as a checklist, and only what is checked is followed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from digest import rule_files, rule_imports
from digest.following import QUOTA, FollowError, follow_all
from digest.keywords import KeywordError
from digest.models import User
from digest.rule_files import RuleFileError
from digest.views import ReaderRequest
from digest.views.whose import Whose, whose
from digest.wording import gettext_noop

_MOST_REFUSED = 100
"""Of those that are not taken, so many are shown."""


@login_required
def export(request: ReaderRequest, kind: str, slug: str = "") -> HttpResponse:
    """All rules as a file."""
    if kind not in rule_files.KINDS:
        raise Http404
    text = rule_files.write(kind, rule_imports.wishes_of(whose(request, slug).reader), _("Paperglot rules"))
    answer = HttpResponse(text, content_type=f"{rule_files.KINDS[kind]}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="paperglot-{slug or "rules"}.{kind}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
def take_in(request: ReaderRequest, slug: str = "") -> HttpResponse:
    """A form; then what a file holds, to choose from; then, with `take`, what was chosen is followed."""
    mine = whose(request, slug)
    context: dict[str, object] = mine.context("keywords") | {"most": f"{rule_files.LARGEST // 1_000_000} MB"}
    if request.method == "POST" and "take" in request.POST:
        return _take(request, mine)
    if request.method == "POST":
        try:
            context |= _held(request, mine.reader)
        except RuleFileError as error:
            context["error"] = error.said(_)
            context["typed"] = request.POST.get("text", "")[: rule_files.LARGEST]
    return render(request, "keywords/import.html", context)


def _held(request: ReaderRequest, reader: User) -> dict[str, object]:
    """What was given holds. Raises RuleFileError."""
    found = rule_imports.held(reader, _given(request))
    if found.proposals is not None:
        return {"proposals": found.proposals, "free": found.free}
    return {
        "wishes": [(rule_files.line_of(w), w) for w in found.wishes],
        "refused": [(r, r.why.said(_)) for r in found.refused[:_MOST_REFUSED]],
        "refused_count": len(found.refused),
        "read": True,
        "free": found.free,
    }


def _given(request: ReaderRequest) -> str:
    file = request.FILES.get("file")
    if file and file.size:
        if (file.size or 0) > rule_files.LARGEST:
            words = gettext_noop("The file has %(n)s bytes; at most %(most)s are read. Divide it.")
            raise RuleFileError(words, n=f"{file.size:,}", most=f"{rule_files.LARGEST:,}")
        return rule_files.decoded(file.read())
    text = request.POST.get("text", "")
    if not text.strip():
        raise RuleFileError(gettext_noop("Choose a file, or write rules into the box."))
    return rule_files.decoded(text.encode("utf-8", "replace"))


def _take(request: ReaderRequest, mine: Whose) -> HttpResponse:
    wishes = [rule_files.line_read(line) for line in request.POST.getlist("rule")[:QUOTA]]
    try:
        taken = follow_all(mine.reader, wishes, past="past" in request.POST)
    except (KeywordError, FollowError) as error:
        messages.error(request, _("Nothing was taken: %(why)s") % {"why": error.said(_)})
        return mine.to("keyword-import")
    if not wishes:
        messages.warning(request, _("None was chosen, so nothing has changed."))
    else:
        told = _("The lab has %(n)d new rules.") if mine.lab else _("%(n)d new rules are yours.")
        messages.success(request, told % {"n": taken})
    return mine.to("keywords")
