"""worker/celery.py: every verb has its bell, and bells never pile up."""

import pytest
from kombu.exceptions import OperationalError
from redis.exceptions import OutOfMemoryError

from worker.celery import VERBS, app, ring


@pytest.fixture(autouse=True, scope="module")
def _tasks():
    app.loader.import_default_modules()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_a_task(verb):
    assert f"worker.{verb}" in app.tasks


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_goes_to_its_queue(verb):
    assert app.conf.task_routes[f"worker.{verb}"]["queue"] == VERBS[verb]


def test_every_queue_is_declared():
    assert {queue.name for queue in app.conf.task_queues} == set(VERBS.values())


@pytest.mark.parametrize("verb", VERBS)
def test_a_bell_is_heard_by_a_machine_whose_clock_is_a_minute_off(verb):
    """It expires by the clock of whoever hears it: were it after seconds, two clocks that differ would silence all."""
    assert app.conf.beat_schedule[verb]["options"]["expires"] >= 60


@pytest.mark.parametrize("verb", VERBS)
def test_bells_that_nobody_hears_are_soon_worth_nothing(verb):
    assert app.conf.beat_schedule[verb]["options"]["expires"] <= 120


def test_only_json_is_read():
    assert app.conf.accept_content == ["json"]


def test_a_bell_carries_nothing(settings, monkeypatch):
    rung = []
    settings.BROKER_URL = "redis://example.org"
    monkeypatch.setattr(app, "send_task", lambda name, **how: rung.append((name, how)))
    ring("match")
    assert rung == [("worker.match", {"expires": 90})]


def test_without_a_broker_no_bell_is_rung(settings, monkeypatch):
    settings.BROKER_URL = ""
    monkeypatch.setattr(app, "send_task", lambda *_, **__: pytest.fail("rung"))
    ring("match")


@pytest.mark.parametrize(
    "error", [OperationalError("nobody there"), OutOfMemoryError("maxmemory is reached")]
)
def test_a_bell_that_nobody_hears_breaks_nothing(settings, monkeypatch, error):
    def away(*_, **__):
        raise error

    settings.BROKER_URL = "redis://example.org"
    monkeypatch.setattr(app, "send_task", away)
    ring("match")
