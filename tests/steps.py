"""The pipeline's steps as tests take them: verbs as functions, the clock an argument, the engine fake."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from digest.following import follow
from digest.models import Channel, Digest, Installation, Sentence, User
from digest.models.leases import LeaseQuerySet
from tests.conftest import NOW, announced
from tests.documents import Document
from tests.engines import FakeEngine
from worker import memory
from worker.arxiv.feeds import parse
from worker.match import apply_keywords, match_versions
from worker.publish import publish_due
from worker.translate import plan_wanted, translate_pending

MODEL = "fake#00000001"


def browser_of(user: User) -> Client:
    """A browser in which somebody is logged in."""
    browser = Client()
    browser.force_login(user)
    return browser


def choose(model: str) -> None:
    """Make it the installation's model."""
    installation = Installation.current()
    installation.model = model
    installation.save()


def sentence(source: str, language: str = "zh-Hans", **fields: object) -> Sentence:
    """A sentence of the memory."""
    key = memory.key(source)
    return Sentence.objects.create(key=key, source=source, language=language, model=MODEL, **fields)


def pending() -> LeaseQuerySet:
    return Sentence.objects.pending()


def translate_by(engine: FakeEngine, **how: Any) -> bool:
    """One turn of the translator at all that is pending."""
    return translate_pending(lambda: engine, pending(), **how)


def verdicts() -> Counter[str]:
    return Counter(Sentence.objects.values_list("verdict", flat=True))


def queries(do: Callable[[], object]) -> int:
    """How many queries something takes."""
    with CaptureQueriesContext(connection) as asked:
        do()
    return len(asked)


def match(now: datetime = NOW) -> int:
    return match_versions(now) + apply_keywords(now)


def translate(engine: FakeEngine | None = None, now: datetime = NOW, model: str = MODEL) -> None:
    """Everything that somebody waits for, until nothing is pending."""
    engine = engine or FakeEngine()
    plan_wanted(model, now)
    pending = Sentence.objects.pending().filter(model=model)
    while pending.exists():
        translate_pending(lambda: engine, pending)
    memory.assemble(now)


def walk(now: datetime = NOW, engine: FakeEngine | None = None) -> None:
    """Everything after fetch, once."""
    match(now)
    translate(engine, now)
    publish_due(now)


def publish(user: User, document: Document, *keywords: str, now: datetime = NOW) -> Digest:
    """The reader's digest of a document's papers, in both languages."""
    choose("fake")
    for keyword in keywords:
        follow(user, keyword)
    announced(document, now)
    walk(now)
    return user.digests.get(day=parse(document.rss()).day)


def channel(user: User, kind: str = "mail", address: str = "", **fields: object) -> Channel:
    """A channel that is open since an hour ago."""
    before = NOW - timedelta(hours=1)
    made = {"since": before, "confirmed_at": before, "created_at": before} | fields
    return Channel.objects.create(user=user, kind=kind, address=address or user.email, **made)
