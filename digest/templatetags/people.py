"""What pages say about the reader's account and labs."""

from typing import Any

from allauth.usersessions.models import UserSession
from django import template
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from digest import letters, sessions
from digest.models import LabPaper

register = template.Library()


@register.simple_tag
def signup_open() -> bool:
    """Whether anybody may ask for an account."""
    return settings.SIGNUP in ("approval", "open")


@register.simple_tag(takes_context=True)
def door(context: Context, name: str, *args: Any) -> str:
    """The address of a page that readers and labs both have: of whom the page is about."""
    whose = context.get("whose")
    return str(whose.door(name, *args)) if whose else reverse(name, args=args)


@register.simple_tag
def device(session: UserSession) -> str:
    """What a session is on: Firefox on Linux."""
    browser, system = sessions.device(session.user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or session.user_agent[:60] or _("an unknown program")


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
    """A form with a button for each of the reader's labs, which puts a paper on its reading list, where it is not."""
    request = context["request"]
    here = LabPaper.objects.filter(lab=OuterRef("pk"), paper__arxiv_id=arxiv_id)
    known = request.user.is_authenticated
    labs = request.user.labs.annotate(has_it=Exists(here)).order_by("name") if known else ()
    return {"labs": labs, "arxiv_id": arxiv_id, "csrf_token": context.get("csrf_token")}
