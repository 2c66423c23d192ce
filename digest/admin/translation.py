"""Translations, the memory of sentences, corrections and the glossary."""

import io
import itertools
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from digest import again, corrections, models, tmx
from digest.admin import finding
from digest.admin.base import LookedAt, Page, ReadOnly
from digest.admin.filters import Flagged, LanguageFilter, ModelFilter, VerdictFilter
from digest.glossary_use import retranslate, touched, touched_by_change


class SegmentInline(LookedAt, admin.TabularInline):
    model = models.Segment
    fields = readonly_fields = ("field", "order", "source", "text", "sentence")


@admin.register(models.Translation)
class TranslationAdmin(ReadOnly):
    list_display = ["version", "language", "state", "model", "title", "finished_at"]
    list_filter = ["state", LanguageFilter, ModelFilter]
    search_fields = ["title"]
    search_help_text = _("An arXiv id, or words: among the newest papers that have them.")
    sortable_by = ()
    list_select_related = ["version__paper"]
    inlines = [SegmentInline]
    actions = ["translate_again"]
    raw_id_fields = ["version"]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(version__paper__in=finding.papers(search_term)), False

    @admin.action(description=_("Translate again (those by the model in use)"))
    def translate_again(self, request: HttpRequest, rows: QuerySet[models.Translation]) -> None:
        count = again.translate(rows, timezone.now())
        self.message_user(
            request,
            _("%d translations are waiting for the translator; what stands is shown until then.") % count,
        )


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
    list_filter = [Flagged, VerdictFilter, LanguageFilter, ModelFilter]
    search_fields = ["source"]
    search_help_text = _("An arXiv id, or words: in the sentences of the newest papers that have them.")
    sortable_by = ()
    actions = ["translate_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.Sentence]:
        first = models.Segment.objects.filter(sentence=OuterRef("pk")).order_by("pk").values("pk")[:1]
        return super().get_queryset(request).annotate(segment_id=Subquery(first))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """Words are looked for in the index, then in the sentences of the papers that it has."""
        if not (text := search_term.strip()):
            return queryset, False
        mine = models.Segment.objects.filter(translation__version__paper__in=finding.papers(text))
        found = queryset.filter(pk__in=mine.values("sentence"))
        if finding.arxiv_id(text):
            return found, False
        for word in text.strip('"').split():
            found = found.filter(Q(source__icontains=word) | Q(text__icontains=word))
        return found, False

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
    list_filter = [LanguageFilter]
    search_fields = ["source", "text", "by__username"]
    list_select_related = ["by"]
    actions = ["export"]

    @admin.action(description=_("Export as TMX"), permissions=["view"])
    def export(self, request: HttpRequest, rows: QuerySet[models.Correction]) -> HttpResponse:
        document = io.StringIO()
        tmx.write(corrections.as_units(rows.order_by("at", "pk")), document)
        answer = HttpResponse(document.getvalue(), content_type="application/xml; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="corrections.tmx"'
        return answer

    def delete_model(self, request: HttpRequest, obj: models.Correction) -> None:
        """The model's translation is shown again."""
        corrections.withdraw(models.Correction.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[models.Correction]) -> None:
        corrections.withdraw(queryset)


@admin.register(models.GlossaryTerm)
class GlossaryTermAdmin(Page):
    """A change, a new term and a deletion have just the sentences that they touch translated once more."""

    list_display = ["term", "renderings", "field", "language", "active"]
    list_editable = ["renderings", "active"]
    list_filter = ["language", "field", "active"]
    search_fields = ["term", "renderings"]
    readonly_fields = ["preview"]

    @admin.display(description=_("sentences that it touches"))
    def preview(self, term: models.GlossaryTerm) -> SafeString | str:
        """The newest sentences of the memory that have the term, and how they are translated now."""
        if term.pk is None:
            return _("Save it first; one that is not active touches nothing yet.")
        rows = list(itertools.islice(touched(term, newest=_LOOKED_AT), _PREVIEWED))
        return format_html_join("", "<p>{}<br>{}</p>", ((row.source, row.text) for row in rows)) or "—"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = models.GlossaryTerm.objects.filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        self._retranslate(request, touched_by_change(before, obj))

    def delete_model(self, request: HttpRequest, obj: models.GlossaryTerm) -> None:
        super().delete_model(request, obj)
        self._retranslate(request, touched_by_change(obj, None))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[models.GlossaryTerm]) -> None:
        gone = list(queryset)
        super().delete_queryset(request, queryset)
        self._retranslate(request, {key for term in gone for key in touched_by_change(term, None)})

    def _retranslate(self, request: HttpRequest, keys: set[int]) -> None:
        if keys:
            count = retranslate(keys)
            self.message_user(request, _("%d sentences are waiting for the translator.") % count)


_PREVIEWED, _LOOKED_AT = 20, 20_000
