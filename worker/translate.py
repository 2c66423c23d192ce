"""Translate: the versions that somebody is waiting for, sentence by sentence."""

import logging
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from datetime import datetime, timedelta
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from digest import languages
from digest.languages import Language
from digest.models import (
    Installation,
    Listing,
    Match,
    PaperVersion,
    Run,
    Sentence,
    Subscription,
    Tally,
    Translation,
)
from digest.models.leases import LeaseQuerySet
from worker import memory
from worker.celery import app, ring
from worker.claims import claim, count_attempt, set_aside
from worker.engine import Engine, EngineError, LanguageError, ModelError
from worker.engines import EngineFor, chosen_model, engine_for, glossary_of, options, release_if_idle, targets
from worker.heartbeat import HOLD, heartbeat
from worker.ladder import Ladder, Rendered
from worker.proving import may_use
from worker.runs import recorded
from worker.text.checks import OK
from worker.turns import if_free

log = logging.getLogger("paperglot")

WANTED = timedelta(days=8)
"""Papers announced longer ago are not translated for a new keyword or reader."""
REST = timedelta(seconds=10)
"""After a failure of the engine, before its batch is taken up again."""
STORE_AGAIN = (1, 2, 4, 8, 10)
"""Seconds between the tries to store what was translated: computing it again takes longer."""
_TASK_SECONDS = 45.0
_BATCH_SECONDS = 30.0
"""What a kill costs, and how long a reader waits for the first sentence; shorter batches fill an engine badly:
measured, 64 sentences at a time ran at 0.6 of the speed of 270."""
_SMALLEST, _FIRST, _LARGEST = 16, 128, 4096
_sizes: "WeakKeyDictionary[Engine, int]" = WeakKeyDictionary()
"""How many sentences an engine translates in _BATCH_SECONDS, as it was last."""
_HEAD, _QUIET = 8, 10.0
"""After so many seconds without work the first batch has so few sentences: somebody may be waiting for them, and others
that are idle hear sooner that there is more."""
_ended: "WeakKeyDictionary[Engine, float]" = WeakKeyDictionary()
"""When an engine last ended a batch, in seconds of time.monotonic()."""
_FITTED = 20_000
"""Of so many sentences at hand the vocabulary is fitted to the pieces."""


@app.task(name="worker.translate")
def translate() -> None:
    """Plan what is wanted, then claim and translate until nothing is pending or the time is up."""
    worked = False
    try:
        model = chosen_model()
        if model and may_use(model.identity):
            with if_free("plan") as mine:
                if mine:  # or another is planning the same: two would only wait for each other's rows
                    plan_wanted(model.identity, timezone.now())
            pending = Sentence.objects.pending().filter(model=model.identity)
            worked = pending.exists()
            if translate_pending(engine_for(model), pending, _TASK_SECONDS):
                ring("translate")
    except ModelError as error:
        log.error("nothing is translated: %s", error)
    if memory.assemble(timezone.now()) or worked:
        ring("publish")
        ring("index")
    release_if_idle(Installation.current().idle_minutes)


def plan_wanted(model: str, now: datetime) -> int:
    """Plan a translation for each version that a digest may show (worker.publish says which) and that has none in
    its reader's language."""
    planned = 0
    readers = Subscription.objects.bringing().filter(user__is_active=True)
    for code in readers.order_by().values_list("user__content_language", flat=True).distinct():
        followed = readers.filter(user__content_language=code)
        again = followed.filter(replacements=True)
        recent = Listing.objects.filter(version=OuterRef("pk"), announcement__first_seen_at__gte=now - WANTED)
        new = recent.filter(announce_type__in=[Listing.Type.NEW, Listing.Type.CROSS])
        replaced = recent.filter(announce_type__in=[Listing.Type.REPLACE, Listing.Type.REPLACE_CROSS])
        brought = Match.objects.filter(version=OuterRef("pk"), keyword__in=followed.values("keyword"))
        once = Match.objects.filter(version__paper=OuterRef("paper"), keyword__in=again.values("keyword"))
        there = Translation.objects.filter(version=OuterRef("pk"), language=code, model=model)
        wanted = PaperVersion.objects.filter(
            Q(Exists(new), Exists(brought)) | Q(Exists(replaced), Exists(once)), ~Exists(there)
        )
        planned += len(memory.plan(wanted.order_by("id"), code, model))
    return planned


def translate_pending(
    get_engine: EngineFor,
    pending: LeaseQuerySet,
    seconds: float = math.inf,
    told: Callable[[int], None] = lambda _: None,
) -> bool:
    """Claim batches of these sentences and translate them for about `seconds`; True if some may be left.

    `get_engine` is called only when there is something to translate; `told` hears of each batch.
    """
    set_aside(pending, timezone.now())
    if not pending.unleased(timezone.now()).exists():
        return False
    with recorded("translate") as run:
        engine = get_engine()
        engine.fit(list(pending.values_list("source", flat=True)[:_FITTED]), _languages(pending))
        return _work(engine, pending, seconds, told, run)


