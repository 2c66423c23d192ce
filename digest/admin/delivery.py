"""Channels and deliveries: whether they arrive, never where exactly they go."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digest import models
from digest.admin.base import ReadOnly


@admin.register(models.Channel)
class ChannelAdmin(ReadOnly):
    list_display = ["user", "kind", "where", "frequency", "confirmed_at", "paused_at", "failures"]
    list_filter = ["kind", "frequency", ("paused_at", admin.EmptyFieldListFilter)]
    search_fields = ["user__username"]
    list_select_related = ["user"]
    raw_id_fields = ["user"]
    exclude = [
        "address",
        "label",
        "secret",
    ]  # an address may hold tokens, a label what its reader thinks of it

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.Channel]:
        return super().get_queryset(request).filter(removed_at=None)

    @admin.display(description=_("where"))
    def where(self, channel: models.Channel) -> str:
        return channel.shown


@admin.register(models.Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = [
        "created_at",
        "reader",
        "where",
        "kind",
        "day",
        "state",
        "attempts",
        "again",
        "sent_at",
        "error",
    ]
    list_filter = ["state", "created_at", "kind", "channel__kind"]
    search_fields = ["channel__user__username"]
    search_help_text = _("A reader's name.")
    sortable_by = ["created_at"]
    list_select_related = ["channel__user"]
    exclude = ["channel"]
    actions = ["try_again"]

    @admin.display(description=_("user"))
    def reader(self, delivery: models.Delivery) -> str:
        return delivery.channel.user.username

    @admin.display(description=_("where"))
    def where(self, delivery: models.Delivery) -> str:
        return delivery.channel.shown

    @admin.action(description=_("Try again"))
    def try_again(self, request: HttpRequest, rows: QuerySet[models.Delivery]) -> None:
        tried = sum(row.retry(timezone.now()) for row in rows)
        self.message_user(request, _("%d are tried again in seconds.") % tried)
