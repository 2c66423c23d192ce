"""Fetch: due categories become announcements and papers."""

import logging
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from digest import taxonomy
from digest.arxiv_days import arxiv_day
from digest.models import Announcement, Category, Holiday, Installation
from worker.arxiv import listing
from worker.arxiv.client import Answer, Client
from worker.arxiv.entries import Document
from worker.arxiv.errors import ArxivError, DocumentError, FetchError, RobotsError
from worker.arxiv.feeds import parse
from worker.celery import app, ring
from worker.documents import arxiv_client, clock_trouble, counts, read_pages, tell
from worker.heartbeat import HOLD, heartbeat
from worker.ledger import open_days
from worker.robots import forbids
from worker.runs import recorded
from worker.schedule import HEAL_AFTER, Progress, after_failure, next_fetch, source_now
from worker.store import store

log = logging.getLogger("paperglot")


@app.task(name="worker.fetch")
def fetch() -> None:
    """Ask for every category that is due. One task at a time asks, since arXiv allows one connection;
    others find nothing to claim that is not waiting for its turn."""
    open_days(timezone.now())
    with arxiv_client() as client:
        while fetch_next(client, timezone.now()):
            ring("match")


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
                run.counts = counts(announcement)
            if trouble := clock_trouble(client):
                log.error("%s", trouble)
                run.error = trouble
        _done(client, category, now)
    except ArxivError as error:
        _failed(category, error, now)
    return True


def _keep(category: Category) -> None:
    Category.objects.all().extend(UUID(str(category.lease)), timezone.now() + HOLD)


def fetch_category(client: Client, category: Category, now: datetime) -> Announcement | None:
    """What there is of the category now, by its listing or its feed; None where nothing has changed."""
    early, progress, calendar = _early_wanted(client, category), progress_of(category), Holiday.calendar()
    source, day = source_now(now, progress, calendar, early=early)
    if source == "listing":
        today = arxiv_day(now)
        feed_wanted = not calendar.why_empty(today) and not (progress.whole and progress.whole >= today)
        try:
            announcement = _early(client, category, day, now)
        except RobotsError as error:  # no fault of the category's: its feed is not to come later for it
            log.warning("%s: the listing of %s is not read: %s", category.code, day, error)
            announcement = None
        except ArxivError as error:
            if not feed_wanted:
                raise
            log.warning("%s: the listing of %s could not be read: %s", category.code, day, error)
        if not feed_wanted:
            return announcement
    answer, document = _feed(client, category)
    if document is None:
        log.info("fetched %s: not changed since the last time", category.code)
        return None
    announcement = store(category, document, answer.url, now)
    category.etag = answer.etag[:128] if announcement.settled else ""
    _heal_soon(category, now)
    tell(announcement)
    return announcement


def _feed(client: Client, category: Category) -> tuple[Answer, Document | None]:
    """The category's feed; None where it has not changed. Where the RSS document is not to be had or makes no sense,
    the Atom one is asked for: arXiv renders them apart."""
    try:
        answer = client.get(client.feed_url(category.code), category.etag)
        return answer, _parsed(answer, category)
    except ArxivError as error:
        if isinstance(error, FetchError) and (error.retry_after or error.status is None):
            raise  # told to wait, or nobody there
        try:
            answer = client.get(client.atom_url(category.code))
            document = _parsed(answer, category)
        except ArxivError as worse:
            log.info("%s: nor is there an Atom feed: %s", category.code, worse)
            raise error from worse
        log.warning("%s: its Atom feed is taken, since %s", category.code, error)
        return replace(answer, etag=""), document


def _parsed(answer: Answer, category: Category) -> Document | None:
    if answer.content is None:
        return None
    document = parse(answer.content)
    if not set(document.categories) <= {category.code, taxonomy.subject(category.code).alias}:
        raise DocumentError(f"{answer.url} is the feed of {', '.join(document.categories)}.")
    return document


def _early_wanted(client: Client, category: Category) -> bool:
    """Whether listing pages are read: where an administrator wants it, and robots.txt is not known to forbid it."""
    early = Installation.current().early
    return early and not forbids(listing.new_url(category.code, base=client.pages_url))


def _early(client: Client, category: Category, day: date, now: datetime) -> Announcement | None:
    """The day's papers from the listing page, hours before the feed turns to them; None while the page still
    shows another day."""
    url = listing.new_url(category.code, base=client.pages_url)
    document = read_pages(client, url, partial(listing.parse, subject=category.code))
    if document.day != day:
        log.info("fetched %s: the listing still shows %s", category.code, document.day)
        return None
    announcement = store(category, document, url, now, kind="listing")
    tell(announcement)
    return announcement


def progress_of(category: Category) -> Progress:
    """The newest days of a category that are whole, and that can be read."""
    states = Announcement.State
    whole = category.announcements.filter(state=states.COMPLETE)
    readable = category.announcements.filter(state__in=[states.COMPLETE, states.EARLY])

    def newest(rows: QuerySet[Announcement]) -> date | None:
        return rows.order_by("-day").values_list("day", flat=True).first()  # Max would read all years

    return Progress(newest(whole), newest(readable))


def _heal_soon(category: Category, now: datetime) -> None:
    """Days that have come, and are not whole, are asked of another source before long."""
    open_ones = category.announcements.exclude(fetched_at=None).filter(complete_at=None, next_try_at=None)
    states = Announcement.State
    open_ones.filter(state__in=[states.STALE, states.EMPTY, states.PARTIAL]).update(
        next_try_at=now + HEAL_AFTER
    )


def _done(client: Client, category: Category, now: datetime) -> None:
    early = _early_wanted(client, category)
    again = next_fetch(now, progress_of(category), Holiday.calendar(), early=early)
    Category.objects.filter(pk=category.pk, lease=category.lease).update(
        next_fetch_at=again,
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
