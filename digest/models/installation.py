"""The installation itself: its identity and choices, the runs of its verbs, its shared slots."""

import uuid
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from digest.models.leases import Leased


class Installation(models.Model):
    """One row: what this installation is and has chosen."""

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    model = models.CharField(
        _("translation model"), max_length=100, blank=True, help_text=_("Empty: no translation.")
    )
    beam = models.PositiveSmallIntegerField(
        _("beam"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(8)],
        help_text=_("1 is fast; 4 searches wider and takes about two and a half times as long."),
    )
    longest_sentence = models.PositiveSmallIntegerField(
        _("longest sentence"),
        default=45,
        validators=[MinValueValidator(15), MaxValueValidator(200)],
        help_text=_("In tokens; a longer one is translated clause by clause."),
    )
    glossary = models.CharField(
        _("glossary"),
        max_length=8,
        default="force",
        choices=[
            ("off", _("not used")),
            ("check", _("a term that is not rendered as it says is noted")),
            ("force", _("such a term is put in")),
        ],
    )
    spacing = models.CharField(
        _("spacing"),
        max_length=8,
        default="none",
        choices=[("none", _("none")), ("thin", _("thin space")), ("space", _("space"))],
        help_text=_("Between Chinese or Japanese and Latin letters or digits."),
    )
    idle_minutes = models.PositiveSmallIntegerField(
        _("idle minutes"),
        default=0,
        help_text=_("Release the model's memory after so long without work; 0 keeps it."),
    )
    early = models.BooleanField(
        _("early"),
        default=True,
        help_text=_("Read arXiv's listing pages at 20:05 US Eastern, four hours before its feeds turn."),
    )
    backfill_days = models.PositiveSmallIntegerField(
        _("days to fetch back"),
        default=7,
        validators=[MaxValueValidator(90)],
        help_text=_(
            "What a category that is followed from now on is to bring of the past; arXiv has 90 days."
        ),
    )
    alert_hours = models.PositiveSmallIntegerField(
        _("alert after hours"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(48)],
        help_text=_("Hours after arXiv's feeds turned at which an incomplete day is told."),
    )
    webhook = models.URLField(_("webhook"), blank=True, help_text=_("Alerts are posted here as JSON."))
    backed_up_at = models.DateTimeField(null=True, blank=True, editable=False)
    setup_hash = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installation")

    def __str__(self) -> str:
        return str(self.uuid)

    @classmethod
    def current(cls) -> "Installation":
        return cls.objects.get_or_create(pk=1)[0]


class Run(models.Model):
    """One run of a verb that had something to do."""

    verb = models.CharField(max_length=16, db_index=True)
    subject = models.CharField(max_length=200, blank=True)
    began_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-began_at"]
        indexes = [
            models.Index(fields=["began_at"], name="runs_begun", condition=models.Q(ended_at=None)),
        ]
        verbose_name = _("run")
        verbose_name_plural = _("runs")

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}".strip()


class Slot(models.Model):
    """A turn that all processes share: who holds it, until when, and when the next one may begin."""

    name = models.CharField(max_length=50, unique=True)
    next_at = models.DateTimeField()
    holder = models.UUIDField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Download(Leased):
    """A model that somebody asked for, and how far it has come."""

    model = models.CharField(max_length=100, unique=True)
    requested_at = models.DateTimeField()
    done_bytes = models.BigIntegerField(default=0)
    total_bytes = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("model download")
        verbose_name_plural = _("model downloads")

    def __str__(self) -> str:
        return self.model

    @property
    def percent(self) -> int:
        return round(100 * self.done_bytes / self.total_bytes) if self.total_bytes else 0

    @classmethod
    def request(cls, model: str, now: Any) -> "Download":
        """Ask for a model, or ask again after a failure."""
        row, _made = cls.objects.update_or_create(
            model=model, defaults={"requested_at": now, "error": "", "finished_at": None}
        )
        return row
