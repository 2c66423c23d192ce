"""How a line of the log reads: the time, the level where it is worth a word, and a sentence without secrets."""

import logging
import re

_SECRET = re.compile(
    r"(/f/|/setup/|/invitation/|/mail/|/accounts/password/reset/key/|/accounts/confirm-email/)[^/\s]+"
)
"""Addresses that are passwords: whoever reads the log shall not read feeds, nor use an invitation."""


class Plain(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        told = _SECRET.sub(r"\1…", super().formatMessage(record))
        return told if record.levelno < logging.WARNING else f"{told[:8]} {record.levelname}{told[8:]}"
