"""Correcting a translation, sentence by sentence, for readers who have the right."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from digest import audit, corrections
from digest.corrections import CorrectionError
from digest.models import Change, Segment
from digest.verdicts import words
from digest.views import ReaderRequest


def _write(request: ReaderRequest, segment: Segment, typed: str) -> None:
    assert segment.sentence
    if "withdraw" in request.POST:
        rows = corrections.of(segment.sentence)
        audit.note_all(request.user, Change.Action.DELETED, list(rows))
        corrections.withdraw(rows)
    else:
        audit.note(request.user, Change.Action.CHANGED, corrections.correct(segment, typed, request.user))


@login_required
@permission_required("digest.add_correction", raise_exception=True)
def sentence(request: ReaderRequest, pk: int) -> HttpResponse:
    """One sentence in both languages, and a form for a better translation."""
    segment = get_object_or_404(
        Segment.objects.select_related("translation__version__paper", "sentence"),
        pk=pk,
        sentence__isnull=False,
    )
    assert segment.sentence
    typed, error = segment.text, ""
    if request.method == "POST":
        typed = request.POST.get("text", "")
        try:
            with transaction.atomic():
                _write(request, segment, typed)
        except CorrectionError as wrong:
            error, typed = str(wrong), typed[: 2 * corrections.LONGEST]
        else:
            messages.success(request, _("Saved. Wherever the sentence stands it follows within seconds."))
            return redirect("paper", arxiv_id=segment.translation.version.paper.arxiv_id)
    others = Segment.objects.filter(sentence=segment.sentence).exclude(pk=pk).count()
    return render(
        request,
        "papers/sentence.html",
        {
            "segment": segment,
            "typed": typed,
            "error": error,
            "longest": corrections.LONGEST,
            "corrected": corrections.of(segment.sentence).select_related("by").first(),
            "others": others,
            "why": words(segment.sentence.verdict),
        },
    )
