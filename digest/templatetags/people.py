"""What pages say about the reader's account and labs."""

from typing import Any

from django import template
from django.conf import settings
from django.template import Context

from digest import letters

register = template.Library()


@register.simple_tag
def signup_open() -> bool:
    """Whether anybody may ask for an account."""
    return settings.SIGNUP in ("approval", "open")


@register.simple_tag
def mail_is_set_up() -> bool:
    return letters.can_be_sent()


@register.simple_tag
def accounts_elsewhere() -> bool:
    """Whether there is any provider to log in by."""
    return bool(settings.SOCIALACCOUNT_PROVIDERS)


@register.filter
def lines(text: str) -> int:
    """How high a text stands, for a field that shows it."""
    return min(12, max(1 + text.count("\n"), 1 + len(text) // 60))


@register.inclusion_tag("labs/add.html", takes_context=True)
def for_labs(context: Context, arxiv_id: str) -> dict[str, Any]:
    """A form with a button for each of the reader's labs, which puts a paper on its reading list."""
    request = context["request"]
    labs = request.user.labs.order_by("name") if request.user.is_authenticated else ()
    return {"labs": labs, "arxiv_id": arxiv_id, "csrf_token": context.get("csrf_token")}
