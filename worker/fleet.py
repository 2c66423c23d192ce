"""What the web can't see, written into rows for it: which workers live, and how long the queues are."""

import logging
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone
from kombu import Connection
from kombu.exceptions import OperationalError

from digest.models import Queue, Worker
from worker import pulse

log = logging.getLogger("paperglot")
BEAT = 10.0
"""Seconds from one sign of life to the next."""
_FORGOTTEN = timedelta(days=1)


def arrive(name: str, queues: Iterable[str], now: datetime) -> None:
    """Note that a worker has started; one of the same name before it is over."""
    about = {"host": name.rpartition("@")[2], "queues": sorted(queues), "started_at": now, "seen_at": now}
    about |= _disk()
    _written(lambda: Worker.objects.update_or_create(name=name, defaults=about), name)


def _disk() -> dict[str, int]:
    """Of the data folder's disk, in bytes; nothing where it can't be asked."""
    try:
        disk = shutil.disk_usage(settings.DATA)
    except OSError:
        return {}
    return {"disk_free": disk.free, "disk_total": disk.total}


def live(name: str, queues: Iterable[str]) -> None:
    """Note that a worker lives; one whose row has gone meanwhile is noted anew."""
    pulse.beat(settings.DATA)
    now = timezone.now()

    def beat() -> None:
        if not Worker.objects.filter(name=name).update(seen_at=now, **_disk()):
            arrive(name, queues, now)

    _written(beat, name)


def leave(name: str) -> None:
    """Note that a worker has ended."""
    _written(lambda: Worker.objects.filter(name=name).delete(), name)


def _written(write: Callable[[], object], name: str) -> None:
    """Write, or say why not: a worker works on where its row can't be written. No connection is left open, since
    the worker's pool forks."""
    try:
        write()
    except Error as error:
        log.warning("%s can't say that it lives: %s", name, error)
    finally:
        if not connection.in_atomic_block:
            connection.close()


def count(broker: Connection, names: Iterable[str], now: datetime) -> None:
    """Count the bells in these queues. A broker that does not answer leaves the old counts, which tell their age."""
    try:
        with broker as asked:
            channel = asked.default_channel
            lengths = {name: channel.queue_declare(name).message_count for name in names}
    except (OperationalError, OSError, *broker.recoverable_connection_errors) as error:
        log.warning("the queues could not be counted: %s", error)
        return
    for name, length in lengths.items():
        Queue.objects.update_or_create(name=name, defaults={"length": length, "counted_at": now})


def look(broker: Connection, names: Iterable[str], now: datetime) -> None:
    """Count the queues where there is a broker, and forget workers that were not seen for a day."""
    if settings.BROKER_URL:
        count(broker, names, now)
    Worker.objects.filter(seen_at__lt=now - _FORGOTTEN).delete()
