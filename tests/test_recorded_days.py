"""arXiv's own documents, recorded: each is stored as it declares, and digested as a plain reading says.

A sample of them; all with PAPERGLOT_TEST_ALL_RECORDED=1 (some minutes).
"""

import gzip
import io
import json
import logging
import os
import re
from collections import Counter
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import call_command

from digest.arxiv_days import arxiv_day
from digest.models import Announcement, Category, Holiday, Listing, Paper
from tests.conftest import NOW
from worker.arxiv.feeds import parse
from worker.store import store

pytestmark = pytest.mark.django_db
ALL = os.environ.get("PAPERGLOT_TEST_ALL_RECORDED") == "1"
SAMPLE = """
edge/2024-01-31-cs-cl.xml.gz edge/2024-03-06-cs-ai.xml edge/2024-03-06-cs-cl.xml.gz
edge/2024-04-04-cs-cv.xml.gz edge/2024-05-14-cs-cv.xml edge/2024-05-16-cs-lg.xml.gz
edge/2024-07-13-cs-cl.xml.gz edge/2025-01-14-cs-lg.xml.gz edge/2025-07-11-cs-cl.xml.gz
edge/2025-10-01-cs-cv.xml.gz edge/2025-11-01-cs-cl.xml.gz edge/2025-11-03-cs-cl.xml
edge/2025-11-04-cs-cl.xml.gz edge/2025-11-05-cs-cl.xml.gz edge/2025-11-29-cs-ai.xml
edge/2025-12-27-cs-lg.xml edge/2026-03-07-cs-cl.xml.gz edge/2026-03-08-cs-cl.xml
edge/2026-03-09-cs-cl.xml edge/2026-03-10-cs-cl.xml.gz edge/2026-05-13-cs-lg.xml.gz
edge/2026-07-11-cs-ai.xml.gz monthly/2024-06-13-cs-cl.xml.gz monthly/2025-06-12-cs-lg.xml.gz
monthly/2026-06-11-cs-cl.xml.gz
""".split()
OLD_DAYS = {"2024-01-31-cs-cl.xml.gz": date(2024, 1, 30)}
"""Of the RDF of before 2024, whose date was the evening before (MANIFEST.md)."""
KEYWORDS = ("reinforcement learning", "diffusion policy", "graph neural network", "benchmark")


