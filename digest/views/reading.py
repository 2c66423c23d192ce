"""Reading: today, past digests, one paper."""

from datetime import date
from itertools import pairwise

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from digest.models import Category, Digest, Download, Installation, Paper, PaperVersion
from digest.showing import (
    digest_picture,
    labels_of,
    matcher_of,
    matches_of,
    paper_picture,
    terms_of,
    translations_of,
)
from digest.versions import changes, same_text
from digest.views import ReaderRequest

_A_PAGE = 30


@login_required
def today(request: ReaderRequest) -> HttpResponse:
    """The newest digest; before the first one, what it is waiting for."""
    newest = request.user.digests.first()
    if newest:
        return _digest_page(request, newest)
    followed = Category.objects.followed()
    if request.user.is_superuser and not followed:
        return redirect("start")
    waiting = {
        "categories": followed,
        "subscriptions": request.user.subscriptions.filter(paused=False),
        "model": Installation.current().model,
        "download": Download.objects.filter(finished_at=None).first(),
    }
    return render(request, "digests/waiting.html", waiting)


@login_required
def digest(request: ReaderRequest, day: date) -> HttpResponse:
    return _digest_page(request, get_object_or_404(request.user.digests, day=day))


def _digest_page(request: ReaderRequest, digest: Digest) -> HttpResponse:
    days = request.user.digests.order_by("day")
    return render(
        request,
        "digests/detail.html",
        {
            "digest": digest_picture(digest),
            "row": digest,
            "before": days.filter(day__lt=digest.day).last(),
            "after": days.filter(day__gt=digest.day).first(),
        },
    )


@login_required
def past(request: ReaderRequest) -> HttpResponse:
    digests = request.user.digests.annotate(papers=Count("entries")).order_by("-day")
    page = Paginator(digests, _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "digests/list.html", {"page": page})


@login_required
def paper(request: ReaderRequest, arxiv_id: str) -> HttpResponse:
    """One paper, whoever's keywords brought it: what arXiv announced is public. By its newest version, or by
    the one that `?v=` names."""
    row = get_object_or_404(Paper, arxiv_id=arxiv_id)
    versions = list(row.versions.select_related("paper").order_by("number"))
    asked = request.GET.get("v")
    places = [n for n, version in enumerate(versions) if asked in (None, str(version.number))]
    if not places:
        raise Http404
    version, before = versions[places[-1]], versions[: places[-1]][-1:]
    labels = labels_of(request.user)
    found = translations_of([v.pk for v in (version, *before)], request.user.content_language)
    picture = paper_picture(
        version,
        "",
        found.get(version.pk),
        tuple(matches_of([version.pk], labels).get(version.pk, ())),
        matcher_of(labels, request.user.content_language),
    )
    listings = row.listings.select_related("announcement__category").order_by("-announcement__day")
    return render(
        request,
        "papers/detail.html",
        {
            "paper": picture,
            "row": row,
            "version": version,
            "newest": versions[-1],
            "history": _history(versions),
            "changes": changes(paper_picture(before[0], "", found.get(before[0].pk)), picture)
            if before
            else None,
            "listings": listings,
            "terms": terms_of(picture),
        },
    )


def _history(versions: list[PaperVersion]) -> list[tuple[PaperVersion, bool]]:
    """The newest first, each with whether its text is that of the version before it here."""
    rows = [
        (new, same_text(old.title, new.title) and same_text(old.abstract, new.abstract))
        for old, new in pairwise(versions)
    ]
    return [*reversed(rows), *((version, False) for version in versions[:1])]
