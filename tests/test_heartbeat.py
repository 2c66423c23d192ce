"""worker/heartbeat.py: a lease is kept alive while its holder works, and no longer."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from digest.models import Category
from worker.heartbeat import heartbeat

HOLD = timedelta(milliseconds=90)


class Beats:
    """Counts its beats; `enough` is set with the third, and `fails` of them fail."""

    def __init__(self, fails: int = 0) -> None:
        self.count, self.fails, self.enough = 0, fails, threading.Event()

    def __call__(self) -> None:
        self.count += 1
        if self.count >= 3:
            self.enough.set()
        if self.count <= self.fails:
            raise OperationalError("database is locked")


def test_it_beats_while_the_block_runs():
    beats = Beats()
    with heartbeat(beats, HOLD):
        assert beats.enough.wait(10)


def test_it_beats_no_more_after_the_block():
    beats = Beats()
    with heartbeat(beats, HOLD):
        assert beats.enough.wait(10)
    count = beats.count
    time.sleep(2 * HOLD.total_seconds())
    assert beats.count == count


def test_it_beats_no_more_after_a_failure_of_the_block():
    beats = Beats()
    with pytest.raises(ValueError, match="broken"), heartbeat(beats, HOLD):
        raise ValueError("broken")
    time.sleep(2 * HOLD.total_seconds())
    assert beats.count == 0


def test_a_beat_that_can_not_be_written_is_tried_again():
    beats = Beats(fails=2)
    with heartbeat(beats, HOLD):
        assert beats.enough.wait(10)


def test_a_short_block_has_no_beat_and_no_delay():
    beats, began = Beats(), time.monotonic()
    with heartbeat(beats, timedelta(seconds=30)):
        pass
    assert (beats.count, time.monotonic() - began < 2) == (0, True)


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_still_held_after_its_time():
    hold = timedelta(milliseconds=600)
    Category.objects.create(code="cs.LG")
    token = Category.objects.all().claim(timezone.now(), 1, hold)[0].lease
    with heartbeat(lambda: Category.objects.all().extend(token, timezone.now() + hold), hold):
        time.sleep(1.5 * hold.total_seconds())
        assert Category.objects.all().claim(timezone.now(), 1, hold) == []
