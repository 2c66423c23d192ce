"""How a line of the log reads: the time, the level where it is worth a word, and a sentence without secrets; or, for
machines, one JSON object a line, with the run or the request that it belongs to.
"""

import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_SECRET = re.compile(
    r"(/f/|/setup/|/invitation/|/mail/|/accounts/password/reset/key/|/accounts/confirm-email/)[^/\s]+"
)
"""Addresses that are passwords: whoever reads the log shall not read feeds, nor use an invitation."""
_about: ContextVar[dict[str, str | int] | None] = ContextVar("about", default=None)


def masked(text: str) -> str:
    return _SECRET.sub(r"\1…", text)


@contextmanager
def about(**what: str | int) -> Iterator[None]:
    """What the lines of a block belong to: a run, a request."""
    token = _about.set({**current(), **what})
    try:
        yield
    finally:
        _about.reset(token)


def current() -> dict[str, str | int]:
    return _about.get() or {}


class Plain(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        told = masked(super().formatMessage(record))
        return told if record.levelno < logging.WARNING else f"{told[:8]} {record.levelname}{told[8:]}"


class Json(logging.Formatter):
    """One object a line: at, level, logger, message, process, pid, and run, verb, subject or request where there is
    one; error is a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, str | int] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
            "process": os.environ.get("PAPERGLOT_PROCESS", record.processName or ""),
            "pid": record.process or os.getpid(),
            **current(),
        }
        if asked := getattr(getattr(record, "request", None), "request_id", ""):
            line["request"] = asked  # Django logs some answers once the middlewares have ended
        if record.exc_info:
            line["error"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


FORMATS: dict[str, type[logging.Formatter]] = {"plain": Plain, "json": Json}
