"""Sweep: what a death left behind is closed, what nobody needs is dropped, and what stands still is noticed."""

import logging
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from digest import audit
from digest.models import (
    Announcement,
    Category,
    Channel,
    Delivery,
    Download,
    Lapse,
    Run,
    Sentence,
    Slot,
    Translation,
)
from worker import alerts, fleet, ledger
from worker.celery import VERBS, app

log = logging.getLogger("paperglot")
_DEAD = timedelta(minutes=30)
_KEPT = timedelta(days=400)
_GIVEN_UP = timedelta(days=2)


@app.task(name="worker.sweep")
def sweep() -> None:
    now = timezone.now()
    fleet.look(app.connection_for_read(), sorted(set(VERBS.values())), now)
    sweep_rows(now)
    ledger.refresh(now)
    alerts.watch(now)


def sweep_rows(now: datetime) -> None:
    """Close the runs of workers that died and end their leases; drop runs older than a year and sessions that are
    over."""
    downloads = Download.objects.filter(leased_until__gt=now).values("model")  # they last for hours
    begun = Run.objects.filter(ended_at=None, began_at__lt=now - _DEAD)
    begun.exclude(verb="download", subject__in=downloads).update(
        ended_at=now, error="The worker was stopped or died; what it had begun was begun again."
    )
    for rows in (
        Category,
        Announcement,
        Sentence,
        Delivery,
    ):  # whose row is done otherwise, nobody claims it again
        rows.objects.filter(leased_until__lt=now - _DEAD).update(lease=None, leased_until=None)
    Slot.objects.filter(held_until__lt=now - _DEAD).update(holder=None, held_until=None)
    Run.objects.filter(began_at__lt=now - _KEPT).delete()
    Delivery.objects.filter(created_at__lt=now - _KEPT).delete()
    Lapse.objects.filter(last_at__lt=now - timedelta(days=2)).delete()
    Channel.objects.filter(removed_at__lt=now - timedelta(days=1)).delete()
    # Begun with a model that is no longer there; planned again where somebody still waits.
    Translation.objects.unfinished().filter(created_at__lt=now - _GIVEN_UP).delete()
    audit.sweep(now)
    Session.objects.filter(expire_date__lt=now).delete()
