"""digest/views/people.py: who is here, who waits, invitations, roles; letters and forms about people."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from digest import inviting, labs
from digest.models import Invitation, User
from tests.steps import queries

INVITE = {"email": "", "role": "reader", "lab": "", "days": "14"}


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def with_mail(settings):
    settings.EMAIL_HOST = "mail.example.org"


def change(client, user: User, what: str):
    return client.post(reverse("people-change", args=[user.pk, what]), follow=True)


def shown_link(answer) -> str:
    return re.search(r'readonly value="http://testserver([^"]+)"', answer.content.decode())[1]


# --- the list ---------------------------------------------------------------------------------


def test_people_are_listed_with_their_roles_and_labs_are_no_people(as_alice, bob):
    labs.found(bob, "Robots")
    text = as_alice.get(reverse("people")).content.decode()
    assert "bob@example.org" in text
    assert "lab:robots" not in text


def test_people_are_searched_by_name_and_address(as_alice, bob, charlie):
    text = as_alice.get(reverse("people"), {"q": "CHARLIE@"}).content.decode()
    assert ("charlie@example.org" in text, "bob@example.org" in text) == (True, False)


def test_many_people_come_in_pages_with_as_many_queries(as_alice, bob):
    as_alice.get(reverse("people"))
    few = queries(lambda: as_alice.get(reverse("people")))
    User.objects.bulk_create(User(username=f"reader{n:03}") for n in range(120))
    assert queries(lambda: as_alice.get(reverse("people"))) == few
    assert "reader110" in as_alice.get(reverse("people"), {"page": "3"}).content.decode()
    assert "page=2&amp;q=reader" in as_alice.get(reverse("people"), {"q": "reader"}).content.decode()


def test_hostile_names_are_text(as_alice, bob):
    User.objects.filter(pk=bob.pk).update(username="<script>x</script>")
    text = as_alice.get(reverse("people"), {"q": "<script>"}).content.decode()
    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text


def test_it_is_for_administrators(client, bob):
    client.force_login(bob)
    assert client.get(reverse("people")).status_code == 403
    assert client.post(reverse("people"), INVITE).status_code == 403
    assert change(client, bob, "administrator").status_code == 403


# --- invitations ------------------------------------------------------------------------------


def test_without_mail_the_link_is_shown_once(as_alice):
    answer = as_alice.post(reverse("people"), {**INVITE, "email": "dora@example.org"})
    assert "/invitation/" in shown_link(answer)
    assert "/invitation/" not in as_alice.get(reverse("people")).content.decode()
    assert "dora@example.org" in as_alice.get(reverse("people")).content.decode()
    assert mail.outbox == []


def test_with_mail_it_is_mailed(as_alice, with_mail):
    answer = as_alice.post(reverse("people"), {**INVITE, "email": "dora@example.org"}, follow=True)
    assert "on its way to dora@example.org" in answer.content.decode()
    (letter,) = mail.outbox
    assert (letter.to, "/invitation/" in letter.body) == (["dora@example.org"], True)
    assert Invitation.objects.get().mailed


def test_where_the_mail_server_refuses_the_link_is_shown(as_alice, with_mail, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    answer = as_alice.post(reverse("people"), {**INVITE, "email": "dora@example.org"})
    assert "did not take the invitation" in answer.content.decode()
    assert as_alice.get(shown_link(answer)).status_code == 200
    assert not Invitation.objects.get().mailed


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("email", "bob@example.org", "an account with this address already"),
        ("email", "nobody", "valid email"),
        ("role", "king", "valid choice"),
        ("days", "0", "greater than or equal to 1"),
        ("days", "1000", "less than or equal to 90"),
        ("lab", "77", "valid choice"),
    ],
)
def test_a_mistake_is_told_and_invites_nobody(as_alice, bob, field, value, told):
    assert told in as_alice.post(reverse("people"), {**INVITE, field: value}).content.decode()
    assert not Invitation.objects.exists()


def test_a_withdrawn_link_is_void(as_alice, client):
    link = shown_link(as_alice.post(reverse("people"), INVITE))
    as_alice.post(reverse("invitation-withdraw", args=[Invitation.objects.get().pk]))
    assert as_alice.get(link).status_code == 410


def test_somebody_who_invites_the_world_is_slowed_down(as_alice, settings):
    settings.ACCOUNT_RATE_LIMITS = {"invite": "2/h/user"}
    for _ in range(3):
        answer = as_alice.post(reverse("people"), INVITE, follow=True)
    assert "many invitations" in answer.content.decode()
    assert Invitation.objects.count() == 2


# --- changes ----------------------------------------------------------------------------------


@pytest.fixture
def dora(db) -> User:
    """She asks to be let in."""
    return User.objects.create_user(
        "dora", "dora@example.org", "dora-password", is_active=False, waiting_since=timezone.now()
    )


def test_who_waits_is_let_in_and_told(as_alice, dora, with_mail):
    assert "dora" in as_alice.get(reverse("people")).content.decode()
    assert "was told by mail" in change(as_alice, dora, "approve").content.decode()
    dora.refresh_from_db()
    assert (dora.is_active, dora.waiting_since) == (True, None)
    assert mail.outbox[0].to == ["dora@example.org"]


def test_who_waits_can_be_refused(as_alice, dora):
    change(as_alice, dora, "refuse")
    assert not User.objects.filter(pk=dora.pk).exists()


@pytest.mark.parametrize("what", ["approve", "refuse"])
def test_who_is_in_is_neither_let_in_nor_refused(as_alice, bob, what):
    assert change(as_alice, bob, what).status_code == 404
    assert User.objects.filter(pk=bob.pk, is_active=True).exists()


def test_a_role_is_given(as_alice, bob):
    change(as_alice, bob, "editor")
    assert User.objects.get(pk=bob.pk).is_editor


@pytest.mark.parametrize("what", ["deactivate", "reader", "editor"])
def test_the_last_administrator_can_not_be_taken_away(as_alice, alice, what):
    assert "is the last administrator" in change(as_alice, alice, what).content.decode()
    alice.refresh_from_db()
    assert (alice.is_superuser, alice.is_active) == (True, True)


def test_one_who_is_switched_off_is_out_at_once_and_can_be_switched_on(as_alice, bob):
    from django.test import Client

    bobs = Client()
    bobs.force_login(bob)
    change(as_alice, bob, "deactivate")
    assert bobs.get(reverse("account")).status_code == 302
    change(as_alice, bob, "activate")
    bob.refresh_from_db()
    assert bob.is_active


def test_a_link_for_a_new_password_works_once(as_alice, bob):
    from django.test import Client

    link = shown_link(change(as_alice, bob, "password"))
    form = client_of(link)
    assert (
        form.post(form.address, {"password1": "new-horse-9", "password2": "new-horse-9"}).status_code == 302
    )
    assert Client().login(username="bob", password="new-horse-9")
    assert "password1" not in Client().get(link, follow=True).content.decode()


def client_of(link: str):
    """A visitor who has opened a link and stands at the form behind it."""
    from django.test import Client

    visitor = Client()
    answer = visitor.get(link, follow=True)
    visitor.address = answer.redirect_chain[-1][0]
    return visitor


def test_a_lab_is_nobody_to_change(as_alice, bob):
    reader = labs.found(bob, "Robots").reader
    assert change(as_alice, reader, "administrator").status_code == 404


@pytest.mark.parametrize("what", ["emperor", "delete", "__class__"])
def test_another_change_is_not_there(as_alice, bob, what):
    assert change(as_alice, bob, what).status_code == 404


def test_an_open_invitation_names_its_lab(as_alice, alice):
    lab = labs.found(alice, "Robots & <b>more</b>")
    inviting.invite(alice, timezone.now(), lab=lab)
    assert "Robots &amp; &lt;b&gt;more" in as_alice.get(reverse("people")).content.decode()
