"""worker/posting: what is tried again, and when."""

from datetime import timedelta

import pytest

from tests.conftest import NOW
from worker.posting import next_try


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [(1, 1), (2, 5), (3, 30), (4, 120), (5, 360), (6, 360), (7, 360), (8, 180)],
)
def test_the_waits_grow(attempts, wait):
    assert next_try(NOW, attempts) == NOW + timedelta(minutes=wait)


def test_after_a_day_it_is_given_up():
    now, attempts = NOW, 1
    while (again := next_try(now, attempts)) is not None:
        now, attempts = again, attempts + 1
    assert timedelta(hours=23) < now - NOW <= timedelta(hours=24)


def test_who_asks_to_wait_is_waited_for():
    assert next_try(NOW, 1, retry_after=600) == NOW + timedelta(minutes=10)
    assert next_try(NOW, 3, retry_after=1) == NOW + timedelta(minutes=30)


def test_nobody_is_waited_for_without_end():
    assert next_try(NOW, 1, retry_after=10**9) == NOW + timedelta(hours=6)
