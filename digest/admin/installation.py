"""The installation: its choices, its runs, its alerts, its downloads."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, URLField
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from digest import models, verbs
from digest.admin.base import Page, ReadOnly
from digest.admin.sources import sources

_VERBS = "fetch heal match translate publish deliver index download".split()


class VerbFilter(admin.SimpleListFilter):
    title = _("verb")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(verb, verbs.run(verb, "")) for verb in _VERBS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(verb=self.value()) if self.value() else queryset


@admin.register(models.Run)
class RunAdmin(ReadOnly):
    list_display = ["began_at", "words", "seconds", "told", "error"]
    list_filter = [VerbFilter, "began_at", ("error", admin.EmptyFieldListFilter)]
    search_fields = ["subject", "error"]
    sortable_by = ["began_at"]

    @admin.display(description=_("run"))
    def words(self, run: models.Run) -> str:
        return verbs.run(run.verb, run.subject)

    @admin.display(description=_("counts"))
    def told(self, run: models.Run) -> str:
        return ", ".join(verbs.count(name, value) for name, value in run.counts.items())

    @admin.display(description=_("seconds"))
    def seconds(self, run: models.Run) -> str:
        return f"{(run.ended_at - run.began_at).total_seconds():.1f}" if run.ended_at else "…"


@admin.register(models.Alert)
class AlertAdmin(ReadOnly):
    """The pipeline raises, tells and closes them."""

    list_display = ["raised_at", "words", "told_at", "closed_at"]
    list_filter = ["kind", ("closed_at", admin.EmptyFieldListFilter), ("told_at", admin.EmptyFieldListFilter)]
    search_fields = ["text"]
    date_hierarchy = "raised_at"

    @admin.display(description=_("text"))
    def words(self, alert: models.Alert) -> str:
        return alert.words

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Installation)
class InstallationAdmin(Page):
    list_display = ["uuid", "model", "early", "backfill_days", "alert_hours", "created_at"]
    fieldsets = [
        ("arXiv", {"fields": ["early", "backfill_days"]}),
        (
            _("Translation"),
            {"fields": ["model", "beam", "longest_sentence", "glossary", "spacing", "idle_minutes"]},
        ),
        (_("Alerts"), {"fields": ["alert_hours", "webhook"]}),
    ]
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def get_urls(self) -> list[URLPattern]:
        def page(request: HttpRequest) -> HttpResponse:
            return sources(request, self.admin_site.each_context(request))

        return [path("sources/", self.admin_site.admin_view(page), name="sources"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Download)
class DownloadAdmin(ReadOnly):
    list_display = ["model", "requested_at", "share", "finished_at", "error"]
    list_filter = ["finished_at"]
    search_fields = ["model"]

    @admin.display(description=_("percent"))
    def share(self, download: models.Download) -> int:
        return download.percent
