"""A web server on this machine that hears posts, and answers as a test says."""

import http.server
import json
import threading
from typing import Any

from tests.sockets import Serving


class Listener(Serving):
    """`answers` is the status, headers and body by path; whatever is not there is answered 200. `/never` waits until
    the listener is closed, `/drip` sends a byte now and then."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self._over = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                answer = outer.answers.get(self.path, (200, {}, b"{}"))
                outer._hear(self.path, dict(self.headers), body, answer[0])
                outer._answer(self, *answer)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def _hear(self, path: str, headers: dict[str, str], body: bytes, status: int) -> None:
        """A post, and how it is about to be answered."""
        self.heard.append((path, headers, body))

    def _answer(
        self, handler: http.server.BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes
    ) -> None:
        if handler.path.startswith("/never"):
            self._over.wait(30)
            return
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        try:
            handler.wfile.write(body)
            while handler.path.startswith("/drip") and not self._over.wait(0.05):
                handler.wfile.write(b".")
        except OSError:
            pass  # whoever asked has heard enough

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for _path, _headers, body in self.heard]
