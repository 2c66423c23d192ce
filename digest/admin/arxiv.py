"""What arXiv announced, and the keywords that it is held against."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from digest import again, models
from digest.admin import finding
from digest.admin.base import LookedAt, Page, ReadOnly


@admin.register(models.Category)
class CategoryAdmin(Page):
    list_display = ["code", "__str__", "followed", "next_fetch_at", "failures", "last_error"]
    list_filter = ["followed"]
    search_fields = ["code"]
    readonly_fields = ["etag", "failures", "last_error"]
    actions = ["fetch_now", "follow", "unfollow"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its announcements, the proof of what was here, would go with it: it is followed no more instead."""
        return False

    def save_model(self, request: HttpRequest, row: models.Category, form: Any, change: bool) -> None:
        if "followed" in form.changed_data and "next_fetch_at" not in form.changed_data:
            row.next_fetch_at = timezone.now() if row.followed else None
        super().save_model(request, row, form, change)

    @admin.action(description=_("Fetch now"))
    def fetch_now(self, request: HttpRequest, rows: QuerySet[models.Category]) -> None:
        count = again.fetch(rows, timezone.now())
        self.message_user(request, _("%d categories are due now.") % count, messages.SUCCESS)

    @admin.action(description=_("Follow"))
    def follow(self, request: HttpRequest, rows: QuerySet[models.Category]) -> None:
        rows.update(followed=True, next_fetch_at=timezone.now())

    @admin.action(description=_("Follow no more"))
    def unfollow(self, request: HttpRequest, rows: QuerySet[models.Category]) -> None:
        rows.update(followed=False, next_fetch_at=None)


@admin.register(models.Announcement)
class AnnouncementAdmin(ReadOnly):
    list_display = [
        "day",
        "of",
        "state",
        "declared",
        "parsed",
        "stored",
        "matched",
        "translated",
        "published",
        "fetched_at",
        "complete_at",
        "published_at",
        "next_try_at",
        "tries",
        "source",
        "on_board",
    ]
    list_filter = [
        "day",
        "state",
        ("complete_at", admin.EmptyFieldListFilter),
        ("published_at", admin.EmptyFieldListFilter),
        ("next_try_at", admin.EmptyFieldListFilter),
        "category",
    ]
    search_fields = ["category__code"]
    sortable_by = ["day"]
    ordering = ["-day", "category_id"]
    actions = ["fetch_again", "catch_up"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.Announcement]:
        """Their categories by a query of their own: joined, SQLite would begin at them and sort all rows."""
        return super().get_queryset(request).prefetch_related("category")

    @admin.display(description=_("category"))
    def of(self, row: models.Announcement) -> str:
        return str(row.category)

    @admin.display(description=_("board"))
    def on_board(self, row: models.Announcement) -> SafeString:
        return format_html('<a href="{}">→</a>', reverse("board-cell", args=[row.category.code, row.day]))

    @admin.action(description=_("Fetch their categories again"))
    def fetch_again(self, request: HttpRequest, rows: QuerySet[models.Announcement]) -> None:
        count = again.fetch(models.Category.objects.filter(announcements__in=rows), timezone.now())
        self.message_user(request, _("%d categories are due now.") % count, messages.SUCCESS)

    @admin.action(description=_("Take from arXiv's catch-up pages"))
    def catch_up(self, request: HttpRequest, rows: QuerySet[models.Announcement]) -> None:
        count = again.catch_up(rows, timezone.now())
        self.message_user(request, _("%d days are due now.") % count, messages.SUCCESS)


@admin.register(models.Holiday)
class HolidayAdmin(Page):
    """arXiv publishes its list for a year at the end of the one before, and adds to it."""

    list_display = ["evening", "reason"]
    search_fields = ["reason"]
    date_hierarchy = "evening"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        if request.method == "GET" and (year := models.Holiday.calendar().overdue(timezone.now())):
            text = _("arXiv's holidays of %d are not known here yet: see info.arxiv.org/help/availability.")
            messages.warning(request, text % year)
        return super().changelist_view(request, extra_context)


class VersionInline(LookedAt, admin.StackedInline):
    model = models.PaperVersion
    fields = readonly_fields = ("number", "title", "abstract", "first_seen_at", "matched_at")


class CategoryFilter(admin.SimpleListFilter):
    """The newest papers of a category, as the search has them."""

    title = _("category")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        codes = models.Category.objects.followed().values_list("code", flat=True)
        return [(code, code) for code in codes]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(pk__in=finding.of_category(self.value() or "")) if self.value() else queryset


@admin.register(models.Paper)
class PaperAdmin(ReadOnly):
    list_display = ["arxiv_id", "newest_title", "primary", "on_site"]
    search_fields = ["arxiv_id"]
    search_help_text = _("An arXiv id, or words: the newest papers that have them, as the search finds them.")
    list_filter = [CategoryFilter]
    sortable_by = ()
    inlines = [VersionInline]
    actions = ["match_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.Paper]:
        return super().get_queryset(request).prefetch_related("versions")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=finding.papers(search_term)), False

    @admin.display(description=_("title"))
    def newest_title(self, paper: models.Paper) -> str:
        versions = list(paper.versions.all())
        return versions[-1].title if versions else ""

    @admin.display(description=_("primary category"))
    def primary(self, paper: models.Paper) -> str:
        return paper.categories[0] if paper.categories else ""

    @admin.display(description=_("page"))
    def on_site(self, paper: models.Paper) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("paper", args=[paper.arxiv_id]), paper.arxiv_id)

    @admin.action(description=_("Match again"))
    def match_again(self, request: HttpRequest, rows: QuerySet[models.Paper]) -> None:
        count = again.match(models.PaperVersion.objects.filter(paper__in=rows))
        self.message_user(request, _("%d versions will be matched in seconds.") % count, messages.SUCCESS)
