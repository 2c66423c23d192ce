"""A reader's own digests: today's, past ones, and each as a file."""

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from digest import citing, reading
from digest.addresses import absolute
from digest.api.doors import READ, ApiRequest
from digest.api.exports import file, files
from digest.api.fields import Format, OfDay
from digest.api.paging import Cursor, Limit, Page, page
from digest.api.shapes import Digest, ListedDigest
from digest.formats import as_data
from digest.models import User
from digest.showing import digest_picture

router = Router(auth=READ, tags=["digests"])


@router.get("", response=Page[ListedDigest], summary="The reader's digests, the newest day first")
def listed(request: ApiRequest, limit: Limit = 30, cursor: Cursor = None) -> dict[str, Any]:
    rows, following = page(reading.with_unread(request.user, request.user), ("day",), cursor, limit)
    return {"items": rows, "next": following}


@router.get("/newest", response=Digest, exclude_unset=True, summary="The newest digest")
def newest(request: ApiRequest) -> dict[str, Any]:
    row = request.user.digests.first()
    if row is None:
        raise Http404
    return as_data(digest_picture(row))


@router.get("/{day}", response=Digest, exclude_unset=True, summary="The digest of a day")
def one(request: ApiRequest, day: OfDay) -> dict[str, Any]:
    """Of a day that was missed, the digest that makes up for it."""
    row = request.user.digests.filter(day=day).first()
    if row is None:
        row = get_object_or_404(request.user.caught_up.select_related("digest"), day=day).digest
    return as_data(digest_picture(row))


ByKeyword = Annotated[str | None, Query(description="Only what this section's keyword brought.")]


@router.get("/{day}/file", openapi_extra=files(), summary="A digest as a file")
def as_file(request: ApiRequest, day: OfDay, format: Format, keyword: ByKeyword = None) -> HttpResponse:
    return written(request, request.user, day, format, keyword)


def written(request: ApiRequest, reader: User, day: date, format: str, keyword: str | None) -> HttpResponse:
    """A reader's digest, or a lab's, as a file. Raises Http404."""
    picture = digest_picture(get_object_or_404(reader.digests, day=day))
    if keyword is not None:
        if keyword not in [group.keyword for group in picture.groups]:
            raise Http404
        picture = citing.only(picture, keyword)
    return file(citing.digest_file(picture, format, reader.zone, absolute(request, "").rstrip("/")), format)
