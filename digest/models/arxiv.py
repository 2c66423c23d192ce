"""What arXiv announced: categories, announcements, papers and their versions."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from digest import taxonomy
from digest.arxiv_days import Calendar
from digest.models.leases import Leased, LeaseQuerySet


def known_code(code: str) -> None:
    """A code that arXiv has, spelt as arXiv spells it."""
    try:
        found = taxonomy.find(code)
    except taxonomy.UnknownCategoryError as error:
        raise ValidationError(_(error.words), params=error.values) from error
    if found.code != code:
        raise ValidationError(_("Write %(code)s."), params={"code": found.code})


class CategoryQuerySet(LeaseQuerySet):
    def followed(self) -> Self:
        return self.filter(followed=True)

    def due(self, now: datetime) -> Self:
        """Categories whose feed is to be asked for now, the longest waiting first."""
        return self.followed().filter(next_fetch_at__lte=now).order_by("next_fetch_at", "code")


class Category(Leased):
    """An arXiv category that this installation has met; `followed` ones are fetched."""

    code = models.CharField(max_length=32, unique=True, validators=[known_code])
    followed = models.BooleanField(default=False)
    next_fetch_at = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=128, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    last_error = models.TextField(blank=True, editable=False)

    objects: ClassVar[Any] = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return taxonomy.subject(self.code).label


class Holiday(models.Model):
    """An evening on which arXiv does not announce; it publishes a list for each year, and adds to it."""

    evening = models.DateField(unique=True, help_text=_("US Eastern date without the 20:00 announcement."))
    reason = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["-evening"]
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")

    def __str__(self) -> str:
        return f"{self.evening} {self.reason}".strip()

    @classmethod
    def calendar(cls) -> Calendar:
        return Calendar(frozenset(cls.objects.values_list("evening", flat=True)))


class AnnouncementQuerySet(LeaseQuerySet):
    def due(self, now: datetime) -> Self:
        """Days that have to be healed from another source, the newest first."""
        return self.filter(next_try_at__lte=now, category__followed=True).order_by("-day", "category__code")

    def with_papers(self) -> Self:
        """Announcements that brought papers, of categories that are followed."""
        return self.filter(category__followed=True, stored__gt=0)


class Announcement(Leased):
    """One category on one arXiv day: the proof of what was there and what we have of it.

    `early` is what the listing page has hours before the feed: every new and cross-listed paper, replacements
    as far as it tells their version. `missing` is a day that no source could bring any more.
    """

    class State(models.TextChoices):
        EXPECTED = "expected", _("expected")
        EARLY = "early", _("early")
        COMPLETE = "complete", _("complete")
        PARTIAL = "partial", _("partial")
        STALE = "stale", _("stale")
        EMPTY = "empty", _("empty")
        HOLIDAY = "holiday", _("holiday")
        WEEKEND = "weekend", _("weekend")
        MISSING = "missing", _("missing")

    category = models.ForeignKey(Category, models.CASCADE, related_name="announcements")
    day = models.DateField(db_index=True, help_text=_("An arXiv day: a US Eastern calendar date."))
    state = models.CharField(max_length=16, choices=State)
    declared = models.PositiveIntegerField(default=0)
    parsed = models.PositiveIntegerField(default=0)
    stored = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0, help_text=_("Papers that a reader's keyword brings."))
    translated = models.PositiveIntegerField(default=0, help_text=_("Of those, translated for a reader."))
    published = models.PositiveIntegerField(default=0, help_text=_("Of those, in a reader's digest."))
    source = models.CharField(max_length=500, blank=True)
    note = models.TextField(blank=True)
    seen = models.JSONField(
        default=list, help_text=_("Every document that came for the day: where, when, and what it was.")
    )
    first_seen_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    complete_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text=_("When another source is asked for the day.")
    )
    tries = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[Any] = AnnouncementQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category", "day"], name="one_announcement_a_day")]
        indexes = [models.Index(fields=["first_seen_at"], name="announcements_first_seen")]
        ordering = ["-day", "category__code"]
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self) -> str:
        return f"{self.category.code} {self.day}"

    @property
    def settled(self) -> bool:
        """Whether nothing more is expected of this category on this day."""
        return self.state in (self.State.COMPLETE, self.State.HOLIDAY, self.State.WEEKEND)

    @property
    def readable(self) -> bool:
        """Whether every paper that a digest shows is here."""
        return self.state in (self.State.COMPLETE, self.State.EARLY)


class Robots(models.Model):
    """A site's robots.txt as it was when it was asked for last (RFC 9309); it holds for a day."""

    site = models.CharField(max_length=200, unique=True, help_text=_("https://arxiv.org"))
    text = models.TextField(blank=True)
    fetched_at = models.DateTimeField()
    forbidden = models.JSONField(default=list, help_text=_("The kinds of pages that it keeps us from."))

    class Meta:
        verbose_name = "robots.txt"
        verbose_name_plural = "robots.txt"

    def __str__(self) -> str:
        return f"{self.site}/robots.txt"


