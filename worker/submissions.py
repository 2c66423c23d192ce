"""A day's papers by when they were submitted: arXiv's API, the last resort where no feed and no page can be had.

It has a paper as soon as it was announced, and tells only when it was submitted. Whatever a moderator kept back is
missing, or comes under the day on which its neighbours were announced.
"""

import logging
from datetime import date, timedelta

from digest import taxonomy
from digest.models import Category, Holiday, Listing
from worker.arxiv import api
from worker.arxiv.client import Client
from worker.arxiv.entries import Document, Entry, Metadata
from worker.arxiv.errors import ArxivError, DocumentError, EmptyPageError

log = logging.getLogger("paperglot")
_A_PAGE = 500
"""Entries asked for at once; of larger pages arXiv often sends none."""
_MOST_PAGES = 20
_TRIES = 3
"""Of a page that is empty though there are entries; each waits for its turn."""
_IDS_AT_ONCE = 100


def submitted(client: Client, category: Category, day: date) -> tuple[str, Document]:
    """A category's papers that were submitted for the day's announcement, and the address that told. Raises ArxivError,
    also where there are none."""
    base = f"{client.api_url}/api/query"
    since, until = Holiday.calendar().submitted(day)

    def url(start: int) -> str:
        last = until - timedelta(minutes=1)  # both ends are included
        return api.category_url(category.code, since, last, start=start, max_results=_A_PAGE, base=base)

    found: dict[str, Metadata] = {}
    skipped: list[str] = []
    start = 0
    for _ in range(_MOST_PAGES):
        page = _page(client, url(start))
        found |= {entry.arxiv_id: entry for entry in page.entries}
        skipped += page.skipped
        start += len(page.entries) + len(page.skipped)
        if start >= page.total or not (page.entries or page.skipped):
            break
    found = _not_of_another_day(found, category, day)
    if not found:
        raise DocumentError("the API has no paper that was submitted for the day.")
    found |= _first_versions(client, [e.arxiv_id for e in found.values() if e.version > 1], base)
    entries = tuple(_entry(entry, category.code) for entry in found.values())
    return url(0), Document(
        kind="api",
        title=f"{category.code} submitted {since:%Y-%m-%d} to {until:%Y-%m-%d}",
        categories=(category.code,),
        day=day,
        built_at=None,
        declared=len(entries) + len(skipped),
        entries=entries,
        skipped=tuple(skipped),
    )


def _page(client: Client, url: str) -> api.Page:
    """A page of the API's, once more where it is empty for no reason."""
    for _ in range(_TRIES - 1):
        try:
            return api.parse(client.get(url).content or b"")
        except EmptyPageError as error:
            log.info("%s It is asked once more.", error)
    return api.parse(client.get(url).content or b"")


def _not_of_another_day(found: dict[str, Metadata], category: Category, day: date) -> dict[str, Metadata]:
    """Without the papers that are known to have been announced in the category on another day."""
    ids, elsewhere = list(found), set()
    for start in range(0, len(ids), _A_PAGE):
        rows = Listing.objects.filter(
            announcement__category=category, paper__arxiv_id__in=ids[start : start + _A_PAGE]
        )
        elsewhere |= set(rows.exclude(announcement__day=day).values_list("paper__arxiv_id", flat=True))
    return {arxiv_id: entry for arxiv_id, entry in found.items() if arxiv_id not in elsewhere}


def _first_versions(client: Client, ids: list[str], base: str) -> dict[str, Metadata]:
    """What was announced of papers that have been replaced since; the API gives the latest unless it is asked. Where it
    does not answer the latest has to do."""
    told: dict[str, Metadata] = {}
    for start in range(0, len(ids), _IDS_AT_ONCE):
        first = [f"{arxiv_id}v1" for arxiv_id in ids[start : start + _IDS_AT_ONCE]]
        try:
            page = _page(client, api.ids_url(first, base=base))
        except ArxivError as error:
            log.warning("the first versions of %d papers are not told: %s", len(first), error)
            break
        told |= {
            entry.arxiv_id: entry for entry in page.entries if entry.arxiv_id in ids and entry.version == 1
        }
    return told


def _entry(paper: Metadata, code: str) -> Entry:
    primary = taxonomy.subject(paper.categories[0])
    return Entry(
        arxiv_id=paper.arxiv_id,
        version=paper.version,
        announce_type="new" if code in (primary.code, primary.alias) else "cross",
        title=paper.title,
        abstract=paper.abstract,
        authors=paper.authors,
        categories=paper.categories,
        license=paper.license,
        doi=paper.doi,
        journal_ref=paper.journal_ref,
        comments=paper.comments,
    )
