"""Digests, as their readers see them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from digest import again, models
from digest.admin.base import LookedAt, ReadOnly
from digest.showing import digest_picture


class EntryInline(LookedAt, admin.TabularInline):
    model = models.Entry
    fields = readonly_fields = ("section", "version", "announce_type", "added_at")


@admin.register(models.Digest)
class DigestAdmin(ReadOnly):
    list_display = ["day", "user", "language", "papers", "published_at", "changed_at", "preview_link"]
    list_filter = ["language", "user"]
    search_fields = ["user__username", "entries__paper__arxiv_id"]
    date_hierarchy = "day"
    list_select_related = ["user"]
    inlines = [EntryInline]
    actions = ["publish_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.Digest]:
        return super().get_queryset(request).annotate(papers_count=Count("entries"))

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

    @admin.display(description=_("papers"), ordering="papers_count")
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
