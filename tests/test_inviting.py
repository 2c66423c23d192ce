"""digest/inviting.py: an invitation is used once, and not after its days."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from digest import inviting, labs, roles
from digest.models import Invitation, Membership, Role, User


def test_the_token_is_not_in_the_database(alice, now):
    _invitation, token = inviting.invite(alice, now)
    assert token not in str(list(Invitation.objects.values()))
    assert Invitation.objects.of(token).count() == 1


def test_it_is_good_for_its_days(alice, now):
    invitation, _ = inviting.invite(alice, now, days=3)
    assert inviting.open_one(invitation.pk, now + timedelta(days=2)) == invitation
    assert inviting.open_one(invitation.pk, now + timedelta(days=3)) is None


def test_a_newer_one_to_the_same_address_replaces_it(alice, now):
    first, _ = inviting.invite(alice, now, email="dora@example.org")
    second, _ = inviting.invite(alice, now, email="Dora@example.org")
    assert list(Invitation.objects.open(now)) == [second]
    first.refresh_from_db()
    assert first.withdrawn_at == now


def test_it_is_claimed_once(alice, now):
    invitation, _ = inviting.invite(alice, now)
    assert inviting.claim(invitation.pk, now) == invitation
    assert inviting.claim(invitation.pk, now) is None


@pytest.mark.parametrize("pk", [None, "1", 0, 999])
def test_what_is_no_invitation_claims_nothing(db, now, pk):
    assert inviting.claim(pk, now) is None


def test_a_failure_gives_it_back(alice, now):
    invitation, _ = inviting.invite(alice, now)

    @transaction.atomic
    def fail() -> None:
        inviting.claim(invitation.pk, now)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert inviting.open_one(invitation.pk, now)


def test_a_new_account_gets_its_role_and_its_lab(alice, bob, now):
    lab = labs.found(alice, "Robots")
    invitation, _ = inviting.invite(alice, now, role=Role.EDITOR, lab=lab, lab_role=Membership.Role.OWNER)
    inviting.settle(invitation, bob, new=True)
    assert roles.role_of(bob) == Role.EDITOR
    assert lab.memberships.get(user=bob).owns
    assert bob.accepted_invitations.get() == invitation


def test_who_has_an_account_joins_and_keeps_their_role(alice, bob, now):
    lab = labs.found(alice, "Robots")
    invitation, _ = inviting.invite(alice, now, role=Role.ADMINISTRATOR, lab=lab)
    assert inviting.join(invitation.pk, bob, now) == lab
    assert not User.objects.get(pk=bob.pk).is_superuser
    assert inviting.join(invitation.pk, alice, now) == lab  # a member uses nothing up


@pytest.mark.django_db(transaction=True)
def test_of_many_who_join_at_once_by_one_link_one_does(alice):
    lab = labs.found(alice, "Robots")
    invitation, _ = inviting.invite(alice, timezone.now(), lab=lab)
    people = [User.objects.create_user(f"reader{n}") for n in range(4)]
    joined: list[User] = []

    def join(user: User) -> None:
        try:
            if inviting.join(invitation.pk, user, timezone.now()):
                joined.append(user)
        finally:
            connection.close()

    threads = [threading.Thread(target=join, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(joined) == 1
    assert lab.memberships.count() == 2
