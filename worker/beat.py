"""The clock of the bells: Celery's scheduler, on a machine whose own clock may be set right."""

import time
from typing import Any

import celery.beat


class Scheduler(celery.beat.Scheduler):
    """Rings on where the clock was set back; Celery's would be silent for as long as the clock had been ahead."""

    _last = 0.0

    def tick(self, *how: Any, **named: Any) -> float:
        now = time.time()
        if now < self._last:
            for entry in self.schedule.values():
                entry.last_run_at = entry.default_now()
            self._heap = None  # its times are of the clock as it was
        self._last = now
        seconds: float = super().tick(*how, **named)
        return seconds
