"""Translations, and the memory of sentences that they are put together from."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from digest import languages
from digest.models.arxiv import PaperVersion
from digest.models.leases import Leased, LeaseQuerySet
from digest.terms import TermError, check, forms

MOST_ATTEMPTS = 3
"""A sentence that has crashed the engine this often is set aside."""


class SentenceQuerySet(LeaseQuerySet):
    def pending(self) -> Self:
        """Sentences that the engine has not answered or shall answer again, and that are not set aside."""
        return self.filter(models.Q(finished_at=None) | models.Q(again_at__isnull=False))

    def again(self, now: datetime) -> int:
        """Have these translated once more; what stands is shown until then. Returns how many.

        A translator that has one of them in hand loses its lease: its answer is not stored, since it may be
        from before whatever has changed.
        """
        free = {"lease": None, "leased_until": None, "attempts": 0}
        self.filter(finished_at=None).exclude(lease=None).update(**free)
        return self.exclude(finished_at=None).update(again_at=now, **free)


class Sentence(Leased):
    """Translation memory: one protected sentence, in one language, by one model.

    `source` has placeholders where formulas and addresses stood, so two sentences that differ in
    their formulas only are one row. `finished_at` is set when the engine has answered or the
    sentence was set aside; only a `verdict` of `ok` means that `text` may be shown.
    """

    OK = "ok"

    key = models.CharField(max_length=64, help_text=_("SHA-256 of the source."))
    source = models.TextField()
    language = models.CharField(max_length=16)
    model = models.CharField(max_length=100)
    text = models.TextField(blank=True)
    score = models.FloatField(null=True, blank=True, help_text=_("Mean log-probability a token."))
    verdict = models.CharField(
        max_length=32, blank=True, db_index=True, help_text=_("ok, or the check that failed.")
    )
    notes = models.JSONField(
        default=list, help_text=_("Suspicions that do not keep it from readers, such as terms.")
    )
    rung = models.CharField(max_length=16, blank=True, help_text=_("The way in which it was translated."))
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    again_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Since when it waits to be translated once more.")
    )

    objects: ClassVar[Any] = SentenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "language", "model"], name="one_sentence_a_language_and_model"
            )
        ]
        indexes = [
            models.Index(
                fields=["model", "id"],
                name="sentences_pending",
                condition=models.Q(finished_at=None) | models.Q(again_at__isnull=False),
            ),
            # The review queue: some of a million, the worst first.
            models.Index(
                fields=["score", "id"],
                name="sentences_flagged",
                condition=~models.Q(verdict="ok") & models.Q(finished_at__isnull=False),
            ),
            models.Index(
                fields=["score", "id"],
                name="sentences_noted",
                condition=models.Q(verdict="ok") & ~models.Q(notes=[]),
            ),
        ]
        verbose_name = _("sentence")
        verbose_name_plural = _("sentences")

    def __str__(self) -> str:
        return self.source[:80]

    @property
    def good(self) -> bool:
        return self.verdict == self.OK


class Correction(models.Model):
    """A person's translation of a sentence: it is shown instead of any model's, wherever the sentence stands."""

    key = models.CharField(max_length=64, help_text=_("SHA-256 of the source."))
    language = models.CharField(max_length=16)
    source = models.TextField()
    text = models.TextField(help_text=_("With the source's placeholders, each exactly once."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="corrections"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="one_correction_a_language")]
        ordering = ["-at"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return self.source[:80]


class GlossaryTerm(models.Model):
    """This term is always rendered so, or never translated."""

    language = models.CharField(max_length=16, default="zh-Hans")
    term = models.CharField(max_length=120)
    renderings = models.CharField(
        max_length=300,
        help_text=_(
            "What is accepted, the preferred one first: 策略|政策. A lone = keeps the term in English."
        ),
    )
    field = models.CharField(max_length=16, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "term"], name="one_entry_a_term")]
        ordering = ["language", "term"]
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")

    def __str__(self) -> str:
        return self.term

    def clean(self) -> None:
        """Errors belong to no field: the admin's list edits some of them only."""
        self.term, self.renderings = " ".join(self.term.split()), self.renderings.strip()
        try:
            self.language = languages.find(self.language).code
            check(self.term, self.renderings)
        except (languages.UnknownLanguageError, TermError) as error:
            raise ValidationError(_(error.words), params=error.values) from error
        others = GlossaryTerm.objects.filter(language=self.language).exclude(pk=self.pk)
        stored = GlossaryTerm.objects.filter(pk=self.pk, language=self.language, term=self.term)
        if (
            not stored.exists()
        ):  # five thousand are folded in a tenth of a second, but not for every row of a list
            form = forms(self.term)[0]
            if same := next((row for row in others.iterator() if form in forms(row.term)[:1]), None):
                raise ValidationError(_("There is the same term already: %s") % same.term)


