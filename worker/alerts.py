"""Alerts: what is wrong is told once to whoever can act, and once when it is over."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from digest.channels import masked
from digest.models import Alert, Installation, User
from digest.models.alerts import TEXTS
from worker.posting import SendError, webhook
from worker.troubles import Trouble, troubles

log = logging.getLogger("paperglot")
_QUIET = timedelta(minutes=10)
"""What comes and goes is one alert: it is over when it was not there for so long."""
_AT_ONCE = ("incomplete", "holidays", "backup")
"""What is over for good."""
_KEPT = timedelta(days=400)


def watch(now: datetime) -> None:
    """Raise an alert for each trouble, tell it, and close those that are over."""
    installation = Installation.current()
    found = troubles(now)
    for trouble in found:
        _raise(trouble, now, installation)
    still = {(trouble.kind, trouble.subject) for trouble in found}
    for alert in Alert.objects.filter(closed_at=None):
        over = alert.kind in _AT_ONCE or alert.seen_at is None or now - alert.seen_at >= _QUIET
        if (alert.kind, alert.subject) not in still and over:
            _close(alert, now, installation)
    Alert.objects.filter(closed_at__lt=now - _KEPT).delete()


def _raise(trouble: Trouble, now: datetime, installation: Installation) -> None:
    text = TEXTS[trouble.kind] % trouble.values
    rows = Alert.objects.filter(kind=trouble.kind, subject=trouble.subject)
    if trouble.kind == "incomplete":  # a day is one alert, whatever becomes of it
        rows.exclude(closed_at=None).update(closed_at=None)
    fields = {"text": text, "values": trouble.values, "day": trouble.day, "raised_at": now, "seen_at": now}
    alert, new = Alert.objects.get_or_create(
        kind=trouble.kind, subject=trouble.subject, closed_at=None, defaults=fields
    )
    if not new and (alert.text != text or alert.kind not in _AT_ONCE):
        rows.filter(pk=alert.pk).update(text=text, values=trouble.values, seen_at=now)
    if alert.told_at is None and rows.filter(pk=alert.pk, told_at=None).update(told_at=now):
        log.error("%s", text)
        about: dict[str, Any] = {"event": trouble.kind}
        if trouble.day:
            about |= {"day": trouble.day.isoformat(), "categories": list(trouble.codes)}
        elif trouble.subject:
            about["subject"] = trouble.subject
        _tell(alert, text, about, installation)


def _close(alert: Alert, now: datetime, installation: Installation) -> None:
    if not Alert.objects.filter(pk=alert.pk, closed_at=None).update(closed_at=now):
        return  # another sweep was faster
    text = f"Over: {alert.text}"
    log.warning("%s", text)
    if alert.told_at:
        _tell(alert, text, {"event": "over", "of": alert.kind, "subject": alert.subject}, installation)


def _tell(alert: Alert, text: str, about: dict[str, Any], installation: Installation) -> None:
    """By mail to administrators where mail is set up, and by the webhook where there is one."""
    people = User.objects.filter(is_superuser=True, is_active=True).exclude(email="")
    if settings.EMAIL_HOST and (to := list(people.values_list("email", flat=True))):
        try:
            send_mail(f"Paperglot: {text}", f"{text}\n\nThe board says more: /board/\n", None, to)
        except OSError as error:
            log.warning("the alert could not be mailed: %s", error)
    if installation.webhook:
        body = {**about, "text": text, "at": timezone.now().isoformat(timespec="seconds")}
        over = "-over" if about["event"] == "over" else ""
        name = alert.subject if alert.kind == "incomplete" else f"{alert.kind}-{alert.pk}"
        try:
            webhook.post(
                installation.webhook,
                body,
                key=f"alert-{name}{over}@{installation.uuid}",
                inside=settings.INSIDE_HOSTS,
            )
        except SendError as error:
            log.warning("the webhook %s did not take the alert: %s", masked(installation.webhook), error)
