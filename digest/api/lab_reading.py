"""What a lab reads: its reading list with who is interested, and its keywords."""

from datetime import datetime
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from digest import citing, following, lab_doors, labs
from digest.api import rules
from digest.api.doors import READ, WRITE, ApiRequest
from digest.api.exports import file, files
from digest.api.fields import NO_NUL, Format, Given, Pk, Slug
from digest.api.keywords import GivenKeyword, GivenOrder, Keyword, KeywordChange, changed, followed
from digest.api.paging import Cursor, Limit, Page, page
from digest.api.problems import RefusedError
from digest.citations import FORMATS
from digest.models import Interest, LabPaper, Paper, PaperVersion, Subscription

router = Router(auth=READ, tags=["labs"])


class LabPaperRow(Schema):
    id: int
    arxiv_id: str
    title: str
    note: str
    added_at: datetime
    added_by: str | None = Field(description="Told to members only, and so are those who are interested.")
    interested: list[str]
    interest: int


class GivenPaper(Given):
    arxiv_id: str = Field(pattern=r"^([0-9]{4}\.[0-9]{4,5}|[a-z-]+(\.[A-Z]{2})?/[0-9]{7})$", max_length=60)
    note: Annotated[str, Field(max_length=500, pattern=NO_NUL)] = ""


class GivenInterest(Given):
    interested: bool


@router.get(
    "/{slug}/papers", response=Page[LabPaperRow], summary="A lab's reading list, the last added first"
)
def papers(request: ApiRequest, slug: Slug, limit: Limit = 30, cursor: Cursor = None) -> dict[str, Any]:
    seen = lab_doors.shown(request.user, slug)
    rows, next_page = page(
        seen.lab.papers.select_related("paper", "added_by"), ("added_at", "pk"), cursor, limit
    )
    return {"items": _told(rows, member=seen.membership is not None), "next": next_page}


def _told(rows: list[LabPaper], member: bool) -> list[dict[str, Any]]:
    versions = PaperVersion.objects.filter(paper__in=[row.paper_id for row in rows]).order_by("number")
    titles = dict(versions.values_list("paper_id", "title"))  # the newest comes last
    names: dict[int, list[str]] = {row.pk: [] for row in rows}
    for interest in Interest.objects.filter(lab_paper__in=rows).select_related("user"):
        names[interest.lab_paper_id].append(interest.user.username)
    return [
        {
            "id": row.pk,
            "arxiv_id": row.paper.arxiv_id,
            "title": titles.get(row.paper_id, ""),
            "note": row.note if member else "",
            "added_at": row.added_at,
            "added_by": row.added_by.username if member and row.added_by else None,
            "interested": names[row.pk] if member else [],
            "interest": len(names[row.pk]),
        }
        for row in rows
    ]


@router.post(
    "/{slug}/papers", auth=WRITE, response={201: LabPaperRow}, summary="Put a paper on a lab's reading list"
)
def add(request: ApiRequest, slug: Slug, given: GivenPaper) -> Any:
    membership = lab_doors.mine(request.user, slug)
    paper = get_object_or_404(Paper, arxiv_id=given.arxiv_id)
    row, _new = labs.add_paper(membership, paper, given.note)
    return Status(201, _told([row], member=True)[0])


@router.get("/{slug}/papers/file", openapi_extra=files(), summary="A lab's reading list as a file")
def as_file(request: ApiRequest, slug: Slug, format: Format) -> HttpResponse:
    lab = lab_doors.shown(request.user, slug).lab
    ids = list(lab.papers.values_list("paper__arxiv_id", flat=True))
    return file(FORMATS[format].write(citing.of_ids(ids, lab.reader.content_language)), format)


@router.put(
    "/{slug}/papers/{pk}/interest", auth=WRITE, response=LabPaperRow, summary="Be interested, or no longer"
)
def interest(request: ApiRequest, slug: Slug, pk: Pk, given: GivenInterest) -> Any:
    row = get_object_or_404(lab_doors.mine(request.user, slug).lab.papers, pk=pk)
    labs.interest(row, request.user, given.interested)
    return _told([row], member=True)[0]


@router.delete("/{slug}/papers/{pk}", auth=WRITE, response={204: None}, summary="Take a paper off the list")
def take_off(request: ApiRequest, slug: Slug, pk: Pk) -> Status[None]:
    """For whoever added it, and owners."""
    membership = lab_doors.mine(request.user, slug)
    row = get_object_or_404(membership.lab.papers, pk=pk)
    if not labs.may_take_off(membership, row):
        raise PermissionDenied
    row.delete()
    return Status(204, None)


@router.get("/{slug}/keywords", response=list[Keyword], summary="A lab's keywords, for its members")
def keywords(request: ApiRequest, slug: Slug) -> Any:
    return list(lab_doors.mine(request.user, slug).lab.reader.subscriptions.select_related("keyword"))


@router.post("/{slug}/keywords", auth=WRITE, response={201: Keyword}, summary="Add a keyword to a lab")
def follow(request: ApiRequest, slug: Slug, given: GivenKeyword) -> Any:
    """Any member may; keywords are tried by POST /keywords/try."""
    reader = lab_doors.mine(request.user, slug).lab.reader
    if reader.subscriptions.count() >= lab_doors.MOST_KEYWORDS:
        words = _("The lab follows %(n)d keywords; an owner may remove some.")
        raise RefusedError("conflict", words % {"n": lab_doors.MOST_KEYWORDS})
    return Status(201, followed(reader, given))


@router.put(
    "/{slug}/keywords/order", auth=WRITE, response=list[Keyword], summary="Put them in order, for owners"
)
def order(request: ApiRequest, slug: Slug, given: GivenOrder) -> Any:
    following.reorder(lab_doors.owned(request.user, slug).lab.reader, given.ids)
    return keywords(request, slug)


def _keyword(request: ApiRequest, slug: str, pk: int) -> Subscription:
    return get_object_or_404(lab_doors.owned(request.user, slug).lab.reader.subscriptions, pk=pk)


@router.patch("/{slug}/keywords/{pk}", auth=WRITE, response=Keyword, summary="Change a keyword, for owners")
def change(request: ApiRequest, slug: Slug, pk: Pk, given: KeywordChange) -> Any:
    changed(_keyword(request, slug, pk), given)
    return _keyword(request, slug, pk)


@router.delete("/{slug}/keywords/{pk}", auth=WRITE, response={204: None}, summary="Remove, for owners")
def remove(request: ApiRequest, slug: Slug, pk: Pk) -> Status[None]:
    _keyword(request, slug, pk).delete()
    return Status(204, None)


@router.get("/{slug}/rules", summary="A lab's rules as a file, for its members", openapi_extra=rules.files())
def export(request: ApiRequest, slug: Slug, format: rules.Kind) -> HttpResponse:
    return rules.exported(lab_doors.mine(request.user, slug).lab.reader, format)


@router.post("/{slug}/rules", auth=WRITE, response=rules.Read, summary="Read a file of rules for a lab")
def take_in(request: ApiRequest, slug: Slug, given: rules.GivenFile) -> Any:
    """Any member may; all that can be followed is followed, or nothing."""
    return rules.read(lab_doors.mine(request.user, slug).lab.reader, given)
