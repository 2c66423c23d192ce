"""Channels: one more, and what is asked of one."""

from datetime import datetime
from typing import Any

from digest.models import Channel, Delivery, User
from digest.models.delivery import MOST_CHANNELS, is_own_address
from digest.wording import WordedError, gettext_noop


class PushError(WordedError):
    """It can't be added; the message says why. `there` says that it is there already."""

    there = False


def add(user: User, kind: str, address: str, now: datetime) -> tuple[Channel, bool]:
    """A channel at a checked address; the second value is False where a request to confirm it should have gone out
    and could not, since there were many in this hour. Raises PushError."""
    mine = user.channels.kept()
    if mine.filter(kind=kind, address=address).exists():
        error = PushError(gettext_noop("That channel is there already."))
        error.there = True
        raise error
    if mine.count() >= MOST_CHANNELS:
        words = gettext_noop(
            "There are %(n)d channels, and more than that is not possible: remove one first."
        )
        raise PushError(words, n=MOST_CHANNELS)
    own = kind != Channel.Kind.MAIL or is_own_address(user, address)
    channel = Channel.objects.create(
        user=user, kind=kind, address=address, created_at=now, since=now, confirmed_at=now if own else None
    )
    return channel, own or Delivery.ask(channel, Delivery.Kind.CONFIRM, now) is not None


def change(channel: Channel, values: dict[str, Any], now: datetime) -> None:
    """Another name, rhythm or day, checked already. What has gone out in one rhythm does not come again in the
    other."""
    if values.get("frequency", channel.frequency) != channel.frequency:
        values = {**values, "since": now}
    for name, value in values.items():
        setattr(channel, name, value)
    channel.save(update_fields=list(values))
