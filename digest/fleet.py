"""Who is at work and what waits, for the day board: workers, queues, and what the rows themselves say is pending."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from digest.models import Category, Installation, PaperVersion, Queue, Robots, Run, Sentence, Worker

OLD_COUNT = timedelta(minutes=3)
"""Queues are counted every minute."""
UNPROVED = timedelta(minutes=15)
"""A translator that can't prove its model tries again within ten minutes."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows that wait for a verb, and since when the oldest does."""

    count: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Fleet:
    """`workers` with whether each lives; `queues` with whether each was counted lately."""

    workers: list[tuple[Worker, bool]]
    queues: list[tuple[Queue, bool]]
    unmatched: Waiting
    untranslated: Waiting
    warnings: list[str]


def fleet(now: datetime) -> Fleet:
    workers = [(worker, worker.alive(now)) for worker in Worker.objects.all()]
    queues = [(queue, now - queue.counted_at < OLD_COUNT) for queue in Queue.objects.all()]
    model = Installation.current().model
    return Fleet(
        workers=workers,
        queues=queues,
        unmatched=_unmatched(),
        untranslated=_untranslated(model),
        warnings=_warnings([worker for worker, lives in workers if lives], queues, model) + _unproved(now),
    )


def _unmatched() -> Waiting:
    return Waiting(
        **PaperVersion.objects.unmatched().aggregate(count=Count("pk"), since=Min("first_seen_at"))
    )


def _untranslated(model: str) -> Waiting:
    """Sentences of the model in use. What waits only to be done once more does so since it was asked for."""
    rows = Sentence.objects.pending().order_by().values_list("model", "again_at")
    mine = rows.annotate(n=Count("pk"), first=Min("created_at"))
    found = [(again or first, n) for name, again, n, first in mine if name.partition("#")[0] == model != ""]
    return Waiting(sum(n for _at, n in found), min((at for at, _n in found), default=None))


def _unproved(now: datetime) -> list[str]:
    """Translators that take no work, since their last try to prove the model failed, and why it did."""
    tries = Run.objects.filter(verb="prove", began_at__gte=now - UNPROVED).order_by("began_at")
    last = {run.subject: run.error for run in tries}
    text = _("The translator on %(host)s takes no work: %(why)s")
    return [text % {"host": host, "why": error.partition(": ")[2]} for host, error in last.items() if error]


def _warnings(alive: list[Worker], queues: list[tuple[Queue, bool]], model: str) -> list[str]:
    """What nobody does at the moment, in a sentence each."""
    heard = {queue for worker in alive for queue in worker.queues}
    told = []
    if model and "translate" not in heard:
        told.append(_("No translator has been seen for a minute: nothing is translated."))
    if "default" not in heard:
        told.append(_("No worker that matches and publishes has been seen for a minute."))
    if "fetch" not in heard and Category.objects.followed().exists():
        told.append(_("No worker that fetches has been seen for a minute."))
    if any(not lately for _queue, lately in queues):
        told.append(_("The queues were not counted lately: their lengths are old."))
    for row in Robots.objects.exclude(forbidden=[]):
        told.append(
            _(
                "%(site)s/robots.txt forbids %(pages)s: days come with their feeds only, at midnight US Eastern."
            )
            % {"site": row.site, "pages": ", ".join(row.forbidden)}
        )
    return told
