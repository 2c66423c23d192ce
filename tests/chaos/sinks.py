"""Where digests go: a mail server and a webhook that remember what they heard and when (monotonic seconds)."""

import socketserver
import time
from dataclasses import dataclass

from tests.listener import Listener
from tests.smtp import SmtpServer


@dataclass(frozen=True)
class Heard:
    """A message that arrived, by mail or by webhook."""

    at: float
    key: str
    to: str
    body: str


class Mailbox(SmtpServer):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Heard] = []

    def _take(self, handler: socketserver.StreamRequestHandler) -> None:
        before = len(self.kept)
        super()._take(handler)
        for mail in self.kept[before:]:
            text = mail.get_body(("plain",))
            body = text.get_content() if text else ""
            self.heard.append(Heard(time.monotonic(), mail["Message-ID"].strip("<>"), mail["To"], body))


class Hook(Listener):
    """`posts` are those that it took: what is answered with an error has not arrived."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[Heard] = []

    def spoil(self, answer: tuple[int, dict[str, str], bytes] | None) -> None:
        """Answer everybody so; None: well again."""
        self.answers = {f"/{name}": answer for name in ("ada", "bob", "eve")} if answer else {}

    def _hear(self, path: str, headers: dict[str, str], body: bytes, status: int) -> None:
        super()._hear(path, headers, body, status)
        if status < 300:
            key = headers.get("Idempotency-Key", "")
            self.posts.append(Heard(time.monotonic(), key, path, body.decode()))
