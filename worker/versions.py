"""Versions that a catch-up page does not tell: the API has them, and OAI-PMH where the API does not answer."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from worker.arxiv import api, oai
from worker.arxiv.client import Client
from worker.arxiv.entries import Document, Entry, Metadata
from worker.arxiv.errors import ArxivError, BadTokenError, DocumentError

log = logging.getLogger("paperglot")
_IDS_AT_ONCE = 100
_MOST_PAGES = 10
_HARVESTS = 2
"""A resumption token ends at midnight UTC: the harvest begins again, once."""

Told = dict[str, Metadata]


def with_versions(client: Client, code: str, document: Document) -> Document:
    """The document with versions (and comments, which tell withdrawals) for the replacements that lack them. What
    neither source tells stays without."""
    unknown = [
        e.arxiv_id for e in document.entries if not e.version and e.announce_type.startswith("replace")
    ]
    if not unknown:
        return document
    told: Told = {}
    for name, ask in (("API", _by_api), ("OAI-PMH", _by_harvest)):
        left = [arxiv_id for arxiv_id in unknown if arxiv_id not in told]
        if not left:
            break
        try:
            told |= ask(client, code, document, left)
        except ArxivError as error:
            log.warning("%s does not tell the versions of %d replacements: %s", name, len(left), error)
    return replace(document, entries=tuple(_numbered(entry, told) for entry in document.entries))


def _by_api(client: Client, _code: str, _document: Document, ids: list[str]) -> Told:
    told: Told = {}
    for start in range(0, len(ids), _IDS_AT_ONCE):
        url = api.ids_url(ids[start : start + _IDS_AT_ONCE], base=f"{client.api_url}/api/query")
        told |= _versioned(api.parse(client.get(url).content or b"").entries)
    return told


def _by_harvest(client: Client, code: str, document: Document, ids: list[str]) -> Told:
    """The category's records that changed on the day: replacements are among them."""
    base = f"{client.oai_url}/oai"
    first = oai.list_url(
        subset=oai.set_name(code), since=document.day, until=document.day + timedelta(days=1), base=base
    )
    for _ in range(_HARVESTS):
        told: Told = {}
        url = first
        try:
            for _ in range(_MOST_PAGES):
                page = oai.parse(client.get(url).content or b"")
                told |= _versioned(record.metadata for record in page.records if record.metadata)
                if not page.token or told.keys() >= set(ids):
                    return told
                url = oai.resume_url(page.token, base=base)
        except BadTokenError as error:
            log.info("the harvest of %s begins again: %s", code, error)
            continue
        return told
    raise DocumentError(f"The harvest of {code} was broken off twice.")


def _versioned(entries: Iterable[Metadata]) -> Told:
    return {entry.arxiv_id: entry for entry in entries if entry.version}


def _numbered(entry: Entry, told: Told) -> Entry:
    known = told.get(entry.arxiv_id)
    if entry.version or known is None:
        return entry
    return replace(entry, version=known.version, comments=entry.comments or known.comments)
