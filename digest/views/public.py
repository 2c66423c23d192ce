"""The page of a keyword for everybody, where the installation has such pages."""

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from digest import public


@require_safe
def keyword(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest papers; what they look like is rendered once in ten minutes, the same for all."""
    found = public.find(slug)
    if found is None:
        raise Http404
    key = f"public-{found.pk}-{translation.get_language()}"
    papers = cache.get(key)
    if papers is None:
        papers = render_to_string("public/papers.html", {"papers": public.newest(found)})
        cache.set(key, papers, public.FRESH)
    answer = render(request, "public/keyword.html", {
        "keyword": found, "slug": slug, "papers": mark_safe(papers),  # rendered by the line above, which escapes
        "indexed": settings.PUBLIC_INDEXED,
    })  # fmt: skip
    if not settings.PUBLIC_INDEXED:
        answer["X-Robots-Tag"] = "noindex"
    return answer
