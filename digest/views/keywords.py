"""A reader's own keywords: add, pause, take up again, remove, reorder."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digest import following
from digest.almanac import Almanac
from digest.board import bars_of_keywords, chart
from digest.forms import KeywordForm
from digest.models import Subscription
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
    return render(request, "keywords/list.html", {"form": form, "subscriptions": _with_charts(request)})


def _with_charts(request: ReaderRequest) -> list[tuple[Subscription, int, SafeString]]:
    """The reader's keywords, how many papers each brought in two months, and a chart of them."""
    rows = list(request.user.subscriptions.all())
    bars = bars_of_keywords([row.keyword_id for row in rows], Almanac.read(), timezone.now())
    return [
        (
            row,
            sum(bar.count or 0 for bar in bars[row.keyword_id]),
            chart(bars[row.keyword_id], str(row.pk), _("Papers a day with “%s”") % row.label),
        )
        for row in rows
    ]


@login_required
@require_POST
def change(request: ReaderRequest, pk: int, what: str) -> HttpResponse:
    """`what` is pause, resume, replacements, no-replacements, remove, up or down."""
    subscription = get_object_or_404(request.user.subscriptions, pk=pk)
    if what == "pause":
        following.pause(subscription)
    elif what == "resume":
        following.resume(subscription)
    elif what in ("replacements", "no-replacements"):
        following.want_replacements(subscription, what == "replacements")
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
