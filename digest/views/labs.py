"""Labs: mine, and each one's shared page. Whoever may not see a lab gets a 404, as if there were none."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digest import lab_doors, labs
from digest.lab_doors import owned
from digest.models import Digest, Lab
from digest.people_forms import LabForm, LabReaderForm
from digest.views import ReaderRequest
from digest.views.reading import digest_context, digest_of
from digest.views.whose import Whose, shown


@login_required
def index(request: ReaderRequest) -> HttpResponse:
    """The reader's labs, and the form that founds one."""
    form = LabForm(request.POST or None)
    memberships = request.user.memberships.select_related("lab").annotate(people=Count("lab__memberships"))
    if request.method == "POST" and form.is_valid():
        if lab_doors.owns_too_many(request.user):
            form.add_error(
                None, _("You own %(n)d labs already. Leave or close one first.") % {"n": lab_doors.MOST_LABS}
            )
        else:
            lab = labs.found(request.user, **form.cleaned_data)
            messages.success(request, _("The lab is founded. Add what it wants to read, and invite others."))
            return redirect("lab-keywords", slug=lab.slug)
    return render(request, "labs/list.html", {"form": form, "memberships": memberships.order_by("lab__name")})


def lab(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest digest of a lab."""
    seen = shown(request, slug)
    return _digest_page(request, seen, seen.reader.digests.first())


def digest(request: HttpRequest, slug: str, day: date) -> HttpResponse:
    """A day's digest; of a day that was missed, the one that makes up for it."""
    seen = shown(request, slug)
    row = digest_of(seen.reader, day)
    return _digest_page(request, seen, row) if row.day == day else seen.to("digest", row.day)


def _digest_page(request: HttpRequest, seen: Whose, row: Digest | None) -> HttpResponse:
    """As their own is for a reader, with their own marks; without marks for a visitor."""
    context = seen.context("digest") | {"keywords": seen.reader.subscriptions.bringing()}
    if row:
        context |= digest_context(request, row)
    return render(request, "labs/lab.html", context)


@login_required
def settings(request: ReaderRequest, slug: str) -> HttpResponse:
    """What the lab is called, who may read it, and how its digest is made: for owners."""
    membership = owned(request.user, slug)
    posted = request.POST if request.method == "POST" else None
    form = LabForm(posted, instance=membership.lab)
    reader = LabReaderForm(posted, instance=membership.lab.reader)
    if posted is not None and form.is_valid() and reader.is_valid():
        form.save()
        reader.save()
        messages.success(request, _("Saved."))
        return redirect("lab-settings", slug=slug)
    context = {
        "lab": Lab.objects.get(slug=slug),
        "membership": membership,
        "here": "settings",
        "form": form,
        "reader": reader,
    }
    return render(request, "labs/settings.html", context)


@login_required
@require_POST
def close(request: ReaderRequest, slug: str) -> HttpResponse:
    """Everything of the lab goes; whoever asks types its name."""
    membership = owned(request.user, slug)
    if " ".join(request.POST.get("sure", "").split()) != membership.lab.name:
        messages.error(request, _("Nothing was deleted: what you typed is not the lab's name."))
        return redirect("lab-settings", slug=slug)
    labs.close(membership.lab)
    messages.info(request, _("The lab is closed; its keywords, digests and reading list are gone."))
    return redirect("labs")
