"""Digests: what a reader gets of one arXiv day, and the feeds it comes in."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digest.keywords import LONGEST
from digest.models.arxiv import Announcement, Paper, PaperVersion
from digest.models.keywords import Keyword, Subscription

RECENT = timedelta(days=7)
"""How far back from the newest announcement digests are made, and papers added to them."""


class DigestQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Digests that papers may still be added to: of the last week, of readers who follow something."""
        newest = Announcement.objects.with_papers().order_by("-day").values_list("day", flat=True).first()
        follows = Subscription.objects.bringing().filter(user=models.OuterRef("user"))
        rows = self.filter(models.Exists(follows), user__is_active=True)
        return rows.filter(day__gt=newest - RECENT) if newest else rows.none()


class Digest(models.Model):
    """One reader's digest of one arXiv day. It is published when it is made; papers that come
    late are added to it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    day = models.DateField(db_index=True)
    language = models.CharField(max_length=16)
    proof = models.JSONField(
        default=list, help_text=_("Per category: what arXiv declared and what is stored.")
    )
    published_at = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)
    touched_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When a translation in it last changed after it was published.")
    )
    again_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Since when it waits to be made once more.")
    )

    objects = DigestQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_a_day")]
        indexes = [  # what every poll of a feed asks
            models.Index(fields=["user", "changed_at"], name="digests_changed"),
            models.Index(fields=["user", "touched_at"], name="digests_touched"),
        ]
        ordering = ["-day"]
        verbose_name = _("digest")
        verbose_name_plural = _("digests")

    def __str__(self) -> str:
        return f"{self.user} {self.day}"


class CaughtUp(models.Model):
    """A day that a reader had missed, and the later day's digest that has its papers, as they chose
    (`User.catch_up`). It has no digest of its own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="caught_up")
    day = models.DateField(db_index=True)
    digest = models.ForeignKey(Digest, models.CASCADE, related_name="caught_up")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_a_missed_day")]
        ordering = ["day"]
        verbose_name = _("day caught up on")
        verbose_name_plural = _("days caught up on")

    def __str__(self) -> str:
        return f"{self.user} {self.day}"


class Section(models.Model):
    """A keyword in a digest, as its reader called it that day."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="sections")
    keyword = models.ForeignKey(Keyword, models.PROTECT, related_name="sections")
    label = models.CharField(max_length=LONGEST)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "keyword"], name="one_section_a_keyword")]
        ordering = ["order", "id"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self) -> str:
        return self.label


class Entry(models.Model):
    """A paper in a digest, under the first of the keywords that brought it."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="entries")
    section = models.ForeignKey(Section, models.CASCADE, related_name="entries")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="entries")
    version = models.ForeignKey(PaperVersion, models.CASCADE, related_name="entries")
    announce_type = models.CharField(max_length=16)
    order = models.PositiveIntegerField(default=0)
    announced_on = models.DateField(
        null=True, blank=True, help_text=_("The day of its announcement, where that is not the digest's.")
    )
    guid = models.CharField(max_length=200, unique=True, editable=False)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "paper"], name="one_entry_a_paper")]
        ordering = ["order", "id"]
        verbose_name = _("entry")
        verbose_name_plural = _("entries")

    def __str__(self) -> str:
        return str(self.version)


def _latest(field: str) -> models.Subquery:
    mine = Digest.objects.filter(user=models.OuterRef("user")).exclude(**{field: None})
    return models.Subquery(mine.order_by(f"-{field}").values(field)[:1])


class FeedTokenQuerySet(models.QuerySet):
    def of(self, token: str) -> Self:
        return self.filter(digest=FeedToken.hash(token))

    def with_last_change(self) -> Self:
        """Each with `changed` and `touched`: when its reader's digests last did; with their reader, in one query, as
        every poll asks it."""
        rows = self.select_related("user", "keyword")
        return rows.annotate(changed=_latest("changed_at"), touched=_latest("touched_at"))


class FeedToken(models.Model):
    """A private feed address. Only its hash is kept: who has lost the address makes a new one."""

    class Scope(models.TextChoices):
        ALL = "all", _("all papers, one by one")
        DAILY = "daily", _("one entry a day")
        KEYWORD = "keyword", _("papers of one keyword")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed_tokens")
    scope = models.CharField(max_length=16, choices=Scope, default=Scope.ALL)
    keyword = models.ForeignKey(
        Keyword,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="feed_tokens",
        help_text=_("Of a keyword's feed."),
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = FeedTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(keyword=None) ^ models.Q(scope="keyword"), name="a_keywords_feed_has_one"
            )
        ]
        ordering = ["-created_at"]
        verbose_name = _("feed address")
        verbose_name_plural = _("feed addresses")

    def __str__(self) -> str:
        return f"{self.user} {self.digest[:8]}…"

    @staticmethod
    def hash(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def label(self) -> str:
        """What its reader calls it."""
        if self.keyword is None:
            return str(self.get_scope_display())
        mine = self.user.subscriptions.filter(keyword=self.keyword).values_list("label", flat=True).first()
        return mine or self.keyword.canonical

    @classmethod
    def make(
        cls, user: Any, scope: str = Scope.ALL, keyword: Keyword | None = None
    ) -> tuple["FeedToken", str]:
        """A new address for a reader; the second value is the secret (192 bits), shown once."""
        token = secrets.token_urlsafe(24)
        return cls.objects.create(user=user, scope=scope, keyword=keyword, digest=cls.hash(token)), token
