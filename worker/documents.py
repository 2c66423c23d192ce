"""Getting documents from arXiv, for the verbs that do: the installation's one client, lists of several pages, and
what is told of what came."""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from django.conf import settings
from django.utils import timezone

from digest.models import Announcement, Tally
from worker import robots
from worker.arxiv import listing
from worker.arxiv.client import Client
from worker.arxiv.entries import Document
from worker.arxiv.errors import DocumentError
from worker.turns import turn

log = logging.getLogger("paperglot")
_MOST_PAGES = 20


def arxiv_client() -> Client:
    return Client(
        partial(turn, "arxiv", settings.ARXIV_INTERVAL),
        base_url=settings.ARXIV_URL,
        contact=settings.CONTACT,
        heard=lambda answer: Tally.add("arxiv_answers", {answer: 1}),
    )


def read_pages(client: Client, url: str, parse_page: Callable[[bytes], Document]) -> Document:
    """A list of several pages as one document, as far and as fast as robots.txt allows. Raises ArxivError."""
    delay = robots.permit(client, url, timezone.now())

    def page(url: str) -> Document:
        with turn("pages", delay):
            return parse_page(client.get(url).content or b"")

    last = whole = page(url)
    for _ in range(_MOST_PAGES):
        following = listing.following(url, last)
        if following is None:
            break
        url = following
        last = page(url)
        if last.day != whole.day or not last.entries:
            raise DocumentError(f"{url} shows {last.day} with {len(last.entries)} papers, not {whole.day}.")
        whole = replace(
            whole, entries=whole.entries + last.entries, skipped=whole.skipped + last.skipped, last=last.last
        )
    return whole


def counts(announcement: Announcement) -> dict[str, object]:
    """What a run tells of an announcement."""
    return {
        "day": announcement.day.isoformat(),
        "state": announcement.state,
        "declared": announcement.declared,
        "parsed": announcement.parsed,
        "stored": announcement.stored,
    }


def tell(announcement: Announcement) -> None:
    """A line of the log about what came of a document."""
    if announcement.settled:
        log.info("fetched %s: %d declared = %d stored", announcement, announcement.declared,
                 announcement.stored)  # fmt: skip
    elif announcement.readable:
        log.info("fetched %s: %d of %d, before the feed has it. %s", announcement, announcement.stored,
                 announcement.declared, announcement.note)  # fmt: skip
    else:
        log.warning("fetched %s: %s (%d declared, %d parsed, %d stored). %s", announcement,
                    announcement.get_state_display(), announcement.declared, announcement.parsed,
                    announcement.stored, announcement.note)  # fmt: skip


def clock_trouble(client: Client) -> str:
    """A sentence where this machine's clock is so far off that it takes one day for another; else nothing."""
    hours = client.skew.total_seconds() / 3600
    if abs(hours) < 1:
        return ""
    return (
        f"This machine's clock is {abs(hours):.0f} hours {'ahead of' if hours > 0 else 'behind'} arXiv's: days are "
        "looked for at the wrong time. Set it right (timedatectl set-ntp true)."
    )
