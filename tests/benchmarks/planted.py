"""Papers put into an installation by the product's own steps, and how fast their sentences are translated there."""

import re
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

Stores = dict[int, list[tuple[float, int]]]
"""By translator: when it stored a batch (seconds of the clock), and how many sentences."""
MODEL = "demo"
_CHOSEN = {"model": MODEL, "glossary": "off", "longest_sentence": 200}
"""No sentence is cut in clauses, so that one that is stored is one that was asked for."""


def prepare() -> None:
    """An installation with the demonstration model and one reader, who follows `robot`."""
    from django.core.management import call_command

    from digest.following import follow
    from digest.models import Installation, User

    call_command("migrate", verbosity=0)
    Installation.objects.update_or_create(pk=1, defaults=_CHOSEN)
    follow(User.objects.create_user("alice", "alice@example.org", "alice-password"), "robot")


def day_of(papers: int, seed: int) -> bytes:
    """The feed of a day whose every paper has `robot` in its title; every seed has its own papers and sentences."""
    from tests.benchmarks.translate import SENTENCES, abstracts
    from tests.documents import Document

    document = Document(day=date(2026, 5, 11) - timedelta(weeks=seed))
    sentences = [sentence for abstract in abstracts(3 * papers, seed) for sentence in abstract]
    # A title of its own: papers with one title would all be finished with that one sentence, at the very end.
    titles = _passing([f"A robot: {sentence[:-1]}" for sentence in sentences[: 3 * papers]])
    sentences = _passing(sentences[3 * papers : 21 * papers])
    for place in range(papers):
        number = f"{2612 - seed // 10:04}.{seed % 10}{place:04}"
        mine = sentences[place * SENTENCES : (place + 1) * SENTENCES]
        document.add(number, title=titles[place], abstract=" ".join(mine))
    return document.rss()


def _passing(sentences: Sequence[str]) -> list[str]:
    """Those whose answers by the fake engine pass every check: others would be translated again and again."""
    from digest import languages
    from tests.engines import FakeEngine
    from worker.ladder import Ladder, Options
    from worker.text.checks import OK

    ladder = Ladder(FakeEngine(), languages.find("zh-Hans"), options=Options(terms="off"))
    plain = [sentence for sentence in sentences if not _NUMBER.search(sentence)]
    rendered = ladder.climb(plain)
    return [s for s, result in zip(plain, rendered, strict=True) if result.verdict == OK and not result.notes]


_NUMBER = re.compile(r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|half|twice)\b", re.IGNORECASE)


def store(feed: bytes) -> datetime:
    """Store a feed as fetch does; returns when it was there."""
    from django.utils import timezone

    from digest.models import Category
    from worker import store as stored
    from worker.arxiv.feeds import parse

    parsed, now = parse(feed), timezone.now()
    category, _ = Category.objects.get_or_create(code=parsed.categories[0], defaults={"followed": True})
    stored.store(category, parsed, "a benchmark", now)
    return timezone.now()


def plant(papers: int, seed: int) -> int:
    """Store a day, match it and plan its translations; returns how many sentences wait."""
    from django.utils import timezone

    from worker.engines import chosen_model
    from worker.match import apply_keywords, match_versions
    from worker.translate import plan_wanted

    store(day_of(papers, seed))
    match_versions(timezone.now()) + apply_keywords(timezone.now())
    model = chosen_model()
    assert model
    plan_wanted(model.identity, timezone.now())
    return waiting()


def waiting() -> int:
    """How many sentences wait to be translated."""
    from digest.models import Sentence

    count: int = Sentence.objects.pending().count()
    return count


def size() -> float:
    """Bytes of the tables of translations, with their indexes and with what updates have left, a sentence."""
    from django.db import connection

    from digest.models import Segment, Sentence, Translation

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name",
            [[model._meta.db_table for model in (Segment, Sentence, Translation)]],
        )
        return float(cursor.fetchone()[0]) / Sentence.objects.count()


def stores(since: datetime) -> Stores:
    """What was stored since then. A score is a translator's number (tests/benchmarks/sleeper.py)."""
    from django.db.models import Count

    from digest.models import Sentence

    rows = Sentence.objects.filter(finished_at__gte=since, score__isnull=False).order_by("finished_at")
    found: Stores = defaultdict(list)
    for score, at, count in rows.values_list("score", "finished_at").annotate(Count("pk")):
        found[round(-1000 * score)].append((at.timestamp(), count))
    return found


def rate(stored: Mapping[int, Sequence[tuple[float, int]]], start: float, end: float) -> float:
    """Sentences a second of all translators from `start` to `end`.

    A batch comes all at once, but was worked at since the translator stored the one before: it counts for the part of
    that time that lies between `start` and `end`. A translator has to have stored one before `start` and one after
    `end`; what it does not store counts as nothing, and so does waiting.
    """
    total = 0.0
    for batches in stored.values():
        for (before, _), (at, count) in pairwise(batches):
            inside = min(at, end) - max(before, start)
            total += count * max(inside, 0) / (at - before) if at > before else count * (start < at <= end)
    return total / (end - start)


def wait_for_stores(numbers: int, since: datetime, seconds: float) -> Stores:
    """Until each of so many translators has stored a batch since then. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while len(found := stores(since)) < numbers:
        if time.monotonic() > until:
            raise TimeoutError(
                f"{len(found)} of {numbers} translators have stored something in {seconds:.0f} s"
            )
        time.sleep(0.5)
    return found
