"""The polite client: one request at a time for the whole installation, and never too often.

arXiv's terms ask for at most one request every three seconds and one connection, over all machines
(info.arxiv.org/help/api/tou). Whose turn it is, is decided by the `Turn` that the client is given.
"""

import email.utils
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx2

from worker.arxiv.errors import DocumentError, FetchError
from worker.arxiv.feeds import parse

ARXIV_HOSTS = frozenset(
    {"arxiv.org", "www.arxiv.org", "rss.arxiv.org", "export.arxiv.org", "oaipmh.arxiv.org"}
)
LARGEST = 64 * 2**20
"""Bytes of a document after decompression; the largest recorded has 2.3 MB."""
LONGEST_SECONDS = 120.0
COOL_DOWN = 60.0
"""Seconds of rest after a 429 or 503 that does not say how long."""
REFUSED = 3600.0
"""Seconds of rest after a 403: arXiv's way to say stop (help/robots)."""
LONGEST_REST = 86_400.0
"""Seconds; an answer that asks for more has a wrong clock."""
_REDIRECTS = 3

Turn = Callable[[], AbstractContextManager[None]]
"""Waits until this installation may ask arXiv, and keeps everybody else waiting meanwhile."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`content` is None where the document has not changed since the ETag that was given."""

    url: str
    content: bytes | None
    etag: str


class Client:
    """Asks arXiv, or the replica at `base_url`. Use it as a context manager."""

    def __init__(
        self,
        turn: Turn,
        *,
        base_url: str = "https://rss.arxiv.org",
        contact: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        largest: int = LARGEST,
        heard: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`heard` is told of every answer: its status, or `timeout`, `unreachable`, `damaged`."""
        self._turn = turn
        self._clock = clock
        self._largest = largest
        self._heard = heard
        self.base_url = base_url.rstrip("/")
        self._hosts = ARXIV_HOSTS | {urlsplit(base_url).hostname or ""}
        contact = contact.encode("ascii", "ignore").decode().strip()  # a header holds nothing else
        about = f"; mailto:{contact}" if "@" in contact else (f"; {contact}" if contact else "")
        self.skew = timedelta()
        """How far this machine's clock was ahead of arXiv's when it answered last."""
        self._agent = f"Paperglot/0.1 (self-hosted arXiv digest{about})"

    @cached_property
    def _http(self) -> httpx2.Client:
        """Made for the first request: its TLS takes 50 ms, and most bells find nothing to ask."""
        return httpx2.Client(
            headers={
                "User-Agent": self._agent,
                "Accept-Encoding": "gzip",
            },
            timeout=httpx2.Timeout(30.0, connect=10.0),
            follow_redirects=False,
            trust_env=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if "_http" in vars(self):
            self._http.close()

    @property
    def pages_url(self) -> str:
        """Where listing and catch-up pages are; at a replica they are beside the feeds."""
        return self._beside("https://arxiv.org")

    @property
    def api_url(self) -> str:
        return self._beside("https://export.arxiv.org")

    @property
    def oai_url(self) -> str:
        return self._beside("https://oaipmh.arxiv.org")

    def _beside(self, home: str) -> str:
        return home if urlsplit(self.base_url).hostname in ARXIV_HOSTS else self.base_url

    def feed_url(self, category: str) -> str:
        return f"{self.base_url}/rss/{category}"

    def atom_url(self, category: str) -> str:
        """The same announcement in the other format."""
        return f"{self.base_url}/atom/{category}"

    def get(self, url: str, etag: str = "") -> Answer:
        """One document. Raises FetchError; what the document says is not looked at."""
        headers = {"If-None-Match": etag} if etag else {}
        for _ in range(_REDIRECTS + 1):
            self._check(url)
            try:
                with self._turn(), self._http.stream("GET", url, headers=headers) as response:
                    self._heard(str(response.status_code))
                    if response.has_redirect_location:  # is_redirect is true of a 304 too
                        url = str(response.url.join(response.headers.get("location", "")))
                        continue
                    return self._read(response)
            except httpx2.TimeoutException as error:
                self._heard("timeout")
                raise FetchError(f"{url} did not answer in time.") from error
            except httpx2.TransportError as error:
                self._heard("unreachable")
                raise FetchError(f"{url} can't be reached or broke off: {error}") from error
            except httpx2.DecodingError as error:
                self._heard("damaged")
                raise FetchError(f"{url} sent a damaged body: {error}") from error
        raise FetchError(f"{url}: more than {_REDIRECTS} redirects.", permanent=True)

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.hostname not in self._hosts:
            raise FetchError(
                f"{url} is not at arXiv ({', '.join(sorted(self._hosts - {''}))}). "
                "Save the document and give the file instead.",
                permanent=True,
            )

    def _read(self, response: httpx2.Response) -> Answer:
        url = str(response.url)
        self.skew = self._skew(response.headers.get("date", ""))
        if response.status_code == 304:
            return Answer(url, None, response.headers.get("etag", ""))
        content = self._body(response)
        if response.status_code == 200:
            if not content.strip():
                raise FetchError(f"{url} answered with an empty document.", status=200)
            return Answer(url, content, response.headers.get("etag", ""))
        raise self._refusal(response, content)

    def _body(self, response: httpx2.Response) -> bytes:
        began, body = self._clock(), bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > self._largest:
                raise FetchError(f"{response.url} is larger than {self._largest:,} bytes.", permanent=True)
            if (self._clock() - began).total_seconds() > LONGEST_SECONDS:
                raise FetchError(f"{response.url} took more than {LONGEST_SECONDS:.0f} s.")
        return bytes(body)

    def _refusal(self, response: httpx2.Response, content: bytes) -> FetchError:
        url, status = str(response.url), response.status_code
        if status in (429, 503):
            rest = self._retry_after(response.headers.get("retry-after", ""))
            return FetchError(
                f"arXiv asks us to slow down ({status} for {url}); the next try is in {rest:.0f} s.",
                retry_after=rest,
                status=status,
            )
        if status == 403:
            return FetchError(
                f"arXiv refuses us (403 for {url}). Set PAPERGLOT_CONTACT, and see "
                "https://info.arxiv.org/help/robots.html.",
                retry_after=REFUSED,
                status=status,
            )
        if status == 400:
            try:
                parse(content)
            except DocumentError as error:
                return FetchError(f"{url}: {error}", permanent=True, status=status)
        return FetchError(f"{url} answered {status}.", permanent=400 <= status < 500, status=status)

    def _skew(self, date: str) -> timedelta:
        try:
            theirs = email.utils.parsedate_to_datetime(date)
        except ValueError:
            return timedelta()
        return self._clock() - theirs if theirs.tzinfo else timedelta()

    def _retry_after(self, header: str) -> float:
        """Seconds, from either form of the header (RFC 9110, 10.2.3)."""
        if header.strip().isdecimal():
            seconds = float(header)
        else:
            try:
                moment = email.utils.parsedate_to_datetime(header)
            except ValueError:
                return COOL_DOWN
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            seconds = (moment - self._clock()).total_seconds()
        return min(max(seconds, 1.0), LONGEST_REST)
