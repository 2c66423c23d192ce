"""Saved papers and tags."""

from typing import Annotated, Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status

from digest import citing, reading
from digest.api.doors import READ, WRITE, ApiRequest
from digest.api.exports import file, files
from digest.api.fields import Format, Given, Pk
from digest.api.marks import Tag
from digest.api.paging import Cursor, Limit, Page, page
from digest.api.problems import RefusedError, mistaken
from digest.api.shapes import MarkedPaper, marked_data
from digest.citations import FORMATS
from digest.models.reading import LONGEST_TAG
from digest.showing import newest_pictures

router = Router(auth=READ, tags=["saved"])
ByTag = Annotated[str | None, Query(description="Only papers with this tag.", max_length=LONGEST_TAG)]


class TagRow(Schema):
    id: int
    name: str
    papers: int


class GivenName(Given):
    name: Tag


@router.get("/saved", response=Page[MarkedPaper], summary="Saved papers, the last saved first")
def saved(request: ApiRequest, tag: ByTag = None, limit: Limit = 30, cursor: Cursor = None) -> dict[str, Any]:
    states, following = page(
        reading.saved(request.user, _known(request, tag)), ("saved_at", "pk"), cursor, limit
    )
    pictures = newest_pictures(request.user, [state.paper_id for state in states])
    shown = reading.marked(request.user, [pictures[s.paper_id] for s in states if s.paper_id in pictures])
    return {"items": [marked_data(picture) for picture in shown], "next": following}


@router.get("/saved/file", openapi_extra=files(), summary="Saved papers as a file")
def as_file(request: ApiRequest, format: Format, tag: ByTag = None) -> HttpResponse:
    ids = reading.saved(request.user, _known(request, tag)).values_list("paper__arxiv_id", flat=True)
    return file(FORMATS[format].write(citing.of_ids(list(ids), request.user.content_language)), format)


def _known(request: ApiRequest, tag: str | None) -> str:
    if tag is not None and tag not in request.user.tags.values_list("name", flat=True):
        raise Http404
    return tag or ""


@router.get("/tags", response=list[TagRow], summary="The reader's tags")
def tags(request: ApiRequest) -> Any:
    return list(reading.tags(request.user))


@router.patch("/tags/{pk}", auth=WRITE, response=TagRow, summary="Call a tag otherwise")
def rename(request: ApiRequest, pk: Pk, given: GivenName) -> Any:
    tag = get_object_or_404(reading.tags(request.user), pk=pk)
    try:
        if not reading.rename(tag, given.name):
            raise RefusedError("conflict", _("You have a tag “%(name)s” already.") % {"name": given.name})
    except reading.NoteError:
        raise mistaken(
            _("A tag has 1 to %(most)s characters and no comma.") % {"most": LONGEST_TAG}, "name"
        ) from None
    return tag


@router.delete("/tags/{pk}", auth=WRITE, response={204: None}, summary="Remove a tag; its papers stay saved")
def remove(request: ApiRequest, pk: Pk) -> Status[None]:
    get_object_or_404(request.user.tags, pk=pk).delete()
    return Status(204, None)
