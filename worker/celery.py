"""The pipeline on one page: the Celery app, its queues, its limits and its schedule.

    every few seconds, and after each step that found work:

        fetch      due categories            -> papers, announcements     queue fetch
        heal       days that are not whole   -> the same, from catch-up   queue fetch
        match      unmatched versions        -> matches                   queue default
        translate  wanted translations       -> sentences, translations   queue translate
        publish    readers whose day is in   -> digests                   queue default
        deliver    digests that are out      -> mail, chats, webhooks     queue default
        index      changed papers            -> what the search finds     queue default
        download   models asked for          -> model folders             queue fetch
        sweep      dead runs, old rows       -> alerts, queues counted    queue default

A bell carries nothing: what is to be done stands in the rows. Any bell may be lost, repeated or late.
"""

import logging
import os
import warnings
from typing import Any

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import (
    after_task_publish,
    beat_init,
    setup_logging,
    worker_process_init,
    worker_ready,
    worker_shutdown,
)
from kombu.entity import Queue
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")

from django.conf import settings
from django.utils import timezone

from worker import pulse
from worker.supervisor import die_with

log = logging.getLogger("paperglot")
warnings.filterwarnings("ignore", category=SecurityWarning)  # `up` says it, once and in a sentence

VERBS = {
    "fetch": "fetch",
    "heal": "fetch",
    "match": "default",
    "translate": "translate",
    "publish": "default",
    "deliver": "default",
    "index": "default",
    "download": "fetch",
    "sweep": "default",
}
"""Each verb and its queue."""

_TRANSPORT = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "unacked_mutex_expire": 15,  # default 300: a worker killed while holding it stops all recovery
    "socket_connect_timeout": 3,
    "socket_timeout": 20,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "global_keyprefix": "paperglot:",
}

FRESH = 90
"""Seconds after which a bell that nobody has heard is dropped unheard, by the clock of whoever takes it from the queue:
two machines' clocks may differ by a minute."""

app = Celery("paperglot")
app.conf.update(
    broker_url=settings.BROKER_URL or "memory://",
    broker_use_ssl=settings.BROKER_TLS,
    broker_transport_options=_TRANSPORT if settings.BROKER_URL.startswith("redis") else {},
    visibility_timeout=900,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_store_eager_result=False,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_publish_retry=False,  # a bell is disposable: the next one comes in seconds
    worker_prefetch_multiplier=1,
    worker_proc_alive_timeout=120,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    task_soft_time_limit=600,
    task_time_limit=660,
    task_default_queue="default",
    task_queues=[Queue(name) for name in ("fetch", "default", "translate")],
    task_routes={f"worker.{verb}": {"queue": queue} for verb, queue in VERBS.items()},
    timezone="UTC",
    include=[f"worker.{verb}" for verb in VERBS],
    beat_schedule={
        verb: {
            "task": f"worker.{verb}",
            "schedule": settings.BELL_SECONDS if verb != "sweep" else 60.0,
            "options": {"expires": FRESH},
        }
        for verb in VERBS
    },
    beat_max_loop_interval=settings.BELL_SECONDS,
    beat_scheduler="worker.beat:Scheduler",
)


@setup_logging.connect
def _keep_django_logging(**_: object) -> None:
    """Celery leaves logging as Django has set it up."""


@worker_process_init.connect
def _end_with_the_worker(**_: object) -> None:
    """A pool's process whose worker is killed would finish its batch for nobody, and hold its lease."""
    die_with(os.getppid())


@worker_ready.connect
def _say_that_it_lives(sender: Any, **_: object) -> None:
    """By the worker's own timer and not in a thread: its pool forks."""
    from worker import fleet, proving  # models can be imported only now

    name, queues = sender.hostname, list(app.amqp.queues.consume_from)
    fleet.arrive(name, queues, timezone.now())
    sender.timer.call_repeatedly(fleet.BEAT, fleet.live, (name, queues))
    if proving.asked():
        sender.timer.call_repeatedly(fleet.BEAT, proving.end_if_another_is_in_use)


@worker_shutdown.connect
def _say_that_it_ends(sender: Any, **_: object) -> None:
    from worker import fleet

    fleet.leave(sender.hostname)


@beat_init.connect
def _the_clock_beats(**_: object) -> None:
    after_task_publish.connect(_beat)


def _beat(**_: object) -> None:
    pulse.beat(settings.DATA)


def ring(verb: str) -> None:
    """Ring a verb's bell now. Without a broker (tests, one-shots) there is nobody to hear it."""
    if not settings.BROKER_URL:
        return
    try:
        app.send_task(f"worker.{verb}", expires=FRESH)
    except (OperationalError, RedisError) as error:  # away, or its memory is full
        log.debug("nobody heard the bell for %s: %s", verb, error)
