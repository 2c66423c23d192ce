"""What stands in a feed: papers, or whole days, as the items that every format writes."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from digest.addresses import absolute
from digest.feeds.taste import as_text, body, foremost, in_languages, title
from digest.models import Digest, Entry, FeedToken, Installation, Match, Section, User
from digest.picture import DigestPicture, PaperPicture
from digest.showing import digest_picture, entry_pictures

MOST_ITEMS = 100
DAYS = timedelta(days=15)
"""A reader that asks once a week, and was away for one, loses nothing."""


def items_of(request: HttpRequest, feed: FeedToken) -> list[dict[str, Any]]:
    if feed.scope == FeedToken.Scope.DAILY:
        return [_day(request, feed, digest) for digest in _digests(feed)]
    entries = _entries(feed).select_related("version__paper")
    entries = entries.order_by("-digest__day", "section__order", "order")[:MOST_ITEMS]
    language = feed.user.content_language
    return [_paper(feed, picture) for picture in entry_pictures(entries, language, _labels(feed))]


def last_change(feed: Any) -> datetime:
    """When anything in the feed last changed, of a row of `with_last_change`."""
    return max(filter(None, (feed.created_at, feed.changed, feed.touched)))


def _digests(feed: FeedToken) -> QuerySet[Digest]:
    newest = feed.user.digests.values_list("day", flat=True).first()
    since = newest - DAYS if newest else timezone.now().date()
    return feed.user.digests.filter(day__gte=since)


def _entries(feed: FeedToken) -> QuerySet[Entry]:
    entries = Entry.objects.filter(digest__in=_digests(feed).order_by().values("pk"))
    if feed.scope == FeedToken.Scope.KEYWORD:
        matched = Match.objects.filter(version=OuterRef("version"), keyword=feed.keyword_id)
        entries = entries.filter(Q(section__keyword=feed.keyword_id) | Exists(matched))
    return entries


def _labels(feed: FeedToken) -> dict[int, str]:
    labels: dict[int, str] = {}
    sections = Section.objects.filter(digest__in=_digests(feed).order_by().values("pk"))
    for section in sections.order_by("-digest__day", "order", "id"):
        labels.setdefault(section.keyword_id, section.label)
    return labels


def _paper(feed: FeedToken, paper: PaperPicture) -> dict[str, Any]:
    user = feed.user
    return {
        "title": title(paper, user),
        "link": paper.abs_url,  # it opens for whoever reads the feed, logged in or not
        "description": as_text(foremost(in_languages(paper, "abstract", user.display)), user.formulas),
        "body": body(paper, user),
        "names": paper.authors or ("arXiv",),
        "pdf": paper.pdf_url,
        "categories": [*paper.keywords, *paper.categories],
        "unique_id": _guid(feed, paper.entry.guid),
        **dates(paper.entry.added_at, paper),
    }


def dates(seen: datetime, paper: PaperPicture) -> dict[str, datetime]:
    """When an item came and when it last changed. The papers of a digest come at one moment; each has a microsecond of
    its own, by its number, in the second before: two entries of one `updated` are a fault to the W3C's validator."""
    digits = re.sub(r"\D", "", paper.arxiv_id)

    def apart(at: datetime) -> datetime:
        return at.replace(microsecond=int(digits[-6:])) - timedelta(seconds=1)

    return {"pubdate": apart(seen), "updateddate": apart(max(seen, paper.first_translated_at or seen))}


def _guid(feed: FeedToken, stored: str) -> str:
    """The entry's own, with the feed's scope: newsboat keeps one item of two with the same guid, in the feed that it
    read last."""
    return f"{stored}/keyword/{feed.keyword_id}" if feed.scope == FeedToken.Scope.KEYWORD else stored


def _day(request: HttpRequest, feed: FeedToken, digest: Digest) -> dict[str, Any]:
    picture = digest_picture(digest)
    named = ngettext("arXiv, %(day)s: %(n)d paper", "arXiv, %(day)s: %(n)d papers", picture.count)
    return {
        "title": named % {"day": digest.day.isoformat(), "n": picture.count},
        "link": absolute(request, reverse("digest", args=[digest.day])),
        "description": _titles(picture.papers, feed.user),
        "body": _bodies(picture, feed.user),
        "names": ("arXiv",),
        "pdf": "",
        "categories": [group.keyword for group in picture.groups if group.papers],
        "unique_id": f"{scope_guid(feed)}/day/{digest.day.isoformat()}",
        "pubdate": digest.published_at,
        "updateddate": digest.changed_at,
    }


def _bodies(digest: DigestPicture, user: User) -> str:
    groups = [
        (group.keyword, [body(paper, user) for paper in group.papers])
        for group in digest.groups
        if group.papers
    ]
    return render_to_string("feeds/digest.html", {"groups": groups})


def _titles(papers: Iterable[PaperPicture], user: User) -> str:
    told = [title(paper, user) for paper in papers]
    return " · ".join(told[:5]) + (" …" if len(told) > 5 else "")


def scope_guid(feed: FeedToken) -> str:
    """A tag URI (RFC 4151) of the reader's feeds, whatever host they are read from."""
    scope = Installation.current()
    began = scope.created_at.date().isoformat()
    return f"tag:{scope.uuid}.paperglot.invalid,{began}:reader/{feed.user_id}"
