"""Chat services, through apprise. Its plugins speak HTTP through `outside.Session` and nothing else."""

import logging
from typing import Any

import requests
import requests.api
import requests.sessions
from apprise import Apprise, AppriseAsset, NotifyFormat, OverflowMode, PersistentStoreMode
from apprise.plugins.base import NotifyBase

from digest.channels import BY_SCHEME, ChannelError, checked_chat
from digest.wording import gettext_noop
from worker.posting import SendError
from worker.posting.outside import SECONDS, Session, judged, opened

# Whatever a plugin asks over HTTP goes through the door: apprise has no place to give it a session. This process
# uses requests for nothing else. (`requests.post` makes a `requests.sessions.Session`.)
requests.sessions.Session = requests.Session = Session  # type: ignore[misc]
logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its lines repeat addresses, which hold tokens

_ASSET = AppriseAsset(
    app_id="Paperglot",
    app_desc="Paperglot",
    app_url="",
    image_url_mask="",
    image_url_logo="",
    async_mode=False,
    secure_logging=True,
    plugin_paths=[],
    storage_mode=PersistentStoreMode.MEMORY,
    http_redirects=False,
    allow_templates=False,
)


def room(address: str) -> int:
    """UTF-8 bytes that title and body may have together, so that they are one message: of two the second may fail,
    and the first would be sent twice. Raises SendError."""
    plugin = _plugin(address)
    return int(min(plugin.body_maxlen, BY_SCHEME[address.partition("://")[0].lower()].most))


def send(
    address: str, title: str, body: str, *, inside: frozenset[str] = frozenset(), seconds: float = 2 * SECONDS
) -> None:
    """Send a plain text. Raises SendError."""
    with opened(inside, seconds) as door:
        plugin = _plugin(address)
        try:
            taken = plugin.notify(body=body, title=title, body_format=NotifyFormat.TEXT)
        except (requests.RequestException, TypeError, ValueError, KeyError, AttributeError) as error:
            # what a plugin makes of an answer that it did not expect
            raise judged(door, 0) or SendError(
                gettext_noop("The service's answer was not understood."), unsure=True
            ) from error
        if taken:
            return
        status = door.status if not 200 <= door.status < 300 else 0
        if not status and door.status and not door.refused and door.left:
            raise SendError(
                gettext_noop("The service answered, but did not take the message. Is the address right?")
            )
        raise judged(door, status) or SendError(gettext_noop("The service did not take the message."))


def _plugin(address: str) -> NotifyBase:
    try:
        address = checked_chat(address)
        plugin = Apprise.instantiate(address, asset=_ASSET, suppress_exceptions=True)
    except ChannelError as error:
        raise SendError(error.words, permanent=True, **dict[str, Any](error.values)) from error
    name = BY_SCHEME[address.partition("://")[0]].name
    if plugin is None:
        words = gettext_noop("This is not how an address for %(service)s looks. Compare it with the example.")
        raise SendError(words, service=name, permanent=True)
    if not isinstance(plugin, NotifyBase) or getattr(plugin, "template", None):
        raise SendError(gettext_noop("This address is not one of a chat service."), permanent=True)
    plugin.retry, plugin.wait, plugin.request_rate_per_sec = 0, 0.0, 0
    plugin.overflow_mode = OverflowMode.TRUNCATE
    if len(plugin) > 1:  # one of two may fail, and the other would be sent to twice
        raise SendError(
            gettext_noop("The address names several recipients: add each as a channel of its own."),
            permanent=True,
        )
    return plugin
