"""Readers, their keywords and their feed addresses."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digest import models
from digest.admin.base import ReadOnly


class SubscriptionInline(admin.TabularInline):
    model = models.Subscription
    extra = 0
    autocomplete_fields = ["keyword"]


@admin.register(models.User)
class ReaderAdmin(UserAdmin):
    list_display = ["username", "email", "content_language", "time_zone", "is_staff", "last_login"]
    list_filter = ["is_staff", "is_superuser", "is_active", "content_language"]
    inlines = [SubscriptionInline]
    fieldsets = [
        *(UserAdmin.fieldsets or ()),
        (_("Reading"), {"fields": ["content_language", "interface_language", "time_zone", "delivery_hour"]}),
    ]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Keywords that are given to a reader here are held against the papers of the last days too."""
        super().save_related(request, form, formsets, change)
        models.Keyword.objects.filter(subscriptions__user=form.instance).update(applied_at=None)


@admin.register(models.FeedToken)
class FeedTokenAdmin(ReadOnly):
    list_display = ["user", "created_at", "last_used_at", "revoked_at"]
    list_filter = ["revoked_at"]
    search_fields = ["user__username"]
    actions = ["revoke"]

    @admin.action(description=_("Revoke"))
    def revoke(self, request: HttpRequest, rows: QuerySet[models.FeedToken]) -> None:
        rows.filter(revoked_at=None).update(revoked_at=timezone.now())
