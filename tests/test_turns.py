"""worker/turns.py: one request at a time, spaced, whoever asks."""

import threading
import time
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from digest.models import Slot
from worker.arxiv.errors import FetchError
from worker.turns import if_free, turn


class _WaitedError(Exception):
    """Somebody had to wait."""


def _never(_seconds: float) -> None:
    raise _WaitedError


def at_once(name: str = "arxiv", interval: float = 0) -> None:
    """Take a turn and end it; _WaitedError where there is none to be had."""
    with turn(name, interval, sleep=_never):
        pass


@pytest.mark.django_db
def test_the_first_turn_is_had_at_once():
    at_once()


@pytest.mark.django_db
def test_the_next_turn_has_to_wait_for_the_interval():
    at_once(interval=60)
    with pytest.raises(_WaitedError):
        at_once()


@pytest.mark.django_db
def test_nobody_has_a_turn_while_another_holds_it():
    with turn("arxiv", 0), pytest.raises(_WaitedError):
        at_once()


@pytest.mark.django_db
def test_turns_of_different_names_do_not_wait_for_one_another():
    with turn("arxiv", 60):
        at_once("hub")


@pytest.mark.django_db
def test_after_a_failure_the_turn_is_free_again():
    with pytest.raises(ValueError, match="broken"), turn("arxiv", 0):
        raise ValueError("broken")
    at_once()


@pytest.mark.django_db
def test_everybody_rests_as_long_as_arxiv_says():
    before = timezone.now()
    with pytest.raises(FetchError), turn("arxiv", 0):
        raise FetchError("slow down", retry_after=1800)
    assert Slot.objects.get().next_at >= before + timedelta(seconds=1800)


@pytest.mark.django_db
def test_a_failure_that_says_no_rest_leaves_the_usual_one():
    before = timezone.now()
    with pytest.raises(FetchError), turn("arxiv", 3):
        raise FetchError("not found")
    rest = Slot.objects.get().next_at - before
    assert timedelta(seconds=3) <= rest < timedelta(seconds=30)


@pytest.mark.django_db
def test_a_dead_holders_turn_ends():
    past = timezone.now() - timedelta(seconds=1)
    Slot.objects.create(name="arxiv", next_at=past, holder=uuid4(), held_until=past)
    at_once()


@pytest.mark.django_db
def test_a_living_holders_turn_is_not_taken():
    now = timezone.now()
    Slot.objects.create(name="arxiv", next_at=now, holder=uuid4(), held_until=now + timedelta(seconds=30))
    with pytest.raises(_WaitedError):
        at_once()


@pytest.mark.django_db
def test_who_comes_back_from_the_dead_does_not_end_the_turn_of_another():
    other = uuid4()
    with turn("arxiv", 0):
        Slot.objects.update(holder=other)
    assert Slot.objects.get().holder == other


@pytest.mark.django_db(transaction=True)
def test_several_threads_ask_one_at_a_time_and_spaced():
    interval, asked, inside = 0.3, [], threading.Semaphore(1)

    def ask() -> None:
        try:
            with turn("arxiv", interval, sleep=lambda _: time.sleep(0.01)):
                assert inside.acquire(blocking=False), "two at once"
                asked.append(time.monotonic())
                time.sleep(0.02)
                inside.release()
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    asked.sort()
    gaps = [later - earlier for earlier, later in pairwise(asked)]
    assert len(gaps) == 3
    assert min(gaps) >= interval - 0.05


@pytest.mark.django_db
def test_who_would_have_to_wait_for_long_comes_again_later():
    """Of four threads that wait for an hour none would match, publish or deliver meanwhile."""
    with pytest.raises(FetchError), turn("arxiv", 0):
        raise FetchError("slow down", retry_after=3600)
    with pytest.raises(FetchError) as told:
        at_once()
    assert 3500 < told.value.retry_after <= 3600


@pytest.mark.django_db
def test_who_gives_up_waiting_moves_no_turn():
    with pytest.raises(FetchError), turn("arxiv", 0):
        raise FetchError("slow down", retry_after=3600)
    before = Slot.objects.values().get()
    with pytest.raises(FetchError):
        at_once()
    assert Slot.objects.values().get() == before


# --- work that one at a time is enough for ------------------------------------------------------


@pytest.mark.django_db
def test_whoever_is_first_has_the_turn_and_nobody_else_waits_for_it():
    with if_free("plan") as first, if_free("plan") as second:
        assert (first, second) == (True, False)


@pytest.mark.django_db
def test_who_found_the_turn_taken_does_not_end_it():
    with if_free("plan"):
        with if_free("plan"):
            pass
        with if_free("plan") as third:
            assert not third


@pytest.mark.django_db
def test_the_turn_is_free_at_once_when_its_work_is_done_or_has_failed():
    with pytest.raises(ValueError, match="broken"), if_free("plan"):
        raise ValueError("broken")
    with if_free("plan") as mine:
        assert mine


@pytest.mark.django_db
def test_a_dead_planners_turn_ends():
    past = timezone.now() - timedelta(seconds=1)
    Slot.objects.create(name="plan", next_at=past, holder=uuid4(), held_until=past)
    with if_free("plan") as mine:
        assert mine
