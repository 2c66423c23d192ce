"""Translations, the memory of sentences, corrections and the glossary."""

import itertools
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from digest import models
from digest.admin.base import LookedAt, ReadOnly
from digest.glossary_use import retranslate, touched


class SegmentInline(LookedAt, admin.TabularInline):
    model = models.Segment
    fields = readonly_fields = ("field", "order", "source", "text", "sentence")


@admin.register(models.Translation)
class TranslationAdmin(ReadOnly):
    list_display = ["version", "language", "state", "model", "title", "finished_at"]
    list_filter = ["state", "language", "model"]
    search_fields = ["version__paper__arxiv_id", "title"]
    list_select_related = ["version__paper"]
    inlines = [SegmentInline]
    actions = ["translate_again"]

    @admin.action(description=_("Translate again (those by the model in use)"))
    def translate_again(self, request: HttpRequest, rows: QuerySet[models.Translation]) -> None:
        rows = rows.filter(model__startswith=f"{models.Installation.current().model}#")
        sentences = models.Sentence.objects.filter(segments__translation__in=rows)
        models.Sentence.objects.filter(pk__in=sentences.values("pk")).update(
            finished_at=None, verdict="", text="", attempts=0, lease=None, leased_until=None
        )
        count = rows.update(finished_at=None, created_at=timezone.now())
        self.message_user(request, _("%d translations are waiting for the translator.") % count)


class Flagged(admin.SimpleListFilter):
    """The review queue: what stays in English, and what is shown with a suspicion."""

    title = _("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("english", _("stays in English")), ("noted", _("shown, with a suspicion"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        finished = queryset.exclude(finished_at=None)
        if self.value() == "english":
            return finished.exclude(verdict=models.Sentence.OK).order_by("score", "-id")
        if self.value() == "noted":
            return finished.filter(verdict=models.Sentence.OK).exclude(notes=[]).order_by("score", "-id")
        return queryset


@admin.register(models.Sentence)
class SentenceAdmin(ReadOnly):
    """The worst first, where the review filter is chosen."""

    list_display = [
        "source",
        "text",
        "verdict",
        "notes",
        "score",
        "rung",
        "language",
        "model",
        "correct_link",
    ]
    list_filter = [Flagged, "verdict", "rung", "language", "model"]
    search_fields = ["source", "text"]
    actions = ["translate_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.Sentence]:
        first = models.Segment.objects.filter(sentence=OuterRef("pk")).order_by("pk").values("pk")[:1]
        return super().get_queryset(request).annotate(segment_id=Subquery(first))

    @admin.display(description=_("correct"))
    def correct_link(self, sentence: Any) -> SafeString | str:
        if sentence.segment_id is None:
            return ""
        return format_html('<a href="{}">✎</a>', reverse("sentence", args=[sentence.segment_id]))

    @admin.action(description=_("Translate again"))
    def translate_again(self, request: HttpRequest, rows: QuerySet[models.Sentence]) -> None:
        count = models.Sentence.objects.filter(pk__in=rows.values("pk")).again(timezone.now())
        self.message_user(request, _("%d sentences are waiting for the translator.") % count)


@admin.register(models.Correction)
class CorrectionAdmin(ReadOnly):
    list_display = ["source", "text", "language", "by", "at"]
    list_filter = ["language", "by"]
    search_fields = ["source", "text"]
    list_select_related = ["by"]


@admin.register(models.GlossaryTerm)
class GlossaryTermAdmin(admin.ModelAdmin):
    list_display = ["term", "renderings", "field", "language", "active"]
    list_editable = ["renderings", "active"]
    list_filter = ["language", "field", "active"]
    search_fields = ["term", "renderings"]
    readonly_fields = ["preview"]

    @admin.display(description=_("sentences that it touches"))
    def preview(self, term: models.GlossaryTerm) -> SafeString | str:
        """The newest sentences of the memory that have the term, and how they are translated now."""
        if term.pk is None:
            return _("Save it first.")
        rows = list(itertools.islice(touched(term), 20))
        return format_html_join("", "<p>{}<br>{}</p>", ((row.source, row.text) for row in rows)) or "—"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A change has just the sentences that it touches translated once more."""
        super().save_model(request, obj, form, change)
        if not change or form.changed_data:
            count = retranslate(obj)
            self.message_user(request, _("%d sentences are waiting for the translator.") % count)
