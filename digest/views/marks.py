"""What readers do with a paper: buttons that work as forms, and by script without leaving the page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digest import reading
from digest.models import Desk, Paper
from digest.models.reading import LONGEST_NOTE, LONGEST_TAG
from digest.views import ReaderRequest

UNDO = "last_changes"
"""In the session: the last changes, each as the paper and the changes that take it back."""
MOST_UNDONE = 30


@login_required
@require_POST
def mark(request: ReaderRequest, arxiv_id: str, what: str) -> HttpResponse:
    """`what` is read, unread, save, unsave, hide or show."""
    if what not in reading.INVERSE:
        raise Http404
    paper = get_object_or_404(Paper, arxiv_id=arxiv_id)
    if back := reading.mark(request.user, paper, what, timezone.now()):
        request.session[UNDO] = [*request.session.get(UNDO, []), [arxiv_id, back]][-MOST_UNDONE:]
    return _answer(request, paper)


@login_required
@require_POST
def undo(request: ReaderRequest) -> HttpResponse:
    """Take back the last change of this session; the next time the one before it."""
    *before, last = request.session.get(UNDO) or [None]
    request.session[UNDO] = before
    paper = Paper.objects.filter(arxiv_id=last[0]).first() if last else None
    if last is None or paper is None:
        if _by_script(request):
            return JsonResponse({"undo": bool(before)})
        messages.info(request, _("There is nothing to undo."))
        return redirect(_back(request))
    for what in last[1]:
        reading.mark(request.user, paper, what, timezone.now())
    return _answer(request, paper)


def _answer(request: ReaderRequest, paper: Paper) -> HttpResponse:
    """The truth about a paper as it is now, for a script; else the page that one came from."""
    if not _by_script(request):
        return redirect(f"{_back(request)}#p{slugify(paper.arxiv_id)}")
    marks = reading.marks_of(request.user, [paper.arxiv_id])[paper.arxiv_id]
    told: dict[str, Any] = {"paper": f"p{slugify(paper.arxiv_id)}", "undo": bool(request.session.get(UNDO))}
    return JsonResponse(told | {"read": marks.read, "saved": marks.saved, "hidden": marks.hidden})


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _back(request: HttpRequest) -> str:
    """The page of this site that one came from."""
    for address in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        here = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
        if address and here:
            return address.partition("#")[0]
    return "/"


@login_required
@require_POST
def note(request: ReaderRequest, arxiv_id: str) -> HttpResponse:
    """A note and tags; both save the paper."""
    paper = get_object_or_404(Paper, arxiv_id=arxiv_id)
    try:
        tags = reading.tags_in(request.POST.get("tags", ""))
        before = request.POST.get("before")
        reading.write(request.user, paper, request.POST.get("note", ""), tags, timezone.now(), before)
    except (reading.NoteError, reading.ChangedError) as error:
        if isinstance(error, reading.ChangedError):
            told = _("Not kept yet: the note was changed meanwhile, in another tab perhaps. What was kept and what you "
                     "typed stand below; keep it once more when it is as you want it.")  # fmt: skip
        else:
            words = _(
                "Not kept: a note has at most %(note)s characters, a tag %(tag)s, and a paper has %(tags)s tags."
            )
            limits = {"note": f"{LONGEST_NOTE:,}", "tag": LONGEST_TAG, "tags": reading.MOST_TAGS}
            told = words % limits
        messages.error(request, told)
        request.session["unsent_note"] = [
            arxiv_id,
            request.POST.get("note", "")[:50_000],
            request.POST.get("tags", ""),
        ]
        return redirect("paper", arxiv_id)
    messages.success(request, _("Kept."))
    return redirect(_back(request))


@login_required
@require_POST
def layout(request: ReaderRequest, what: str) -> HttpResponse:
    """`what` is sections or list."""
    if what not in ("sections", "list"):
        raise Http404
    Desk.objects.update_or_create(user=request.user, defaults={"one_list": what == "list"})
    return redirect(_back(request))