def _work(
    engine: Engine, pending: LeaseQuerySet, seconds: float, told: Callable[[int], None], run: Run
) -> bool:
    began, done, flagged = time.monotonic(), 0, 0
    size = _sizes.get(engine, _FIRST)
    asked = min(_HEAD, size) if began - _ended.get(engine, -math.inf) > _QUIET else size
    while batch := claim(pending, timezone.now(), asked):
        if len(batch) == asked:
            ring("translate")  # there is more: idle translators on any machine join
        started = time.monotonic()
        code = batch[0].language
        # The glossary as it is once they are claimed: whoever changes a term takes the lease of what has it.
        ladder = Ladder(engine, languages.find(code), glossary_of(code), options())
        good, bad = _translate_batch(ladder, batch)
        done, flagged = done + good + bad, flagged + bad
        run.counts = {"sentences": done, "flagged": flagged}
        told(good + bad)
        memory.assemble(timezone.now())
        _ended[engine] = time.monotonic()
        asked = size = _sizes[engine] = _next_size(len(batch), size, _ended[engine] - started)
        if time.monotonic() - began > seconds:
            break
    log.info("%d sentences translated in %.0f s, %d of them left in English", done,
             time.monotonic() - began, flagged)  # fmt: skip
    return bool(batch)


def _languages(pending: LeaseQuerySet) -> list[Language]:
    """What is read, and what is pending: a one-shot may ask for a language that nobody reads."""
    asked = {language.code: language for language in targets()}
    for code in set(pending.order_by().values_list("language", flat=True)):
        asked[code] = languages.find(code)
    return list(asked.values())


def _next_size(had: int, size: int, took: float) -> int:
    """Grow or shrink towards batches of half a minute; a single retried sentence says nothing."""
    if had < size:
        return size
    return int(min(max(size * _BATCH_SECONDS / max(took, 0.1), _SMALLEST), min(4 * size, _LARGEST)))


def _translate_batch(ladder: Ladder, batch: list[Sentence]) -> tuple[int, int]:
    """Translate one claimed batch and store what came; returns how many are good and how many not."""
    token, began = UUID(str(batch[0].lease)), time.monotonic()
    try:
        with _kept(token):
            count_attempt(batch)
            rendered = ladder.climb([sentence.source for sentence in batch])
    except LanguageError as error:
        log.error("%s", error)
        rendered = [Rendered("", None, "language", "")] * len(batch)
    except ModelError:  # the model's fault, not the sentences'
        mine = Sentence.objects.filter(lease=token)
        mine.update(lease=None, leased_until=None, attempts=F("attempts") - 1)
        raise
    except EngineError as error:
        log.warning("a batch of %d sentences failed: %s", len(batch), error)
        # What fails by itself may pass by itself: nobody takes these up again at once.
        again = timezone.now() + REST
        Sentence.objects.filter(lease=token).update(lease=None, leased_until=again)
        return 0, 0
    seconds = time.monotonic() - began
    with _kept(token):
        _store_all(batch, rendered, token, lambda: _count(ladder.engine, batch, rendered, seconds))
    good = sum(result.verdict == OK for result in rendered)
    return good, len(batch) - good


def _count(engine: Engine, batch: list[Sentence], rendered: list[Rendered], seconds: float) -> None:
    """Verdicts, and the source's tokens with the time that they took: several translators add up."""
    Tally.add("sentences", Counter(result.verdict for result in rendered))
    Tally.add("tokens", {"": sum(engine.length(sentence.source) for sentence in batch)})
    Tally.add("translating_seconds", {"": seconds})


@contextmanager
def _kept(token: UUID) -> Iterator[None]:
    """Keep a batch's lease alive while the engine works, however slow the machine is."""
    with heartbeat(lambda: Sentence.objects.all().extend(token, timezone.now() + HOLD), HOLD):
        yield


def _store_all(
    batch: list[Sentence], rendered: list[Rendered], token: UUID, count: Callable[[], None]
) -> None:
    """Write what came and count it, all or nothing; again, where the database was away for a moment or has ended a
    deadlock by ending us."""
    for seconds in (*STORE_AGAIN, None):
        try:
            with transaction.atomic():
                _store(batch, rendered, token)
                count()
            return
        except (OperationalError, InterfaceError) as error:
            if seconds is None:
                raise
            log.warning("%d sentences could not be stored yet: %s", len(batch), error)
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            time.sleep(seconds)


def _store(batch: list[Sentence], rendered: list[Rendered], token: UUID) -> None:
    """Write the results whose lease is still ours, in two statements however many there are. What was good stays,
    where doing it again came out bad."""
    mine = Sentence.objects.pending().filter(lease=token).select_for_update().order_by("pk")
    held, now = set(mine.values_list("pk", flat=True)), timezone.now()
    pairs = [(row, result) for row, result in zip(batch, rendered, strict=True) if row.pk in held]
    stays = [row.pk for row, result in pairs if row.good and result.verdict != OK]
    written = [(row, result) for row, result in pairs if not (row.good and result.verdict != OK)]
    over = {"again_at": None, "lease": None, "leased_until": None}
    # They are there and locked: this inserts none. A statement for each took ten times the processor.
    Sentence.objects.bulk_create(
        [_written(row, result, now, over) for row, result in sorted(written, key=lambda pair: pair[0].pk)],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*_RESULT, *over],
    )
    if stays:
        Sentence.objects.filter(pk__in=stays).update(**over)
    if changed := [row.pk for row, _ in written if row.finished_at]:
        Translation.objects.filter(segments__sentence__in=changed).update(stale=True)


_RESULT = ("text", "score", "verdict", "notes", "rung", "finished_at")


def _written(sentence: Sentence, result: Rendered, now: datetime, over: dict[str, None]) -> Sentence:
    """The row with what came; the one that was claimed stays as it is, since storing may be tried again."""
    row = copy(sentence)
    row.text, row.score, row.verdict = result.text, result.score, result.verdict
    row.notes, row.rung, row.finished_at = list(result.notes), result.rung, now
    for name, nothing in over.items():
        setattr(row, name, nothing)
    return row
