"""Searching the admin's long lists through the index of the search: a list of a million is never read to its end."""

import re

from digest.models import Paper
from digest.search import MOST, glossary, select
from digest.search_query import Narrow, Query, carried, parse
from digest.search_text import paper_of

_ARXIV_ID = re.compile(r"(?:arxiv:)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?", re.IGNORECASE)
_EVERYTHING = (0, 2**63 - 1)


def arxiv_id(text: str) -> str:
    """The arXiv id that was typed, without its version; empty where it is none."""
    found = _ARXIV_ID.fullmatch(text.strip())
    return found[1] if found else ""


def papers(text: str) -> list[int]:
    """Keys of the newest papers that have what was typed, MOST of them; an arXiv id is its paper's."""
    if known := arxiv_id(text):
        return list(Paper.objects.filter(arxiv_id=known).values_list("pk", flat=True))
    query = carried(parse(text), glossary())
    if not query.wanted:
        return []
    return [paper_of(key) for key in select(query, Narrow(), _EVERYTHING, None, MOST)]


def of_category(code: str) -> list[int]:
    """Keys of the newest papers of a category, MOST of them."""
    return [paper_of(key) for key in select(Query(), Narrow(category=code), _EVERYTHING, None, MOST)]
