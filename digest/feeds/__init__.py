"""A reader's private feeds, as Atom, RSS and JSON Feed, at secret addresses; and those of public labs.

What a feed shows is made by the same templates as the pages. Whether it has changed is asked before
anything is rendered.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.utils import feedgenerator, timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from digest import polls
from digest.addresses import absolute
from digest.feeds.formats import KINDS
from digest.feeds.items import items_of, last_change, scope_guid
from digest.feeds.taste import taste
from digest.models import FeedToken, Lab

_SEEN = timedelta(hours=1)
_A_DATE_IS_SAFE = timedelta(seconds=2)
"""HTTP's dates have whole seconds: what changes twice in one would be missed by readers that go by the date, as
libcurl does whatever the ETag says (RFC 9110, 8.8.2.2)."""
_FRESH = 900
"""Seconds in which a reader need not ask again."""


@require_safe
def feed(request: HttpRequest, token: str, name: str, kind: str) -> HttpResponse:
    """The feed behind a secret address: 410 where it was revoked, 304 where nothing has changed."""
    try:
        answer = _feed(request, token, name, kind)
    except Http404:
        polls.count(404)
        raise
    polls.count(answer.status_code)
    return answer


def _feed(request: HttpRequest, token: str, name: str, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    row = FeedToken.objects.of(token).with_last_change().first()
    if row is None or not row.user.is_active or row.scope != name:
        raise Http404
    if row.revoked_at:
        return _private(HttpResponse(_("This feed address was revoked.\n"), "text/plain", 410))
    _seen(row)
    address = absolute(request, reverse("feed", args=[token, row.scope, kind]))
    return _private(_answer(request, row, kind, address))


@require_safe
def lab(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The feed of a public lab: all its papers, for everybody."""
    if kind not in KINDS:
        raise Http404
    found = get_object_or_404(Lab.objects.select_related("reader"), slug=slug, public=True)
    row: Any = FeedToken(user=found.reader, created_at=found.created_at)
    row.changed, row.touched = found.reader.digests.aggregate(
        a=Max("changed_at"), b=Max("touched_at")
    ).values()
    address = absolute(request, reverse("lab-feed", args=[slug, kind]))
    answer = _answer(request, row, kind, address)
    polls.count(answer.status_code)
    answer["Cache-Control"] = f"public, max-age={_FRESH}"
    return answer


def _answer(request: HttpRequest, row: FeedToken, kind: str, address: str) -> HttpResponse:
    """304 where nothing has changed since the reader asked, before anything is rendered."""
    changed = last_change(row)
    asked = translation.get_language() if "Accept-Language" in request.headers else None
    language = row.user.interface_language or asked or row.user.unasked_language
    etag = _etag(row, kind, language, changed)
    answer = get_conditional_response(request, etag=etag, last_modified=int(changed.timestamp()))
    if answer is None:
        browser = kind != "json" and "text/html" in request.headers.get("Accept", "")
        with translation.override(language):
            text = render(request, row, kind, address, changed)
        answer = HttpResponse(text, "application/xml; charset=utf-8" if browser else KINDS[kind].content_type)
    answer["ETag"] = etag
    if timezone.now() - changed > _A_DATE_IS_SAFE:
        answer["Last-Modified"] = http_date(changed.timestamp())
    patch_vary_headers(answer, ["Accept"])
    return answer


def _etag(row: FeedToken, kind: str, language: str, changed: datetime) -> str:
    """Of all that what is rendered depends on: what stands in the feed, and how its reader wants it shown."""
    return quote_etag(
        f"{row.pk}-{row.keyword_id}-{kind}-{taste(row.user)}-{language}-{changed.timestamp():.6f}"
    )


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = f"private, max-age={_FRESH}"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _seen(row: FeedToken) -> None:
    """Note the visit, at most once an hour: readers poll."""
    now = timezone.now()
    if row.last_used_at is None or now - row.last_used_at > _SEEN:
        FeedToken.objects.filter(pk=row.pk).update(last_used_at=now)


def render(request: HttpRequest, row: FeedToken, kind: str, address: str, changed: datetime) -> str:
    out = KINDS[kind](
        title=title(row),
        link=absolute(request, reverse("lab", args=[row.user.lab.slug]) if row.user.is_lab else reverse("today")),
        description=_("New papers on arXiv by keyword, translated. Thank you to arXiv for use of its open "
                      "access interoperability."),
        language=row.user.content_language,
        feed_url=address,
        feed_guid=_feed_guid(row),
        stylesheets=[feedgenerator.Stylesheet(static("digest/feed.css"), mimetype="text/css")],
        ttl="60",
        changed=changed,
    )  # fmt: skip
    for item in items_of(request, row):
        out.add_item(**item)
    return out.writeString("utf-8")


def title(row: FeedToken) -> str:
    if row.user.is_lab:
        return _("arXiv: %(keyword)s") % {"keyword": row.user.lab.name}
    name = {"name": row.user.username}
    if row.scope == FeedToken.Scope.DAILY:
        return _("arXiv by day, for %(name)s") % name
    if row.scope == FeedToken.Scope.KEYWORD:
        return _("arXiv: %(keyword)s") % {"keyword": row.label}
    return _("arXiv digest of %(name)s") % name


def _feed_guid(row: FeedToken) -> str:
    guid = scope_guid(row)
    if row.scope == FeedToken.Scope.DAILY:
        return f"{guid}/day"
    return f"{guid}/keyword/{row.keyword_id}" if row.scope == FeedToken.Scope.KEYWORD else guid
