"""Labs: founding one, who belongs to it, and how one leaves.

A lab always has an owner who can log in, while any of its members can: where the last one can not any more, the
longest-standing active member becomes one (`keep_led`). An owner who comes back is one still.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from digest.models import Interest, Lab, LabPaper, Membership, Paper, User

_TRIES = 1000
_LEADS = {"role": Membership.Role.OWNER, "user__is_active": True}


class LabError(Exception):
    """A lab can't be left without an owner, or found a name for its address."""


def found(user: User, name: str, **fields: Any) -> Lab:
    """A new lab whose first owner is `user`. Its address comes from its name; a taken one gets a number."""
    base = slugify(name)[:50].strip("-") or "lab"
    for number in range(1, _TRIES):
        slug = base if number == 1 else f"{base}-{number}"
        if Lab.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                lab = Lab.objects.create(name=name, slug=slug, reader=_reader(slug, user), **fields)
                Membership.objects.create(lab=lab, user=user, role=Membership.Role.OWNER)
                return lab
        except IntegrityError:
            continue  # somebody founded one of that name at the same moment
    raise LabError


def _reader(slug: str, founder: User) -> User:
    """Who follows the lab's keywords: no person has a colon in their name, and nobody logs in as it."""
    reader = User(
        username=f"lab:{slug}",
        is_lab=True,
        content_language=founder.content_language,
        time_zone=founder.time_zone,
    )
    reader.set_unusable_password()
    reader.save()
    return reader


def join(lab: Lab, user: User, role: str = Membership.Role.MEMBER) -> Membership:
    """Belong to a lab; who does already keeps their role, unless they become an owner."""
    membership, new = Membership.objects.get_or_create(lab=lab, user=user, defaults={"role": role})
    if not new and role == Membership.Role.OWNER and not membership.owns:
        make(membership, Membership.Role.OWNER)
    keep_led(lab)
    membership.refresh_from_db()
    return membership


@transaction.atomic
def make(membership: Membership, role: str) -> None:
    """Raises LabError where no owner would be left."""
    if role != Membership.Role.OWNER:
        _keep_one(membership)
    membership.role = role
    membership.save(update_fields=["role"])


@transaction.atomic
def leave(membership: Membership) -> None:
    """The member's interest in papers goes with them; papers that they added stay. Raises LabError."""
    _keep_one(membership)
    membership.user.interests.filter(lab_paper__lab=membership.lab).delete()
    membership.delete()


def add_paper(membership: Membership, paper: Paper, note: str) -> tuple[LabPaper, bool]:
    """A paper for the reading list, whose adder is interested; the second value says whether it is new there."""
    user = membership.user
    row, new = LabPaper.objects.get_or_create(
        lab=membership.lab, paper=paper, defaults={"added_by": user, "note": note}
    )
    interest(row, user, True)
    return row, new


def interest(row: LabPaper, user: User, interested: bool) -> None:
    if interested:
        Interest.objects.get_or_create(lab_paper=row, user=user)
    else:
        row.interests.filter(user=user).delete()


def may_take_off(membership: Membership, row: LabPaper) -> bool:
    """Whoever added a paper, and owners."""
    return membership.owns or row.added_by_id == membership.user_id


def close(lab: Lab) -> None:
    """Everything of the lab goes: the lab itself goes with its reader."""
    lab.reader.delete()


def _keep_one(membership: Membership) -> None:
    if membership.owns and membership.user.is_active:
        owners = Membership.objects.select_for_update().filter(lab=membership.lab, **_LEADS)
        if not list(owners.exclude(pk=membership.pk).values_list("pk", flat=True)[:1]):
            raise LabError


@transaction.atomic
def keep_led(lab: Lab) -> None:
    """Somebody who can log in owns it, where anybody of it can."""
    members = list(
        lab.memberships.select_for_update().filter(user__is_active=True).order_by("joined_at", "pk")
    )
    if members and not any(member.owns for member in members):
        Membership.objects.filter(pk=members[0].pk).update(role=Membership.Role.OWNER)


def keep_led_all_of(user: User) -> None:
    """The same for every lab that this person belongs to: whenever they can log in no more, or again."""
    for lab in Lab.objects.filter(memberships__user=user).order_by("pk"):
        keep_led(lab)


def held_up_by(user: User) -> list[Lab]:
    """Labs with other members that would be left without an owner if this person went. Members who can't log in hold
    nobody up."""
    owned = Lab.objects.filter(memberships__user=user, memberships__role=Membership.Role.OWNER)
    others = [(lab, lab.memberships.exclude(user=user).filter(user__is_active=True)) for lab in owned]
    return [lab for lab, rest in others if rest.exists() and not rest.filter(**_LEADS).exists()]


def only_of(user: User) -> list[Lab]:
    """Labs that nobody else belongs to."""
    mine = Lab.objects.filter(memberships__user=user)
    return [lab for lab in mine if not lab.memberships.exclude(user=user).exists()]
