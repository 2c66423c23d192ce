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
