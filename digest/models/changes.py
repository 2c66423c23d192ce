"""Who changed what when: what administrators and editors do, on the pages, in the admin and by command."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """One change by a person. Never what was written: names of columns, and old and new values of settings only.

    It outlives the row that it is about, and the account of who did it: a trail that goes with its maker is none.
    """

    class Action(models.TextChoices):
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        DELETED = "deleted", _("deleted")
        DONE = "done", _("done")

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="changes"
    )
    by_name = models.CharField(
        max_length=150, help_text=_("As they were called; empty: the command line."), blank=True
    )
    action = models.CharField(max_length=8, choices=Action)
    kind = models.CharField(max_length=60, help_text=_("The kind of row: digest.keyword."))
    key = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=200, help_text=_("The row, as it was called."), blank=True)
    told = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "key"], name="changes_of_a_row"),
            models.Index(fields=["by", "at"], name="changes_by"),
        ]
        ordering = ["-at", "-id"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")

    def __str__(self) -> str:
        return f"{self.by_name or '-'} {self.action} {self.subject}"
