"""Keywords that everybody may look at, without an account: which they are, and their newest papers.

Off unless PAPERGLOT_PUBLIC_KEYWORDS says how many people have to follow one; an administrator may make others public.
Nothing here tells who follows a keyword, how many do, or what they call it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils.text import slugify

from digest.models import Keyword, Listing, Match, PaperVersion, Translation
from digest.picture import PaperPicture
from digest.showing import matches_of, paper_picture, translations_of

MOST = 50
FRESH = 600
"""Seconds for which it is remembered which keywords are public, and what a page shows."""
LEAST = 2
"""What one person follows is their own affair, whatever the setting says."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that a public keyword brought, and when it came."""

    picture: PaperPicture
    seen_at: datetime


def slug(canonical: str) -> str:
    """The rule as an address has it; the mark at its end keeps rules apart that would be written alike."""
    mark = hashlib.sha256(canonical.encode()).hexdigest()[:8]
    return f"{slugify(canonical)[:50]}-{mark}".strip("-")


def find(address: str) -> Keyword | None:
    """The public keyword with this slug."""
    if not settings.PUBLIC_KEYWORDS:
        return None
    known = cache.get_or_set("public-keywords", _slugs, FRESH)
    key = (known or {}).get(address)
    return Keyword.objects.filter(pk=key).first() if key else None


def forget() -> None:
    """Ask anew which keywords are public: one was made so, or is so no more."""
    cache.delete("public-keywords")


def _slugs() -> dict[str, int]:
    people = Q(subscriptions__user__is_lab=False, subscriptions__user__is_active=True)
    mine = people & Q(subscriptions__excluded=False)
    rows = Keyword.objects.annotate(n=Count("subscriptions", filter=mine))
    wanted = rows.filter(Q(public=True) | Q(n__gte=max(settings.PUBLIC_KEYWORDS, LEAST)))
    return {slug(canonical): pk for pk, canonical in wanted.values_list("pk", "canonical")}


def newest(keyword: Keyword) -> list[Paper]:
    """Its newest papers, new and cross-listed ones, in the installation's language."""
    versions = [match.version for match in _matches(keyword).select_related("version__paper")]
    keys, labels = [version.pk for version in versions], {keyword.pk: keyword.canonical}
    translations, matches = translations_of(keys, settings.CONTENT_LANGUAGE), matches_of(keys, labels)
    return [
        Paper(
            paper_picture(version, "", translations.get(version.pk), tuple(matches.get(version.pk, ()))),
            version.first_seen_at,
        )
        for version in versions
    ]


def changed_at(keyword: Keyword) -> datetime:
    """When anything in `newest` last changed."""
    versions = list(_matches(keyword).values_list("version", flat=True))
    seen = PaperVersion.objects.filter(pk__in=versions).aggregate(at=Max("first_seen_at"))["at"]
    done = Translation.objects.filter(version__in=versions, language=settings.CONTENT_LANGUAGE)
    return max(filter(None, (keyword.created_at, seen, done.aggregate(at=Max("finished_at"))["at"])))


def _matches(keyword: Keyword) -> QuerySet[Match]:
    announced = Listing.objects.filter(
        version=OuterRef("version"), announce_type__in=[Listing.Type.NEW, Listing.Type.CROSS]
    )
    return keyword.matches.filter(Exists(announced)).order_by("-version")[:MOST]
