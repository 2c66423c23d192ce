"""What is wrong at the moment, as the rows tell it: what worker.alerts then tells to people."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, Min, Q

from digest.arxiv_days import Calendar, feeds_turn
from digest.models import (
    Announcement,
    Category,
    Channel,
    Delivery,
    Holiday,
    Installation,
    Lapse,
    Sentence,
    Worker,
)
from digest.models.fleet import ALIVE

log = logging.getLogger("paperglot")
_DAYS_BACK = timedelta(days=7)
MISSED = timedelta(minutes=3)
"""A translator that starts again is not missed."""
WAITED = timedelta(hours=1)
LEAST_FREE = 0.1
MOST_LAPSES = 3
LAPSED = timedelta(days=1)
_REFUSED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Trouble:
    """`kind` is one of digest.models.alerts.TEXTS, which `values` fill; kind and subject say which it is."""

    kind: str
    subject: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    day: date | None = None
    codes: tuple[str, ...] = ()


def troubles(now: datetime) -> list[Trouble]:
    installation, calendar = Installation.current(), Holiday.calendar()
    late = late_days(now, timedelta(hours=installation.alert_hours), calendar)
    found = [_incomplete(day, codes) for day, codes in late.items()]
    for look in (_no_translator, _old_sentences, _full_disks, _lapses, _refused_mail, _old_backup):
        found += look(now, installation)
    if Category.objects.followed().exists() and (year := calendar.overdue(now)):
        found.append(Trouble("holidays", str(year), {"year": year}))
    return found


def _incomplete(day: date, codes: list[str]) -> Trouble:
    told = {"day": day.isoformat(), "codes": ", ".join(codes)}
    return Trouble("incomplete", day.isoformat(), told, day, tuple(codes))


def late_days(now: datetime, patience: timedelta, calendar: Calendar) -> dict[date, list[str]]:
    """The days whose feeds turned longer ago than that, with the followed categories that are not complete."""
    newest = calendar.newest(now)
    days = [d for d in calendar.days(newest - _DAYS_BACK, newest) if now >= feeds_turn(d) + patience]
    expected = Category.objects.followed().exclude(next_fetch_at=None)
    rows = Announcement.objects.filter(day__in=days, category__in=expected).select_related("category")
    late: dict[date, list[str]] = {}
    for row in rows.order_by("day", "category__code"):
        if not (row.readable or row.settled):
            late.setdefault(row.day, []).append(row.category.code)
    return late


def _no_translator(now: datetime, installation: Installation) -> Iterator[Trouble]:
    """Only where some worker has been there for as long: after a start nobody is missed."""
    rows = list(Worker.objects.filter(seen_at__gt=now - MISSED))
    there = any(row.alive(now) and now - row.started_at >= MISSED for row in rows)
    if installation.model and there and not any("translate" in row.queues for row in rows):
        yield Trouble("translator", values={"minutes": MISSED // timedelta(minutes=1)})


def _old_sentences(now: datetime, installation: Installation) -> Iterator[Trouble]:
    """What was translated already and is only to be done once more may take its time."""
    new = Sentence.objects.pending().filter(finished_at=None)
    mine = Q(model=installation.model) | Q(model__startswith=f"{installation.model}#")
    since = new.filter(mine).aggregate(since=Min("created_at"))["since"] if installation.model else None
    if since and now - since > WAITED:
        yield Trouble("pending", values={"hours": WAITED // timedelta(hours=1)})


def _full_disks(now: datetime, _installation: Installation) -> Iterator[Trouble]:
    for row in Worker.objects.filter(seen_at__gt=now - ALIVE, disk_total__gt=0).order_by("host"):
        if row.disk_free is not None and row.disk_total and row.disk_free < LEAST_FREE * row.disk_total:
            yield Trouble("disk", row.host, {"host": row.host, "percent": round(LEAST_FREE * 100)})


def _lapses(now: datetime, _installation: Installation) -> Iterator[Trouble]:
    rows = Lapse.objects.filter(count__gte=MOST_LAPSES, last_at__gt=now - LAPSED).order_by("table")
    for table in rows.values_list("table", flat=True).distinct():
        yield Trouble("lapses", table, {"table": table, "times": MOST_LAPSES})


def _refused_mail(now: datetime, _installation: Installation) -> Iterator[Trouble]:
    """A mail of a digest that waits after a refusal, or whose channel's last one was given up lately."""
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, attempts__gt=0, channel__kind="mail")
    waiting = waiting.exclude(error="").exclude(channel__in=Channel.objects.exclude(removed_at=None))
    refused = Channel.objects.kept().filter(kind=Channel.Kind.MAIL, failures__gt=0)
    given_up = refused.annotate(
        last=Max("deliveries__created_at", filter=Q(deliveries__state=Delivery.State.GIVEN_UP))
    )
    if waiting.exists() or given_up.filter(last__gt=now - _REFUSED).exists():
        yield Trouble("mail", values={"kind": "mail"})


def _old_backup(now: datetime, installation: Installation) -> Iterator[Trouble]:
    hours = settings.BACKUP_HOURS
    last = installation.backed_up_at or installation.created_at
    if hours and now - last > timedelta(hours=hours):
        yield Trouble("backup", values={"hours": f"{hours:g}"})
