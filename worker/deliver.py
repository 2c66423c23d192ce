"""Deliver: what is published goes out by mail, to chats and to webhooks, once; what was refused is tried again.

A row is made for each channel and digest before anything is sent. Whoever sends it notes first that it begins: if
it dies before it notes the end, the next one sends again under the same key, and counts that.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, F, Max, OuterRef, Q, When
from django.utils import timezone, translation
from django.utils.translation import gettext

from digest.models import Channel, Delivery, Digest, Entry, Tally
from digest.models.delivery import ASKED_FOR
from digest.models.digests import RECENT
from digest.picture import DigestPicture
from digest.showing import digest_picture
from digest.wording import gettext_noop
from worker import letters, mailing
from worker.celery import app
from worker.heartbeat import HOLD, heartbeat
from worker.posting import SendError, next_try, webhook
from worker.runs import recorded
from worker.weeks import last_due

log = logging.getLogger("paperglot")
_FRESH = timedelta(days=3)
"""How long after its publication a digest is still news."""
_AT_ONCE = 2
"""Messages that are being sent at any time: addresses that never answer must not keep every worker waiting."""
_REFUSALS = 3
"""Digests in a row that a channel does not take, after which it is paused."""
_MOST_ATTEMPTS = 20
"""A delivery that so many workers have died of, or that was tried so often, is given up."""


@app.task(name="worker.deliver")
def deliver() -> None:
    make_due(timezone.now())
    while deliver_next():
        pass


# --- what is to be sent -----------------------------------------------------------------------


def make_due(now: datetime) -> int:
    """Rows for what has been published and goes through a channel; returns how many were looked at as new."""
    rows = [*_daily(now), *_weekly(now)]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _daily(now: datetime) -> list[Delivery]:
    """Digests of the last days that a channel has not had. One that is empty waits: papers may come yet."""
    made = Delivery.objects.filter(channel=OuterRef("pk"), kind=Delivery.Kind.DAILY, day=OuterRef("day"))
    papers = Entry.objects.filter(digest=OuterRef("digest"))
    new = (
        Channel.objects.open()
        .filter(
            frequency=Channel.Frequency.DAILY,
            user__digests__published_at__gt=now - _FRESH,
            user__digests__published_at__gte=F("since"),
            user__digests__day__gt=(now - RECENT).date(),
        )
        .annotate(day=F("user__digests__day"), digest=F("user__digests"))
        .filter(Exists(papers) | Q(send_empty=True), ~Exists(made))
        .values_list("pk", "day")
    )
    kind = Delivery.Kind.DAILY
    return [Delivery(channel_id=pk, kind=kind, day=day, created_at=now, next_try_at=now) for pk, day in new]


def _weekly(now: datetime) -> list[Delivery]:
    """The week of each channel whose hour has come."""
    rows = []
    weeks = Q(deliveries__kind=Delivery.Kind.WEEKLY)
    weekly = Channel.objects.open().filter(frequency=Channel.Frequency.WEEKLY).select_related("user")
    told = weekly.annotate(
        last_day=Max("deliveries__day", filter=weeks), last_end=Max("deliveries__ends_at", filter=weeks)
    )
    for channel in told:
        due = last_due(now, channel.weekday, channel.user.delivery_hour, channel.user.zone)
        if due < channel.since or (channel.last_day and due.date() <= channel.last_day):
            continue
        begins = max(due - timedelta(days=7), channel.since, channel.last_end or channel.since)
        rows.append(
            Delivery(channel=channel, kind=Delivery.Kind.WEEKLY, day=due.date(), begins_at=begins, ends_at=due,
                     created_at=now, next_try_at=now)
        )  # fmt: skip
    return rows


def _pictures(delivery: Delivery) -> list[DigestPicture] | None:
    """What a delivery brings; None where it brings nothing of digests."""
    if delivery.kind in ASKED_FOR:
        return None
    digests = Digest.objects.filter(user=delivery.channel.user_id).order_by("day")
    if delivery.kind == Delivery.Kind.DAILY:
        digests = digests.filter(day=delivery.day)
    else:
        digests = digests.filter(published_at__gt=delivery.begins_at, published_at__lte=delivery.ends_at)
    return [digest_picture(digest) for digest in digests]


# --- sending ----------------------------------------------------------------------------------


def deliver_next(clock: Callable[[], datetime] = timezone.now) -> bool:
    """Send one message that is due; False if there is none, or enough are under way."""
    now = clock()
    if Delivery.objects.filter(state=Delivery.State.WAITING, leased_until__gt=now).count() >= _AT_ONCE:
        return False
    claimed: list[Delivery] = Delivery.objects.due(now).claim(now, 1, HOLD)
    if not claimed:
        return False
    row = Delivery.objects.select_related("channel__user__lab").get(pk=claimed[0].pk)
    lease = row.lease = claimed[0].lease
    with heartbeat(lambda: Delivery.objects.filter(lease=lease).update(leased_until=timezone.now() + HOLD)):
        _deliver(row, clock)
    return True


def _deliver(row: Delivery, clock: Callable[[], datetime]) -> None:
    ours = Delivery.objects.filter(pk=row.pk, lease=row.lease)
    ours.update(attempts=F("attempts") + 1)
    row.attempts += 1
    with recorded("deliver", f"{row.channel.user.username} {row.kind} {row.day}") as run:
        try:
            sent = _send(row, clock)
        except SendError as error:
            run.error = str(error)
            _failed(row, error, clock())
            return
        except (
            Exception
        ) as error:  # a bug, a plugin's own: it must not keep the others waiting; logged, tried again
            log.error("%s could not be sent: %s", row, type(error).__name__, exc_info=settings.DEBUG)
            run.error = f"{type(error).__name__}"
            _failed(
                row, SendError(gettext_noop("Paperglot could not make this message."), unsure=True), clock()
            )
            return
        run.counts = {"sent": int(sent), "again": row.again}
    state = Delivery.State.SENT if sent else Delivery.State.NOTHING
    _end(row, state=state, sent_at=clock() if sent else None, next_try_at=None, begun_at=None, error="")
    log.info(
        "%s %s of %s: %s",
        row.kind,
        row.day,
        row.channel.user,
        f"sent to {row.channel.shown}" if sent else state,
    )
    if sent and row.kind not in ASKED_FOR:
        Channel.objects.filter(pk=row.channel_id).exclude(failures=0).update(failures=0)


def _send(row: Delivery, clock: Callable[[], datetime]) -> bool:
    """Make the message, note that its sending begins, send it; False where there is nothing to send. Raises
    SendError."""
    if row.attempts > _MOST_ATTEMPTS:
        raise SendError(gettext_noop("It was tried too often."), permanent=True)
    send = _prepared(row)
    if send is None:
        return False
    now = clock()
    begun = Delivery.objects.filter(pk=row.pk, lease=row.lease, state=Delivery.State.WAITING).update(
        again=Case(When(begun_at=None, then=F("again")), default=F("again") + 1),
        first_sent_at=Case(When(first_sent_at=None, then=now), default=F("first_sent_at")),
        begun_at=now,
    )
    if not begun:
        raise SendError(gettext_noop("Another worker has taken it over."))
    row.again += row.begun_at is not None
    send()
    return True


def _prepared(row: Delivery) -> Callable[[], None] | None:
    """The message, made; calling it sends it. None where there is nothing to say. Raises SendError."""
    channel, pictures = row.channel, _pictures(row)
    told = None if pictures is None else letters.news(pictures, letters.lab_of(channel))
    if told is not None and (not told.days or not (told.count or channel.send_empty)):
        return None
    if channel.kind == Channel.Kind.MAIL:
        message = letters.mail(row, told) if told else letters.short_mail(row)
        return lambda: mailing.send(message)
    if channel.kind == Channel.Kind.WEBHOOK:
        body = letters.webhook(row, pictures, webhook.LARGEST)
        return lambda: webhook.post(
            channel.address, body, key=row.key, secret=channel.secret, inside=settings.INSIDE_HOSTS
        )
    from worker.posting import chat  # apprise takes half a second, which only they pay who have a chat

    title, text = letters.chat(row, told, chat.room(channel.address))
    return lambda: chat.send(channel.address, title, text, inside=settings.INSIDE_HOSTS)


def _failed(row: Delivery, error: SendError, now: datetime) -> None:
    """Try again later, or give up: a test at once, the rest after a refusal for good or after a day."""
    if error.everyone:  # else each would wait for a dead mail server in its turn, and chats behind them
        waiting = Delivery.objects.due(now).filter(lease=None, channel__kind=row.channel.kind)
        waiting.exclude(pk=row.pk).update(next_try_at=now + timedelta(minutes=1))
    again = None if error.permanent else next_try(now, row.attempts, error.retry_after)
    unsure = F("begun_at") if error.unsure else None
    if again and row.kind != Delivery.Kind.TEST:
        _end(row, next_try_at=again, begun_at=unsure, error=_said(row, error))
        return
    log.warning("a delivery to %s of %s was given up: %s", row.channel.shown, row.channel.user, error)
    state = Delivery.State.GIVEN_UP
    if not _end(row, state=state, next_try_at=None, begun_at=unsure, error=_said(row, error)):
        return
    if row.kind not in ASKED_FOR:
        Channel.objects.filter(pk=row.channel_id).update(failures=F("failures") + 1)
        if Channel.objects.filter(pk=row.channel_id, failures__gte=_REFUSALS).exists():
            row.channel.pause(Channel.Paused.FAILED, now)


def _said(row: Delivery, error: SendError) -> str:
    """The words of an error for whoever looks at these deliveries, in their language; the log has them in English."""
    with translation.override(letters.language_of(row.channel)):
        return error.said(gettext)[:400]


def _end(row: Delivery, **what: object) -> bool:
    """Record how it ended, if it is still ours, and let go of it."""
    ours = Delivery.objects.filter(pk=row.pk, lease=row.lease)
    result = what.get("state", "retried")
    with transaction.atomic():
        ended = bool(ours.update(**what, lease=None, leased_until=None))
        if ended:
            Tally.add("deliveries", {f"{row.channel.kind} {result}": 1})
    return ended
