"""One run of the simulation: from a day to another, with all that happens between."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from digest.arxiv_days import Calendar, feeds_turn
from digest.models import Alert, Category, Holiday, Run
from tests.engines import FakeEngine
from tests.year import mail, readers
from tests.year.arxiv import CODES, Arxiv
from tests.year.house import Event, choose_the_model, next_tick, running, settle, troubles_of
from tests.year.turning import KEYS, Turning, monthly

NEXT_YEAR = (date(2027, 1, 18),)
"""Evenings that arXiv keeps free, of which nobody tells this installation: its list ends with the year."""


@dataclass
class Report:
    """What a run came to."""

    days: int
    violations: list[str]
    alerts: list[tuple[str, str, bool]]
    """Kind, subject, and whether it was over in the end."""
    told: Counter[str]
    """Subjects of the mails to the administrator."""
    failed_runs: Counter[str]
    turned: list[str]
    ticks: int
    errors: Counter[str]
    answers: dict[int, int] = field(default_factory=dict)


def rows_by_table() -> dict[str, int]:
    return {
        m._meta.model_name or "": m._default_manager.count()
        for m in apps.get_app_config("digest").get_models()
    }


def simulate(
    first: date, last: date, told: Callable[[Any], None] = lambda _: None, *, faults: bool = True
) -> Report:
    """From the evening before the first day to that of the last, before the next announcement."""
    start, end = feeds_turn(first) - timedelta(hours=6), feeds_turn(last) + timedelta(hours=19, minutes=30)
    # The newest day of before is the first that is fetched.
    calendar = Calendar(frozenset(Holiday.objects.values_list("evening", flat=True)) | set(NEXT_YEAR))
    known = calendar.newest(start)
    mail.SENT.clear()
    mail.REFUSING[0] = False
    with (
        Arxiv(calendar, faults) as arxiv,
        override_settings(
            ARXIV_URL=arxiv.url, ARXIV_INTERVAL=0, SECRET_KEY=KEYS[0], SECRET_KEY_FALLBACKS=[], BACKUP_HOURS=24 * 35,
            EMAIL_BACKEND="tests.year.mail.Server", EMAIL_HOST="mail.example.org", PUBLIC_URL="http://localhost",
        ),
        running(start, FakeEngine()) as (state, clock),
    ):  # fmt: skip
        choose_the_model()
        readers.invite()
        for code in CODES:
            Category.objects.create(code=code, followed=True, next_fetch_at=timezone.now())
        turning = Turning()
        events = [*troubles_of(state, first.year), *monthly(start, end, turning, lambda: told(state))]
        events = (
            sorted((e for e in events if start < e.at < end), key=lambda event: event.at) if faults else []
        )
        _live(state, clock, end, events)
        told(state)
        return Report(
            days=len(list(calendar.days(known, last))),
            violations=[*turning.failures, *readers.violations(arxiv, calendar, known, last)],
            alerts=[(a.kind, a.subject, a.closed_at is not None) for a in Alert.objects.order_by("raised_at")],
            told=Counter(subject for _id, subject, to in mail.SENT if subject.startswith("Paperglot: ")
                         and to == "alice@example.org" and _is_alert(subject)),
            failed_runs=Counter(Run.objects.exclude(error="").values_list("verb", flat=True)),
            turned=turning.done,
            ticks=state.ticks,
            errors=state.errors,
            answers=dict(arxiv.answers_by_status),
        )  # fmt: skip


def _is_alert(subject: str) -> bool:
    text = subject.removeprefix("Paperglot: ").removeprefix("Over: ")
    return Alert.objects.filter(text=text).exists()


def _live(state: Any, clock: Any, end: datetime, events: list[Event]) -> None:
    """Tick by tick; what happens to the house happens at its time."""
    assert settings.ARXIV_URL.startswith("http://127.0.0.1:")
    while (now := timezone.now()) < end:
        while events and events[0].at <= now:
            events.pop(0).do()
        if not state.off:
            settle(state)
        now = timezone.now()
        following = next_tick(now) if not state.off else now + timedelta(days=30)
        if events:
            following = min(following, max(events[0].at, now))
        clock.move_to(min(following, end), tick=True)
