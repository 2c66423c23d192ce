"""One digest at once, for scripts and for people who want only the page: the same rooms, one after another.

Papers and sentences are stored as the server stores them, so a second run translates nothing again. The
ledger of announcements is the server's own: nothing that a file says is written there.
"""

import gzip
import io
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import cast

from django.db.models import Exists, OuterRef
from django.utils import timezone

from digest import taxonomy
from digest.arxiv_days import arxiv_day, is_weekend
from digest.keywords import Matcher, Rules, canonical
from digest.models import Announcement, PaperVersion, Segment, Sentence
from digest.picture import DigestPicture, Matched, PaperPicture, grouped
from digest.showing import paper_picture, translations_of
from worker import memory
from worker.arxiv.client import LARGEST, Client
from worker.arxiv.entries import ANNOUNCE_TYPES, AnnounceType, Document, Entry
from worker.arxiv.errors import ArxivError, DocumentError
from worker.arxiv.feeds import parse
from worker.engines import engine_for
from worker.match import record_of
from worker.papers import merge, store_papers
from worker.registry import InstalledModel
from worker.translate import translate_pending

Warn = Callable[[str], None]
Progress = Callable[[int, int], None]
"""Hears sentences done and sentences in all."""


class OneShotError(Exception):
    """There can be no digest; the message is a plain sentence that says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for. `keywords` are labels in their order; `day` None means whatever comes."""

    keywords: tuple[str, ...]
    language: str
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    day: date | None = None
    replacements: bool = False


@dataclass(slots=True)
class Gathered:
    """Papers with their announce types, in the order in which they came, and the days they are of."""

    papers: list[tuple[PaperVersion, AnnounceType]] = field(default_factory=list)
    days: set[date] = field(default_factory=set)


def read_source(source: str, client: Client) -> bytes:
    """The bytes of a file (plain or gzipped) or of an address at arXiv. Raises OneShotError."""
    try:
        if source.startswith(("http://", "https://")):
            content = client.get(source).content or b""
        else:
            content = Path(source).expanduser().read_bytes()
        return _unzipped(content) if content[:2] == b"\x1f\x8b" else content
    except ArxivError as error:
        raise OneShotError(str(error)) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise OneShotError(f"{source} is a damaged or cut-off gzip file: {error}.") from error
    except OSError as error:
        raise OneShotError(f"Can't read {source}: {error.strerror or error}.") from error


def _unzipped(content: bytes) -> bytes:
    with gzip.open(io.BytesIO(content)) as file:
        plain = file.read(LARGEST + 1)
    if len(plain) > LARGEST:
        raise OneShotError(f"More than {LARGEST:,} bytes after decompression: not an arXiv feed.")
    return plain


def gather(request: Request, client: Client, warn: Warn) -> Gathered:
    """Read what was asked for, and store its papers. Raises OneShotError."""
    gathered = Gathered()
    entries: list[Entry] = []
    for source in request.sources:
        try:
            document = parse(read_source(source, client))
        except DocumentError as error:
            raise OneShotError(f"{source}: {error}") from error
        entries += _accept(document, source, request, gathered, warn)
    for code in request.categories if not request.sources else ():
        entries += _of_category(taxonomy.find(code).code, request, client, gathered, warn)
    if request.sources and not gathered.days:
        raise OneShotError(f"None of the documents is of {request.day}.")
    versions = store_papers(merged := merge(entries), timezone.now())
    gathered.papers += [(versions[e.arxiv_id], e.announce_type) for e in merged]
    if len(gathered.days) > 1:
        warn(f"The papers are of several days: {', '.join(map(str, sorted(gathered.days)))}.")
    return gathered


def _accept(
    document: Document, source: str, request: Request, gathered: Gathered, warn: Warn
) -> Sequence[Entry]:
    """The entries of a document, unless it is of another day; what is amiss with it is told."""
    if request.day and document.day != request.day:
        warn(f"{source} is of {document.day}, not of {request.day}: left out.")
        return ()
    gathered.days.add(document.day)
    for reason in document.skipped:
        warn(f"{source}: left out {reason}.")
    if len(document.entries) < document.declared:
        warn(f"{source}: {len(document.entries)} of {document.declared} papers could be read.")
    if not document.declared:
        why = "a weekend" if is_weekend(document.day) else "a holiday, or the feed is not out yet"
        warn(f"{source} declares no paper for {document.day}: {why}.")
    only = request.categories if request.sources else ()
    wanted = {taxonomy.find(code).code for code in only}
    return [e for e in document.entries if not wanted or wanted & set(e.categories)]


