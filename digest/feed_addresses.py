"""A reader's feed addresses: how many there may be, and all of them anew as one file."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from digest.addresses import absolute
from digest.feeds import title
from digest.feeds.formats import KINDS
from digest.feeds.opml import Outline, as_opml
from digest.following import QUOTA
from digest.models import FeedToken, Keyword, User
from digest.wording import WordedError, gettext_noop

MOST = 2 * (QUOTA + 2)
"""Addresses in use that a reader may have: two files for a feed reader, of as many rules as there may be."""


class TooManyFeedsError(WordedError):
    """The message says what to do."""


def in_use(user: User) -> list[tuple[FeedToken, str]]:
    """The addresses, each with what its reader calls it."""
    labels = dict(user.subscriptions.values_list("keyword", "label"))
    rows = user.feed_tokens.filter(revoked_at=None).select_related("keyword")
    return [(token, labels.get(token.keyword_id or 0) or token.label) for token in rows]


def make(user: User, scope: str, keyword: Keyword | None) -> tuple[FeedToken, str]:
    """A new one, and its secret. Raises TooManyFeedsError."""
    room(user)
    return FeedToken.make(user, scope, keyword)


def room(user: User, more: int = 1) -> None:
    """Raises TooManyFeedsError."""
    if user.feed_tokens.filter(revoked_at=None).count() + more > MOST:
        words = gettext_noop("You have %(most)d feed addresses: revoke some that you do not use.")
        raise TooManyFeedsError(words, most=MOST)


def revoke(token: FeedToken) -> None:
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])


def rotate(token: FeedToken) -> tuple[FeedToken, str]:
    """A new address for the same feed, the old one gone at once."""
    revoke(token)
    return FeedToken.make(token.user, token.scope, token.keyword)


def addresses(request: HttpRequest, token: FeedToken, secret: str) -> dict[str, str]:
    """By the kind of the file."""
    return {kind: absolute(request, reverse("feed", args=[secret, token.scope, kind])) for kind in KINDS}


def all_anew(request: HttpRequest, user: User, revoke_old: bool) -> str:
    """New addresses of all the reader's feeds as OPML: only hashes of the old ones are kept. Raises
    TooManyFeedsError."""
    keywords = [s.keyword for s in user.subscriptions.bringing().select_related("keyword")]
    wanted: list[tuple[str, Keyword | None]] = [(FeedToken.Scope.ALL, None), (FeedToken.Scope.DAILY, None)]
    wanted += [(FeedToken.Scope.KEYWORD, keyword) for keyword in keywords]
    old = user.feed_tokens.filter(revoked_at=None) if revoke_old else FeedToken.objects.none()
    room(user, len(wanted) - old.count())
    old.update(revoked_at=timezone.now())
    outlines = []
    for scope, keyword in wanted:
        token, secret = FeedToken.make(user, scope, keyword)
        address = absolute(request, reverse("feed", args=[secret, scope, "atom"]))
        outlines.append(Outline(title(token), address, absolute(request, reverse("today"))))
    return as_opml(_("Paperglot feeds"), outlines)
