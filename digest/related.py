"""Related papers: those that share the most telling terms with a paper, found in the index of the search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import log

from digest import search_text, tex
from digest.models import Indexed, Paper, PaperVersion, User
from digest.picture import PaperPicture
from digest.search import glossary
from digest.search_found import as_indexed
from digest.search_index import select
from digest.search_query import STOP, Narrow, Query, Renderings, Wanted
from digest.search_text import Phrase, day_of, paper_of
from digest.showing import paper_picture, translations_of

_CANDIDATES = 200
"""The newest papers with any of the terms; among them the most alike are chosen."""
_TERMS, _PAIRS = 8, 6
_TITLE = 2.0
"""A term in the other paper's title counts so much more."""
_COMMON = frozenset(
    "approach approaches analysis application applications based case data deep driven efficient framework "
    "general improved improving large learning method methods model models network networks neural new novel "
    "problem problems robust simple study system systems task tasks theory toward towards two under".split()
)
"""Words that a title shares with every other one: alone, or two of them together, they tell nothing."""


@dataclass(frozen=True, slots=True)
class Related:
    paper: PaperPicture
    day: date


def related(paper: Paper, user: User, limit: int = 10) -> list[Related]:
    """The papers most alike, the best first, itself not among them."""
    version = paper.latest
    title = search_text.phrase(tex.readable(version.title))
    wanted = terms(title, search_text.phrase(tex.readable(version.abstract)), glossary())
    if not wanted:
        return []
    query = Query((Wanted(tuple((words,) for words in wanted)),))
    keys = [
        key for key in select(query, Narrow(), (0, 2**63 - 1), limit=_CANDIDATES) if paper_of(key) != paper.pk
    ]
    best = _most_alike(wanted, keys)[:limit]
    return _shown(best, user)


def terms(title: Phrase, abstract: Phrase, known: Renderings) -> list[Phrase]:
    """What a paper is about: terms of the glossary, and pairs of words in its title that tell something."""
    said = [*known.within(title), *known.within(abstract)]
    pairs = [
        pair
        for pair in pairwise(title)
        if not STOP & {*pair} and not _COMMON.issuperset(pair) and all(len(word) > 1 for word in pair)
    ]
    return list(dict.fromkeys([*said[:_TERMS], *pairs[:_PAIRS]]))


def _most_alike(wanted: Sequence[Phrase], keys: Sequence[int]) -> list[int]:
    """The rarer a shared term is among the candidates, the more it says."""
    sought = [as_indexed(words) for words in wanted]
    shared: dict[int, list[tuple[int, float]]] = {}
    for key, title, body in Indexed.objects.filter(pk__in=keys).values_list("pk", "title", "body"):
        heading, text = f" {title}", f" {body}"
        shared[key] = [
            (place, _TITLE if term in heading else 1.0)
            for place, term in enumerate(sought)
            if term in heading or term in text
        ]
    often = [sum(place == p for found in shared.values() for p, _ in found) for place in range(len(sought))]
    weights = [log(1 + len(shared) / n) if n else 0.0 for n in often]
    scores = {key: sum(weights[place] * how for place, how in found) for key, found in shared.items()}
    return sorted(scores, key=lambda key: (-scores[key], -key))


def _shown(keys: Sequence[int], user: User) -> list[Related]:
    days = {paper_of(key): day_of(key) for key in keys}
    versions: dict[int, PaperVersion] = {}
    for version in PaperVersion.objects.filter(paper__in=days).select_related("paper").order_by("number"):
        versions[version.paper_id] = version
    translations = translations_of([v.pk for v in versions.values()], user.content_language)
    return [
        Related(paper_picture(versions[paper], "", translations.get(versions[paper].pk)), day)
        for paper, day in days.items()
        if paper in versions
    ]
