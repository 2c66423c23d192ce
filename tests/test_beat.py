"""worker/beat.py: the bells go on, whatever happens to the clock of their machine."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from worker.beat import Scheduler
from worker.celery import VERBS, app

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


@pytest.fixture
def rung(monkeypatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(Scheduler, "apply_async", lambda _self, entry, **_how: names.append(entry.name))
    return names


def ticks(scheduler: Scheduler) -> None:
    for _ in range(3 * len(VERBS)):
        scheduler.tick()


def test_every_bell_is_rung_again_and_again(rung):
    with time_machine.travel(NOON, tick=False) as clock:
        scheduler = Scheduler(app, lazy=False)
        for _ in range(2):
            clock.shift(timedelta(minutes=2))
            ticks(scheduler)
    assert all(rung.count(verb) == 2 for verb in VERBS)


def test_a_clock_that_is_set_back_silences_no_bell(rung):
    with time_machine.travel(NOON, tick=False) as clock:
        scheduler = Scheduler(app, lazy=False)
        clock.shift(timedelta(minutes=2))
        ticks(scheduler)
        rung.clear()
        clock.shift(-timedelta(hours=5))
        ticks(scheduler)
        clock.shift(timedelta(minutes=2))
        ticks(scheduler)
    assert sorted(rung) == sorted(VERBS)


def test_a_clock_that_leaps_ahead_rings_each_bell_once(rung):
    with time_machine.travel(NOON, tick=False) as clock:
        scheduler = Scheduler(app, lazy=False)
        ticks(scheduler)
        clock.shift(timedelta(hours=5))
        rung.clear()
        ticks(scheduler)
    assert sorted(rung) == sorted(VERBS)
