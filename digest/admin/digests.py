"""Digests, as their readers see them."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from digest import again, models
from digest.admin import finding
from digest.admin.base import LookedAt, ReadOnly
from digest.admin.filters import LanguageFilter
from digest.showing import digest_picture


class EntryInline(LookedAt, admin.TabularInline):
    model = models.Entry
    fields = readonly_fields = ("section", "version", "announce_type", "added_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("section", "version__paper")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@admin.register(models.Digest)
class DigestAdmin(ReadOnly):
    list_display = ["day", "user", "language", "papers", "published_at", "changed_at", "preview_link"]
    list_filter = ["day", LanguageFilter]
    search_fields = ["user__username"]
    search_help_text = _("A reader's name, a day (2026-05-12), or the arXiv id of a paper in it.")
    sortable_by = ["day"]
    raw_id_fields = ["user"]
    list_select_related = ["user"]
    inlines = [EntryInline]
    actions = ["publish_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.Digest]:
        mine = models.Entry.objects.filter(digest=OuterRef("pk")).order_by().values("digest")
        counted = Subquery(mine.annotate(n=Count("pk")).values("n"))
        return super().get_queryset(request).annotate(papers_count=Coalesce(counted, 0))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        text = search_term.strip()
        if known := finding.arxiv_id(text):
            mine = models.Entry.objects.filter(paper__arxiv_id=known)
            return queryset.filter(pk__in=mine.values("digest")), False
        if day := _day(text):
            return queryset.filter(day=day), False
        readers = models.User.objects.filter(username__icontains=text)
        return (queryset.filter(user__in=readers) if text else queryset), False

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(self.preview)
        return [path("<int:pk>/preview/", preview, name="digest-preview"), *super().get_urls()]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The digest as its reader sees it."""
        row = self.get_object(request, str(pk))
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "row": row, "preview": True}
        if row is not None:
            context["digest"] = digest_picture(row)
        return TemplateResponse(request, "digests/preview.html", context, status=200 if row else 404)

    @admin.display(description=_("papers"))
    def papers(self, digest: Any) -> int:
        return digest.papers_count

    @admin.display(description=_("preview"))
    def preview_link(self, digest: models.Digest) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:digest-preview", args=[digest.pk]),
            _("as its reader sees it"),
        )

    @admin.action(description=_("Make again (those of the last week)"))
    def publish_again(self, request: HttpRequest, rows: QuerySet[models.Digest]) -> None:
        count = again.publish(rows, timezone.now())
        self.message_user(request, _("%d digests will be made again in seconds.") % count)
