"""Mail to the server that the installation has; what the server says is judged here."""

import smtplib
from contextlib import suppress

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from digest.wording import gettext_noop
from worker.posting import SendError

SECONDS = 20
"""For each answer of the mail server."""


def send(message: EmailMultiAlternatives) -> None:
    """Hand a mail over. Raises SendError; where the line broke while it was handed over it may have arrived."""
    if not settings.EMAIL_HOST:
        raise SendError(
            gettext_noop("This installation has no mail server: the administrator sets PAPERGLOT_MAIL_URL.")
        )
    connection = get_connection(timeout=SECONDS)
    try:
        connection.open()
    except smtplib.SMTPException as error:
        raise _judged(error) from error
    except OSError as error:
        raise SendError(gettext_noop("The mail server could not be reached."), everyone=True) from error
    try:
        connection.send_messages([message])
    except smtplib.SMTPServerDisconnected as error:
        raise SendError(gettext_noop("The mail server hung up."), unsure=True) from error
    except smtplib.SMTPException as error:
        raise _judged(error) from error
    except OSError as error:
        raise SendError(gettext_noop("The mail server did not answer in time."), unsure=True) from error
    except ValueError as error:  # a header or an address that can't be
        raise SendError(
            gettext_noop("The mail could not be made: its address is not one."), permanent=True
        ) from error
    finally:
        with suppress(smtplib.SMTPException, OSError):
            connection.close()


def _judged(error: smtplib.SMTPException) -> SendError:
    """4xx: later. 5xx about the address or the mail: never. 5xx about the login or the sender is not the reader's
    fault, and may be set right."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()), (0, b""))
        words = gettext_noop("The mail server refused the address: %(told)s")
        return SendError(words, told=_told(code, text), permanent=code >= 500)
    if not isinstance(error, smtplib.SMTPResponseException):
        words = gettext_noop("The mail server could not be spoken to (%(error)s).")
        return SendError(words, error=type(error).__name__)
    told = _told(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPSenderRefused | smtplib.SMTPHeloError):
        words = gettext_noop("The mail server does not let this installation send: %(told)s")
        return SendError(words, told=told, everyone=True)
    if isinstance(error, smtplib.SMTPDataError):
        words = gettext_noop("The mail server refused the mail: %(told)s")
        return SendError(words, told=told, permanent=error.smtp_code >= 500)
    return SendError(gettext_noop("The mail server answered: %(told)s"), told=told, everyone=True)


def _told(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"[:250]
