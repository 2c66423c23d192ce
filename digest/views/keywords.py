"""A reader's own keywords: add, pause, take up again, remove, reorder."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digest import following
from digest.forms import KeywordForm
from digest.views import ReaderRequest


@login_required
def keywords(request: ReaderRequest) -> HttpResponse:
    form = KeywordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        subscription = following.follow(request.user, form.cleaned_data["phrase"])
        messages.success(
            request,
            _("You follow “%(label)s”. Papers of the last days join your newest digest in a minute.")
            % {"label": subscription.label},
        )
        return redirect("keywords")
    return render(
        request, "keywords/list.html", {"form": form, "subscriptions": request.user.subscriptions.all()}
    )


@login_required
@require_POST
def change(request: ReaderRequest, pk: int, what: str) -> HttpResponse:
    """`what` is pause, resume, remove, up or down."""
    subscription = get_object_or_404(request.user.subscriptions, pk=pk)
    if what == "pause":
        following.pause(subscription)
    elif what == "resume":
        following.resume(subscription)
    elif what == "remove":
        subscription.delete()
        messages.info(request, _("You no longer follow “%(label)s”.") % {"label": subscription.label})
    elif what in ("up", "down"):
        _move(request, pk, -1 if what == "up" else 1)
    else:
        raise Http404
    return redirect("keywords")


@transaction.atomic
def _move(request: ReaderRequest, pk: int, by: int) -> None:
    rows = list(request.user.subscriptions.select_for_update())
    place = next(number for number, row in enumerate(rows) if row.pk == pk)
    other = place + by
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    for number, row in enumerate(rows):
        row.order = number
        row.save(update_fields=["order"])
