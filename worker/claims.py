"""Which sentences a translator takes: batches of one language, new ones before those to be done again, and the
newest first: what is left of old days, after a change of the model, waits behind today's papers."""

import logging
from datetime import datetime

from django.db.models import F

from digest.models import Sentence
from digest.models.leases import LeaseQuerySet
from digest.models.translation import MOST_ATTEMPTS
from worker.heartbeat import HOLD

log = logging.getLogger("paperglot")
CRASH = "crash"


def claim(pending: LeaseQuerySet, now: datetime, size: int) -> list[Sentence]:
    """Lease up to `size` of these sentences, all of one language, and count the attempt before it is made.

    A sentence that has seen a crash before comes alone, so that a poisoned one takes no other with it.
    """
    able = pending.filter(attempts__lt=MOST_ATTEMPTS)
    order = ("attempts", F("again_at").asc(nulls_first=True), "-id")
    while first := able.unleased(now).order_by(*order).first():
        fresh = able.filter(language=first.language, attempts=0).order_by(*order[1:])
        alone = able.filter(pk=first.pk)
        batch = alone.claim(now, 1, HOLD) if first.attempts else fresh.claim(now, size, HOLD)
        if batch:
            Sentence.objects.filter(lease=batch[0].lease).update(attempts=F("attempts") + 1)
            return batch
    return []


def set_aside(pending: LeaseQuerySet, now: datetime) -> int:
    """Give up sentences that have crashed the engine as often as is allowed: they stay in English, or as they
    were where they were only to be done again."""
    poisoned = pending.unleased(now).filter(attempts__gte=MOST_ATTEMPTS)
    again = poisoned.exclude(finished_at=None).update(again_at=None)
    count = again + poisoned.filter(finished_at=None).update(finished_at=now, verdict=CRASH)
    if count:
        log.warning("%d sentences set aside: the engine failed on them %d times", count, MOST_ATTEMPTS)
    return count
