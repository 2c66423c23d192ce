"""The index of the search: what is searched of each paper."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from digest.models.arxiv import Paper


class Indexed(models.Model):
    """A paper as it is searched: folded words with spaces between them, in all languages (digest.search_text).

    Each database keeps its full-text index of these rows by itself, with triggers or a generated column
    (migration 0013): a row that is gone is found no more, however it went, and one that is restored is found.
    `id` is the day it was announced first and the paper (search_text.place), so that the newest are read first.
    """

    id = models.BigIntegerField(primary_key=True)
    paper = models.OneToOneField(Paper, models.CASCADE, related_name="indexed")
    title = models.TextField()
    body = models.TextField(help_text=_("Abstracts and comments."))
    authors = models.TextField()
    categories = models.TextField(help_text=_("And single signs of Chinese and its like."))
    indexed_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("indexed paper")
        verbose_name_plural = _("indexed papers")

    def __str__(self) -> str:
        return str(self.paper)
