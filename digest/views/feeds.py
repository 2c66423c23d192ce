"""A reader's feed addresses: one for each feed, each shown once, given anew or revoked alone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from digest import feed_addresses
from digest.feed_addresses import TooManyFeedsError
from digest.models import FeedToken, Keyword
from digest.views import ReaderRequest


@login_required
@never_cache
def feeds(request: ReaderRequest) -> HttpResponse:
    """The reader's feed addresses; a new one is shown this once."""
    shown = None
    if request.method == "POST":
        try:
            shown = _addresses(request, *feed_addresses.make(request.user, *_asked(request)))
        except TooManyFeedsError as error:
            messages.error(request, error.said(_))
    return _page(request, shown)


def _page(request: ReaderRequest, shown: dict[str, object] | None) -> HttpResponse:
    rows = feed_addresses.in_use(request.user)
    return render(
        request,
        "account/feeds.html",
        {"tokens": rows, "shown": shown, "keywords": request.user.subscriptions.bringing()},
    )


def _asked(request: ReaderRequest) -> tuple[str, Keyword | None]:
    """The scope that was chosen in the form, and the keyword: `all`, `daily`, or a keyword's number."""
    asked = request.POST.get("feed", FeedToken.Scope.ALL)
    if asked in (FeedToken.Scope.ALL, FeedToken.Scope.DAILY):
        return asked, None
    if not asked.isdecimal() or len(asked) > 18:  # no database has longer numbers
        raise Http404
    subscription = get_object_or_404(request.user.subscriptions, keyword=int(asked))
    return FeedToken.Scope.KEYWORD, subscription.keyword


def _addresses(request: ReaderRequest, token: FeedToken, secret: str) -> dict[str, object]:
    addresses = feed_addresses.addresses(request, token, secret)
    return {
        "label": token.label,
        "addresses": list(zip(("Atom", "RSS", "JSON Feed"), addresses.values(), strict=True)),
    }


@login_required
@require_POST
@never_cache
def change(request: ReaderRequest, pk: int, what: str) -> HttpResponse:
    """`what` is revoke or rotate: a new address for the same feed, the old one gone at once."""
    token = get_object_or_404(request.user.feed_tokens, pk=pk, revoked_at=None)
    if what not in ("revoke", "rotate"):
        raise Http404
    if what == "rotate":
        return _page(request, _addresses(request, *feed_addresses.rotate(token)))
    feed_addresses.revoke(token)
    messages.info(request, _("That address is revoked: readers that use it are told so."))
    return redirect("feeds")


@login_required
@require_POST
@never_cache
def opml(request: ReaderRequest) -> HttpResponse:
    """New addresses of all the reader's feeds, as a file for a feed reader: only hashes of the old ones are kept."""
    try:
        text = feed_addresses.all_anew(request, request.user, bool(request.POST.get("revoke")))
    except TooManyFeedsError as error:
        messages.error(request, error.said(_))
        return redirect("feeds")
    answer = HttpResponse(text, "text/x-opml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="paperglot.opml"'
    return answer
