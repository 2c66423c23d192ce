"""Filters of the admin's lists whose choices need no look at the whole table."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from digest import languages
from digest.models import Correction, Download, Installation, Sentence, User
from digest.verdicts import KNOWN, words


class LanguageFilter(admin.SimpleListFilter):
    """The languages that people read."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        codes = User.objects.order_by().values_list("content_language", flat=True).distinct()
        named = languages.by_code()
        return [(code, named[code].own_name if code in named else code) for code in sorted(codes)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(language=self.value()) if self.value() else queryset


class ModelFilter(admin.SimpleListFilter):
    """The model in use and those that were downloaded; a model's rows have its name and a mark of its files."""

    title = _("model")
    parameter_name = "model"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        names = {Installation.current().model, *Download.objects.values_list("model", flat=True)}
        return [(name, name) for name in sorted(names) if name]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        return queryset.filter(model__gte=f"{self.value()}#", model__lt=f"{self.value()}$")


class VerdictFilter(admin.SimpleListFilter):
    title = _("verdict")
    parameter_name = "verdict"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, words(name) or name) for name in KNOWN]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(verdict=self.value()) if self.value() else queryset


class Flagged(admin.SimpleListFilter):
    """The review queue: what stays in English, and what is shown with a suspicion, less what a person has
    corrected; the least likely first."""

    title = _("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("english", _("stays in English")), ("noted", _("shown, with a suspicion"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        corrected = Correction.objects.filter(key=OuterRef("key"), language=OuterRef("language"))
        waiting = queryset.filter(~Exists(corrected), finished_at__isnull=False)
        worst = F("score").asc(nulls_first=True), "id"
        if self.value() == "english":
            return waiting.exclude(verdict=Sentence.OK).order_by(*worst)
        if self.value() == "noted":
            return waiting.filter(verdict=Sentence.OK).exclude(notes=[]).order_by(*worst)
        return queryset
