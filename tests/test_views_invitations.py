"""digest/views/invitations.py: an opened link makes an account, or a member of a lab."""

import pytest
from django.urls import reverse
from django.utils import timezone

from digest import inviting, labs


@pytest.fixture
def lab(alice):
    return labs.found(alice, "Robots <b>&</b>")


def link(by, **fields) -> str:
    return reverse("invitation", args=[inviting.invite(by, timezone.now(), **fields)[1]])


def test_it_says_who_invites_to_what(client, alice, lab):
    text = client.get(link(alice, lab=lab)).content.decode()
    assert "alice invites you to Robots &lt;b&gt;&amp;&lt;/b&gt;" in text
    assert "Make an account" in text


def test_looking_at_it_uses_nothing_up(client, alice, lab):
    where = link(alice, lab=lab)
    for _ in range(3):
        assert client.get(where).status_code == 200


def test_who_has_an_account_joins(client, alice, bob, lab):
    where = link(alice, lab=lab)
    client.force_login(bob)
    assert "Join Robots" in client.get(where).content.decode()
    assert client.post(where).url == reverse("lab", args=[lab.slug])
    assert lab.memberships.filter(user=bob).exists()
    assert client.get(where).status_code == 410


def test_by_a_get_nobody_joins(client, alice, bob, lab):
    client.force_login(bob)
    client.get(link(alice, lab=lab))
    assert not lab.memberships.filter(user=bob).exists()


def test_who_has_an_account_needs_no_other(client, alice, bob):
    where = link(alice)
    client.force_login(bob)
    assert "You have an account already" in client.get(where).content.decode()
    client.post(where)
    assert client.get(where).status_code == 200


@pytest.mark.parametrize("token", ["guessed", "x" * 500, "%00", "<script>"])
def test_a_guess_opens_nothing(client, db, token):
    assert client.get(f"/invitation/{token}/").status_code == 410


def test_no_cache_keeps_the_link(client, alice):
    assert "no-store" in client.get(link(alice))["Cache-Control"]


def test_where_sign_up_is_closed_a_lab_still_takes_who_is_here(client, alice, bob, lab, settings):
    settings.SIGNUP = "closed"
    assert client.get(link(alice)).status_code == 410
    client.force_login(bob)
    assert client.post(link(alice, lab=lab)).status_code == 302