def _of_category(
    code: str, request: Request, client: Client, gathered: Gathered, warn: Warn
) -> Sequence[Entry]:
    """A category's papers: from the record where it is whole, else from arXiv's feed of today."""
    today = arxiv_day(timezone.now())
    day = request.day or today
    recorded = Announcement.objects.filter(
        category__code=code, day=day, state=Announcement.State.COMPLETE
    ).first()
    if recorded:
        rows = recorded.listings.select_related("version__paper").order_by("id")
        gathered.days.add(day)
        gathered.papers += [(row.version, cast(AnnounceType, row.announce_type)) for row in rows]
        return ()
    if day != today:
        raise OneShotError(
            f"{code} of {day} is not in the record, and arXiv's feed serves only today ({today} in "
            "US Eastern). Give a recorded document with --source."
        )
    url = client.feed_url(code)
    try:
        document = parse(client.get(url).content or b"")
    except ArxivError as error:
        raise OneShotError(str(error)) from error
    return _accept(document, url, request, gathered, warn)


@dataclass(frozen=True, slots=True)
class Wanted:
    version: PaperVersion
    announce_type: AnnounceType
    matched: tuple[Matched, ...]


def select(request: Request, gathered: Gathered) -> list[Wanted]:
    """The papers that the keywords bring, with where; each once, under its strongest announce type."""
    rules = Rules(canonical(keyword) for keyword in request.keywords)
    wanted: dict[int, Wanted] = {}
    for version, kind in gathered.papers:
        if kind.startswith("replace") and not request.replacements:
            continue
        found = rules.match(record_of(version))
        matched = tuple(
            Matched(request.keywords[place], s["field"], s["start"], s["end"])
            for place in sorted(found)
            for s in found[place]
        )
        known = wanted.get(version.pk)
        if matched and (
            known is None or ANNOUNCE_TYPES.index(kind) < ANNOUNCE_TYPES.index(known.announce_type)
        ):
            wanted[version.pk] = Wanted(version, kind, matched)
    return list(wanted.values())


def translate_all(wanted: Iterable[Wanted], language: str, model: InstalledModel, progress: Progress) -> None:
    """Translate what has no translation by this model yet, and wait until all of it has one."""
    versions = [paper.version for paper in wanted]
    memory.plan(versions, language, model.identity)
    here = Segment.objects.filter(
        sentence=OuterRef("pk"), translation__version__in=versions, translation__language=language
    )
    own = Sentence.objects.filter(Exists(here), model=model.identity)
    total = own.count()
    while (left := own.pending().count()) > 0:
        progress(total - left, total)
        if not own.pending().unleased(timezone.now()).exists():
            time.sleep(0.5)  # another process is at them
        translate_pending(
            engine_for(model), own.pending(), told=lambda _: progress(total - own.pending().count(), total)
        )
    progress(total, total)
    while memory.assemble(timezone.now()):
        pass  # until none is ready any more


def picture(
    request: Request,
    gathered: Gathered,
    wanted: Sequence[Wanted],
    model: InstalledModel | None,
    now: datetime,
) -> DigestPicture:
    """What the files show."""
    versions = [paper.version.pk for paper in wanted]
    translations = translations_of(versions, request.language, model.identity) if model else {}
    matcher = Matcher([canonical(keyword) for keyword in request.keywords])
    papers: list[PaperPicture] = [
        paper_picture(
            paper.version, paper.announce_type, translations.get(paper.version.pk), paper.matched, matcher
        )
        for paper in wanted
    ]
    return DigestPicture(
        announced=max(gathered.days, default=request.day or arxiv_day(now)),
        generated_at=now,
        language=request.language,
        model=model.identity if model else "",
        groups=grouped(papers, list(request.keywords)),
    )
