"""Corrections: a person's translation of a sentence, kept apart from every model's and shown before them."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from digest import tmx
from digest.models import Correction, Segment, Sentence, Translation
from digest.terms import PLACEHOLDER

LONGEST = 5_000
"""Characters of a correction; arXiv's longest abstract has 3,247."""


class CorrectionError(ValueError):
    """Not a correction; the message says why, for whoever typed it."""


def protected(typed: str, held: list[str]) -> str:
    """A typed translation with placeholders where the sentence's formulas and addresses stand.

    Each has to be there as often as in the source, unchanged but for white space. Raises CorrectionError.
    """
    text = " ".join(typed.split())
    _check(text)
    free: dict[str, list[int]] = {}
    for number, span in enumerate(held):
        free.setdefault(" ".join(span.split()), []).append(number)
    wanted = {span: len(numbers) for span, numbers in free.items()}
    # The longest first: one address may begin as another does.
    spans = "|".join(re.escape(span) for span in sorted(free, key=len, reverse=True))
    pieces = re.split(f"({spans})", text) if spans else [text]
    for span, number in wanted.items():
        if pieces[1::2].count(span) != number:
            raise CorrectionError(
                _("“%(span)s” has to stand in the correction as often as in the original: %(n)d×.")
                % {"span": span, "n": number}
            )
    if any(PLACEHOLDER.search(piece) for piece in pieces[::2]):
        raise CorrectionError(_("<v0> and the like stand for formulas: write the formula itself."))
    pieces[1::2] = [f"<v{free[span].pop(0)}>" for span in pieces[1::2]]
    text = "".join(pieces)
    if not any(c.isalnum() for c in PLACEHOLDER.sub("", text)):
        raise CorrectionError(_("The correction has no words."))
    return text


def _check(text: str) -> None:
    if not text:
        raise CorrectionError(_("The correction is empty."))
    if len(text) > LONGEST:
        raise CorrectionError(
            _("A correction has at most %(most)d characters; this one has %(n)d.")
            % {"most": LONGEST, "n": len(text)}
        )
    if any(unicodedata.category(c) in ("Cc", "Cs", "Co") or c in _TURNS for c in text):
        raise CorrectionError(_("A correction has no control characters."))


_TURNS = "\u202d\u202e"
"""They turn the text around that follows, whoever wrote it."""


def correct(segment: Segment, typed: str, by: Any) -> Correction:
    """Store a correction of a segment's sentence; every translation that has the sentence is put together
    again. Raises CorrectionError."""
    sentence = segment.sentence
    if sentence is None:
        raise CorrectionError(_("There is nothing to translate in this sentence."))
    text = protected(typed, segment.held)
    with transaction.atomic():
        correction = store(sentence.source, sentence.key, sentence.language, text, by)
        Segment.objects.filter(pk=segment.pk).update(text=" ".join(typed.split()))
    return correction


@transaction.atomic
def store(source: str, key: str, language: str, text: str, by: Any, at: datetime | None = None) -> Correction:
    """Write a protected correction and mark what shows the sentence."""
    correction, _made = Correction.objects.update_or_create(
        key=key,
        language=language,
        defaults={"source": source, "text": text, "by": by, "at": at or timezone.now()},
    )
    _mark(key, language)
    return correction


def withdraw(corrections: QuerySet[Correction]) -> int:
    """Take corrections back: the models' translations are shown again. Returns how many."""
    with transaction.atomic():
        rows = list(corrections.values_list("pk", "key", "language"))
        Correction.objects.filter(pk__in=[pk for pk, _key, _language in rows]).delete()
        for _pk, key, language in rows:
            _mark(key, language)
    return len(rows)


def as_units(rows: QuerySet[Correction]) -> Iterator[tmx.Unit]:
    """Corrections as TMX has them."""
    for row in rows.select_related("by").iterator():
        yield tmx.Unit(row.source, row.text, row.language, row.by.username if row.by else "", row.at)


def of(sentence: Sentence) -> QuerySet[Correction]:
    """The correction of a sentence, if there is one."""
    return Correction.objects.filter(key=sentence.key, language=sentence.language)


def _mark(key: str, language: str) -> None:
    """Unfinished translations too: one of them may be being put together, from before the correction."""
    sentences = Sentence.objects.filter(key=key, language=language)
    Translation.objects.filter(segments__sentence__in=sentences).update(stale=True)
