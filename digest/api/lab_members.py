"""Who belongs to a lab: invited, made owner, removed, gone."""

from datetime import datetime
from typing import Any, Literal

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from digest import inviting, lab_doors, labs
from digest.api.doors import READ, WRITE, ApiRequest
from digest.api.fields import Given, Pk, Slug
from digest.api.problems import RefusedError, checked
from digest.models import Membership
from digest.people_forms import LabInvitationForm

router = Router(auth=READ, tags=["labs"])
Role = Literal[tuple(Membership.Role.values)]


class Member(Schema):
    id: int
    username: str = Field(alias="user.username")
    role: str
    joined_at: datetime


class GivenRole(Given):
    role: Role


class GivenInvitation(Given):
    email: str = Field(
        "",
        max_length=254,
        description="Empty: the answer has a link to pass on.",
        json_schema_extra={"format": "paperglot-email"},
    )
    role: Role = "member"
    days: int = Field(inviting.DAYS, ge=1, le=90)


class InvitationRow(Schema):
    id: int
    email: str
    role: str = Field(alias="lab_role")
    mailed: bool
    created_at: datetime
    expires_at: datetime


class NewInvitation(Schema):
    id: int
    email: str
    mailed: bool
    expires_at: datetime
    link: str | None = Field(description="To pass on; shown this once. Null: it was mailed.")


@router.get("/{slug}/members", response=list[Member], summary="A lab's members, for members")
def members(request: ApiRequest, slug: Slug) -> Any:
    return list(lab_doors.mine(request.user, slug).lab.memberships.select_related("user"))


def _other(request: ApiRequest, slug: str, pk: int, leaving: bool = False) -> Membership:
    """Owners change others; oneself one may remove too."""
    mine = lab_doors.mine(request.user, slug)
    if not (leaving and mine.pk == pk):
        lab_doors.owned(request.user, slug)
    return get_object_or_404(mine.lab.memberships.select_related("lab", "user"), pk=pk)


def _needs_owner() -> RefusedError:
    words = _("A lab has an owner: make somebody else one first, or close the lab.")
    return RefusedError("conflict", words)


@router.patch("/{slug}/members/{pk}", auth=WRITE, response=Member, summary="Make somebody owner or member")
def change(request: ApiRequest, slug: Slug, pk: Pk, given: GivenRole) -> Any:
    row = _other(request, slug, pk)
    try:
        labs.make(row, given.role)
    except labs.LabError as error:
        raise _needs_owner() from error
    return row


@router.delete("/{slug}/members/{pk}", auth=WRITE, response={204: None}, summary="Remove a member, or leave")
def remove(request: ApiRequest, slug: Slug, pk: Pk) -> Status[None]:
    try:
        labs.leave(_other(request, slug, pk, leaving=True))
    except labs.LabError as error:
        raise _needs_owner() from error
    return Status(204, None)


@router.get("/{slug}/invitations", response=list[InvitationRow], summary="Open invitations, for owners")
def invitations(request: ApiRequest, slug: Slug) -> Any:
    return list(lab_doors.owned(request.user, slug).lab.invitations.open(timezone.now()))


@router.post("/{slug}/invitations", auth=WRITE, response={201: NewInvitation}, summary="Invite, for owners")
def invite(request: ApiRequest, slug: Slug, given: GivenInvitation) -> Any:
    lab = lab_doors.owned(request.user, slug).lab
    form = LabInvitationForm({"email": given.email, "lab_role": given.role, "days": given.days})
    checked(form)
    told = inviting.send(request, request.user, lab=lab, **form.cleaned_data)
    if told is None:
        words = _("That are many invitations in one hour. Please go on later.")
        raise RefusedError("too-many", words, wait=3600)
    row = told.invitation
    return Status(
        201,
        {
            "id": row.pk,
            "email": row.email,
            "mailed": row.mailed,
            "expires_at": row.expires_at,
            "link": told.link or None,
        },
    )


@router.delete("/{slug}/invitations/{pk}", auth=WRITE, response={204: None}, summary="Withdraw, for owners")
def withdraw(request: ApiRequest, slug: Slug, pk: Pk) -> Status[None]:
    now = timezone.now()
    lab = lab_doors.owned(request.user, slug).lab
    if not lab.invitations.open(now).filter(pk=pk).update(withdrawn_at=now):
        raise Http404
    return Status(204, None)
