"""How feed readers were answered, counted without a write for each poll.

A web process adds up its answers and writes them into the rows with the first answer after half a minute, and when it
ends. One that is killed forgets what it has counted since; nothing but these counts is ever kept so.
"""

import atexit
import threading
import time
from collections import Counter

from django.db import DatabaseError

from digest.models import Tally

EVERY = 30.0
"""Seconds between two writes of a process."""
_lock = threading.Lock()
_counted: Counter[str] = Counter()
_written_at = time.monotonic()


def count(status: int) -> None:
    """Count an answer; now and then write what was counted."""
    global _written_at
    with _lock:
        _counted[str(status)] += 1
        if time.monotonic() - _written_at < EVERY:
            return
        _written_at = time.monotonic()
    write()


@atexit.register
def write() -> None:
    """What can't be written now is written later."""
    with _lock:
        told = Counter(_counted)
        _counted.clear()
    if not told:
        return
    try:
        Tally.add("feed_answers", told)
    except DatabaseError:  # no poll fails because of its count
        with _lock:
            _counted.update(told)