class TranslationQuerySet(models.QuerySet):
    def unfinished(self) -> Self:
        return self.filter(finished_at=None)

    def ready(self) -> Self:
        """Translations to be put together: unfinished ones none of whose sentences is still pending, and
        those with a sentence that has changed since."""
        waiting = Segment.objects.filter(
            translation=models.OuterRef("pk"), sentence__isnull=False, sentence__finished_at=None
        )
        begun = models.Q(finished_at=None)
        return self.filter(begun & ~models.Exists(waiting) | ~begun & models.Q(stale=True))

    def unindexed(self) -> Self:
        """Finished translations that the search does not know, or not as they are now."""
        return self.filter(indexed_at=None, finished_at__isnull=False)


class Translation(models.Model):
    """A version of a paper in a language by a model, put together once all its sentences are finished."""

    class State(models.TextChoices):
        COMPLETE = "complete", _("complete")
        PARTIAL = "partial", _("partial")
        FAILED = "failed", _("failed")

    version = models.ForeignKey(PaperVersion, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=16)
    model = models.CharField(max_length=100)
    title = models.TextField(blank=True)
    abstract = models.TextField(blank=True)
    state = models.CharField(max_length=16, choices=State, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    first_finished_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("A correction or a retranslation does not move it, as it does the other."),
    )
    stale = models.BooleanField(
        default=False, help_text=_("One of its sentences was corrected or translated again.")
    )
    indexed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TranslationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "language", "model"], name="one_translation_a_language_and_model"
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="translations_unfinished",
                condition=models.Q(finished_at=None) | models.Q(stale=True),
            ),
            models.Index(
                fields=["id"],
                name="translations_unindexed",
                condition=models.Q(indexed_at=None, finished_at__isnull=False),
            ),
            models.Index(fields=["state", "id"], name="translations_by_state"),
        ]
        verbose_name = _("translation")
        verbose_name_plural = _("translations")

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"


class Segment(models.Model):
    """The place of a sentence in a translation: where it stands, and what was held back from it."""

    translation = models.ForeignKey(Translation, models.CASCADE, related_name="segments")
    field = models.CharField(max_length=8, choices=[("title", _("title")), ("abstract", _("abstract"))])
    paragraph = models.PositiveSmallIntegerField(default=0)
    order = models.PositiveSmallIntegerField()
    source = models.TextField(help_text=_("The sentence as it is read, formulas and all."))
    held = models.JSONField(default=list, help_text=_("What stands behind each placeholder."))
    text = models.TextField(
        blank=True, help_text=_("In the target language, once finished; empty where there is none to trust.")
    )
    sentence = models.ForeignKey(
        Sentence,
        models.PROTECT,
        null=True,
        related_name="segments",
        help_text=_("Empty where there is nothing to translate."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["translation", "field", "order"], name="one_segment_a_place")
        ]
        ordering = ["translation", "field", "order"]
        verbose_name = _("segment")
        verbose_name_plural = _("segments")

    def __str__(self) -> str:
        return self.source[:80]
