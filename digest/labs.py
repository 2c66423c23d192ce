"""Labs: founding one, who belongs to it, and how one leaves. A lab always has an owner."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from digest.models import Interest, Lab, LabPaper, Membership, Paper, User

_TRIES = 1000


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
    if membership.owns:
        owners = Membership.objects.select_for_update().filter(lab=membership.lab, role=Membership.Role.OWNER)
        if not list(owners.exclude(pk=membership.pk).values_list("pk", flat=True)[:1]):
            raise LabError


def held_up_by(user: User) -> list[Lab]:
    """Labs with other members that would be left without an owner if this person went."""
    owned = Lab.objects.filter(memberships__user=user, memberships__role=Membership.Role.OWNER)
    return [
        lab
        for lab in owned
        if lab.memberships.exclude(user=user).exists()
        and not lab.memberships.exclude(user=user).filter(role=Membership.Role.OWNER).exists()
    ]


def only_of(user: User) -> list[Lab]:
    """Labs that nobody else belongs to."""
    mine = Lab.objects.filter(memberships__user=user)
    return [lab for lab in mine if not lab.memberships.exclude(user=user).exists()]
