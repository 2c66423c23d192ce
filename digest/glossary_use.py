"""What a change of the glossary touches: the sentences of the memory that have the term."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone

from digest.models import GlossaryTerm, Installation, Sentence
from digest.models.leases import LeaseQuerySet
from digest.terms import Glossary, Term, parse_renderings, stems

_AT_ONCE = 500
LOOKED_AT = 100_000
"""So many of the newest sentences are looked at when a term changes, inside of whoever's save: a memory of years took
half a minute, in which SQLite lets nobody else write. `manage.py retranslate` does older ones."""
_UNUSUAL = r"[^\x01-\x7f]|[\\{]"
"""Letters with accents and signs of TeX, which the matcher reads as plain letters and a database does not."""


def touched(term: GlossaryTerm, newest: int = 0) -> Iterator[Sentence]:
    """The sentences of the term's language in which it is found, or would be if it were active; the newest
    first, and of so many of the newest only, where it is said how many. In "public policy" is no "policy" where
    "public policy" is a term itself."""
    this = _term(term)
    others = GlossaryTerm.objects.filter(language=term.language, active=True).exclude(pk=term.pk)
    glossary = Glossary([this, *(_term(row) for row in others)])
    somewhere = Q(source__regex=_UNUSUAL)
    for stem in stems(term.term):
        somewhere |= Q(source__icontains=stem)
    rows: LeaseQuerySet = Sentence.objects.filter(somewhere, language=term.language)
    if newest:
        last = Sentence.objects.order_by("-id").values_list("pk", flat=True).first() or 0
        rows = rows.filter(pk__gt=last - newest)
    for row in rows.order_by("-id").iterator(chunk_size=_AT_ONCE):
        if any(found.term is this for found in glossary.find(row.source)):
            yield row


def _term(row: GlossaryTerm) -> Term:
    return Term(row.term, parse_renderings(row.renderings), row.field)


def touched_by_change(before: GlossaryTerm | None, after: GlossaryTerm | None) -> set[int]:
    """The keys of the newest sentences that a change can make another translation of: those with the term as it was
    and those with the term as it is (None where it is new or deleted). Ask once the change is stored."""
    sides = [side for side in (before, after) if side and side.active]
    if Installation.current().glossary == "off" or (before and after and _says(before) == _says(after)):
        return set()
    return {row.pk for side in sides for row in touched(side, newest=LOOKED_AT)}


def _says(row: GlossaryTerm) -> tuple[object, ...]:
    return row.language, row.term, parse_renderings(row.renderings), row.active


def retranslate(keys: set[int]) -> int:
    """Have just these sentences translated once more; returns how many."""
    wanted = sorted(keys)
    return sum(
        Sentence.objects.filter(pk__in=wanted[start : start + _AT_ONCE]).again(timezone.now())
        for start in range(0, len(wanted), _AT_ONCE)
    )