def content_of(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def items_of(content: bytes) -> list[ElementTree.Element]:
    """The items of a document, read by nothing of Paperglot's."""
    return [e for e in ElementTree.fromstring(content).iter() if e.tag.rpartition("}")[2] == "item"]


def documents(shared: Path) -> list[Path]:
    folder = shared / "rss"
    if ALL:
        return sorted(
            p for name in ("edge", "monthly", "window_2026-05") for p in (folder / name).glob("20*")
        )
    return [folder / name for name in SAMPLE]


def stored(path: Path) -> Announcement:
    document = parse(content_of(path))
    category, _ = Category.objects.get_or_create(code=document.categories[0])
    return store(category, document, str(path), NOW)


def ids_of(content: bytes) -> set[str]:
    return set(re.findall(rb"<guid[^>]*>oai:arXiv.org:([\w./-]+?)v\d+</guid>", content))


def test_every_document_stores_exactly_what_it_declares(shared):
    """Its count, its papers, and under the Eastern day that it says."""
    for path in documents(shared):
        Announcement.objects.all().delete()
        Paper.objects.all().delete()
        content = content_of(path)
        announcement, declared = stored(path), len(items_of(content))
        found = (announcement.state, announcement.declared, announcement.parsed, announcement.stored)
        assert announcement.day == day_of(path, content), path.name
        if (
            announcement.seen[-1]["state"] == "stale"
        ):  # made while the day changed: its papers stand under their own day
            announcement = Announcement.objects.exclude(pk=announcement.pk).get()
            found = (announcement.state, announcement.declared, announcement.parsed, announcement.stored)
        state = "complete" if declared else (Holiday.calendar().why_empty(announcement.day) or "empty")
        assert found == (state, declared, declared, declared), path.name
        if path.name not in OLD_DAYS:  # its items have no guid
            listed = announcement.listings.values_list("paper__arxiv_id", flat=True)
            assert {arxiv_id.encode() for arxiv_id in listed} == ids_of(content), path.name


def day_of(path: Path, content: bytes) -> date:
    said = ElementTree.fromstring(content).findtext("channel/pubDate")
    return arxiv_day(parsedate_to_datetime(said)) if said else OLD_DAYS[path.name]


def test_a_week_with_a_stale_feed_is_told_as_it_was(shared):
    """On Friday 2026-05-22 the feed of cs.LG still showed Thursday's papers under the new date, and in the
    night Friday's under Saturday's. The first is not taken for the day's, the second is, and no paper is lost."""
    folder = shared / "rss" / "window_2026-05"
    for fetched in ("20", "21", "22", "23", "24", "25"):
        stored(folder / f"2026-05-{fetched}-cs-lg.xml.gz")
    rows = Announcement.objects.order_by("day").values_list("day", "state", "stored")
    assert [(f"{day:%a}", state, count) for day, state, count in rows] == [
        ("Tue", "complete", 875),
        ("Wed", "complete", 495),
        ("Thu", "complete", 459),
        ("Fri", "complete", 419),
        ("Sat", "weekend", 0),
        ("Sun", "weekend", 0),
    ]
    assert Listing.objects.count() == 875 + 495 + 459 + 419


STALE = {("2026-05-15", "cs.AI"), ("2026-05-22", "cs.AI"), ("2026-05-22", "cs.LG"), ("2026-05-29", "cs.CL")}
"""The documents of the window that show the day before under their date (MANIFEST.md)."""
LATE = {("2026-05-16", "cs.AI"), ("2026-05-23", "cs.AI"), ("2026-05-23", "cs.LG")}
"""Those of a Saturday that show Friday: so that Friday is whole after all."""


def test_the_window_of_may_2026_replayed_at_its_own_times_ends_with_every_announcement_under_its_day(shared):
    paths = sorted((shared / "rss" / "window_2026-05").glob("*"))
    read = [(path, parse(content_of(path))) for path in paths]
    told = set()
    for path, document in sorted(read, key=lambda item: (item[1].built_at, item[0])):
        category, _ = Category.objects.get_or_create(code=document.categories[0])
        row = store(category, document, path.name, document.built_at)
        if row.seen[-1]["state"] == "stale":
            told.add((str(document.day), category.code))
    assert told == STALE | LATE
    calendar = Holiday.calendar()
    for path, document in read:
        key = (str(document.day), document.categories[0])
        if key in STALE or not document.declared:
            continue
        day = calendar.previous(document.day) if key in LATE else document.day
        row = Announcement.objects.get(category__code=key[1], day=day)
        assert (row.state, row.declared, row.stored) == ("complete", document.declared, document.declared), (
            path
        )
        listed = set(row.listings.values_list("paper__arxiv_id", flat=True))
        assert listed == {entry.arxiv_id for entry in document.entries}, path.name
    states = Counter(Announcement.objects.values_list("state", flat=True))
    assert states == {"complete": 59, "weekend": 24, "stale": 1}, states


# --- the digest, beside a plain reading -------------------------------------------------------


def plainly_wanted(paths: list[Path]) -> dict[str, set[str]]:
    """By keyword, the new and cross-listed papers that have its words in title or abstract: by ElementTree
    and one regular expression, and nothing of Paperglot's."""
    wanted: dict[str, set[str]] = {keyword: set() for keyword in KEYWORDS}
    seen: set[str] = set()
    patterns = {
        keyword: re.compile(r"(?<!\w)" + r"[\s-]+".join(keyword.split()) + r"s?(?!\w)", re.I)
        for keyword in KEYWORDS
    }
    for path in paths:
        for item in items_of(content_of(path)):
            kind = item.findtext("{http://arxiv.org/schemas/atom}announce_type")
            arxiv_id = re.sub(r"^oai:arXiv\.org:|v\d+$", "", item.findtext("guid") or "")
            abstract = (item.findtext("description") or "").partition("Abstract:")[2]
            if kind not in ("new", "cross") or arxiv_id in seen:
                continue
            for keyword in KEYWORDS:
                if any(patterns[keyword].search(t) for t in (item.findtext("title") or "", abstract)):
                    wanted[keyword].add(arxiv_id)
                    seen.add(arxiv_id)
                    break
    return wanted


def digested(paths: list[Path]) -> dict[str, set[str]]:
    out = io.StringIO()
    arguments = [part for keyword in KEYWORDS for part in ("--keyword", keyword)]
    log = logging.getLogger("paperglot")
    level, umask = log.level, os.umask(0o022)
    try:
        call_command(
            *("digest", *arguments, "--source", *map(str, paths), "--format", "json", "--model", "none"),
            stdout=out,
            stderr=io.StringIO(),
        )
    finally:
        log.setLevel(level)
        os.umask(umask)
    groups = json.loads(out.getvalue())["groups"]
    return {group["keyword"]: {paper["arxiv_id"] for paper in group["papers"]} for group in groups}


@pytest.mark.parametrize("day", ["2026-05-12", "2026-05-20"])
def test_the_digest_of_four_feeds_is_what_a_plain_reading_finds(shared, day):
    paths = sorted((shared / "rss" / "window_2026-05").glob(f"{day}-*"))
    assert len(paths) == 4
    expected = plainly_wanted(paths)
    assert sum(map(len, expected.values())) > 100
    assert digested(paths) == expected


def test_titles_and_abstracts_are_as_the_document_has_them(shared):
    path = shared / "rss" / "edge" / "2024-05-16-cs-lg.xml.gz"
    stored(path)
    for item in items_of(content_of(path)):
        arxiv_id = re.sub(r"^oai:arXiv\.org:|v\d+$", "", item.findtext("guid") or "")
        version = Paper.objects.get(arxiv_id=arxiv_id).latest
        abstract = (item.findtext("description") or "").partition("Abstract:")[2]
        assert version.title == " ".join((item.findtext("title") or "").split())
        assert version.abstract.split() == abstract.split()
