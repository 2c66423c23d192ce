"""What `manage.py check --deploy` says about this installation, with what to do.

What is plainly wrong with a setting stops every command: `digest.environment`.
"""

from typing import Any

from django.conf import settings
from django.core.checks import Warning, register


@register(deploy=True)
def contact(**_: Any) -> list[Warning]:
    if settings.CONTACT:
        return []
    return [
        Warning(
            "PAPERGLOT_CONTACT is empty: arXiv can't tell you when something goes wrong.",
            hint="Set it to an e-mail address; it is sent in the User-Agent.",
            id="paperglot.W001",
        )
    ]


@register(deploy=True)
def public_url(**_: Any) -> list[Warning]:
    if settings.PUBLIC_URL or not settings.EMAIL_HOST:
        return []
    return [
        Warning(
            "PAPERGLOT_MAIL_URL is set and PAPERGLOT_PUBLIC_URL is not: mails have no link to the pages, none to "
            "unsubscribe, and no address can be confirmed.",
            hint="Set PAPERGLOT_PUBLIC_URL to the address that readers use.",
            id="paperglot.W002",
        )
    ]
