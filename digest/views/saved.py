"""Saved papers, by tag, with their notes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digest import reading
from digest.models import State
from digest.models.reading import LONGEST_TAG
from digest.showing import newest_pictures
from digest.views import ReaderRequest

_A_PAGE = 50


@login_required
def saved(request: ReaderRequest) -> HttpResponse:
    """The reader's saved papers, the newest first; with `?tag=`, of one tag."""
    tag = request.GET.get("tag", "")
    tags = reading.tags(request.user)
    chosen = next((row for row in tags if row.name == tag), None)
    if tag and chosen is None:
        raise Http404
    page = Paginator(reading.saved(request.user, tag), _A_PAGE).get_page(request.GET.get("page"))
    rows: list[State] = list(page.object_list)
    pictures = newest_pictures(request.user, [row.paper_id for row in rows])
    papers = reading.marked(
        request.user, [pictures[row.paper_id] for row in rows if row.paper_id in pictures]
    )
    return render(
        request, "saved/list.html", {"papers": papers, "page": page, "tags": tags, "chosen": chosen}
    )


@login_required
@require_POST
def tag(request: ReaderRequest, pk: int, what: str) -> HttpResponse:
    """`what` is rename or remove; the papers stay saved."""
    row = get_object_or_404(request.user.tags, pk=pk)
    if what == "remove":
        row.delete()
        messages.info(request, _("The tag “%(name)s” is gone; its papers stay saved.") % {"name": row.name})
        return redirect("saved")
    if what != "rename":
        raise Http404
    name = " ".join(request.POST.get("name", "").split())
    try:
        if not reading.rename(row, name):
            messages.error(request, _("You have a tag “%(name)s” already.") % {"name": name})
    except reading.NoteError:
        messages.error(request, _("A tag has 1 to %(most)s characters and no comma.") % {"most": LONGEST_TAG})
        name = row.name
    return redirect(f"{reverse('saved')}?{urlencode({'tag': name})}")
