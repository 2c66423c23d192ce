"""Reading: today, a day, one paper."""

from datetime import date
from itertools import pairwise

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from digest import reading
from digest.models import Category, Digest, Download, Installation, Paper, PaperVersion, User
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
from digest.views.marks import UNDO
from digest.views.whose import Whose


def display_of(user: User | AnonymousUser) -> str:
    """Which of the two languages stand on the reader's pages: both, translation-first, original or translation."""
    return getattr(user, "display", "both")


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
        "subscriptions": request.user.subscriptions.bringing(),
        "model": Installation.current().model,
        "download": Download.objects.filter(finished_at=None).first(),
    }
    return render(request, "digests/waiting.html", waiting)


@login_required
def digest(request: ReaderRequest, day: date) -> HttpResponse:
    """A day's digest; of a day that was missed, the one that makes up for it."""
    row = digest_of(request.user, day)
    return _digest_page(request, row) if row.day == day else redirect("digest", day=row.day)


def digest_of(reader: User, day: date) -> Digest:
    """A reader's digest of a day, or the one that makes up for it. Raises Http404."""
    row = reader.digests.filter(day=day).first()
    return row or get_object_or_404(reader.caught_up.select_related("digest"), day=day).digest


def _digest_page(request: ReaderRequest, digest: Digest) -> HttpResponse:
    context = Whose(request.user).context("digest") | digest_context(request, digest)
    return render(request, "digests/detail.html", context)


def digest_context(request: HttpRequest, row: Digest) -> dict[str, object]:
    """A digest, their own or a lab's, as whoever asks reads it: with their marks, where they have an account."""
    days, picture = row.user.digests.order_by("day"), digest_picture(row)
    context: dict[str, object] = {
        "digest": picture,
        "row": row,
        "display": display_of(request.user),
        "before": days.filter(day__lt=row.day).last(),
        "after": days.filter(day__gt=row.day).first(),
        "visitor": not isinstance(request.user, User),
    }
    if isinstance(request.user, User):
        desk = reading.visit(request.user, timezone.now())
        picture = reading.marked_digest(request.user, picture, desk.since)
        context |= {"digest": picture, "desk": desk, "undo": bool(request.session.get(UNDO))}
    return context


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
    (picture,) = reading.marked(request.user, [picture])
    unsent = request.session.pop("unsent_note", None)
    listings = row.listings.select_related("announcement__category").order_by("-announcement__day")
    return render(
        request,
        "papers/detail.html",
        {
            "paper": picture,
            "display": display_of(request.user),
            "unsent": unsent[1:] if unsent and unsent[0] == arxiv_id else None,
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
