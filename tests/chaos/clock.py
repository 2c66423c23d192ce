"""Simulated time: a file of offsets that every process of the system maps into its memory.

Eight bytes for all, and eight for each process: nanoseconds that its clock is ahead of this machine's.
`clocked/sitecustomize.py` reads them, so that the product needs no hook. Monotonic clocks stay as they are.
"""

import mmap
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

CLOCKED = Path(__file__).parent / "clocked"
SLOTS = 64


class Clock:
    """The clock of the simulated world; moved by whoever holds it."""

    def __init__(self, path: Path, start: datetime) -> None:
        self.path = path
        path.write_bytes(bytes(8 * SLOTS))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 8 * SLOTS)
        self._taken = 0
        self.set(start)

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self._get(0) / 1e9, UTC)

    def set(self, moment: datetime) -> None:
        self._put(0, int((moment.timestamp() - time.time()) * 1e9))

    def advance(self, by: timedelta) -> None:
        self._put(0, self._get(0) + int(by.total_seconds() * 1e9))

    def slot(self) -> int:
        """A place for one process more."""
        self._taken += 1
        return self._taken

    def skew(self, slot: int, by: timedelta) -> None:
        """One process' clock is wrong by so much from now on."""
        self._put(slot, int(by.total_seconds() * 1e9))

    def environment(self, slot: int) -> dict[str, str]:
        """What a process needs to live in this time."""
        return {"PAPERGLOT_CHAOS_CLOCK": str(self.path), "PAPERGLOT_CHAOS_SLOT": str(slot)}

    def _get(self, slot: int) -> int:
        return int(struct.unpack_from("q", self._map, 8 * slot)[0])

    def _put(self, slot: int, value: int) -> None:
        struct.pack_into("q", self._map, 8 * slot, value)
