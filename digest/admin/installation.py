"""The installation: its choices, its runs, its downloads."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from digest import models
from digest.admin.base import ReadOnly


@admin.register(models.Run)
class RunAdmin(ReadOnly):
    list_display = ["began_at", "verb", "subject", "seconds", "counts", "error"]
    list_filter = ["verb", ("error", admin.EmptyFieldListFilter)]
    search_fields = ["subject", "error"]
    date_hierarchy = "began_at"

    @admin.display(description=_("seconds"))
    def seconds(self, run: models.Run) -> str:
        return f"{(run.ended_at - run.began_at).total_seconds():.1f}" if run.ended_at else "…"


@admin.register(models.Installation)
class InstallationAdmin(admin.ModelAdmin):
    list_display = ["uuid", "model", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Download)
class DownloadAdmin(ReadOnly):
    list_display = ["model", "requested_at", "percent", "finished_at", "error"]
    list_filter = ["finished_at"]
    search_fields = ["model"]
