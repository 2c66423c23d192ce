"""Invitations: made, and used once, however many click at the same moment."""

from datetime import datetime, timedelta

from django.db import transaction

from digest import labs, roles
from digest.models import Invitation, Lab, Membership, Role, User

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
