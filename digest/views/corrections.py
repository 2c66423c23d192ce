"""Correcting a translation, sentence by sentence, for readers who have the right."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from digest import corrections
from digest.corrections import CorrectionError
from digest.models import Segment
from digest.views import ReaderRequest


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
            if "withdraw" in request.POST:
                corrections.withdraw(corrections.of(segment.sentence))
            else:
                corrections.correct(segment, typed, request.user)
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
            "why": verdict_words(segment.sentence.verdict),
        },
    )


def verdict_words(verdict: str) -> str:
    """Why a sentence stays in English, for people."""
    words = {
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
    return words.get(verdict, verdict)
