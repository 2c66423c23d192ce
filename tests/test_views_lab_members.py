"""digest/views/lab_members.py: who belongs to a lab."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from digest import inviting, labs
from digest.models import Invitation


@pytest.fixture
def lab(bob, charlie):
    """Bob owns it, charlie is a member."""
    lab = labs.found(bob, "Robots")
    labs.join(lab, charlie)
    return lab


def change(client, lab, user, what: str):
    where = reverse("lab-member", args=[lab.slug, lab.memberships.get(user=user).pk, what])
    return client.post(where, follow=True)


def invite(client, lab, **fields: str):
    form = {"email": "", "lab_role": "member", "days": "7", **fields}
    return client.post(reverse("lab-members", args=[lab.slug]), form)


def test_members_see_members_and_only_owners_the_form(as_charlie, lab):
    text = as_charlie.get(reverse("lab-members", args=[lab.slug])).content.decode()
    assert "bob" in text
    assert 'name="lab_role"' not in text


def test_an_owner_invites_by_a_link(as_bob, lab):
    assert "/invitation/" in invite(as_bob, lab, lab_role="owner").content.decode()
    invitation = Invitation.objects.get()
    assert (invitation.lab, invitation.lab_role, invitation.role) == (lab, "owner", "reader")


def test_a_lab_can_invite_an_address_that_has_an_account(as_bob, lab, alice, settings):
    settings.EMAIL_HOST = "mail.example.org"
    assert invite(as_bob, lab, email=alice.email).status_code == 302
    assert "bob invites you to Robots" in mail.outbox[0].body


def test_a_member_invites_nobody(as_charlie, lab):
    assert invite(as_charlie, lab).status_code == 403
    assert not Invitation.objects.exists()


def test_an_owner_can_not_give_a_role_of_the_installation(as_bob, lab):
    invite(as_bob, lab, role="administrator")
    assert Invitation.objects.get().role == "reader"


def test_an_invitation_is_withdrawn_by_an_owner_of_its_lab_alone(as_bob, bob, alice, lab):
    other, _ = inviting.invite(alice, timezone.now())
    own, _ = inviting.invite(bob, timezone.now(), lab=lab)
    assert as_bob.post(reverse("lab-withdraw", args=[lab.slug, other.pk])).status_code == 404
    assert as_bob.post(reverse("lab-withdraw", args=[lab.slug, own.pk])).status_code == 302
    assert list(Invitation.objects.open(timezone.now())) == [other]


def test_an_owner_makes_owners_and_removes(as_bob, lab, charlie):
    change(as_bob, lab, charlie, "owner")
    assert lab.memberships.get(user=charlie).owns
    change(as_bob, lab, charlie, "remove")
    assert not lab.memberships.filter(user=charlie).exists()


@pytest.mark.parametrize("what", ["owner", "member", "remove"])
def test_a_member_changes_nobody_else(as_charlie, lab, bob, what):
    assert change(as_charlie, lab, bob, what).status_code == 403
    assert lab.memberships.get(user=bob).owns


def test_a_member_makes_themselves_no_owner(as_charlie, lab, charlie):
    assert change(as_charlie, lab, charlie, "owner").status_code == 403


def test_a_member_leaves(as_charlie, lab, charlie):
    assert "You have left Robots" in change(as_charlie, lab, charlie, "remove").content.decode()
    assert not lab.memberships.filter(user=charlie).exists()


@pytest.mark.parametrize("what", ["member", "remove"])
def test_the_last_owner_is_told_to_find_another(as_bob, lab, bob, what):
    assert "make somebody else one first" in change(as_bob, lab, bob, what).content.decode()
    assert lab.memberships.get(user=bob).owns


def test_a_membership_of_another_lab_is_not_there(as_bob, lab, alice):
    other = labs.found(alice, "Others").memberships.get()
    assert as_bob.post(reverse("lab-member", args=[lab.slug, other.pk, "remove"])).status_code == 404


def test_another_change_is_not_there(as_bob, lab, charlie):
    assert change(as_bob, lab, charlie, "king").status_code == 404
