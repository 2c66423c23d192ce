"""Alerts: a working day that is not complete when it should be is told, once, to whoever can act."""

import logging
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from digest.arxiv_days import Calendar, feeds_turn
from digest.channels import masked
from digest.models import Alert, Announcement, Category, Holiday, Installation, User
from worker.posting import SendError, webhook

log = logging.getLogger("paperglot")
_DAYS_BACK = timedelta(days=7)


def watch(now: datetime) -> None:
    """Raise an alert for each late day of the last week, tell it, and close those that are over."""
    installation = Installation.current()
    late = late_days(now, timedelta(hours=installation.alert_hours), Holiday.calendar())
    for day, codes in late.items():
        text = f"arXiv {day}: {', '.join(codes)} not complete."
        alert, new = Alert.objects.get_or_create(day=day, defaults={"text": text, "raised_at": now})
        if not new and (alert.closed_at or alert.text != text):
            Alert.objects.filter(pk=alert.pk).update(text=text, closed_at=None)
        if alert.told_at is None and Alert.objects.filter(pk=alert.pk, told_at=None).update(told_at=now):
            _tell(text, day, codes, installation)
    for alert in Alert.objects.filter(closed_at=None).exclude(day__in=late):
        Alert.objects.filter(pk=alert.pk).update(closed_at=now)
        log.info("arXiv %s is complete after all", alert.day)


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


def _tell(text: str, day: date, codes: list[str], installation: Installation) -> None:
    """By the log, by mail to administrators where mail is set up, and by the webhook where there is one."""
    log.error("%s", text)
    people = User.objects.filter(is_superuser=True, is_active=True).exclude(email="")
    if settings.EMAIL_HOST and (to := list(people.values_list("email", flat=True))):
        try:
            send_mail(f"Paperglot: {text}", f"{text}\n\nThe board says more: /board/\n", None, to)
        except OSError as error:
            log.warning("the alert could not be mailed: %s", error)
    if installation.webhook:
        body = {"event": "incomplete", "day": day.isoformat(), "categories": codes, "text": text,
                "at": timezone.now().isoformat(timespec="seconds")}  # fmt: skip
        key = f"alert-{day.isoformat()}@{installation.uuid}"
        try:
            webhook.post(installation.webhook, body, key=key, inside=settings.INSIDE_HOSTS)
        except SendError as error:
            log.warning("the webhook %s did not take the alert: %s", masked(installation.webhook), error)
