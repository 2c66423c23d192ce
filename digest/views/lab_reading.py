"""A lab's reading list, with who is interested."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digest import labs
from digest.lab_doors import Shown, mine, shown
from digest.models import Interest, User
from digest.people_forms import LabPaperForm
from digest.showing import newest_pictures
from digest.views import ReaderRequest
from digest.views.reading import display_of

_A_PAGE = 50


def papers(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, those first that most are interested in; a POST of a member adds to it."""
    seen = shown(request.user, slug)
    if request.method == "POST":
        return _add(request, slug)  # type: ignore[arg-type]
    return _list(request, seen, LabPaperForm())


@login_required
def _add(request: ReaderRequest, slug: str) -> HttpResponse:
    membership = mine(request.user, slug)
    form = LabPaperForm(request.POST)
    if not form.is_valid():
        return _list(request, Shown(membership.lab, membership), form)
    paper, note = form.cleaned_data["arxiv_id"], form.cleaned_data["note"]
    _row, new = labs.add_paper(membership, paper, note)
    if new:
        messages.success(request, _("arXiv:%(id)s is on the reading list.") % {"id": paper.arxiv_id})
    else:
        messages.info(
            request,
            _("arXiv:%(id)s was on the list already; you are interested too now.") % {"id": paper.arxiv_id},
        )
    return redirect("lab-papers", slug=slug)


def _list(request: HttpRequest, seen: Shown, form: LabPaperForm) -> HttpResponse:
    rows = (
        seen.lab.papers.select_related("paper", "added_by")
        .annotate(interest=Count("interests"))
        .order_by("-interest", "-added_at", "-id")
    )
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
    reads = request.user if isinstance(request.user, User) else seen.lab.reader
    pictures = newest_pictures(reads, [row.paper_id for row in page])
    names: dict[int, list[User]] = {}
    if seen.membership:
        for interest in Interest.objects.filter(lab_paper__in=list(page)).select_related("user"):
            names.setdefault(interest.lab_paper_id, []).append(interest.user)
    lines = [(row, pictures.get(row.paper_id), names.get(row.pk, [])) for row in page]
    context = {
        "lab": seen.lab,
        "membership": seen.membership,
        "here": "papers",
        "page": page,
        "lines": lines,
        "form": form,
        "display": display_of(request.user),
    }
    return render(request, "labs/papers.html", context)


@login_required
@require_POST
def interest(request: ReaderRequest, slug: str, pk: int, what: str) -> HttpResponse:
    """`what` is interested, not-interested or remove. Whoever added a paper, and owners, take it off."""
    membership = mine(request.user, slug)
    row = get_object_or_404(membership.lab.papers, pk=pk)
    if what in ("interested", "not-interested"):
        labs.interest(row, request.user, what == "interested")
    elif what == "remove":
        if not labs.may_take_off(membership, row):
            raise PermissionDenied
        row.delete()
        messages.info(request, _("The paper is off the list."))
    else:
        raise Http404
    return redirect("lab-papers", slug=slug)
