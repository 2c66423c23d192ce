"""What the admin's pages have in common: every change is noted, and none counts or reads a table to its end."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode

from digest import audit
from digest.models import Change

MOST = 5_000
"""So many rows of a list are counted, and can be paged through; older ones are found by filters and searches."""


class BoundedPaginator(Paginator):
    """Counts as far as MOST: a million rows are counted in a second, and again for each page."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return rows.order_by().values("pk")[: MOST + 1].count()

    most = MOST

    @property
    def more(self) -> bool:
        return self.count > MOST

    @cached_property
    def num_pages(self) -> int:
        return max(1, -(-min(self.count, MOST) // self.per_page))


class Noted(admin.ModelAdmin):
    """Each change, deletion and action is in the log of changes; a row's history is what the log has of it."""

    def changeform_view(self, request: HttpRequest, object_id: Any = None, *args: Any, **kwargs: Any) -> Any:
        before = (
            self.model._default_manager.filter(pk=object_id).first()
            if _is_post_of(request, object_id, self.model)
            else None
        )
        request.before = audit.shown(before) if before else {}  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, *args, **kwargs)

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        audit.note(request.user, Change.Action.ADDED, obj)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        if fields := audit.fields_of(message):
            values = audit.differences(getattr(request, "before", {}), obj)
            audit.note(
                request.user,
                Change.Action.CHANGED,
                obj,
                fields=fields,
                **({"values": values} if values else {}),
            )

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        audit.note_all(request.user, Change.Action.DELETED, list(queryset))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found: Any = super().get_actions(request)
        return {
            name: (func if name == "delete_selected" else _noted(func, name), name, words)
            for name, (func, _name, words) in found.items()
        }

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        query = urlencode({"kind": self.model._meta.label_lower, "key": object_id})
        return HttpResponseRedirect(f"{reverse('admin:digest_change_changelist')}?{query}")


def _is_post_of(request: HttpRequest, key: Any, model: type[models.Model]) -> bool:
    return (
        request.method == "POST"
        and bool(key)
        and model._meta.label_lower in audit.SHOWN
        and str(key).isdigit()
    )


def _noted(act: Callable[..., Any], name: str) -> Callable[..., Any]:
    @wraps(act)
    def acting(page: Any, request: HttpRequest, rows: QuerySet[Any]) -> Any:
        with transaction.atomic():
            chosen = list(rows)
            answer = act(page, request, rows)
            audit.note_all(request.user, Change.Action.DONE, chosen, what=name)
        return answer

    return acting


def note_everything(site: admin.AdminSite) -> None:
    """What other apps have registered is noted too."""
    for model, page in list(site._registry.items()):
        if not isinstance(page, Noted):
            site.unregister(model)
            site.register(model, type(type(page).__name__, (Noted, type(page)), {}))


class Page(Noted):
    """Lists that stay fast however many rows there are."""

    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator

    class Media:
        css = {"all": ["digest/admin.css"]}


class ReadOnly(Page):
    """What the pipeline writes is looked at here, not typed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LookedAt:
    """Rows beside the row, to look at."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