class Paper(models.Model):
    """One arXiv paper. What is said of it (title, abstract) stands in its versions."""

    arxiv_id = models.CharField(
        max_length=32, unique=True, help_text=_("Without version: 2611.01234 or hep-th/9901001.")
    )
    authors = models.JSONField(default=list, help_text=_("Names in Unicode, in order."))
    categories = models.JSONField(default=list, help_text=_("Codes, the primary one first."))
    license = models.CharField(max_length=200, blank=True)
    comments = models.TextField(
        blank=True, help_text=_("As the API and the listing tell them; feeds do not.")
    )
    withdrawn = models.BooleanField(default=False)
    doi = models.CharField(max_length=500, blank=True)
    journal_ref = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("paper")
        verbose_name_plural = _("papers")

    def __str__(self) -> str:
        return self.arxiv_id

    @property
    def latest(self) -> "PaperVersion":
        return self.versions.order_by("-number")[0]


class PaperVersionQuerySet(models.QuerySet):
    def unmatched(self) -> Self:
        """Versions that have not been held against the keywords."""
        return self.filter(matched_at=None)

    def unindexed(self) -> Self:
        """Versions that the search does not know."""
        return self.filter(indexed_at=None)


class PaperVersion(models.Model):
    """The text of one version of a paper, as announced: TeX kept, white space folded.

    Paragraphs of an abstract are separated by one newline.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.TextField()
    abstract = models.TextField()
    first_seen_at = models.DateTimeField(db_index=True)
    matched_at = models.DateTimeField(null=True, blank=True)
    indexed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PaperVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="one_row_a_version")]
        indexes = [
            models.Index(fields=["id"], name="versions_unmatched", condition=models.Q(matched_at=None)),
            models.Index(fields=["id"], name="versions_unindexed", condition=models.Q(indexed_at=None)),
        ]
        ordering = ["paper", "number"]
        verbose_name = _("paper version")
        verbose_name_plural = _("paper versions")

    def __str__(self) -> str:
        return f"{self.paper.arxiv_id}v{self.number}"


class Listing(models.Model):
    """A paper in an announcement."""

    class Type(models.TextChoices):
        NEW = "new", _("new")
        CROSS = "cross", _("cross-list")
        REPLACE = "replace", _("replacement")
        REPLACE_CROSS = "replace-cross", _("replaced cross-list")

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="listings")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="listings")
    version = models.ForeignKey(PaperVersion, models.CASCADE, related_name="listings")
    announce_type = models.CharField(max_length=16, choices=Type)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "paper"], name="one_listing_a_paper_and_announcement"
            )
        ]
        verbose_name = _("listing")
        verbose_name_plural = _("listings")

    def __str__(self) -> str:
        return f"{self.paper} in {self.announcement}"
