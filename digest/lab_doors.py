"""Whose a lab is: what its members, owners and readers find. Whoever may not see a lab finds none."""

from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from digest.models import Lab, Membership, User

MOST_LABS = 20
"""Labs that one person may found or belong to as an owner."""
MOST_KEYWORDS = 500
"""Keywords of a lab."""


class Shown(NamedTuple):
    lab: Lab
    membership: Membership | None
    """None: somebody who reads a public lab."""


def shown(user: Any, slug: str) -> Shown:
    """A lab that whoever asks may read. Raises Http404."""
    membership = None
    if isinstance(user, User):
        membership = user.memberships.select_related("lab__reader", "user").filter(lab__slug=slug).first()
    if membership:
        return Shown(membership.lab, membership)
    return Shown(get_object_or_404(Lab.objects.select_related("reader"), slug=slug, public=True), None)


def mine(user: User, slug: str) -> Membership:
    """A reader's own membership of a lab. Raises Http404."""
    return get_object_or_404(user.memberships.select_related("lab__reader", "user"), lab__slug=slug)


def owned(user: User, slug: str) -> Membership:
    """The same, where they own it. Raises PermissionDenied."""
    membership = mine(user, slug)
    if not membership.owns:
        raise PermissionDenied
    return membership


def owns_too_many(user: User) -> bool:
    return user.memberships.filter(role=Membership.Role.OWNER).count() >= MOST_LABS
