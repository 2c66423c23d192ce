"""An OpenID Connect provider on this machine: whoever comes is `person`, and is sent back at once."""

import http.server
import json
import threading
import urllib.parse
from typing import Any

from tests.sockets import Serving


class OpenIdProvider(Serving):
    """`person` is what it tells of whoever logs in; `refuses` is the error that it sends back instead."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {"sub": "1", "email": "grace@example.org", "email_verified": True}
        self.refuses = ""
        self._over = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer._answer(self, urllib.parse.urlsplit(self.path))

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer._tell(self, {"access_token": "a-token", "token_type": "Bearer"})

            def log_message(self, *_: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def setting(self) -> str:
        """PAPERGLOT_SOCIAL."""
        row = {"provider": "openid_connect", "id": "uni", "name": "University", "client_id": "paperglot"}
        return json.dumps([{**row, "secret": "hush", "server_url": self.url}])

    def _answer(self, handler: http.server.BaseHTTPRequestHandler, asked: urllib.parse.SplitResult) -> None:
        if asked.path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token",
                    "userinfo_endpoint": "userinfo", "jwks_uri": "keys"}  # fmt: skip
            told = {name: f"{self.url}/{end}" for name, end in ends.items()}
            self._tell(handler, {"issuer": self.url, **told})
        elif asked.path == "/userinfo":
            self._tell(handler, self.person)
        else:
            self._send_back(handler, dict(urllib.parse.parse_qsl(asked.query)))

    def _send_back(self, handler: http.server.BaseHTTPRequestHandler, asked: dict[str, str]) -> None:
        answer = {"error": self.refuses} if self.refuses else {"code": "a-code"}
        told = urllib.parse.urlencode({"state": asked["state"], **answer})
        handler.send_response(302)
        handler.send_header("Location", f"{asked['redirect_uri']}?{told}")
        handler.end_headers()

    def _tell(self, handler: http.server.BaseHTTPRequestHandler, what: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        handler.wfile.write(json.dumps(what).encode())
