"""The feeds of a public keyword: for everybody, with guids of their own scope, and nobody's taste."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import feedgenerator, timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from digest import public
from digest.addresses import absolute
from digest.feeds.formats import KINDS
from digest.feeds.items import dates
from digest.feeds.taste import as_text, body, foremost, in_languages, title
from digest.models import Installation, Keyword, User

_FRESH = 900


@require_safe
def keyword(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """304 where nothing has changed, before anything is rendered."""
    found = public.find(slug) if kind in KINDS else None
    if found is None:
        raise Http404
    changed, language = public.changed_at(found), translation.get_language() or settings.LANGUAGE_CODE
    etag = quote_etag(f"k{found.pk}-{kind}-{language}-{changed.timestamp():.6f}")
    answer = get_conditional_response(request, etag=etag, last_modified=int(changed.timestamp()))
    if answer is None:
        browser = kind != "json" and "text/html" in request.headers.get("Accept", "")
        text = _render(request, found, slug, kind, changed)
        answer = HttpResponse(text, "application/xml; charset=utf-8" if browser else KINDS[kind].content_type)
    answer["ETag"] = etag
    if (timezone.now() - changed).total_seconds() > 2:  # as digest.feeds says of dates
        answer["Last-Modified"] = http_date(changed.timestamp())
    answer["Cache-Control"] = f"public, max-age={_FRESH}"
    if not settings.PUBLIC_INDEXED:
        answer["X-Robots-Tag"] = "noindex"
    patch_vary_headers(answer, ["Accept"])
    return answer


def _render(request: HttpRequest, found: Keyword, slug: str, kind: str, changed: datetime) -> str:
    installation = Installation.current()
    began = installation.created_at.date().isoformat()
    scope = f"tag:{installation.uuid}.paperglot.invalid,{began}:public/{slug}"
    out = KINDS[kind](
        title=_("arXiv: %(keyword)s") % {"keyword": found.canonical},
        link=absolute(request, reverse("public", args=[slug])),
        description=_("New papers on arXiv by keyword, translated. Thank you to arXiv for use of its open "
                      "access interoperability."),
        language=settings.CONTENT_LANGUAGE,
        feed_url=absolute(request, reverse("public-feed", args=[slug, kind])),
        feed_guid=scope,
        stylesheets=[feedgenerator.Stylesheet(static("digest/feed.css"), mimetype="text/css")],
        ttl="60",
        changed=changed,
    )  # fmt: skip
    for paper in public.newest(found):
        out.add_item(**_item(paper, scope))
    return out.writeString("utf-8")


def _item(paper: public.Paper, scope: str) -> dict[str, Any]:
    anybody, picture = User(content_language=settings.CONTENT_LANGUAGE), paper.picture
    return {
        "title": title(picture, anybody),
        "link": picture.abs_url,
        "description": as_text(
            foremost(in_languages(picture, "abstract", anybody.display)), anybody.formulas
        ),
        "body": body(picture, anybody),
        "names": picture.authors or ("arXiv",),
        "pdf": picture.pdf_url,
        "categories": picture.categories,
        "unique_id": f"{scope}/{picture.arxiv_id}",
        **dates(paper.seen_at, picture),
    }
