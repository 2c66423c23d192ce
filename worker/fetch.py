"""Fetch: due categories become announcements and papers."""

import logging
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from digest import taxonomy
from digest.models import Announcement, Category
from worker.arxiv.client import Client
from worker.arxiv.errors import ArxivError, DocumentError, FetchError
from worker.arxiv.feeds import parse
from worker.celery import app, ring
from worker.heartbeat import HOLD, heartbeat
from worker.runs import recorded
from worker.schedule import after_failure, next_fetch
from worker.store import store
from worker.turns import turn

log = logging.getLogger("paperglot")


@app.task(name="worker.fetch")
def fetch() -> None:
    """Ask for every category that is due. One task at a time asks, since arXiv allows one connection;
    others find nothing to claim that is not waiting for its turn."""
    with arxiv_client() as client:
        while fetch_next(client, timezone.now()):
            ring("match")


def arxiv_client() -> Client:
    return Client(
        partial(turn, "arxiv", settings.ARXIV_INTERVAL),
        base_url=settings.ARXIV_URL,
        contact=settings.CONTACT,
    )


def fetch_next(client: Client, now: datetime) -> bool:
    """Fetch the category that has waited longest; False if none is due."""
    claimed = Category.objects.due(now).claim(now, 1, HOLD)
    if not claimed:
        return False
    category = claimed[0]
    try:
        keep = partial(_keep, category)
        with heartbeat(keep), recorded("fetch", category.code) as run:
            announcement = fetch_category(client, category, now)
            if announcement:
                run.counts = _counts(announcement)
        _done(category, now)
    except ArxivError as error:
        _failed(category, error, now)
    return True


def _keep(category: Category) -> None:
    Category.objects.all().extend(UUID(str(category.lease)), timezone.now() + HOLD)


def fetch_category(client: Client, category: Category, now: datetime) -> Announcement | None:
    """The category's announcement of the day its feed is at; None where nothing has changed."""
    answer = client.get(client.feed_url(category.code), category.etag)
    if answer.content is None:
        log.info("fetched %s: not changed since the last time", category.code)
        return None
    document = parse(answer.content)
    if not set(document.categories) <= {category.code, taxonomy.subject(category.code).alias}:
        raise DocumentError(f"{answer.url} is the feed of {', '.join(document.categories)}.")
    announcement = store(category, document, answer.url, now)
    category.etag = answer.etag[:128] if announcement.settled else ""
    _tell(announcement)
    return announcement


def _done(category: Category, now: datetime) -> None:
    whole = category.announcements.filter(state=Announcement.State.COMPLETE)
    settled = whole.aggregate(day=Max("day"))["day"]
    Category.objects.filter(pk=category.pk, lease=category.lease).update(
        next_fetch_at=next_fetch(now, settled),
        etag=category.etag,
        failures=0,
        last_error="",
        lease=None,
        leased_until=None,
    )


def _failed(category: Category, error: ArxivError, now: datetime) -> None:
    retry_after = error.retry_after if isinstance(error, FetchError) else None
    again = after_failure(now, category.failures, retry_after)
    log.warning("%s could not be fetched: %s The next try is at %s.", category.code, error,
                timezone.localtime(again).strftime("%H:%M"))  # fmt: skip
    Category.objects.filter(pk=category.pk, lease=category.lease).update(
        next_fetch_at=again,
        failures=category.failures + 1,
        last_error=str(error),
        lease=None,
        leased_until=None,
    )


def _counts(announcement: Announcement) -> dict[str, object]:
    return {
        "day": announcement.day.isoformat(),
        "state": announcement.state,
        "declared": announcement.declared,
        "parsed": announcement.parsed,
        "stored": announcement.stored,
    }


def _tell(announcement: Announcement) -> None:
    if announcement.settled:
        log.info("fetched %s: %d declared = %d stored", announcement, announcement.declared,
                 announcement.stored)  # fmt: skip
    else:
        log.warning("fetched %s: %s (%d declared, %d parsed, %d stored). %s", announcement,
                    announcement.get_state_display(), announcement.declared, announcement.parsed,
                    announcement.stored, announcement.note)  # fmt: skip
