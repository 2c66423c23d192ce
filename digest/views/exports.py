"""Take it along: a paper, a selection, a digest, a list as a file for a reference manager, an editor, a script."""

import re
from collections.abc import Sequence
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from digest import citing, lab_doors, reading
from digest.addresses import absolute
from digest.citations import FORMATS, Cited
from digest.citing import MOST
from digest.models import Paper, PaperVersion, User
from digest.showing import digest_picture
from digest.views import ReaderRequest
from digest.views.whose import shown


def export(request: ReaderRequest, versions: Sequence[PaperVersion], fmt: str, name: str) -> HttpResponse:
    """A file of these versions (with their papers), in the reader's language; any list is exported by this."""
    return _file(citing.of_versions(versions, request.user.content_language), fmt, name)


@login_required
def cite(request: ReaderRequest, arxiv_id: str, fmt: str) -> HttpResponse:
    """One paper by its newest version here, or by the one that `?v=` names."""
    _known(fmt)
    versions = get_object_or_404(Paper, arxiv_id=arxiv_id).versions.select_related("paper").order_by("number")
    asked = request.GET.get("v")
    chosen = [version for version in versions if asked in (None, str(version.number))]
    if not chosen:
        raise Http404
    return export(request, chosen[-1:], fmt, arxiv_id)


@login_required
def digest(request: ReaderRequest, day: date, fmt: str) -> HttpResponse:
    """The reader's own digest, or the part of it that `?keyword=` (as the digest calls it) brought."""
    return _digest(request, request.user, day, fmt)


def lab_digest(request: HttpRequest, slug: str, day: date, fmt: str) -> HttpResponse:
    """The same of a lab, for whoever may read it."""
    return _digest(request, shown(request, slug).reader, day, fmt)


def _digest(request: HttpRequest, reader: User, day: date, fmt: str) -> HttpResponse:
    _known(fmt)
    picture = digest_picture(get_object_or_404(reader.digests, day=day))
    name = day.isoformat()
    if keyword := request.GET.get("keyword"):
        if keyword not in [group.keyword for group in picture.groups]:
            raise Http404
        picture, name = citing.only(picture, keyword), f"{name} {keyword}"
    site = absolute(request, "/").rstrip("/")
    return _answer(citing.digest_file(picture, fmt, reader.zone, site), fmt, name)


@login_required
def saved(request: ReaderRequest, fmt: str) -> HttpResponse:
    """All saved papers, the last saved first; with `?tag=`, those of one tag."""
    _known(fmt)
    tag = request.GET.get("tag", "")
    if tag and tag not in request.user.tags.values_list("name", flat=True):
        raise Http404
    ids = reading.saved(request.user, tag).values_list("paper__arxiv_id", flat=True)
    return _file(citing.of_ids(list(ids), request.user.content_language), fmt, tag or "saved")


def reading_list(request: HttpRequest, slug: str, fmt: str) -> HttpResponse:
    """A lab's reading list, for whoever may read it; in the language of the lab's digest."""
    _known(fmt)
    lab = lab_doors.shown(request.user, slug).lab
    ids = list(lab.papers.values_list("paper__arxiv_id", flat=True))
    return _file(citing.of_ids(ids, lab.reader.content_language), fmt, slug)


@login_required
@never_cache
def selection(request: ReaderRequest) -> HttpResponse:
    """A form's `ids` as a file in its `format`; what can't be done is told, with everything that was chosen still
    there."""
    if request.method != "POST":
        return _page(request, [], "bib")
    ids = citing.ids_in(" ".join(request.POST.getlist("ids")))
    fmt = request.POST.get("format", "bib")
    found = citing.of_ids(ids[:MOST], request.user.content_language)
    problem = _problem(ids, fmt, found)
    if problem:
        return _page(request, ids, fmt, problem)
    return _file(found, fmt, "papers")


def _problem(ids: Sequence[str], fmt: str, found: Sequence[Cited]) -> str:
    if fmt not in FORMATS:
        return _("There is no format %(format)s: choose one from the list.") % {"format": fmt}
    if not ids:
        return _("No paper was chosen: give the arXiv numbers of some.")
    if len(ids) > MOST:
        told = {"count": len(ids), "most": MOST}
        return _("These are %(count)d papers; %(most)d fit into one file. Take some out.") % told
    here = {one.paper.arxiv_id for one in found}
    if missing := [name for name in ids if name not in here]:
        return _("These papers are not here: %(ids)s. Take them out to export the others.") % {
            "ids": ", ".join(missing[:20])
        }
    return ""


def _page(request: ReaderRequest, ids: Sequence[str], fmt: str, problem: str = "") -> HttpResponse:
    context = {"ids": "\n".join(ids), "format": fmt, "formats": FORMATS, "most": MOST, "problem": problem}
    return render(request, "papers/export.html", context, status=400 if problem else 200)


def _known(fmt: str) -> None:
    if fmt not in FORMATS:
        raise Http404


def _file(cited: Sequence[Cited], fmt: str, name: str) -> HttpResponse:
    return _answer(FORMATS[fmt].write(cited), fmt, name)


def _answer(text: str, fmt: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, FORMATS[fmt].content_type)
    safe = re.sub(r"[^A-Za-z0-9.-]+", "-", name).strip("-.") or "papers"
    answer["Content-Disposition"] = f'attachment; filename="paperglot-{safe[:80]}.{FORMATS[fmt].suffix}"'
    return answer
