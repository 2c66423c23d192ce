"""The log of changes, to read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from digest import models
from digest.admin.base import ReadOnly


class ByFilter(admin.SimpleListFilter):
    """Who may change anything, and the command line."""

    title = _("by")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        staff = models.User.objects.people().filter(is_staff=True).order_by("username")
        return [
            ("-", _("the command line")),
            *((str(pk), name) for pk, name in staff.values_list("pk", "username")[:100]),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        who = self.value()
        if who == "-":
            return queryset.filter(by_name="")
        return queryset.filter(by=int(who)) if who and who.isdigit() else queryset


class KindFilter(admin.SimpleListFilter):
    """What can be changed."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        rows = {model._meta.label_lower: model._meta.verbose_name for model in admin.site._registry}
        return sorted(rows.items(), key=lambda row: str(row[1]))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(models.Change)
class ChangeAdmin(ReadOnly):
    list_display = ["at", "who", "action", "what", "subject", "details"]
    list_filter = ["at", ByFilter, "action", KindFilter]
    search_fields = ["subject", "by_name"]
    sortable_by = ["at"]
    list_select_related = ["by"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A log that can be changed is none; it forgets by itself."""
        return False

    @admin.display(description=_("by"))
    def who(self, change: models.Change) -> Any:
        return change.by_name or _("the command line")

    @admin.display(description=_("kind"))
    def what(self, change: models.Change) -> Any:
        found = next((m for m in admin.site._registry if m._meta.label_lower == change.kind), None)
        return found._meta.verbose_name if found else change.kind

    @admin.display(description=_("details"))
    def details(self, change: models.Change) -> str:
        told = dict(change.told)
        parts = [f"{name}: {before} → {after}" for name, (before, after) in told.pop("values", {}).items()]
        named = ", ".join(told.pop("fields", []))
        return "; ".join(
            [*parts, *([named] if named else []), *(f"{name}: {value}" for name, value in told.items())]
        )
