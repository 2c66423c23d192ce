"""Readers."""

import zoneinfo
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
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


class UserQuerySet(models.QuerySet):
    def people(self) -> Self:
        """Whoever is a person: not the readers that labs are."""
        return self.filter(is_lab=False)

    def administrators(self) -> Self:
        """Those who can act as such now."""
        return self.filter(is_superuser=True, is_active=True)


class Users(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's manager, with what this project asks of readers."""


class User(AbstractUser):
    """A reader. Staff may enter the admin; superusers are administrators; a lab reads as one reader too."""

    EDITORS = "Editors"
    """The group whose members may correct translations and the glossary (migration 0008 makes it)."""
    SEEN = timedelta(minutes=15)
    """How exactly `last_seen_at` is kept: not more than one write in so long."""

    class Display(models.TextChoices):
        BOTH = "both", _("original and translation")
        TRANSLATION_FIRST = "translation-first", _("translation first")
        ORIGINAL = "original", _("original only")
        TRANSLATION = "translation", _("translation only")

    class Formulas(models.TextChoices):
        UNICODE = "unicode", _("Unicode text: every feed reader shows it")
        MATHML = "mathml", _("MathML: drawn, where the feed reader can")
        TEX = "tex", _("TeX, as the authors wrote it")

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
    display = models.CharField(
        _("languages of a paper"),
        max_length=17,
        choices=Display.choices,
        default=Display.BOTH,
        help_text=_("Where a translation is missing, the original stands."),
    )
    formulas = models.CharField(
        _("formulas in feeds"), max_length=7, choices=Formulas.choices, default=Formulas.UNICODE
    )
    is_lab = models.BooleanField(_("lab"), default=False, editable=False)
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True, editable=False)
    last_seen_at = models.DateTimeField(_("last seen at"), null=True, blank=True, editable=False)

    objects = Users()  # type: ignore[misc]

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

    @property
    def unasked_language(self) -> str:
        """The interface language of letters and messages, for which no browser asks: the one that was chosen; else
        that of the digest, where the interface is there in it; else the installation's."""
        read = self.content_language.lower()
        known = read in dict(settings.LANGUAGES)
        return self.interface_language or (read if known else settings.LANGUAGE_CODE)

    @property
    def is_editor(self) -> bool:
        return self.groups.filter(name=self.EDITORS).exists()

    @property
    def has_second_factor(self) -> bool:
        """Whether a password alone does not open this account."""
        return self.authenticator_set.exclude(type="recovery_codes").exists()  # type: ignore[attr-defined]

    @property
    def last_seen(self) -> datetime | None:
        return max(filter(None, (self.last_seen_at, self.last_login)), default=None)

    def seen(self, now: datetime) -> None:
        """Note a visit, seldom."""
        if self.last_seen is None or now - self.last_seen > self.SEEN:
            self.last_seen_at = now
            User.objects.filter(pk=self.pk).update(last_seen_at=now)
