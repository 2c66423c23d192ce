"""A mail server of the simulation: it remembers what it took, and refuses the login while it is told to."""

import smtplib
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend

SENT: list[tuple[str, str, str]] = []
"""Message-ID, subject and first recipient."""
REFUSING = [False]


class Server(BaseEmailBackend):
    def __init__(self, *arguments: Any, timeout: float | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)

    def open(self) -> bool:
        if REFUSING[0]:
            raise smtplib.SMTPAuthenticationError(535, b"wrong password")
        return True

    def send_messages(self, messages: Any) -> int:
        self.open()
        for message in messages:
            headers = message.message()
            SENT.append((str(headers["Message-ID"]), str(message.subject), message.to[0]))
        return len(messages)
