"""Who is at work: the workers that say that they live, and how long their queues were.

The web asks no broker; a worker writes these rows for it.
"""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

ALIVE = timedelta(minutes=1)
"""A worker that was not seen for so long is not there; it says that it is every ten seconds."""


class Worker(models.Model):
    """A worker process on some machine."""

    name = models.CharField(max_length=200, unique=True, help_text=_("As Celery calls it: mt@host."))
    host = models.CharField(max_length=200)
    queues = models.JSONField(default=list, help_text=_("The queues that it hears."))
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    disk_free = models.BigIntegerField(
        null=True, blank=True, help_text=_("Bytes of the disk that its data folder is on.")
    )
    disk_total = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return self.name

    def alive(self, now: datetime) -> bool:
        return now - self.seen_at < ALIVE


class Queue(models.Model):
    """A queue of bells in the broker, and how many nobody had heard yet when they were counted."""

    name = models.CharField(max_length=50, unique=True)
    length = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        verbose_name = _("queue")
        verbose_name_plural = _("queues")

    def __str__(self) -> str:
        return self.name
