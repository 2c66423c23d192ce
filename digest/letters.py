"""Mail about accounts: invitations, approvals. A mail server that refuses is told to whoever asked, never a crash."""

import logging
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

log = logging.getLogger("paperglot")


def can_be_sent() -> bool:
    """Whether a mail server is set up."""
    return bool(settings.EMAIL_HOST)


def send(to: list[str], subject: str, template: str, **context: Any) -> bool:
    """Whether the mail server took it. `template` is a text below templates/."""
    if not to or not can_be_sent():
        return False
    try:
        send_mail(f"Paperglot: {subject}", render_to_string(template, context), None, to)
    except OSError as error:  # smtplib's errors are OSErrors too
        log.warning("mail about accounts could not be sent: %s", error)
        return False
    return True
