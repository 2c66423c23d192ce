"""Keywords, who follows them, and the papers that they bring."""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from digest.keywords import LARGEST, LONGEST, LONGEST_RULE, KeywordError, canonical
from digest.models.arxiv import PaperVersion


class KeywordQuerySet(models.QuerySet):
    def followed(self) -> Self:
        """Keywords that somebody follows, or leaves papers out by, and has not paused."""
        return self.filter(
            models.Exists(Subscription.objects.filter(keyword=models.OuterRef("pk"), paused=False))
        )


class Keyword(models.Model):
    """One rule in canonical form, shared by everyone who follows it."""

    canonical = models.CharField(max_length=LARGEST, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When it was held against the papers already here.")
    )

    public = models.BooleanField(
        default=False, help_text=_("Everybody may see its papers, where public pages are switched on.")
    )

    objects = KeywordQuerySet.as_manager()

    class Meta:
        ordering = ["canonical"]
        verbose_name = _("keyword")
        verbose_name_plural = _("keywords")

    def __str__(self) -> str:
        return self.canonical

    def clean(self) -> None:
        """Whatever was typed in the admin becomes canonical, or is refused."""
        try:
            self.canonical = canonical(self.canonical)
        except KeywordError as error:
            told = ValidationError(_(error.words), params=error.values)
            raise ValidationError({"canonical": told}) from error


class SubscriptionQuerySet(models.QuerySet):
    def bringing(self) -> Self:
        """Those that bring papers: neither paused nor exclusions."""
        return self.filter(paused=False, excluded=False)

    def excluding(self) -> Self:
        """Those that keep papers out of their reader's digest."""
        return self.filter(paused=False, excluded=True)


class Subscription(models.Model):
    """A reader follows a keyword, under a label of their own; or wants no paper that it matches (`excluded`)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscriptions")
    keyword = models.ForeignKey(Keyword, models.CASCADE, related_name="subscriptions")
    label = models.CharField(max_length=LONGEST)
    rule = models.CharField(
        max_length=LONGEST_RULE, blank=True, help_text=_("As its reader typed it; empty: as the label.")
    )
    order = models.PositiveIntegerField(default=0)
    paused = models.BooleanField(default=False)
    excluded = models.BooleanField(
        default=False, help_text=_("Papers that it matches do not come into the reader's digest.")
    )
    replacements = models.BooleanField(
        default=False, help_text=_("New versions of matched papers come back into the digest.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "keyword"], name="one_subscription_a_keyword")]
        ordering = ["order", "id"]
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")

    def __str__(self) -> str:
        return self.label

    @property
    def typed(self) -> str:
        """The rule as its reader may edit it."""
        return self.rule or self.label


class Match(models.Model):
    """This version of a paper satisfies this keyword.

    `spans` says where: `[{"field": "title" | "abstract", "start": 0, "end": 22}]`, code point
    offsets into the text as announced; of "authors" and "categories", the place in their list.
    """

    keyword = models.ForeignKey(Keyword, models.CASCADE, related_name="matches", db_index=False)
    version = models.ForeignKey(PaperVersion, models.CASCADE, related_name="matches")
    spans = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "keyword"], name="one_match_a_keyword")]
        # A keyword's newest; a day's of a keyword are counted in it alone.
        indexes = [models.Index(fields=["keyword", "version"], name="matches_of_a_keyword")]
        verbose_name = _("match")
        verbose_name_plural = _("matches")

    def __str__(self) -> str:
        return f"{self.version}: {self.keyword}"
