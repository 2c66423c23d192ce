"""Following a keyword: the one place where subscriptions begin, pause and end."""

import unicodedata

from django.db.models import Max

from digest.keywords import canonical
from digest.models import Keyword, Subscription, User


def follow(user: User, phrase: str) -> Subscription:
    """Follow a keyword, or take it up again. Raises KeywordError for a phrase that is none.

    The keyword is held against the papers of the last days anew, since nobody may have followed it
    while they came.
    """
    label = " ".join(unicodedata.normalize("NFC", phrase).split())
    keyword, _ = Keyword.objects.get_or_create(canonical=canonical(phrase))
    last = user.subscriptions.aggregate(last=Max("order"))["last"]
    subscription, new = Subscription.objects.get_or_create(
        user=user,
        keyword=keyword,
        defaults={"label": label, "order": 0 if last is None else last + 1},
    )
    if not new and subscription.paused:
        resume(subscription)
    elif new:
        _apply_anew(keyword)
    return subscription


def pause(subscription: Subscription) -> None:
    subscription.paused = True
    subscription.save(update_fields=["paused"])


def resume(subscription: Subscription) -> None:
    subscription.paused = False
    subscription.save(update_fields=["paused"])
    _apply_anew(subscription.keyword)


def want_replacements(subscription: Subscription, wanted: bool) -> None:
    """Whether papers that this keyword has brought come again when they have a new version."""
    subscription.replacements = wanted
    subscription.save(update_fields=["replacements"])


def _apply_anew(keyword: Keyword) -> None:
    keyword.applied_at = None
    keyword.save(update_fields=["applied_at"])
