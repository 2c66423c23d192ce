"""Heartbeats: a lease is short, so that a death shows at once, and is kept alive while its holder works."""

import contextvars
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connection

log = logging.getLogger("paperglot")
HOLD = timedelta(seconds=30)
"""How long a lease holds without a beat."""


@contextmanager
def heartbeat(beat: Callable[[], object], hold: timedelta = HOLD) -> Iterator[None]:
    """Call `beat`, which extends a lease by `hold`, three times in every `hold` while the block runs.

    It runs in a thread of its own; what it can't write is tried again with the next beat.
    """
    over = threading.Event()

    def run() -> None:
        while not over.wait(hold.total_seconds() / 3):
            try:
                beat()
            except DatabaseError as error:
                log.warning("a lease could not be extended: %s", error)
        connection.close()

    context = contextvars.copy_context()  # what it logs belongs to the run that it keeps alive
    thread = threading.Thread(target=context.run, args=[run], daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=5)
