"""What the queue costs a batch, and how soon the first sentence of a day is translated (tests/benchmarks/scale.py)."""

import random
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from tests.benchmarks import planted
from tests.benchmarks.day import Meter, Step
from tests.benchmarks.machines import Machines

BATCH = 30.0
"""Seconds: what worker/translate.py makes a batch last."""
SIZES = (192, 4096)
"""Sentences of a batch: of a small server's engine, and the most that a batch ever has."""
QUEUE = ("claim", "attempt", "lease", "store", "ring")
"""The lease is kept in a thread, while the engine works: it takes the processor's time, but none of the batch's."""
OTHERS = ("rest of the engine's ladder", "put together", "sentences read to fit the vocabulary")


def overhead(batches: int = 2) -> None:
    """Print what each step of a batch takes, in milliseconds a batch."""
    for size in SIZES:
        meter, whole = _batches(size, batches)
        print(
            f"\n{size:,} sentences in {BATCH:.0f} s, {batches} batches, {planted.waiting():,} others waiting\n"
        )
        print("| step | clock ms | CPU ms | database CPU ms | queries |\n|---|---|---|---|---|")
        for name in (*QUEUE, *OTHERS):
            _row(name, meter.steps.get(name, Step()), batches)
        parts = [meter.steps.get(name, Step()) for name in QUEUE]
        queue = Step(*(sum(values) for values in zip(*(vars(part).values() for part in parts), strict=True)))
        _row("**the queue: claim to ring**", queue, batches)
        clock = queue.clock - meter.steps.get("lease", Step()).clock
        print(f"\nthe queue: {clock / whole:.2%} of a batch's time by the clock, "
              f"{(queue.cpu + queue.database) / whole:.2%} by the processor", flush=True)  # fmt: skip


def _row(name: str, step: Step, batches: int) -> None:
    times = (step.clock, step.cpu, step.database)
    print(
        f"| {name} | {' | '.join(f'{1000 * x / batches:.1f}' for x in times)} | {step.queries / batches:.1f} |"
    )


def _batches(size: int, batches: int) -> tuple[Meter, float]:
    """Translate so many batches by an engine that sleeps half a minute for each; the seconds that all took."""
    from digest.models import Sentence
    from digest.models.leases import LeaseQuerySet
    from tests.benchmarks.sleeper import Sleeper
    from worker import ladder, memory, translate

    engine = Sleeper()
    engine.seconds = BATCH / size
    translate._sizes[engine], translate._ended[engine], translate._BATCH_SECONDS = (
        size,
        time.monotonic(),
        1.02 * BATCH,
    )
    translate._LARGEST = size
    meter = Meter()

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given, **named: meter.take(name, function, *given, **named)

    steps = [(translate, "claim", "claim"), (translate, "count_attempt", "attempt"), (translate, "_store", "store"),
             (LeaseQuerySet, "extend", "lease"), (translate, "ring", "ring"), (memory, "assemble", "put together"),
             (ladder.Ladder, "climb", "climb")]  # fmt: skip
    with ExitStack() as patched:
        for owner, name, step in steps:
            patched.enter_context(patch.object(owner, name, timed(step, getattr(owner, name))))
        patched.enter_context(patch.object(engine, "fit", lambda *_: None))
        began = time.monotonic()
        translate.translate_pending(lambda: engine, Sentence.objects.pending(), BATCH * (batches - 0.5))
        whole = time.monotonic() - began
    climb = meter.steps.pop("climb")
    meter.steps[OTHERS[0]] = Step(climb.clock - engine.slept, climb.cpu, climb.database, climb.queries)
    meter.take(OTHERS[2], lambda: list(Sentence.objects.pending().values_list("source", flat=True)[:20_000]))
    return meter, whole


def claims(waiting: int = 100_000, times: int = 5) -> None:
    """Print what claiming takes where very many sentences wait."""
    from django.utils import timezone

    from digest.models import Sentence
    from worker.claims import claim
    from worker.memory import key

    sources = (
        f"We show that the robot number {n} walks on the ground, and that it learns to do so."
        for n in range(waiting)
    )
    rows = (Sentence(key=key(s), source=s, language="zh-Hans", model="demo#1") for s in sources)
    Sentence.objects.bulk_create(rows, batch_size=5000)
    meter = Meter()
    for _ in range(times):
        meter.take(
            "claim", claim, Sentence.objects.pending().filter(model="demo#1"), timezone.now(), SIZES[0]
        )
    print(f"\n{SIZES[0]} of {waiting:,} waiting sentences\n\n| step | clock ms | CPU ms | database CPU ms | queries |"
          "\n|---|---|---|---|---|")  # fmt: skip
    _row("claim", meter.steps["claim"], times)


def latency(machines: Machines, rounds: int, papers: int = 5) -> None:
    """Print how long after a day of a few papers was stored its first and its last sentence were translated."""
    feeds = [planted.day_of(papers, seed) for seed in range(1, rounds + 2)]
    with machines:
        for name, role in (("first", "io"), ("clock", "beat"), ("mt1", "translator")):
            machines.start(name, role)
        time.sleep(15)
        found = [_round(feed) for feed in feeds]
    first, last, sentences = (list(column) for column in zip(*found[1:], strict=True))
    print(f"{rounds} days of {papers} papers (about {statistics.mean(sentences):.0f} sentences), the demonstration "
          "model; seconds from a day's being stored\n\n| | median | most |\n|---|---|---|")  # fmt: skip
    for name, row in (("first sentence translated", first), ("last sentence translated", last)):
        print(f"| {name} | {statistics.median(row):.2f} | {max(row):.2f} |")
    print(f"\nthe very first day, for which the model is loaded: {found[0][0]:.2f} s")


def _round(feed: bytes) -> tuple[float, float, int]:
    """Seconds to the first and to the last sentence, and how many there were."""
    from digest.models import Sentence
    from worker.celery import ring

    time.sleep(random.uniform(11, 16))  # quiet, and not in step with the clock's bells
    highest = Sentence.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    began = planted.store(feed)
    ring("match")  # as worker.fetch does
    mine, until = Sentence.objects.filter(pk__gt=highest), time.monotonic() + 120
    while not mine.exists() or mine.filter(finished_at=None).exists():
        if time.monotonic() > until:
            raise TimeoutError("The sentences of a day were not translated in two minutes.")
        time.sleep(0.1)
    done = sorted(at for at in mine.values_list("finished_at", flat=True) if at)
    return (done[0] - began).total_seconds(), (done[-1] - began).total_seconds(), len(done)
