"""worker/fleet.py, digest/fleet.py: workers say that they live, queues are counted, the board tells who is missing."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from kombu import Connection

from digest.fleet import fleet
from digest.models import PaperVersion, Queue, Worker
from tests.documents import Document
from tests.steps import choose, sentence
from worker import broker
from worker.celery import _TRANSPORT, VERBS
from worker.fleet import arrive, count, leave, live, look

QUEUES = sorted(set(VERBS.values()))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def all_at_work(db, now) -> None:
    arrive("io@here", ["default", "fetch"], now)
    arrive("mt@here", ["translate"], now)


# --- workers ----------------------------------------------------------------------------------


def test_a_worker_says_that_it_has_started(db, now):
    arrive("mt@machine.example", ["translate"], now)
    row = Worker.objects.get()
    assert (row.host, row.queues, row.started_at, row.seen_at) == (
        "machine.example",
        ["translate"],
        now,
        now,
    )


def test_a_worker_that_starts_again_has_one_row(db, now):
    arrive("mt@here", ["translate"], now)
    arrive("mt@here", ["translate"], now + MINUTE)
    assert Worker.objects.get().started_at == now + MINUTE


def test_a_worker_that_lives_is_seen(all_at_work, now, time_machine):
    time_machine.move_to(now + MINUTE, tick=False)
    live("mt@here", ["translate"])
    assert [(w.name, w.seen_at - now) for w in Worker.objects.all()] == [
        ("io@here", timedelta()),
        ("mt@here", MINUTE),
    ]


def test_a_worker_whose_row_has_gone_is_noted_anew(db):
    live("mt@here", ["translate"])
    assert Worker.objects.get().name == "mt@here"


def test_a_worker_that_ends_is_gone(all_at_work):
    leave("mt@here")
    assert Worker.objects.get().name == "io@here"


def test_a_database_that_does_not_answer_does_not_end_the_worker(db, monkeypatch, caplog):
    from django.db import OperationalError

    def locked(**_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(Worker.objects, "filter", locked)
    live("mt@here", ["translate"])
    assert "can't say that it lives: database is locked" in caplog.text


def test_workers_that_were_not_seen_for_a_day_are_forgotten(all_at_work, now):
    Worker.objects.filter(name="mt@here").update(seen_at=now - timedelta(hours=25))
    look(Connection("memory://"), QUEUES, now)
    assert Worker.objects.get().name == "io@here"


# --- queues -----------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Path]:
    """The embedded broker."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    process = subprocess.Popen(broker.command(folder), stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    broker.wait(folder, 10)
    yield folder
    process.terminate()
    process.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


def connected(folder: Path) -> Celery:
    app = Celery("test", broker=broker.url(folder))
    app.conf.broker_transport_options = _TRANSPORT
    return app


def test_bells_in_the_broker_are_counted_by_queue(db, server, now):
    app = connected(server)
    for _ in range(3):
        app.send_task("worker.translate", queue="translate")
    count(app.connection_for_read(), QUEUES, now)
    counted = {queue.name: (queue.length, queue.counted_at) for queue in Queue.objects.all()}
    assert counted == {"default": (0, now), "fetch": (0, now), "translate": (3, now)}


def test_a_queue_that_is_counted_again_has_one_row(db, server, now):
    for minute in range(2):
        count(connected(server).connection_for_read(), ["fetch"], now + minute * MINUTE)
    assert Queue.objects.get().counted_at == now + MINUTE


def test_where_the_broker_does_not_answer_the_old_count_stays(db, tmp_path, now, caplog):
    Queue.objects.create(name="fetch", length=7, counted_at=now)
    count(Connection(f"redis+socket://{tmp_path}/nobody.sock"), ["fetch"], now + MINUTE)
    assert Queue.objects.get().counted_at == now
    assert "could not be counted" in caplog.text


def test_without_a_broker_nothing_is_counted(db, now, settings):
    settings.BROKER_URL = ""
    look(Connection("redis://nobody.invalid"), QUEUES, now)
    assert not Queue.objects.exists()


# --- what is told -----------------------------------------------------------------------------


def test_where_all_are_at_work_nothing_is_warned_of(all_at_work, now):
    choose("fake")
    assert fleet(now).warnings == []


def test_a_translator_that_was_not_seen_for_a_minute_is_missed(all_at_work, now):
    choose("fake")
    Worker.objects.filter(name="mt@here").update(seen_at=now - MINUTE)
    told = fleet(now)
    assert told.warnings == ["No translator has been seen for a minute: nothing is translated."]
    assert [(worker.name, lives) for worker, lives in told.workers] == [("io@here", True), ("mt@here", False)]


def test_a_translator_on_another_machine_is_one_too(all_at_work, now):
    choose("fake")
    leave("mt@here")
    arrive("mt@there", ["translate"], now)
    assert fleet(now).warnings == []


def test_where_nothing_is_translated_no_translator_is_missed(all_at_work, now):
    choose("")
    leave("mt@here")
    assert fleet(now).warnings == []


def test_where_nobody_is_at_work_each_verbs_worker_is_missed(db, now, announce, document):
    choose("fake")
    announce(document.add())
    assert len(fleet(now).warnings) == 3


def test_a_count_that_is_old_is_told(all_at_work, now):
    Queue.objects.create(name="fetch", length=7, counted_at=now - timedelta(minutes=5))
    Queue.objects.create(name="default", length=0, counted_at=now)
    told = fleet(now)
    assert told.warnings == ["The queues were not counted lately: their lengths are old."]
    assert [(queue.name, lately) for queue, lately in told.queues] == [("default", True), ("fetch", False)]


def test_what_waits_is_counted_with_the_oldest(db, now, announce):
    announce(Document().add().add(), now)
    announce(Document("cs.AI").add("2605.90009"), now + MINUTE)
    assert (fleet(now).unmatched.count, fleet(now).unmatched.since) == (3, now)
    PaperVersion.objects.update(matched_at=now)
    assert (fleet(now).unmatched.count, fleet(now).unmatched.since) == (0, None)


def test_sentences_wait_since_they_were_made_or_asked_for_again(db, now):
    choose("fake")
    made = sentence("A.").created_at
    sentence("B.", finished_at=now, again_at=now - 10 * MINUTE)
    sentence("C.", finished_at=now)
    told = fleet(now).untranslated
    assert (told.count, told.since) == (2, min(now - 10 * MINUTE, made))


def test_sentences_of_another_model_wait_for_nobody(db, now):
    sentence("A.")
    choose("better")
    assert fleet(now).untranslated.count == 0
