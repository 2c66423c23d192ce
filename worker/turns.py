"""Taking turns over every process and machine: one request to arXiv at a time, spaced; one plan at a time."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from digest.models import Slot
from worker.arxiv.errors import FetchError
from worker.heartbeat import HOLD, heartbeat

_LOOK_AGAIN = 0.2
_PATIENCE = timedelta(minutes=1)
"""Whoever would have to wait for longer does something else: all threads of a worker may be waiting."""


def turn(
    name: str, interval: float, *, sleep: Callable[[float], None] = time.sleep
) -> AbstractContextManager[None]:
    """Wait for the turn, hold it while the block runs, and leave `interval` seconds of rest after its
    beginning. A FetchError that says `retry_after` makes everybody rest that long: whoever would have to wait for
    more than a minute has one, too."""
    return _turn(name, timedelta(seconds=interval), sleep)


@contextmanager
def if_free(name: str) -> Iterator[bool]:
    """Hold the turn while the block runs, if nobody has it: True. Where somebody has, False, at once."""
    token = uuid.uuid4()
    # It is free whenever nobody has it: no clock that is ahead or set back keeps it.
    Slot.objects.get_or_create(name=name, defaults={"next_at": datetime.min.replace(tzinfo=UTC)})
    if not _take(name, token):
        yield False
        return
    with _held(name, token, None):
        yield True


@contextmanager
def _turn(name: str, interval: timedelta, sleep: Callable[[float], None]) -> Iterator[None]:
    token = uuid.uuid4()
    Slot.objects.get_or_create(name=name, defaults={"next_at": timezone.now()})
    while not _take(name, token):
        _give_up_where_long(name)
        sleep(_LOOK_AGAIN)
    with _held(name, token, interval):
        yield


@contextmanager
def _held(name: str, token: uuid.UUID, interval: timedelta | None) -> Iterator[None]:
    """`interval`: how long after its beginning nobody may have it again; None where it is free at once."""
    began = timezone.now()
    rest = interval
    mine = Slot.objects.filter(name=name, holder=token)
    try:
        with heartbeat(lambda: mine.update(held_until=timezone.now() + HOLD)):
            yield
    except FetchError as error:
        rest = max(interval or timedelta(0), timedelta(seconds=error.retry_after or 0))
        raise
    finally:
        mine.update(holder=None, held_until=None, **({} if rest is None else {"next_at": began + rest}))


def _take(name: str, token: uuid.UUID) -> bool:
    """One conditional UPDATE: of several who ask at once, one finds its row."""
    now = timezone.now()
    return bool(
        Slot.objects.filter(Q(held_until=None) | Q(held_until__lte=now), name=name, next_at__lte=now).update(
            holder=token, held_until=now + HOLD
        )
    )


def _give_up_where_long(name: str) -> None:
    next_at = Slot.objects.filter(name=name).values_list("next_at", flat=True).first()
    if next_at and (rest := next_at - timezone.now()) > _PATIENCE:
        words = f"{name} is left alone for {rest.total_seconds():.0f} s more, as it has asked."
        raise FetchError(words, retry_after=rest.total_seconds())
