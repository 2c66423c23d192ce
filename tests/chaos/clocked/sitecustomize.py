"""Python reads this before anything else where its folder is on PYTHONPATH: its clock becomes the simulated one."""

import os

if os.environ.get("PAPERGLOT_CHAOS_CLOCK"):
    import mmap
    import struct
    import sys

    sys.modules["pytest"] = None  # type: ignore[assignment]  # time_machine would import it, which takes a while
    import time_machine
    from _time_machine import original_time_ns

    del sys.modules["pytest"]

    class _Simulated:
        """As a traveller of time_machine's: asked whenever somebody asks for the time."""

        def __init__(self, path: str, slot: int) -> None:
            with open(path, "rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._place = 8 * slot

        def time_ns(self) -> int:
            everybody = struct.unpack_from("q", self._map, 0)[0]
            return int(original_time_ns() + everybody + struct.unpack_from("q", self._map, self._place)[0])

    time_machine.travel(0).start()
    time_machine.traveller_stack[:] = [
        _Simulated(os.environ["PAPERGLOT_CHAOS_CLOCK"], int(os.environ["PAPERGLOT_CHAOS_SLOT"]))  # type: ignore[list-item]
    ]
