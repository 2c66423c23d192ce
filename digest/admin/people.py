"""Readers, their keywords and their feed addresses."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digest import labs, models, own_data, roles
from digest.admin.base import LookedAt, Page, ReadOnly


class SubscriptionInline(admin.TabularInline):
    model = models.Subscription
    extra = 0
    autocomplete_fields = ["keyword"]


class ReaderForm(UserChangeForm):
    def clean(self) -> dict[str, Any]:
        """An administrator is always left."""
        values: dict[str, Any] = super().clean() or {}
        stays = [values.get(name, getattr(self.instance, name)) for name in ("is_superuser", "is_active")]
        if not all(stays):
            try:
                with transaction.atomic():
                    roles.keep_one(self.instance)
            except roles.LastAdministratorError:
                told = gettext("%(name)s is the last administrator. Make somebody else one first.")
                raise ValidationError(told, params={"name": self.instance.username}) from None
        return values


@admin.register(models.User)
class ReaderAdmin(Page, UserAdmin):
    form = ReaderForm
    list_display = ["username", "email", "content_language", "time_zone", "is_staff", "last_login"]
    list_filter = ["is_staff", "is_superuser", "is_active", "content_language"]
    inlines = [SubscriptionInline]
    fieldsets = [
        *(UserAdmin.fieldsets or ()),
        (
            _("Reading"),
            {
                "fields": [
                    "content_language",
                    "interface_language",
                    "time_zone",
                    "delivery_hour",
                    "display",
                    "formulas",
                    "catch_up",
                ]
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.User]:
        """A lab's reader is no person."""
        return super().get_queryset(request).filter(is_lab=False)

    def has_delete_permission(self, request: HttpRequest, obj: models.User | None = None) -> bool:
        """Not the last administrator, nor the only owner of a lab that others belong to."""
        if obj is not None:
            try:
                own_data.check(obj)
            except own_data.StillNeededError:
                return False
        return super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: models.User) -> None:
        """Labs that nobody else belongs to go too, as from the person's own page."""
        own_data.delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[models.User]) -> None:
        for user in queryset:
            own_data.delete(user)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Keywords that are given to a reader here, or taken up again, are held against the papers of the last days
        too; those that they had stay as they are. Labs keep an owner who can log in."""
        followed = form.instance.subscriptions.filter(paused=False)
        before = set(followed.values_list("keyword", flat=True))
        super().save_related(request, form, formsets, change)
        new = set(followed.values_list("keyword", flat=True)) - before
        models.Keyword.objects.filter(pk__in=new).update(applied_at=None)
        labs.keep_led_all_of(form.instance)


@admin.register(models.FeedToken)
class FeedTokenAdmin(ReadOnly):
    list_display = ["user", "created_at", "last_used_at", "revoked_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["user__username"]
    list_select_related = ["user", "keyword"]
    actions = ["revoke"]

    @admin.action(description=_("Revoke"))
    def revoke(self, request: HttpRequest, rows: QuerySet[models.FeedToken]) -> None:
        rows.filter(revoked_at=None).update(revoked_at=timezone.now())


@admin.register(models.ApiToken)
class ApiTokenAdmin(ReadOnly):
    list_display = ["user", "name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_select_related = ["user"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["user__username", "name"]
    exclude = ["digest"]
    actions = ["revoke"]

    @admin.action(description=_("Revoke"))
    def revoke(self, request: HttpRequest, rows: QuerySet[models.ApiToken]) -> None:
        rows.filter(revoked_at=None).update(revoked_at=timezone.now())


class MembershipInline(LookedAt, admin.TabularInline):
    model = models.Membership
    fields = readonly_fields = ("user", "role", "joined_at")


@admin.register(models.Lab)
class LabAdmin(ReadOnly):
    list_display = ["name", "slug", "public", "created_at"]
    list_filter = ["public"]
    search_fields = ["name", "slug"]
    inlines = [MembershipInline]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its owners close it: its reader has to go too."""
        return False


@admin.register(models.Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ["email", "role", "lab", "by", "created_at", "expires_at", "used_at", "withdrawn_at"]
    list_filter = ["role"]
    search_fields = ["email"]
    list_select_related = ["lab", "by"]
