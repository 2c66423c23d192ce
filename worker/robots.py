"""robots.txt is asked for once a day, before the first page of a site is read, and obeyed."""

import logging
from datetime import datetime, timedelta

from digest.models import Robots
from worker.arxiv import robots
from worker.arxiv.client import Client
from worker.arxiv.errors import FetchError, RobotsError

log = logging.getLogger("paperglot")
KEPT = timedelta(days=1)


def known(url: str) -> Robots | None:
    """What is known of the site's robots.txt, however old."""
    return Robots.objects.filter(site=robots.site_of(url)).first()


def forbids(url: str) -> bool:
    """Whether it is known that robots.txt forbids this; asks nobody."""
    row = known(url)
    return row is not None and not robots.allows(row.text, url)


def permit(client: Client, url: str, now: datetime) -> float:
    """Let a page be read, or raise RobotsError; returns the seconds that the site wants between two pages.

    As RFC 9309 has it: no file (4xx) allows everything; one that can't be had (5xx, no answer) forbids everything
    until it can, unless we know what it said before.
    """
    row = known(url)
    if row is None or not row.fetched_at <= now < row.fetched_at + KEPT:
        row = _asked(client, robots.site_of(url), row, now)
    if not robots.allows(row.text, url):
        raise RobotsError(f"{row.site}/robots.txt forbids {url}, so it is not read.", permanent=True)
    return robots.delay(row.text)


def _asked(client: Client, site: str, row: Robots | None, now: datetime) -> Robots:
    try:
        content = client.get(f"{site}/robots.txt").content or b""
    except FetchError as error:
        if not _says_that_there_is_none(error):
            if row is None:
                raise RobotsError(
                    f"{error} So it is not known what may be read there.", retry_after=error.retry_after
                ) from error
            log.warning("%s What it said at %s holds on.", error, row.fetched_at)
            return row
        content = b""
    text = content.decode("utf-8", "replace").replace("\0", "").removeprefix("\ufeff")
    about = {"text": text, "fetched_at": now, "forbidden": robots.forbidden(text)}
    if about["forbidden"]:
        log.warning("%s/robots.txt forbids %s", site, ", ".join(robots.forbidden(text)))
    return Robots.objects.update_or_create(site=site, defaults=about)[0]


def _says_that_there_is_none(error: FetchError) -> bool:
    """An empty file, or 4xx; but 403 and 429 are arXiv's words for stop, whatever was asked for."""
    status = error.status or 0
    return status == 200 or (400 <= status < 500 and error.retry_after is None)
