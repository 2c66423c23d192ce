"""The house through the year: its verbs, its clock, and what happens to it on given days."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import time_machine
from django.db.models import Min
from django.utils import timezone

from digest.arxiv_days import feeds_turn
from digest.log import Json
from digest.models import Announcement, Category, Delivery, Installation, User, Worker
from tests.engines import FakeEngine
from tests.year import mail
from worker import documents, sweep, translate
from worker.deliver import deliver
from worker.fetch import fetch
from worker.heal import heal
from worker.heartbeat import HOLD
from worker.index import index
from worker.match import match
from worker.publish import publish
from worker.registry import InstalledModel
from worker.turns import turn

GRID = timedelta(hours=6)
"""So often everything is looked at although nothing is due."""
_SOONEST = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens once, at its time."""

    at: datetime
    what: str
    do: Callable[[], Any]


@dataclass
class State:
    """What is wrong in the house at the moment, and what was counted."""

    translator: bool = True
    disk: float = 0.5
    off: bool = False
    lines: Counter[str] = field(default_factory=Counter)
    bytes: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    ticks: int = 0


class _Counting(logging.Handler):
    """Counts what the log would take, by month."""

    def __init__(self, state: State) -> None:
        super().__init__(logging.INFO)
        self.state = state
        self.setFormatter(Json())

    def emit(self, record: logging.LogRecord) -> None:
        month = f"{timezone.now():%Y-%m}"
        self.state.lines[month] += 1
        self.state.bytes[month] += len(self.format(record).encode()) + 1
        if record.levelno >= logging.ERROR:
            self.state.errors[record.getMessage()] += 1


@contextmanager
def running(start: datetime, engine: FakeEngine) -> Iterator[tuple[State, Any]]:
    """The clock stands at the start; a turn at arXiv is waited for by moving it."""
    state, log = State(), logging.getLogger("paperglot")
    counting = _Counting(state)
    log.addHandler(counting)
    propagates, log.propagate = log.propagate, False
    model = InstalledModel("fake", Path("absent"), "fake#00000001", {})
    before = translate.chosen_model, translate.engine_for, documents.turn
    with time_machine.travel(start, tick=True) as clock:
        translate.chosen_model = lambda: model
        translate.engine_for = lambda _: lambda: engine
        documents.turn = partial(turn, sleep=lambda seconds: clock.shift(seconds))
        try:
            yield state, clock
        finally:
            translate.chosen_model, translate.engine_for, documents.turn = before
            log.removeHandler(counting)
            log.propagate = propagates


def settle(state: State) -> None:
    """Every verb once, as bells would ring them; workers say that they live."""
    now = timezone.now()
    workers = {"io@one": ["default", "fetch"], **({"mt@one": ["translate"]} if state.translator else {})}
    for name, queues in workers.items():
        told = {
            "host": "one",
            "queues": queues,
            "seen_at": now,
            "disk_free": int(1e9 * state.disk),
            "disk_total": 10**9,
        }
        Worker.objects.update_or_create(name=name, defaults=told, create_defaults={**told, "started_at": now})
    verbs = [
        fetch,
        heal,
        match,
        *([translate.translate] if state.translator else []),
        publish,
        deliver,
        index,
        sweep.sweep,
    ]
    for verb in verbs:
        verb()
    state.ticks += 1


def next_tick(now: datetime) -> datetime:
    """When something is due next, as the rows tell."""
    following = Category.objects.followed().aggregate(at=Min("next_fetch_at"))["at"]
    healing = Announcement.objects.filter(next_try_at__gt=now).aggregate(at=Min("next_try_at"))["at"]
    sending = Delivery.objects.filter(next_try_at__gt=now).aggregate(at=Min("next_try_at"))["at"]
    due = [at for at in (following, healing, sending, *_hours(now)) if at]
    return max(min([*due, now + GRID]), now + _SOONEST)


def _hours(now: datetime) -> list[datetime]:
    """When the readers' hours come next."""
    found = []
    for user in User.objects.exclude(delivery_hour=None):
        local = now.astimezone(user.zone).replace(
            hour=user.delivery_hour or 0, minute=0, second=0, microsecond=0
        )
        found.append(local if local > now else local + timedelta(days=1))
    return found


def lose_a_lease() -> None:
    """A worker takes the first category that will be due, and dies."""
    Category.objects.followed().order_by("code").claim(timezone.now(), 1, HOLD)


def refuse_mail(refusing: bool) -> None:
    mail.REFUSING[0] = refusing


def troubles_of(state: State, year: int) -> list[Event]:
    """What happens to the house in a year, besides arXiv's own faults."""

    def at(month: int, day: int, hour: int = 0) -> datetime:
        return datetime(year, month, day, hour, tzinfo=UTC)

    def setting(name: str, value: Any) -> Callable[[], None]:
        return lambda: setattr(state, name, value)

    night = feeds_turn(date(year, 4, 14))
    return [
        Event(night - timedelta(hours=5), "the translator dies", setting("translator", False)),
        Event(night + timedelta(hours=3), "the translator comes back", setting("translator", True)),
        Event(at(5, 19), "the mail server refuses the login", partial(refuse_mail, True)),
        Event(at(5, 19, 18), "the mail server takes mail", partial(refuse_mail, False)),
        Event(at(6, 23), "the disk is nearly full", setting("disk", 0.04)),
        Event(at(6, 23, 9), "the disk has room", setting("disk", 0.5)),
        *(
            Event(at(7, 14, 12) + timedelta(minutes=n), "a worker dies with a lease", lose_a_lease)
            for n in range(4)
        ),
        Event(at(8, 8), "the machine is off", setting("off", True)),
        Event(at(8, 13, 10), "the machine is on", setting("off", False)),
    ]


def choose_the_model() -> None:
    Installation.current()
    Installation.objects.update(model="fake", backfill_days=0)
