"""Invitations: made, and used once, however many click at the same moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.core import ratelimit
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from digest import audit, labs, letters, roles
from digest.addresses import absolute
from digest.models import Change, Invitation, Lab, Membership, Role, User

DAYS = 14
"""How long an invitation is good, unless its maker says otherwise."""


def invite(
    by: User,
    now: datetime,
    *,
    email: str = "",
    role: str = Role.READER,
    lab: Lab | None = None,
    lab_role: str = Membership.Role.MEMBER,
    days: int = DAYS,
) -> tuple[Invitation, str]:
    """A new invitation and its token. An open one to the same address and lab is withdrawn: one link is good."""
    if email:
        earlier = Invitation.objects.open(now).filter(email__iexact=email, lab=lab)
        earlier.update(withdrawn_at=now)
    return Invitation.make(
        by=by,
        email=email,
        role=role,
        lab=lab,
        lab_role=lab_role,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation that was made. `link` is to be shown this once, empty where it was mailed; `refused` says that
    the mail server did not take it."""

    invitation: Invitation
    link: str
    refused: bool = False


def send(request: HttpRequest, by: User, **fields: Any) -> Sent | None:
    """Make an invitation, and mail it where that is possible; None where these are too many in one hour."""
    if not ratelimit.consume(request, action="invite", user=by):
        return None
    with transaction.atomic():
        invitation, token = invite(by, timezone.now(), **fields)
        if by.is_superuser:
            audit.note(by, Change.Action.ADDED, invitation, role=invitation.role)
    link = absolute(request, reverse("invitation", args=[token]))
    if not invitation.email or not letters.can_be_sent():
        return Sent(invitation, link)
    about = {"by": by, "lab": invitation.lab, "link": link, "until": invitation.expires_at}
    if letters.send([invitation.email], _("an invitation"), "people/mail/invitation.txt", **about):
        invitation.mailed = True
        invitation.save(update_fields=["mailed"])
        return Sent(invitation, "")
    return Sent(invitation, link, refused=True)


def has_account(email: str) -> bool:
    from allauth.account.models import EmailAddress

    known = User.objects.people().filter(email__iexact=email)
    return known.exists() or EmailAddress.objects.filter(email__iexact=email, verified=True).exists()


def open_one(pk: object, now: datetime) -> Invitation | None:
    """The invitation, while it can be used."""
    return Invitation.objects.open(now).filter(pk=pk).first() if isinstance(pk, int) else None


def claim(pk: object, now: datetime) -> Invitation | None:
    """Use it: one conditional UPDATE, so that of two who try one has it. Call it in the transaction of what it
    is used for, so that a failure gives it back."""
    if not isinstance(pk, int) or not Invitation.objects.open(now).filter(pk=pk).update(used_at=now):
        return None
    return Invitation.objects.select_related("lab").get(pk=pk)


def settle(invitation: Invitation, user: User, *, new: bool) -> None:
    """What it was for: a new account gets its role; whoever has one already keeps theirs and joins the lab."""
    if new and invitation.role != Role.READER:
        roles.give(user, Role(invitation.role))
    if invitation.lab:
        labs.join(invitation.lab, user, invitation.lab_role)
    invitation.used_by = user
    invitation.save(update_fields=["used_by"])


@transaction.atomic
def join(pk: int, user: User, now: datetime) -> Lab | None:
    """Somebody who has an account uses an invitation to a lab; None where it is used up."""
    if Membership.objects.filter(lab__invitations=pk, user=user).exists():
        return Lab.objects.get(invitations=pk)  # a member already: the link stays good for somebody else
    invitation = claim(pk, now)
    if invitation is None:
        return None
    settle(invitation, user, new=False)
    return invitation.lab
