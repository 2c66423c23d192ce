"""What a reader does with papers: read, saved, hidden, notes and tags; how they read, and since when."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from digest.models.arxiv import Paper

LONGEST_NOTE = 10_000
"""Characters."""
LONGEST_TAG = 60


class Tag(models.Model):
    """A reader's own word for saved papers: a list of them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=LONGEST_TAG)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_tag_a_name")]
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name


class State(models.Model):
    """A reader and a paper, in whatever digest, list or search it is met. No row: nothing was done with it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="states")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="states")
    read_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True, max_length=LONGEST_NOTE)
    tags = models.ManyToManyField(Tag, blank=True, related_name="states")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "paper"], name="one_state_a_paper")]
        indexes = [models.Index(fields=["user", "-saved_at"], name="states_saved")]
        verbose_name = _("reading state")
        verbose_name_plural = _("reading states")

    def __str__(self) -> str:
        return f"{self.user}: {self.paper}"


class Desk(models.Model):
    """How a reader's pages are laid out, and when they were here: `since` is the end of the visit before this one."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="desk"
    )
    one_list = models.BooleanField(default=False, help_text=_("One list of papers, without sections."))
    seen_at = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")

    def __str__(self) -> str:
        return str(self.user)
