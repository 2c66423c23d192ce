"""Download: the models that an administrator asked for on the pages."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from digest.models import Download, Installation
from worker.celery import app, ring
from worker.heartbeat import HOLD, heartbeat
from worker.hub import HubError
from worker.hub import download as get
from worker.registry import KNOWN
from worker.runs import recorded

log = logging.getLogger("paperglot")
_TELL_EVERY = 1.0


@app.task(name="worker.download", soft_time_limit=6 * 3600, time_limit=6 * 3600 + 60)
def download() -> None:
    while download_next(timezone.now()):
        ring("translate")


def download_next(now: datetime) -> bool:
    """Get one model that was asked for, and use it if none is in use; False if none was asked for."""
    wanted = Download.objects.filter(finished_at=None, error="").order_by("requested_at")
    claimed = wanted.claim(now, 1, HOLD)
    if not claimed:
        return False
    row = claimed[0]
    model = KNOWN.get(row.model)
    try:
        if model is None:
            raise HubError(f"There is no model {row.model!r} to download.")
        with recorded("download", row.model) as run:
            with heartbeat(lambda: Download.objects.all().extend(row.lease, timezone.now() + HOLD)):
                get(model, settings.MODELS, settings.HUB_URL, _teller(row))
            run.counts = {"bytes": model.size}
    except HubError as error:
        log.error("the model %s could not be downloaded: %s", row.model, error)
        Download.objects.filter(pk=row.pk, lease=row.lease).update(
            error=str(error), lease=None, leased_until=None
        )
        return True
    Download.objects.filter(pk=row.pk).update(
        finished_at=timezone.now(),
        done_bytes=model.size,
        total_bytes=model.size,
        lease=None,
        leased_until=None,
    )
    Installation.objects.filter(pk=1, model__in=["", "demo"]).update(model=row.model)
    log.info("the model %s is here", row.model)
    return True


def _teller(row: Download) -> Callable[[int, int], None]:
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last < _TELL_EVERY:
            return
        last = time.monotonic()
        Download.objects.filter(pk=row.pk, lease=row.lease).update(done_bytes=done, total_bytes=total)

    return tell
