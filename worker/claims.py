"""Which sentences a translator takes: batches of one language, new ones before those to be done again, and the
newest first: what is left of old days, after a change of the model, waits behind today's papers."""

import logging
from datetime import datetime

from django.db.models import F

from digest.models import Sentence, Tally
from digest.models.leases import LeaseQuerySet
from digest.models.translation import MOST_ATTEMPTS
from worker.heartbeat import HOLD

log = logging.getLogger("paperglot")
CRASH = "crash"
_AFTER_A_CRASH = {1: 32, 2: 1}
"""Sentences of one batch, by the crashes that they have seen."""


def claim(pending: LeaseQuerySet, now: datetime, size: int) -> list[Sentence]:
    """Lease up to `size` of these sentences, all of one language.

    Sentences that have seen a crash come in small batches, and after a second one alone: a poisoned one takes
    ever fewer others with it, and what a mere power cut interrupted is not done again one by one.
    """
    able = pending.filter(attempts__lt=MOST_ATTEMPTS)
    order = ("attempts", F("again_at").asc(nulls_first=True), "-id")
    while first := able.unleased(now).order_by(*order).first():
        alike = able.filter(language=first.language, attempts=first.attempts).order_by(*order[1:])
        batch = alike.claim(now, min(size, _AFTER_A_CRASH.get(first.attempts, size)), HOLD)
        if batch:
            return batch
    return []


def count_attempt(batch: list[Sentence]) -> None:
    """Count an attempt before it is made, and as late as can be: only what the engine was asked may be its fault."""
    Sentence.objects.filter(lease=batch[0].lease).update(attempts=F("attempts") + 1)


def set_aside(pending: LeaseQuerySet, now: datetime) -> int:
    """Give up sentences that have crashed the engine as often as is allowed: they stay in English, or as they
    were where they were only to be done again."""
    poisoned = pending.unleased(now).filter(attempts__gte=MOST_ATTEMPTS)
    over = {"lease": None, "leased_until": None}
    again = poisoned.exclude(finished_at=None).update(again_at=None, **over)
    count = again + poisoned.filter(finished_at=None).update(finished_at=now, verdict=CRASH, **over)
    if count:
        Tally.add("sentences", {CRASH: count})
        log.warning("%d sentences set aside: the engine failed on them %d times", count, MOST_ATTEMPTS)
    return count
