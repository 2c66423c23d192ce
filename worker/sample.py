"""The sample day: papers written for this project, for whoever looks at Paperglot for the first time."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from digest.following import follow
from digest.models import Category, FeedToken, Installation, User
from digest.setup import SAMPLE_READER, needed
from worker.arxiv.feeds import parse
from worker.registry import DEMO
from worker.store import store

DOCUMENT = Path(__file__).parent / "demo" / "sample_day.xml"
KEYWORDS = ("reinforcement learning", "diffusion policy")
SOURCE = "the sample day"


def load(now: datetime) -> str | None:
    """Store the sample day, its reader with two keywords, and choose the demonstration model.

    Returns the secret of the reader's feed address, or None where the sample was there before. The
    category is followed but never asked for: the sample needs no network.
    """
    with transaction.atomic():
        document = parse(DOCUMENT.read_bytes())
        category, _ = Category.objects.get_or_create(code=document.categories[0])
        if category.announcements.filter(day=document.day).exists():
            return None
        Category.objects.filter(pk=category.pk).update(followed=True)
        store(category, document, SOURCE, now)
        installation = Installation.current()
        if not installation.model:
            installation.model = DEMO
            installation.save(update_fields=["model"])
        return _reader() if needed() else None


def _reader() -> str:
    reader, new = User.objects.get_or_create(username=SAMPLE_READER, defaults={"content_language": "zh-Hans"})
    if new:  # nobody logs in as the reader before the set-up link has given it a password
        reader.set_unusable_password()
        reader.save(update_fields=["password"])
    for keyword in KEYWORDS:
        follow(reader, keyword)
    return FeedToken.make(reader)[1]
