"""What people may do: administrators, editors, readers. The one place where a role is given."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from digest import labs
from digest.models import Role, User

EDITORS_MAY = (
    *(
        f"{action}_{model}"
        for model in ("correction", "glossaryterm")
        for action in ("add", "change", "delete", "view")
    ),
    "view_sentence",
    "view_translation",
)


class LastAdministratorError(Exception):
    """Nobody would be left who may administrate."""


def role_of(user: User) -> Role:
    if user.is_superuser:
        return Role.ADMINISTRATOR
    return Role.EDITOR if user.is_editor else Role.READER


@transaction.atomic
def give(user: User, role: Role) -> None:
    """Editors enter the admin too: the glossary is there. Raises LastAdministratorError."""
    if role != Role.ADMINISTRATOR:
        keep_one(user)
    (user.groups.add if role == Role.EDITOR else user.groups.remove)(_editors())
    user.is_superuser = role == Role.ADMINISTRATOR
    user.is_staff = role != Role.READER
    user.save(update_fields=["is_superuser", "is_staff"])


def _editors() -> Group:
    """The migration makes it; made again where somebody has deleted it, with what an editor may do."""
    group, made = Group.objects.get_or_create(name=User.EDITORS)
    if made:
        mine = Permission.objects.filter(content_type__app_label="digest", codename__in=EDITORS_MAY)
        group.permissions.set(mine)
    return group


@transaction.atomic
def deactivate(user: User) -> None:
    """They can't log in, and nothing is published for them; a lab that only they owned gets another owner. Raises
    LastAdministratorError."""
    keep_one(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    labs.keep_led_all_of(user)


@transaction.atomic
def activate(user: User) -> None:
    """They can log in again; a lab that nobody could act for has somebody again."""
    User.objects.filter(pk=user.pk).update(is_active=True)
    labs.keep_led_all_of(user)


def keep_one(user: User) -> None:
    """Raise LastAdministratorError where this is the only administrator. Call it in the transaction that takes
    them away: the rows are locked, so that two can't take each other away at once."""
    if user.is_superuser and user.is_active:
        others = User.objects.administrators().select_for_update().exclude(pk=user.pk)
        if not list(others.values_list("pk", flat=True)[:1]):
            raise LastAdministratorError
