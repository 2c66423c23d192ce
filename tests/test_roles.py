"""digest/roles.py: administrators, editors, readers; one administrator is always left."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from digest import roles
from digest.models import Role, User


def test_an_editor_corrects_and_keeps_the_glossary(bob):
    roles.give(bob, Role.EDITOR)
    bob = User.objects.get(pk=bob.pk)
    assert bob.has_perms(["digest.add_correction", "digest.change_glossaryterm", "digest.view_sentence"])
    assert not bob.has_perm("digest.change_user")
    assert roles.role_of(bob) == Role.EDITOR


def test_editors_keep_their_rights_though_somebody_has_deleted_their_group(bob):
    before = set(
        Group.objects.get_or_create(name=User.EDITORS)[0].permissions.values_list("codename", flat=True)
    )
    Group.objects.all().delete()
    roles.give(bob, Role.EDITOR)
    assert set(bob.groups.get().permissions.values_list("codename", flat=True)) == before | set(
        roles.EDITORS_MAY
    )


def test_an_editor_finds_the_glossary_in_the_admin_and_no_people(client, bob):
    roles.give(bob, Role.EDITOR)
    client.force_login(bob)
    assert client.get(reverse("admin:digest_glossaryterm_changelist")).status_code == 200
    assert client.get(reverse("admin:digest_user_changelist")).status_code == 403
    assert client.get(reverse("people")).status_code == 403


def test_who_becomes_a_reader_again_has_no_rights_left(alice, bob):
    roles.give(bob, Role.EDITOR)
    roles.give(bob, Role.READER)
    bob = User.objects.get(pk=bob.pk)
    assert not bob.is_staff
    assert not bob.get_all_permissions()


def test_the_last_administrator_stays_one(alice):
    for role in (Role.READER, Role.EDITOR):
        with pytest.raises(roles.LastAdministratorError):
            roles.give(alice, role)
    with pytest.raises(roles.LastAdministratorError):
        roles.deactivate(alice)
    alice.refresh_from_db()
    assert (alice.is_superuser, alice.is_active) == (True, True)


def test_one_who_is_switched_off_is_no_other_administrator(alice, bob):
    roles.give(bob, Role.ADMINISTRATOR)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    with pytest.raises(roles.LastAdministratorError):
        roles.deactivate(alice)


def test_of_two_one_may_go(alice, bob):
    roles.give(bob, Role.ADMINISTRATOR)
    roles.give(alice, Role.READER)
    assert User.objects.administrators().get() == bob


def changed_in_the_admin(client, user: User, *ticked: str) -> None:
    form = {
        "username": user.username,
        "date_joined_0": "2026-05-01",
        "date_joined_1": "00:00:00",
        "content_language": "zh-Hans",
        "time_zone": "UTC",
        "display": "both",
        "formulas": "tex",
        "catch_up": "each",
        "subscriptions-TOTAL_FORMS": 0,
        "subscriptions-INITIAL_FORMS": 0,
        **dict.fromkeys(ticked, "on"),
    }
    client.post(reverse("admin:digest_user_change", args=[user.pk]), form)
    user.refresh_from_db()


@pytest.mark.parametrize("ticked", [[], ["is_superuser", "is_staff"], ["is_active", "is_staff"]])
def test_the_admin_leaves_an_administrator_too(client, alice, ticked):
    client.force_login(alice)
    changed_in_the_admin(client, alice, *ticked)
    assert (alice.is_superuser, alice.is_active, alice.formulas) == (True, True, "unicode")


def test_the_last_administrator_changes_the_rest(client, alice):
    client.force_login(alice)
    changed_in_the_admin(client, alice, "is_superuser", "is_staff", "is_active")
    assert (alice.is_superuser, alice.is_active, alice.formulas) == (True, True, "tex")
