"""A small arXiv, or a model hub, on 127.0.0.1: it answers as it is told and remembers what it was asked.

with Replica() as replica:
    replica.answers("/rss/cs.LG", Reply(status=503), Reply(document))  # then the last, again and again
    Client(turn, base_url=replica.url)
"""

import gzip
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Request:
    """What was asked; header names are in lower case."""

    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """`cut`: the connection breaks after so many bytes of the body; `before`, `between`: seconds of silence
    before the answer, and between two tenths of its body; `declared`: false leaves Content-Length out."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    before: float = 0
    between: float = 0
    declared: bool = True


Answer = Reply | Callable[[Request], Reply]


def zipped(body: bytes, cut: int | None = None) -> Reply:
    return Reply(gzip.compress(body), headers={"Content-Encoding": "gzip"}, cut=cut)


def redirect(location: str, status: int = 301) -> Reply:
    return Reply(status=status, headers={"Location": location})


def tagged(body: bytes, etag: str) -> Answer:
    """With this ETag; 304 for whoever has it already."""

    def answer(request: Request) -> Reply:
        if request.headers.get("if-none-match") == etag:
            return Reply(status=304, headers={"ETag": etag})
        return Reply(body, headers={"ETag": etag})

    return answer


def ranged(body: bytes, cut: int | None = None) -> Answer:
    """A file of a server that knows ranges."""

    def answer(request: Request) -> Reply:
        asked = request.headers.get("range", "")
        start = int(asked.removeprefix("bytes=").rstrip("-") or 0)
        if not asked:
            return Reply(body, cut=cut)
        if start >= len(body):
            return Reply(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
        told = {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
        return Reply(body[start:], 206, told, cut=cut)

    return answer


class Replica:
    """Answers by path, 404 where it was told nothing. Every request is in `requests`, but for the questions for a
    robots.txt that it was told nothing of: `robots` counts them."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.robots = 0
        self._script: dict[str, list[Answer]] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"replica": self}))
        self._server.daemon_threads = True
        self._closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answers(self, path: str, *answers: Answer | bytes) -> None:
        """Answer a path so, one after the other; the last one stays."""
        script = [Reply(answer) if isinstance(answer, bytes) else answer for answer in answers]
        with self._lock:
            self._script[path] = script

    def asked(self, header: str = "") -> list[str]:
        """The paths that were asked for, or what each request said in a header."""
        return [request.headers.get(header, "") if header else request.path for request in self.requests]

    def _answer(self, request: Request) -> Reply:
        with self._lock:
            if request.path == "/robots.txt" and request.path not in self._script:
                self.robots += 1
                return Reply(b"not here", 404)
            self.requests.append(request)
            script = self._script.get(request.path) or [Reply(b"not here", 404)]
            answer = script.pop(0) if len(script) > 1 else script[0]
        return answer if isinstance(answer, Reply) else answer(request)

    def wait(self, seconds: float) -> None:
        """Silence, which ends when the replica is closed."""
        if seconds:
            self._closing.wait(seconds)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    replica: Replica
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        names = {name.lower(): value for name, value in self.headers.items()}
        reply = self.replica._answer(Request(self.path, names))
        self.replica.wait(reply.before)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.declared and reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.close_connection = not reply.declared or reply.cut is not None
        self.end_headers()
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        body = reply.body if reply.cut is None else reply.body[: reply.cut]
        step = max(len(body) // 10, 1) if reply.between else max(len(body), 1)
        try:
            for start in range(0, len(body), step):
                self.wfile.write(body[start : start + step])
                self.replica.wait(reply.between)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client has heard enough

    def log_message(self, *_: object) -> None:
        pass
