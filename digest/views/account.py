"""A reader's account: language, zone, hour, and the private feed addresses."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digest.addresses import absolute
from digest.forms import ProfileForm
from digest.models import FeedToken
from digest.views import ReaderRequest


@login_required
def account(request: ReaderRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account")
    return render(request, "account/account.html", {"form": form})


@login_required
def feeds(request: ReaderRequest) -> HttpResponse:
    """The reader's feed addresses; a new one is shown this once."""
    shown = None
    if request.method == "POST":
        _token, secret = FeedToken.make(request.user)
        shown = {kind: absolute(request, reverse("feed", args=[secret, kind])) for kind in ("atom", "rss")}
    tokens = request.user.feed_tokens.filter(revoked_at=None)
    return render(request, "account/feeds.html", {"tokens": tokens, "shown": shown})


@login_required
@require_POST
def revoke(request: ReaderRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(request.user.feed_tokens, pk=pk, revoked_at=None)
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    messages.info(request, _("That address is revoked: readers that use it are told so."))
    return redirect("feeds")
