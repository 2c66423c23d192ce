"""A reader's account: profile, their data and its deletion."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from digest import audit, labs, letters, own_data
from digest.forms import ProfileForm
from digest.models import Change, User
from digest.views import ReaderRequest


@login_required
def account(request: ReaderRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(request.user.interface_language or translation.get_language()):
            messages.success(request, _("Saved."))
        return redirect("account")
    return render(request, "account/account.html", {"form": form})


@login_required
def data(request: ReaderRequest) -> HttpResponse:
    """What is kept of the reader: to take along, and to delete."""
    return render(request, "account/data.html", {"counts": _counts(request.user)})


def _counts(user: User) -> list[tuple[str, int]]:
    return [(str(NAMES.get(name, name)), count) for name, count in own_data.counts(user)]


@login_required
@never_cache
def export(request: ReaderRequest) -> HttpResponse:
    """All of it, as one JSON file."""
    now = timezone.now()
    answer = JsonResponse(
        own_data.exported(request.user, now), json_dumps_params={"indent": 1, "ensure_ascii": False}
    )
    answer["Content-Disposition"] = f'attachment; filename="paperglot-{now:%Y-%m-%d}.json"'
    return answer


@login_required
@reauthentication_required
@never_cache
def delete(request: ReaderRequest) -> HttpResponse:
    """The account goes, at once; asked of somebody who has just shown who they are."""
    user, still = request.user, None
    if request.method == "POST" and request.POST.get("sure") == user.username:
        try:
            with transaction.atomic():
                audit.note(user, Change.Action.DELETED, user)
                own_data.delete(user)
        except own_data.StillNeededError as error:
            still = error
        else:
            logout(request)
            return render(request, "account/deleted.html")
    wrong = request.method == "POST" and still is None
    context = {"counts": _counts(user), "labs": labs.only_of(user), "still": still, "wrong": wrong}
    return render(request, "account/delete.html", context)


NAMES = {
    "keywords": gettext_lazy("keywords"),
    "digests": gettext_lazy("digests"),
    "papers": gettext_lazy("papers in digests"),
    "states": gettext_lazy("papers read, saved or hidden, and notes"),
    "tags": gettext_lazy("tags on papers"),
    "tag_names": gettext_lazy("tags"),
    "desk": gettext_lazy("page layouts"),
    "channels": gettext_lazy("channels of delivery"),
    "deliveries": gettext_lazy("deliveries"),
    "missed_days": gettext_lazy("days caught up"),
    "feed_addresses": gettext_lazy("feed addresses"),
    "api_tokens": gettext_lazy("API tokens"),
    "labs": gettext_lazy("memberships of labs"),
    "interests": gettext_lazy("interests in papers of labs"),
    "invitations": gettext_lazy("invitations"),
    "addresses": gettext_lazy("e-mail addresses"),
    "second_factors": gettext_lazy("second factors"),
    "accounts_elsewhere": gettext_lazy("connections with accounts elsewhere"),
    "sessions": gettext_lazy("sessions"),
}
"""What own_data's rows are called."""


def mail_needed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of allauth's that is of no use without a mail server: it says whom to ask instead."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not letters.can_be_sent():
            return render(request, "account/no_mail.html")
        return view(request, *args, **kwargs)

    return guarded
