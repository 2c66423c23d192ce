"""Alerts: what somebody has to know of, since when, and whether it is over."""

import re
from typing import Any

from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

TEXTS = {
    "incomplete": gettext_noop("arXiv %(day)s: %(codes)s not complete."),
    "translator": gettext_noop("No translator has been seen for %(minutes)s minutes: nothing is translated."),
    "pending": gettext_noop("Sentences have been waiting for a translator for more than %(hours)s hours."),
    "disk": gettext_noop("Less than %(percent)s %% of the disk of %(host)s is free."),
    "lapses": gettext_noop(
        "Work on %(table)s was begun %(times)s times and never ended: it may kill its workers."
    ),
    "mail": gettext_noop("Mail is refused: digests wait or were given up. The list of deliveries says why."),
    "holidays": gettext_noop("arXiv's holidays of %(year)s are not known here yet."),
    "backup": gettext_noop("There has been no backup for more than %(hours)s hours."),
}
"""By kind, in English as they are logged and mailed; pages show them in the reader's language."""

_INCOMPLETE = re.compile(r"arXiv (?P<day>\S+): (?P<codes>.+) not complete\.")


class Alert(models.Model):
    """Something that somebody has to know of. While it lasts it is one row, however often it is looked at."""

    kind = models.CharField(max_length=16, default="incomplete")
    subject = models.CharField(max_length=200, blank=True, help_text=_("The day, the machine, the year."))
    values = models.JSONField(default=dict)
    day = models.DateField(null=True, blank=True, help_text=_("Of an incomplete day."))
    text = models.TextField()
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was so last."))
    told_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=models.Q(closed_at=None), name="one_open_alert"
            )
        ]
        ordering = ["-raised_at", "-day"]
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The text in the reader's language; the worker that wrote it spoke English."""
        values: dict[str, Any] = self.values
        if not values and (told := _INCOMPLETE.fullmatch(self.text)):
            values = told.groupdict()
        return gettext(TEXTS[self.kind]) % values if values and self.kind in TEXTS else self.text
