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
    @property
    def posts(self) -> list[Heard]:
        return [Heard(at, head.get("Idempotency-Key", ""), path, body.decode())
                for at, (path, head, body) in zip(self.times, list(self.heard), strict=False)]  # fmt: skip

    def spoil(self, answer: tuple[int, dict[str, str], bytes] | None) -> None:
        """Answer everybody so; None: well again."""
        self.answers = {f"/{name}": answer for name in ("ada", "bob", "eve")} if answer else {}

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []
        self.heard = _Timed(self.times)


class _Timed(list):  # type: ignore[type-arg]
    def __init__(self, times: list[float]) -> None:
        super().__init__()
        self._times = times

    def append(self, item: object) -> None:
        self._times.append(time.monotonic())
        super().append(item)
