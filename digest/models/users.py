"""Readers."""

import zoneinfo
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from digest.languages import Language, by_code, languages


def default_language() -> str:
    return settings.CONTENT_LANGUAGE


def default_zone() -> str:
    return settings.TIME_ZONE


def content_languages() -> list[Any]:
    """Choices for a form: the languages that have a name, then the others of NLLB-200 by code."""
    named = [(x.code, _named(x)) for x in languages().values()]
    return [*named, (_("Other languages, by code"), [(code, code) for code in sorted(by_code())])]


def _named(language: Language) -> str:
    """Its own name, and the one that it has in the reader's language; Django's catalogues translate most."""
    name = gettext(language.name)
    return name if name == language.own_name else f"{language.own_name} ({name})"


_NOT_DJANGOS = [
    gettext_noop("Chinese (Simplified)"),
    gettext_noop("Chinese (Traditional)"),
    gettext_noop("Filipino"),
    gettext_noop("Norwegian (Bokmål)"),
    gettext_noop("Amharic"),
]


def interface_languages() -> list[tuple[str, str]]:
    return settings.LANGUAGES


def known_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("%(name)s is not a time zone."), params={"name": name})


class User(AbstractUser):
    """A reader. Staff may enter the admin; superusers are administrators."""

    content_language = models.CharField(
        _("digest language"),
        max_length=16,
        default=default_language,
        choices=content_languages,
        help_text=_("Titles and abstracts are translated into it."),
    )
    interface_language = models.CharField(
        _("interface language"),
        max_length=16,
        blank=True,
        choices=interface_languages,
        help_text=_("Empty: what the browser asks for."),
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default=default_zone, validators=[known_zone])
    delivery_hour = models.PositiveSmallIntegerField(
        _("delivery hour"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(23)],
        help_text=_("Not before this hour of your day; empty: as soon as it is ready."),
    )

    class CatchUp(models.TextChoices):
        EACH = "each", _("a digest for each day")
        ONE = "one", _("one digest for all of them")

    catch_up = models.CharField(
        _("missed days"),
        max_length=4,
        default=CatchUp.EACH,
        choices=CatchUp,
        help_text=_("What comes of the days on which this server was off."),
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)
