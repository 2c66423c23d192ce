"""Rows become what citations are made of: papers by id, a reader's digest, any list of versions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from digest import arxiv_ids, formats
from digest.citations import FORMATS, Cited
from digest.models import Listing, Paper, PaperVersion
from digest.picture import DigestPicture, GroupPicture, PaperPicture
from digest.showing import paper_picture, translations_of

MOST = 500
"""Papers in one selection."""


def ids_in(text: str) -> list[str]:
    """arXiv ids as people write them (`arXiv:2605.90001v2`, an address), each once."""
    words = re.split(r"[\s,;\0]+", text)
    return list(dict.fromkeys(arxiv_ids.found_in(word) or word for word in words if word))


def digest_file(picture: DigestPicture, fmt: str, zone: ZoneInfo, site: str) -> str:
    """A reader's own digest in one of the formats; Markdown tells times in a zone and links to this `site`."""
    if fmt == "json":
        return formats.as_json(picture)
    if fmt == "md":
        return formats.as_markdown(picture, zone, site)
    return FORMATS[fmt].write(of_digest(picture))


def of_versions(versions: Sequence[PaperVersion], language: str) -> list[Cited]:
    """Versions (with their papers) in their order, translated into a language; nobody's keywords are in it. As many
    queries however many there are."""
    translations = translations_of([version.pk for version in versions], language)
    pictures = [paper_picture(v, "", translations.get(v.pk)) for v in versions]
    return _with_rows(pictures, [v.paper for v in versions])


def of_ids(arxiv_ids: Sequence[str], language: str) -> list[Cited]:
    """The newest version here of each paper, in the order of the ids; papers that are not here are left out."""
    rows = PaperVersion.objects.filter(paper__arxiv_id__in=arxiv_ids).select_related("paper")
    newest = {version.paper.arxiv_id: version for version in rows.order_by("number")}
    return of_versions([newest[name] for name in arxiv_ids if name in newest], language)


def of_digest(digest: DigestPicture) -> list[Cited]:
    """A reader's own digest, with the keywords that brought its papers."""
    pictures = digest.papers
    papers = {
        paper.arxiv_id: paper for paper in Paper.objects.filter(arxiv_id__in=[p.arxiv_id for p in pictures])
    }
    return _with_rows(pictures, [papers[picture.arxiv_id] for picture in pictures])


def of_page(picture: PaperPicture, row: Paper, days: Iterable[date]) -> Cited:
    """The paper of a page that has its row, and the days on which it came as new."""
    return Cited(picture, row.doi, row.journal_ref, min(days, default=None))


def only(digest: DigestPicture, keyword: str) -> DigestPicture:
    """The part of a digest that one of its keywords brought, wherever in it those papers stand."""
    papers = tuple(
        paper
        for group in digest.groups
        for paper in group.papers
        if keyword in (group.keyword, *paper.keywords)
    )
    return replace(digest, groups=(GroupPicture(keyword, papers),))


def _with_rows(pictures: Sequence[PaperPicture], papers: Sequence[Paper]) -> list[Cited]:
    days = _days(papers)
    return [
        Cited(picture, paper.doi, paper.journal_ref, days.get(paper.pk))
        for picture, paper in zip(pictures, papers, strict=True)
    ]


def _days(papers: Sequence[Paper]) -> dict[int, date]:
    """The first arXiv day on which each came as new."""
    new = Listing.objects.filter(paper__in=papers, announce_type=Listing.Type.NEW)
    rows = new.order_by("-announcement__day").values_list("paper", "announcement__day")
    return dict(rows)
