"""Labs: mine, each one's digests, and what its owners decide."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from digest import lab_doors
from digest import labs as founded
from digest.api.account import CatchUp, Display, Formulas, Interface
from digest.api.digests import ByKeyword, written
from digest.api.doors import READ, WRITE, ApiRequest
from digest.api.exports import files
from digest.api.fields import NO_NUL, Format, Given, Language, OfDay, Slug, Zone
from digest.api.paging import Cursor, Limit, Page, page
from digest.api.problems import RefusedError, checked
from digest.api.shapes import Digest, ListedDigest
from digest.formats import as_data
from digest.models import Membership
from digest.people_forms import LabForm, LabReaderForm
from digest.showing import digest_picture

router = Router(auth=READ, tags=["labs"])
Name = Annotated[
    str, Field(min_length=1, max_length=100, pattern=r"^[^\u0000]*[A-Za-z0-9\u4e00-\u9fa5][^\u0000]*$")
]
About = Annotated[str, Field(max_length=2000, pattern=NO_NUL)]


class LabRow(Schema):
    slug: str
    name: str
    about: str
    public: bool
    role: str | None = Field(description="Null: not a member of this public lab.")
    content_language: str
    time_zone: str
    delivery_hour: int | None = Field(description="Null: as soon as it is ready.")
    catch_up: str
    interface_language: str
    display: str
    formulas: str
    created_at: datetime
    people: int


class GivenLab(Given):
    name: Name
    about: About = ""
    public: bool = False


class LabChange(Given):
    """What is not given stays."""

    name: Name | None = None
    about: About | None = None
    public: bool | None = None
    content_language: Language | None = None
    time_zone: Zone | None = None
    delivery_hour: Annotated[int, Field(ge=0, le=23)] | Literal["any"] | None = None
    catch_up: CatchUp | None = None
    interface_language: Interface | None = None
    display: Display | None = None
    formulas: Formulas | None = None


def _row(seen: lab_doors.Shown) -> dict[str, Any]:
    lab, membership = seen
    return {
        "slug": lab.slug,
        "name": lab.name,
        "about": lab.about,
        "public": lab.public,
        "role": membership.role if membership else None,
        **{name: getattr(lab.reader, name) for name in LabReaderForm.Meta.fields},
        "created_at": lab.created_at,
        "people": lab.memberships.count(),
    }


def _mine(membership: Membership) -> dict[str, Any]:
    return _row(lab_doors.Shown(membership.lab, membership))


@router.get("", response=list[LabRow], summary="The reader's labs")
def listed(request: ApiRequest) -> Any:
    rows = request.user.memberships.select_related("lab__reader").order_by("lab__name", "pk")
    return [_mine(row) for row in rows]


@router.post("", auth=WRITE, response={201: LabRow}, summary="Found a lab")
def found(request: ApiRequest, given: GivenLab) -> Any:
    form = LabForm(given.dict())
    checked(form)
    if lab_doors.owns_too_many(request.user):
        words = _("You own %(n)d labs already. Leave or close one first.")
        raise RefusedError("conflict", words % {"n": lab_doors.MOST_LABS})
    lab = founded.found(request.user, **form.cleaned_data)
    return Status(201, _mine(lab_doors.mine(request.user, lab.slug)))


@router.get("/{slug}", response=LabRow, summary="A lab")
def one(request: ApiRequest, slug: Slug) -> Any:
    return _row(lab_doors.shown(request.user, slug))


@router.patch("/{slug}", auth=WRITE, response=LabRow, summary="Change a lab that one owns")
def change(request: ApiRequest, slug: Slug, given: LabChange) -> Any:
    lab = lab_doors.owned(request.user, slug).lab
    now = _mine(lab_doors.mine(request.user, slug)) | given.dict(exclude_none=True)
    if now["delivery_hour"] == "any":
        now["delivery_hour"] = None
    forms = LabForm(now, instance=lab), LabReaderForm(now, instance=lab.reader)
    checked(*forms)
    for form in forms:
        form.save()
    return _mine(lab_doors.mine(request.user, slug))


@router.delete("/{slug}", auth=WRITE, response={204: None}, summary="Close a lab that one owns")
def close(request: ApiRequest, slug: Slug) -> Status[None]:
    """Everything of it goes."""
    founded.close(lab_doors.owned(request.user, slug).lab)
    return Status(204, None)


@router.get("/{slug}/digests", response=Page[ListedDigest], summary="A lab's digests, the newest day first")
def digests(request: ApiRequest, slug: Slug, limit: Limit = 30, cursor: Cursor = None) -> dict[str, Any]:
    rows = lab_doors.shown(request.user, slug).lab.reader.digests.annotate(papers=Count("entries"))
    shown, following = page(rows, ("day",), cursor, limit)
    return {"items": shown, "next": following}


@router.get("/{slug}/digests/{day}", response=Digest, exclude_unset=True, summary="A lab's digest")
def digest(request: ApiRequest, slug: Slug, day: OfDay) -> Any:
    rows = lab_doors.shown(request.user, slug).lab.reader.digests
    return as_data(digest_picture(get_object_or_404(rows, day=day)))


@router.get("/{slug}/digests/{day}/file", openapi_extra=files(), summary="A lab's digest as a file")
def as_file(
    request: ApiRequest, slug: Slug, day: OfDay, format: Format, keyword: ByKeyword = None
) -> HttpResponse:
    return written(request, lab_doors.shown(request.user, slug).lab.reader, day, format, keyword)
