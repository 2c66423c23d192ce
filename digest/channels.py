"""Where a digest can be pushed to: the services that are known, what their addresses look like, and which are refused.

The addresses are apprise's. Only services that are spoken to over HTTP are here; what writes files, talks to this
machine's desktop or loads code is not. The worker checks once more what an address reaches (worker.posting).
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from digest.wording import WordedError, gettext_noop

LONGEST = 1000
"""Characters of an address."""


class ChannelError(WordedError):
    """An address that can't be one."""


@dataclass(frozen=True, slots=True)
class Service:
    """A chat service; `example` is an address with tokens that are nobody's, `most` the UTF-8 bytes of a message."""

    name: str
    schemes: tuple[str, ...]
    example: str
    most: int = 4000


SERVICES = (
    Service("Slack", ("slack",), "slack://T0000000A/B0000000A/abcdefghijklmnopqrstuvwx/#papers"),
    Service("Telegram", ("tgram",), "tgram://123456789:abcdefghijklmnopqrstuvwxyz123456789/987654321"),
    Service("Feishu", ("feishu",), "feishu://01234567-89ab-cdef-0123-456789abcdef"),
    Service("Lark", ("lark",), "lark://01234567-89ab-cdef-0123-456789abcdef"),
    Service("DingTalk", ("dingtalk",), "dingtalk://SECRET@TOKEN"),
    Service("WeCom", ("wecombot",), "wecombot://01234567-89ab-cdef-0123-456789abcdef", 2000),
    Service("ntfy", ("ntfy", "ntfys"), "ntfys://ntfy.sh/a-topic-nobody-guesses"),
    Service("Discord", ("discord",), "discord://1234567890/TOKEN", 2000),
    Service("Microsoft Teams", ("workflow", "workflows"), "workflows://HOST:443/WORKFLOW/SIGNATURE"),
    Service("Matrix", ("matrix", "matrixs"), "matrixs://USER:PASSWORD@matrix.example.org/#papers"),
    Service("Mattermost", ("mmost", "mmosts"), "mmosts://mattermost.example.org/TOKEN"),
    Service("Rocket.Chat", ("rocket", "rockets"), "rockets://USER:PASSWORD@chat.example.org/#papers"),
    Service("Zulip", ("zulip",), "zulip://papers@organization/abcdefghijklmnopqrstuvwxyz012345/papers"),
    Service("Google Chat", ("gchat",), "gchat://WORKSPACE/KEY/TOKEN"),
    Service("Webex", ("wxteams", "webex"), "wxteams://TOKEN"),
    Service("Pushover", ("pover",), "pover://USER@TOKEN", 1000),
    Service("Gotify", ("gotify", "gotifys"), "gotifys://gotify.example.org/TOKEN"),
    Service("Bark", ("bark", "barks"), "barks://api.day.app/DEVICE"),
    Service("ServerChan", ("schan",), "schan://TOKEN"),
    Service("JSON", ("json", "jsons"), "jsons://hooks.example.org/path"),
)
BY_SCHEME = {scheme: service for service in SERVICES for scheme in service.schemes}

_PARAMETERS = frozenset(
    "to mode channel thread topic priority tags token secret region footer image avatar username user silent "
    "preview mdv level group sound domain format timestamp blocks pass method key id".split()
)
"""What may stand behind the ? of an address. `template`, for one, may not: it would read a file of this machine."""
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://(.+)", re.IGNORECASE | re.DOTALL)
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f]")


def checked_chat(address: str) -> str:
    """A chat address, its scheme in small letters. Raises ChannelError."""
    address = address.strip()
    found = _SCHEME.fullmatch(address)
    if not found or _UNSEEN.search(address) or len(address) > LONGEST:
        raise ChannelError(
            gettext_noop("That is no address of a chat service; it begins with a name, as ntfys:// does.")
        )
    scheme = found[1].lower()
    if scheme in ("http", "https"):
        raise ChannelError(
            gettext_noop("An address with http:// or https:// is a webhook: add it below as one.")
        )
    if scheme in ("mailto", "mailtos"):
        raise ChannelError(gettext_noop("Mail has a form of its own above."))
    if scheme not in BY_SCHEME:
        raise ChannelError(
            gettext_noop("%(scheme)s:// is none of the services that Paperglot speaks to."), scheme=scheme
        )
    # apprise has headers behind a plus, and parts options at a semicolon too
    query = found[2].partition("?")[2].replace("+", "%2B").replace(";", "&")
    for name, _value in parse_qsl(query, keep_blank_values=True):
        if name.lower() not in _PARAMETERS and not (scheme in ("json", "jsons") and name[:1] in "+:"):
            raise ChannelError(
                gettext_noop("The address has an option that is not allowed here: %(name)s."), name=name[:40]
            )
    return f"{scheme}://{found[2]}"


def checked_webhook(address: str, inside: frozenset[str] = frozenset()) -> str:
    """A web address that JSON can be posted to. Raises ChannelError; also for one that is plainly inside this network
    and none of the hosts that may be. (What a name means is looked at when something is sent.)"""
    address = address.strip()
    if _UNSEEN.search(address) or len(address) > LONGEST:
        raise ChannelError(gettext_noop("That is no web address."))
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise ChannelError(gettext_noop("A webhook's address begins with https:// (or http://), please."))
    host = (parts.hostname or "").lower().rstrip(".")
    if host not in inside and (host == "localhost" or _is_inside(host)):
        raise ChannelError(
            gettext_noop(
                "%(host)s is inside this network: the administrator can allow it (PAPERGLOT_INSIDE_HOSTS)."
            ),
            host=host,
        )
    return address


def _is_inside(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        return False  # a name


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the Internet's. One that wraps an IPv4 address is judged by that one too."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return _is_public(ip)
    if ip.ipv4_mapped:
        return _is_public(ip.ipv4_mapped)
    wrapped = [ip.sixtofour, ip.teredo[1] if ip.teredo else None]
    if ip in _NAT64:
        wrapped.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return _is_public(ip) and all(_is_public(inner) for inner in wrapped if inner)


def _is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return ip.is_global and not ip.is_multicast


def masked(address: str) -> str:
    """An address as it may be shown: what follows the service (or the host of a webhook) can be a secret."""
    scheme, _, rest = address.partition("://")
    if not rest:
        return address  # of mail
    if scheme in ("http", "https"):
        host = urlsplit(address).hostname or ""
        return f"{scheme}://{f'[{host}]' if ':' in host else host}/…"
    return f"{scheme}://…"


def service_name(address: str) -> str:
    """What the service of a chat address is called."""
    scheme = address.partition("://")[0]
    return BY_SCHEME[scheme].name if scheme in BY_SCHEME else scheme
