"""What administrators do by a timer, and what is turned over in a year: backups, pruning, keys, feed addresses."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from digest.models import Channel, FeedToken, User
from digest.tokens import unsubscribing
from tests.year.house import Event

KEYS = ["the-key-of-spring-" * 4, "the-key-of-summer-" * 4]


class Turning:
    """Keys and feed addresses, and whether what was given out before still holds; `failures` says what did not."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        self.done: list[str] = []
        self._client = Client(headers={"host": "localhost"})
        self._feed: tuple[FeedToken, str] | None = None
        self._link = ""

    def _expect(self, what: str, true: bool) -> None:
        (self.done if true else self.failures).append(f"{timezone.now():%Y-%m-%d} {what}")

    def before_the_key(self) -> None:
        """Somebody logs in, and a mail goes out with a signed link."""
        self._client.force_login(User.objects.get(username="bob"))
        channel = Channel.objects.filter(user__username="alice").get()
        self._link = reverse("unsubscribe", args=[unsubscribing(channel)])

    def turn_the_key(self) -> None:
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = KEYS[1]

    def after_the_key(self) -> None:
        self._expect(
            "a session of before the new key holds", self._client.get(reverse("today")).status_code == 200
        )
        self._expect("a signed link of before it works", self._client.get(self._link).status_code == 200)

    def drop_the_old_key(self) -> None:
        settings.SECRET_KEY_FALLBACKS = []

    def turn_the_feed(self) -> None:
        """bob makes a new address, and revokes the old one; what stands in the feed has the same guids."""
        before, old = self._feed or (None, "")
        row, token = FeedToken.make(User.objects.get(username="bob"))
        nobody = Client(headers={"host": "localhost"})
        answer = nobody.get(self._path(token))
        self._expect("the new feed address is answered", answer.status_code == 200)
        if before:
            items = nobody.get(self._path(old)).json()["items"]
            same = [i["id"] for i in items] == [i["id"] for i in answer.json()["items"]]
            self._expect("its guids are those of the old one", same)
            FeedToken.objects.filter(pk=before.pk).update(revoked_at=timezone.now())
            self._expect("the old one is gone", nobody.get(self._path(old)).status_code == 410)
        self._feed = row, token

    @staticmethod
    def _path(token: str) -> str:
        return reverse("feed", args=[token, "all", "json"])

    def scrape(self) -> None:
        text = Client(headers={"host": "localhost"}).get(reverse("metrics")).content.decode()
        samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
        self._expect(f"{len(samples)} samples are read", len(samples) > 50)


def monthly(start: datetime, end: datetime, turning: Turning, told: Callable[[], None]) -> list[Event]:
    """On the first of each month the figures, a backup (but in October), pruning, the metrics, a new feed address; in
    June a new key."""
    folder, events = Path(tempfile.mkdtemp(prefix="paperglot-year-")), []

    def quietly(name: str, *arguments: Any, **options: Any) -> Callable[[], None]:
        return lambda: call_command(name, *arguments, **options, stdout=_Nowhere(), verbosity=0)

    for number in range(1, 14):
        at = datetime(start.year + number // 12, number % 12 + 1, 1, 12, tzinfo=UTC)
        if not start < at < end:
            continue
        events.append(Event(at, "figures", told))
        if at.month != 10:
            events.append(Event(at, "a backup", quietly("backup", folder, keep=2)))
        events.append(Event(at, "pruning", quietly("prune", "--older-than", "90", "--yes")))
        events.append(Event(at, "metrics", turning.scrape))
        events.append(Event(at, "a new feed address", turning.turn_the_feed))
    summer = datetime(start.year, 6, 2, 12, tzinfo=UTC)
    events.append(Event(summer, "a login", turning.before_the_key))
    events.append(Event(summer + timedelta(hours=1), "a new key", turning.turn_the_key))
    events.append(Event(summer + timedelta(hours=2), "the new key is tried", turning.after_the_key))
    events.append(Event(summer + timedelta(days=60), "the old key is dropped", turning.drop_the_old_key))
    return [event for event in events if start < event.at < end]


class _Nowhere:
    def write(self, _text: str) -> None:
        pass

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False
