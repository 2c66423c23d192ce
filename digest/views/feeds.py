"""A reader's feed addresses: one for each feed, each shown once, given anew or revoked alone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from digest.addresses import absolute
from digest.feeds import title
from digest.feeds.formats import KINDS
from digest.feeds.opml import Outline, as_opml
from digest.models import FeedToken, Keyword
from digest.views import ReaderRequest

MOST = 200
"""Addresses in use that a reader may have."""


@login_required
@never_cache
def feeds(request: ReaderRequest) -> HttpResponse:
    """The reader's feed addresses; a new one is shown this once."""
    shown = None
    if request.method == "POST" and _room(request):
        scope, keyword = _asked(request)
        shown = _addresses(request, *FeedToken.make(request.user, scope, keyword))
    return _page(request, shown)


def _page(request: ReaderRequest, shown: dict[str, object] | None) -> HttpResponse:
    tokens = request.user.feed_tokens.filter(revoked_at=None).select_related("keyword")
    labels = dict(request.user.subscriptions.values_list("keyword", "label"))
    rows = [(token, labels.get(token.keyword_id or 0) or token.label) for token in tokens]
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


def _room(request: ReaderRequest, more: int = 1) -> bool:
    if request.user.feed_tokens.filter(revoked_at=None).count() + more <= MOST:
        return True
    told = _("You have %(most)d feed addresses: revoke some that you do not use.") % {"most": MOST}
    messages.error(request, told)
    return False


def _addresses(request: ReaderRequest, token: FeedToken, secret: str) -> dict[str, object]:
    return {
        "label": token.label,
        "addresses": [
            (name, absolute(request, reverse("feed", args=[secret, token.scope, kind])))
            for kind, name in zip(KINDS, ("Atom", "RSS", "JSON Feed"), strict=True)
        ],
    }


@login_required
@require_POST
@never_cache
def change(request: ReaderRequest, pk: int, what: str) -> HttpResponse:
    """`what` is revoke or rotate: a new address for the same feed, the old one gone at once."""
    token = get_object_or_404(request.user.feed_tokens, pk=pk, revoked_at=None)
    if what not in ("revoke", "rotate"):
        raise Http404
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    if what == "rotate":
        new = FeedToken.make(request.user, token.scope, token.keyword)
        return _page(request, _addresses(request, *new))
    messages.info(request, _("That address is revoked: readers that use it are told so."))
    return redirect("feeds")


@login_required
@require_POST
@never_cache
def opml(request: ReaderRequest) -> HttpResponse:
    """New addresses of all the reader's feeds, as a file for a feed reader: only hashes of the old ones are kept."""
    keywords = [s.keyword for s in request.user.subscriptions.bringing().select_related("keyword")]
    wanted: list[tuple[str, Keyword | None]] = [(FeedToken.Scope.ALL, None), (FeedToken.Scope.DAILY, None)]
    wanted += [(FeedToken.Scope.KEYWORD, keyword) for keyword in keywords]
    old = request.user.feed_tokens.filter(revoked_at=None)
    if request.POST.get("revoke"):
        old.update(revoked_at=timezone.now())
    if not _room(request, len(wanted)):
        return redirect("feeds")
    outlines = []
    for scope, keyword in wanted:
        token, secret = FeedToken.make(request.user, scope, keyword)
        address = absolute(request, reverse("feed", args=[secret, scope, "atom"]))
        outlines.append(Outline(title(token), address, absolute(request, reverse("today"))))
    answer = HttpResponse(as_opml(_("Paperglot feeds"), outlines), "text/x-opml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="paperglot.opml"'
    return answer
