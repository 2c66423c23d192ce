"""Signed addresses in mails: they work without a login, for one channel and one purpose."""

from django.core import signing

from digest.models import Channel

_UNSUBSCRIBE, _CONFIRM = "paperglot.unsubscribe", "paperglot.confirm"
_CONFIRM_SECONDS = 7 * 86_400


def unsubscribing(channel: Channel) -> str:
    """Never runs out: it stands in mails of any age."""
    return signing.dumps([channel.pk, channel.created_at.timestamp()], salt=_UNSUBSCRIBE)


def confirming(channel: Channel) -> str:
    """For a week, and for this address only."""
    return signing.dumps([channel.pk, channel.address], salt=_CONFIRM)


def to_unsubscribe(token: str) -> Channel | None:
    """The channel of such an address, if there still is one."""
    try:
        pk, created = signing.loads(token, salt=_UNSUBSCRIBE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    channel = Channel.objects.kept().filter(pk=pk).first()
    return channel if channel and channel.created_at.timestamp() == created else None


def to_confirm(token: str) -> Channel | None:
    try:
        pk, address = signing.loads(token, salt=_CONFIRM, max_age=_CONFIRM_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Channel.objects.kept().filter(pk=pk, address=address, kind=Channel.Kind.MAIL).first()
