"""Heal: a day that its feed did not bring whole is taken from arXiv's catch-up page.

So is a day on which this machine was off, and a past day that somebody wants: its row is in the ledger,
expected, and due. Where the page can't be had either, the API brings what it can, which proves nothing: the day
stays open.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.utils import timezone

from digest.models import Announcement
from worker.arxiv import listing
from worker.arxiv.client import Client
from worker.arxiv.errors import ArxivError, DocumentError, FetchError
from worker.celery import app, ring
from worker.documents import arxiv_client, counts, read_pages, tell
from worker.heartbeat import HOLD, heartbeat
from worker.runs import recorded
from worker.schedule import next_healing
from worker.store import store
from worker.submissions import submitted
from worker.versions import with_versions

log = logging.getLogger("paperglot")
_NOTHING = "Neither the feed nor the catch-up page has a paper."


@app.task(name="worker.heal")
def heal() -> None:
    """Take every due day from the catch-up pages, the newest first."""
    with arxiv_client() as client:
        while heal_next(client, timezone.now()):
            ring("match")


def heal_next(client: Client, now: datetime) -> Announcement | None:
    """Heal the newest day that is due; None if there is none."""
    claimed = Announcement.objects.due(now).select_related("category").claim(now, 1, HOLD)
    if not claimed:
        return None
    row: Announcement = claimed[0]
    token = UUID(str(row.lease))
    error: ArxivError | None = None
    try:
        with (
            heartbeat(lambda: Announcement.objects.all().extend(token, timezone.now() + HOLD)),
            recorded("heal", str(row)) as run,
        ):
            healed = _take(client, row, now)
            run.counts = counts(healed)
            tell(healed)
    except ArxivError as caught:
        error = caught
        log.warning("%s could not be taken from the catch-up page: %s", row, caught)
    _conclude(row, token, error, now)
    return row


def _take(client: Client, row: Announcement, now: datetime) -> Announcement:
    """The day from its page, or by the API where there is no page and nothing of the day is here yet."""
    try:
        return _by_page(client, row, now)
    except ArxivError as error:
        if row.stored or (isinstance(error, FetchError) and error.retry_after):
            raise
        log.warning("%s could not be taken from the catch-up page, so the API is asked: %s", row, error)
        try:
            url, document = submitted(client, row.category, row.day)
        except ArxivError as worse:
            rest = worse.retry_after if isinstance(worse, FetchError) else None
            raise FetchError(f"{error} Nor does the API help: {worse}", retry_after=rest) from worse
        return store(row.category, document, url, now, kind="api")


def _by_page(client: Client, row: Announcement, now: datetime) -> Announcement:
    code = row.category.code
    url = listing.catchup_url(code, row.day, base=client.pages_url)
    document = read_pages(client, url, partial(listing.parse, subject=code))
    if document.day != row.day:
        raise DocumentError(f"{url} shows {document.day}.")
    return store(row.category, with_versions(client, code, document), url, now, kind="catchup")


def _conclude(row: Announcement, token: UUID, error: ArxivError | None, now: datetime) -> None:
    """Give the row back; what is not whole is tried again, until no source has it any more."""
    row.refresh_from_db()
    over: dict[str, object] = {"lease": None, "leased_until": None, "tries": row.tries + 1}
    again = None
    empty = row.state == Announcement.State.EMPTY and row.seen and row.seen[-1]["source"] == "catchup"
    if not row.settled and not empty:
        again = next_healing(now, row.day, row.tries)
        if again is not None and isinstance(error, FetchError) and error.retry_after:
            again = max(again, now + timedelta(seconds=error.retry_after))
        if again is None and not row.readable and not row.stored:
            over |= {"state": Announcement.State.MISSING, "note": "No source has this day any more."}
    if empty:  # both sources say so: a quiet category, or a holiday that the calendar does not know
        over |= {"state": Announcement.State.COMPLETE, "complete_at": now, "note": _NOTHING}
    over["next_try_at"] = again
    Announcement.objects.filter(pk=row.pk, lease=token).update(**over)
