"""The translation memory: what is wanted becomes sentences, finished sentences become translations."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Min, Prefetch, prefetch_related_objects

from digest import languages
from digest.models import Correction, Digest, PaperVersion, Segment, Sentence, Translation
from worker.text.protection import RestoreError, restore
from worker.text.segments import Piece, join, pieces

_CHUNK = 20
"""Versions of a transaction. Sentences are claimed by the newest plan first, and in no order inside of one."""


def key(source: str) -> str:
    """What equal sentences have in common: SHA-256 of the protected sentence, in hex."""
    return hashlib.sha256(source.encode()).hexdigest()


def plan(versions: Iterable[PaperVersion], language: str, model: str) -> list[Translation]:
    """Make an unfinished translation, with its segments and sentences, for each version that has none.

    Sentences that the memory already holds for this language and model are taken from it. Give the oldest
    version first: what was planned last is translated first (worker.claims).
    """
    planned: list[Translation] = []
    wanted = list(versions)
    for start in range(0, len(wanted), _CHUNK):
        with transaction.atomic():
            planned += _plan_chunk(wanted[start : start + _CHUNK], language, model)
    return planned


def _plan_chunk(versions: Sequence[PaperVersion], language: str, model: str) -> list[Translation]:
    there = set(
        Translation.objects.filter(version__in=versions, language=language, model=model).values_list(
            "version_id", flat=True
        )
    )
    missing = [version for version in versions if version.pk not in there]
    cut = {version.pk: _cut(version) for version in missing}
    sentences = _remember(
        {p.source for places in cut.values() for _, p in places if p.translatable}, language, model
    )
    made: list[Translation] = []
    for version in missing:
        translation, new = Translation.objects.get_or_create(version=version, language=language, model=model)
        if new:  # two plans at once: the second finds the first one's
            _place(translation, cut[version.pk], sentences)
            made.append(translation)
    return made


def _cut(version: PaperVersion) -> list[tuple[str, Piece]]:
    titles = pieces(version.title, title=True)
    abstract = pieces(version.abstract)
    return [("title", piece) for piece in titles] + [("abstract", piece) for piece in abstract]


def _remember(sources: set[str], language: str, model: str) -> dict[str, Sentence]:
    """The memory's row for each source, made where there is none."""
    by_key = {key(source): source for source in sources}
    Sentence.objects.bulk_create(
        (
            Sentence(key=k, source=by_key[k], language=language, model=model)
            for k in sorted(by_key)  # one order everywhere: no two plans wait crosswise
        ),
        ignore_conflicts=True,
    )
    rows: dict[str, Sentence] = {}
    keys = list(by_key)
    for start in range(0, len(keys), 500):
        for row in Sentence.objects.filter(key__in=keys[start : start + 500], language=language, model=model):
            rows[by_key[row.key]] = row
    return rows


def _place(
    translation: Translation, places: Sequence[tuple[str, Piece]], sentences: dict[str, Sentence]
) -> None:
    orders: dict[str, int] = {}
    segments = []
    for field, piece in places:
        order = orders[field] = orders.get(field, -1) + 1
        segments.append(
            Segment(
                translation=translation,
                field=field,
                order=order,
                paragraph=piece.paragraph,
                source=piece.text,
                held=list(piece.held),
                sentence=sentences[piece.source] if piece.translatable else None,
            )
        )
    Segment.objects.bulk_create(segments)


def assemble(now: datetime, limit: int = 500) -> list[Translation]:
    """Finish the translations all of whose sentences are finished; returns them.

    A sentence without a good translation stands in English; a translation none of whose sentences
    is good is failed, and shows nothing.
    """
    keys = list(Translation.objects.ready().order_by("id").values_list("pk", flat=True)[:limit])
    finished: list[Translation] = []
    for start in range(0, len(keys), _CHUNK):
        finished += _assemble_chunk(keys[start : start + _CHUNK], now)
    return finished


@transaction.atomic
def _assemble_chunk(keys: list[int], now: datetime) -> list[Translation]:
    ready = Translation.objects.ready().filter(pk__in=keys).order_by("id")
    rows = list(ready.select_for_update(skip_locked=True))
    # The mark goes before anything is read: whoever corrects a sentence meanwhile marks it anew.
    Translation.objects.filter(pk__in=[row.pk for row in rows]).update(stale=False)
    prefetch_related_objects(rows, Prefetch("segments", Segment.objects.select_related("sentence")))
    corrections = corrections_of(rows)
    for translation in rows:
        _finish(translation, now, corrections)
    shown = Digest.objects.filter(entries__version__in=[row.version_id for row in rows])
    Digest.objects.filter(pk__in=shown.values("pk")).update(touched_at=now)
    return rows


def corrections_of(translations: Sequence[Translation]) -> dict[tuple[str, str], str]:
    """People's own translations of these translations' sentences, by key and language."""
    keys = {s.sentence.key for t in translations for s in t.segments.all() if s.sentence}
    languages_ = {translation.language for translation in translations}
    found: dict[tuple[str, str], str] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), 500):
        rows = Correction.objects.filter(key__in=wanted[start : start + 500], language__in=languages_)
        found |= {(row.key, row.language): row.text for row in rows}
    return found


def _finish(
    translation: Translation,
    now: datetime,
    corrections: dict[tuple[str, str], str],
) -> None:
    texts: dict[str, list[tuple[int, str, bool]]] = {"title": [], "abstract": []}
    good = bad = 0
    for segment in translation.segments.all():
        text = target(segment, corrections)
        good += text is not None and segment.sentence is not None
        bad += text is None
        shown = segment.source if text is None else text
        texts[segment.field].append((segment.paragraph, shown, text is not None))
        segment.text = text or ""
    Segment.objects.bulk_update(translation.segments.all(), ["text"])
    language = languages.find(translation.language)
    state = Translation.State.FAILED
    translation.title = translation.abstract = ""
    if good or not bad:
        state = Translation.State.PARTIAL if bad else Translation.State.COMPLETE
        translation.title = join(texts["title"], language)
        translation.abstract = join(texts["abstract"], language)
    translation.state, translation.finished_at, translation.indexed_at = state, now, None
    translation.first_finished_at = translation.first_finished_at or _first(translation) or now
    told = ["title", "abstract", "state", "finished_at", "first_finished_at", "indexed_at"]
    translation.save(update_fields=told)


def _first(translation: Translation) -> datetime | None:
    """When another model first had it in this language: to a feed reader, this one's words are no news."""
    others = Translation.objects.filter(version=translation.version_id, language=translation.language)
    first: datetime | None = others.aggregate(at=Min("first_finished_at"))["at"]
    return first


def target(segment: Segment, corrections: dict[tuple[str, str], str]) -> str | None:
    """The segment in the target language, formulas brought back; None where there is none to trust."""
    sentence = segment.sentence
    if sentence is None:
        return segment.source  # a formula alone is the same in every language
    text = corrections.get((sentence.key, sentence.language))
    if text is None and sentence.good:
        text = sentence.text
    try:
        return None if text is None else restore(text, segment.held)
    except RestoreError:
        return None
