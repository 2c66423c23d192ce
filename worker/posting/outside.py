"""The way out: connections to public addresses only, answers of bounded size, in bounded time.

Whoever names an address that this server shall connect to could name one inside (a database, a metadata service), or a
name that means another address a moment later. So the address is looked at where the socket is made: a name is
resolved once, every address that it has must be public, and the connection is made to one of those. An
administrator can except names (PAPERGLOT_INSIDE_HOSTS).

requests and urllib3 are used, since apprise brings them: one guard for both senders.
"""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError

from digest.channels import is_public
from digest.wording import gettext_noop
from worker.posting import SendError

SECONDS = 10.0
"""For one message in all: name, connection, redirects, answer."""
LARGEST = 64 * 1024
"""Bytes of an answer that are read; nobody needs more to know whether a message was taken."""


class InsideError(OSError):
    """An address that is not public."""


class Door:
    """What one message may do: which inside hosts it may reach, and until when. Remembers what was answered."""

    def __init__(self, inside: frozenset[str], seconds: float) -> None:
        self.inside = inside
        self.ends_at = monotonic() + seconds
        self.over = False
        self.refused: str = ""
        self.connected = False
        self.status = 0
        self.retry_after = 0.0
        self._twins: list[socket.socket] = []
        self._lock = threading.Lock()

    @property
    def left(self) -> float:
        """Seconds that are left; 0 when the time is over."""
        return max(self.ends_at - monotonic(), 0)

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection to a host that this message may reach. Raises OSError."""
        error: OSError = TimeoutError("no time is left")
        for family, kind, protocol, address in self._addresses(host.strip("[]"), port):
            if not self.left:
                break
            made = socket.socket(family, kind, protocol)
            try:
                made.settimeout(self.left)
                made.connect(address)
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as failed:
                made.close()
                error = failed
            else:
                self._watch(made)
                return made
        raise error

    def _addresses(self, host: str, port: int) -> list[tuple[Any, Any, int, Any]]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        if host.lower().rstrip(".") not in self.inside:
            for *_, address in found:
                if not is_public(str(address[0])):
                    self.refused = host
                    raise InsideError(f"{host} is an address inside")
        return [(family, kind, protocol, address) for family, kind, protocol, _, address in found]

    def _watch(self, made: socket.socket) -> None:
        """Remember the connection, to end it when the time is over: a twin, since TLS takes the socket for itself."""
        with self._lock:
            if self.over:
                made.close()
                raise TimeoutError("no time is left")
            self.connected = True
            self._twins.append(made.dup())

    def hang_up(self) -> None:
        """The time is over: whoever waits for an answer waits no longer."""
        with self._lock:
            self.over = True
            for twin in self._twins:
                with suppress(OSError):  # the other side was quicker
                    twin.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with self._lock:
            self.over = True
            for twin in self._twins:
                twin.close()


_door: ContextVar[Door | None] = ContextVar("door", default=None)


@contextmanager
def opened(inside: frozenset[str] = frozenset(), seconds: float = SECONDS) -> Iterator[Door]:
    """One message's way out, for this thread: every connection of a Session goes through it."""
    door = Door(inside, seconds)
    timer = threading.Timer(seconds, door.hang_up)
    timer.daemon = True
    timer.start()
    token = _door.set(door)
    try:
        yield door
    finally:
        _door.reset(token)
        timer.cancel()
        door.close()


def _connect(connection: HTTPConnection) -> socket.socket:
    door = _door.get()
    try:
        if door is None:
            raise InsideError("no message is being sent")
        return door.connect(connection._dns_host, connection.port or connection.default_port)
    except (OSError, UnicodeError) as error:
        raise NewConnectionError(connection, type(error).__name__) from error


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _Secure(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **how: Any) -> None:
        super().init_poolmanager(*args, **how)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}

    def send(self, request: Any, **how: Any) -> requests.Response:  # type: ignore[override]
        """As requests sends, but certificates are always verified, no proxy is asked, and the answer is cut."""
        door = _door.get()
        left = door.left if door else SECONDS
        how |= {"stream": True, "verify": True, "proxies": {}, "timeout": (left, left)}
        answer = super().send(request, **how)
        try:
            answer._content = _cut(answer.raw)
        except (HTTPError, OSError) as error:
            raise requests.ConnectionError(type(error).__name__, request=request) from error
        finally:
            answer.close()
        if door:
            door.status, door.retry_after = answer.status_code, _retry_after(answer.headers)
        return answer


def _cut(raw: Any) -> bytes:
    """The beginning of an answer's body, decompressed."""
    pieces, size = [], 0
    while size < LARGEST and (piece := raw.read1(LARGEST - size, decode_content=True)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds; 0 where nothing is asked for."""
    told = headers.get("Retry-After", "")
    if told.isdigit():
        return min(float(told), 86_400)
    try:
        when, now = parsedate_to_datetime(told), parsedate_to_datetime(headers.get("Date", ""))
        return max((when - now).total_seconds(), 0)
    except (ValueError, TypeError):
        return 0


class Session(requests.Session):
    """A session that goes through the door that is open, follows no redirect, and asks the environment nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.mount("http://", _Adapter())
        self.mount("https://", _Adapter())

    def send(self, request: Any, **how: Any) -> requests.Response:
        return super().send(request, **(how | {"allow_redirects": False}))


def judged(door: Door, status: int) -> SendError | None:
    """What an answer means; None where the message was taken."""
    if 200 <= status < 300:
        return None
    if door.refused:
        return SendError(
            gettext_noop(
                "%(host)s is an address inside this network. Only the administrator can allow it "
                "(PAPERGLOT_INSIDE_HOSTS)."
            ),
            host=door.refused,
            permanent=True,
        )
    if not status and not door.left:
        return SendError(gettext_noop("There was no answer in time."), unsure=door.connected)
    if not status:
        broken, unreached = (
            gettext_noop("The connection broke off."),
            gettext_noop("The host could not be reached."),
        )
        return SendError(broken if door.connected else unreached, unsure=door.connected)
    if status in (408, 425, 429) or status >= 500:
        wait = gettext_noop("It asked to wait (%(status)s).")
        broken = gettext_noop("It answered with an error of its own (%(status)s).")
        words = wait if status == 429 else broken
        return SendError(words, status=status, retry_after=door.retry_after)
    if 300 <= status < 400:
        words = gettext_noop("It answered with a redirect (%(status)s): use the address that it leads to.")
        return SendError(words, status=status, permanent=True)
    words = gettext_noop("It refused the message (%(status)s). Is the address still right?")
    return SendError(words, status=status, permanent=True)
