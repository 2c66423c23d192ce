"""Following a keyword: the one place where subscriptions begin, change, pause and end."""

import unicodedata
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from digest.keywords import LONGEST, canonical
from digest.models import Keyword, Subscription, User
from digest.rule_files import Wish
from digest.wording import WordedError, gettext_noop

QUOTA = 500
"""Rules that one reader may have, paused ones and exclusions too."""
KNOWN_BY = 2
"""Others who have to follow a keyword before it is suggested: what one person follows is their own affair."""
_SUGGESTED = 8


class FollowError(WordedError):
    """The rule is fine, but this reader can't follow it; the message says why."""


def follow(
    user: User, phrase: str, *, label: str = "", excluded: bool = False, past: bool = True
) -> Subscription:
    """Follow a keyword, or take it up again; `excluded` leaves out what it matches. Raises KeywordError for
    what is no rule, FollowError where the reader has too many.

    The keyword is held against the papers of the last days anew, since nobody may have followed it
    while they came; unless `past` is False.
    """
    form = canonical(phrase)
    if user.subscriptions.count() >= QUOTA and not user.subscriptions.filter(keyword__canonical=form):
        raise FollowError(
            gettext_noop("There are %(most)d rules, and there may be no more: remove some first."), most=QUOTA
        )
    keyword = _keyword(form, past)
    last = user.subscriptions.aggregate(last=Max("order"))["last"]
    subscription, new = Subscription.objects.get_or_create(
        user=user,
        keyword=keyword,
        defaults={**_said(phrase, label), "excluded": excluded, "order": 0 if last is None else last + 1},
    )
    if not new and subscription.excluded != excluded:
        subscription.excluded = excluded
        subscription.save(update_fields=["excluded"])
    if not new and subscription.paused:
        resume(subscription)
    elif new and past:
        _apply_anew(keyword)
    return subscription


@transaction.atomic
def follow_all(user: User, wishes: Sequence[Wish], *, past: bool = True) -> int:
    """Follow many at once, all or none; returns how many are new. Raises as `follow` does."""
    before = user.subscriptions.count()
    for wish in wishes:
        follow(user, wish.rule, label=wish.label, excluded=wish.excluded, past=past)
    return user.subscriptions.count() - before


@transaction.atomic
def edit(
    subscription: Subscription, phrase: str, *, label: str = "", past: bool = True, excluded: bool = False
) -> None:
    """Another rule in the place of a subscription's; its order stays, and its feeds go on with the new rule. Without
    a label it is called as the rule.

    Raises KeywordError, and FollowError where the reader follows the new rule already.
    """
    form = canonical(phrase)
    if subscription.keyword.canonical != form:
        twin = subscription.user.subscriptions.filter(keyword__canonical=form).first()
        if twin:
            words = gettext_noop("This rule is there already: it is called “%(label)s”.")
            raise FollowError(words, label=twin.label)
        before, subscription.keyword = subscription.keyword, _keyword(form, past)
        subscription.user.feed_tokens.filter(keyword=before).update(keyword=subscription.keyword)
        if past:
            _apply_anew(subscription.keyword)
    for name, value in _said(phrase, label).items():
        setattr(subscription, name, value)
    subscription.excluded = excluded
    subscription.save(update_fields=["keyword", "label", "rule", "excluded"])


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


@transaction.atomic
def move(subscription: Subscription, by: int) -> None:
    """One place up (-1) or down (1). Those that bring papers and those that leave them out are two lists."""
    rows = list(subscription.user.subscriptions.select_for_update())
    place = next(number for number, row in enumerate(rows) if row.pk == subscription.pk)
    other = place + by
    while 0 <= other < len(rows) and rows[other].excluded != rows[place].excluded:
        other += by
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    _number(rows)


@transaction.atomic
def reorder(user: User, first: Sequence[int]) -> None:
    """These subscriptions (by id) first, in this order; the others behind them as they were."""
    place = {pk: number for number, pk in enumerate(first)}
    rows = list(user.subscriptions.select_for_update())
    _number(sorted(rows, key=lambda row: place.get(row.pk, len(place))))


def _number(rows: Sequence[Subscription]) -> None:
    for number, row in enumerate(rows):
        if row.order != number:
            row.order = number
            row.save(update_fields=["order"])


def suggested(user: User, typed: str) -> list[tuple[str, int]]:
    """Keywords with these words that several others follow, and how many of them; the most followed first."""
    words = " ".join(typed.casefold().replace("\x00", "").split())
    if len(words) < 2:
        return []
    people = Q(subscriptions__user__is_lab=False)  # one person's own lab would make two of them
    others = people & Q(subscriptions__excluded=False) & ~Q(subscriptions__user=user)
    return list(
        Keyword.objects.filter(canonical__icontains=words)
        .exclude(subscriptions__in=user.subscriptions.all())
        .annotate(followers=Count("subscriptions", filter=others))
        .filter(followers__gte=KNOWN_BY)
        .order_by("-followers", "canonical")
        .values_list("canonical", "followers")[:_SUGGESTED]
    )


def _said(phrase: str, label: str) -> dict[str, str]:
    """What a subscription keeps of what was typed: its label, and the rule where the label is not the rule."""
    typed = " ".join(unicodedata.normalize("NFC", phrase).split())
    label = " ".join(unicodedata.normalize("NFC", label.replace("\x00", "")).split()) or typed
    if len(label) > LONGEST:
        label = f"{label[: LONGEST - 1]}…"
    return {"label": label, "rule": "" if label == typed else typed}


def _keyword(form: str, past: bool) -> Keyword:
    """The row of a rule. One that is new and shall not look back counts as held against the past."""
    applied = None if past else timezone.now()
    return Keyword.objects.get_or_create(canonical=form, defaults={"applied_at": applied})[0]


def _apply_anew(keyword: Keyword) -> None:
    keyword.applied_at = None
    keyword.save(update_fields=["applied_at"])
