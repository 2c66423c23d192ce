"""The search: what a reader asks for, found in the index of either database.

What arXiv announced is public to every reader; which keyword brought a paper is its reader's own.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum
from django.db.models.functions import Length

from digest.models import GlossaryTerm, Indexed, PaperVersion, User
from digest.picture import PaperPicture
from digest.search_found import Finder, score
from digest.search_index import select
from digest.search_query import Narrow, Query, Renderings, carried, parse
from digest.search_text import day_of, paper_of, place
from digest.showing import labels_of, matches_of, paper_picture, translations_of

A_PAGE = 20
MOST = 500
"""Of the newest hits so many are ranked, and counted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks for; what is empty does not narrow."""

    text: str = ""
    author: str = ""
    category: str = ""
    since: date | None = None
    until: date | None = None
    mine: bool = False
    """Only papers that a keyword of theirs brought."""
    keyword: int | None = None
    """Of these, only those of this one."""
    best: bool = False
    """Best first, of the newest hits; else newest first."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: at hits not newer than `upto`, and behind `skip` of them."""

    upto: int = 0
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits by their keys in the index, in order."""

    keys: list[int]
    count: int
    """Of all from this page's beginning on; MOST stands for more."""
    following: Place | None
    finder: Finder


def find(user: User, asked: Asked, start: Place = Place()) -> Found:
    query = carried(parse(asked.text), glossary())
    keys = matching(query, user, asked, start.upto)
    ranked = _ranked(query, keys) if asked.best else keys
    page = ranked[start.skip : start.skip + A_PAGE]
    following = None
    if asked.best and len(ranked) > start.skip + A_PAGE:
        following = Place(start.upto or max(keys), start.skip + A_PAGE)
    elif not asked.best and len(keys) > A_PAGE:
        following = Place(keys[A_PAGE])
    return Found(page, len(keys), following, Finder(query.phrases))


def glossary() -> Renderings:
    """How terms are said in the other languages: as the glossary is, or was a minute ago where only letters of it
    have changed. Reading two thousand terms takes longer than a search."""
    mark = _terms().aggregate(
        n=Count("pk"), last=Max("pk"), terms=Sum(Length("term")), cells=Sum(Length("renderings"))
    )
    return _glossary(tuple(mark.values()), int(time.monotonic() // 60))


@lru_cache(maxsize=2)
def _glossary(_mark: tuple[int | None, ...], _minute: int) -> Renderings:
    return Renderings(_terms().order_by("pk").values_list("term", "renderings"))


def _terms() -> "QuerySet[GlossaryTerm]":
    return GlossaryTerm.objects.filter(active=True)


def matching(query: Query, user: User, asked: Asked, upto: int = 0, limit: int = MOST) -> list[int]:
    """Keys of the newest hits, the newest first."""
    low = place(asked.since, 0) if asked.since else 0
    high = place(asked.until, 2**32 - 1) if asked.until else 2**63 - 1
    narrow = Narrow(asked.author, asked.category)
    brought = _brought(user, asked) if asked.mine or asked.keyword else None
    return select(query, narrow, (low, min(high, upto or high)), brought, limit)


def _brought(user: User, asked: Asked) -> tuple[str, Sequence[Any]]:
    """A query for the papers that this reader's keywords brought, less those that they leave out."""
    keywords = user.subscriptions.bringing().values("keyword")
    if asked.keyword:
        keywords = keywords.filter(keyword=asked.keyword)
    papers = _papers_with(keywords)
    left_out = user.subscriptions.excluding().values("keyword")
    if left_out.exists():
        papers = papers.exclude(paper__in=_papers_with(left_out))
    return papers.query.sql_with_params()


def _papers_with(keywords: "QuerySet[Any]") -> "QuerySet[Any]":
    """Asked by way of the versions alone: to join the papers as well takes half as long again."""
    return PaperVersion.objects.filter(matches__keyword__in=keywords).order_by().values("paper")


def _ranked(query: Query, keys: Sequence[int]) -> list[int]:
    if not query.phrases:
        return list(keys)
    rows = Indexed.objects.filter(pk__in=keys).values_list("pk", "title", "body", "authors")
    scores = {key: score(query, title, f"{body} 0 {authors}") for key, title, body, authors in rows}
    return sorted(keys, key=lambda key: (-scores.get(key, 0.0), -key))


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper that was found, by its newest version, as its reader sees it."""

    paper: PaperPicture
    day: date
    excerpt: str
    excerpt_translated: str


def hits(user: User, found: Found) -> list[Hit]:
    """A page's papers, with as many queries whatever its size."""
    days = {paper_of(key): day_of(key) for key in found.keys}
    versions: dict[int, PaperVersion] = {}
    for version in PaperVersion.objects.filter(paper__in=days).select_related("paper").order_by("number"):
        versions[version.paper_id] = version
    keys = [version.pk for version in versions.values()]
    labels = labels_of(user)
    translations, matches = translations_of(keys, user.content_language), matches_of(keys, labels)
    shown = []
    for paper, day in days.items():
        if paper in versions:  # it may have gone in between
            version = versions[paper]
            matched = tuple(matches.get(version.pk, ()))
            picture = paper_picture(version, "", translations.get(version.pk), matched)
            shown.append(
                Hit(
                    picture,
                    day,
                    found.finder.excerpt_announced(picture.abstract),
                    found.finder.excerpt(picture.abstract_translated),
                )
            )
    return shown
