"""digest/entrance.py: who may sign up and log in, by each setting, with mail and without."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter as mfa_adapter
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from digest import inviting, labs
from digest.models import Invitation, Role, User

DORA = {"username": "dora", "email": "dora@example.org", "password1": "correct-horse-9"}
BOB = {"login": "bob", "password": "bob-password"}


@pytest.fixture
def with_mail(settings):
    """As PAPERGLOT_MAIL_URL sets it."""
    settings.EMAIL_HOST = "mail.example.org"
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_LOGIN_BY_CODE_ENABLED = settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    settings.ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]


@pytest.fixture
def refusing(settings, with_mail):
    """A mail server at which nobody listens."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9


def sign_up(client, **fields: str):
    return client.post(reverse("account_signup"), {**DORA, **fields})


def opened(client, alice, **fields) -> Invitation:
    """An invitation of alice's whose link was opened."""
    invitation, token = inviting.invite(alice, timezone.now(), **fields)
    assert client.get(reverse("invitation", args=[token])).status_code == 200
    return invitation


# --- sign-up ----------------------------------------------------------------------------------


@pytest.mark.parametrize("signup", ["closed", "invitation"])
def test_without_an_invitation_nobody_signs_up(client, db, settings, signup):
    settings.SIGNUP = signup
    assert "by invitation" in client.get(reverse("account_signup")).content.decode()
    sign_up(client)
    assert not User.objects.exists()


def test_where_it_is_open_anybody_does(client, db, settings):
    settings.SIGNUP = "open"
    assert sign_up(client).url == reverse("today")
    assert client.get(reverse("account")).status_code == 200


def test_by_approval_a_new_account_waits(client, db, settings):
    settings.SIGNUP = "approval"
    assert "has to let you in" in sign_up(client).content.decode()
    dora = User.objects.get()
    assert (dora.is_active, dora.waiting_since is None) == (False, False)
    assert client.get(reverse("today")).status_code == 302
    again = client.post(reverse("login"), {"login": "dora", "password": DORA["password1"]})
    assert "has to let you in" in again.content.decode()


def test_administrators_are_told_who_waits(client, alice, settings, with_mail):
    settings.SIGNUP = "approval"
    sign_up(client)
    (letter,) = mail.outbox
    assert letter.to == ["alice@example.org"]
    assert "dora@example.org" in letter.body
    assert "/people/" in letter.body


def test_by_an_invitation_one_signs_up_and_is_in(client, alice):
    invitation = opened(client, alice, role=Role.EDITOR)
    assert sign_up(client).url == reverse("today")
    dora = User.objects.get(username="dora")
    assert dora.is_editor
    invitation.refresh_from_db()
    assert invitation.used_by == dora


@pytest.mark.parametrize("what", ["used", "withdrawn", "expired"])
def test_a_link_that_went_bad_meanwhile_makes_nobody(client, alice, what):
    invitation, now = opened(client, alice), timezone.now()
    columns = {"used": "used_at", "withdrawn": "withdrawn_at", "expired": "expires_at"}
    Invitation.objects.filter(pk=invitation.pk).update(**{columns[what]: now})
    sign_up(client)
    assert not User.objects.filter(username="dora").exists()


def test_a_link_that_goes_bad_between_two_looks_makes_nobody(client, alice, monkeypatch):
    opened(client, alice)
    monkeypatch.setattr(inviting, "claim", lambda pk, now: None)
    answer = sign_up(client)
    assert (answer.status_code, User.objects.filter(username="dora").exists()) == (410, False)


def test_by_one_link_one_account_is_made(client, alice, django_user_model):
    opened(client, alice)
    sign_up(client)
    client.logout()
    sign_up(client, username="eve", email="eve@example.org")
    assert not User.objects.filter(username="eve").exists()


def test_a_mistake_in_the_form_uses_nothing_up(client, alice):
    opened(client, alice)
    assert "too short" in sign_up(client, password1="x").content.decode()
    assert sign_up(client).status_code == 302


@pytest.mark.parametrize("name", ["lab:robots", "a b", "<b>"])
def test_a_name_that_is_none_is_told(client, alice, name):
    opened(client, alice)
    assert 'class="error"' in sign_up(client, username=name).content.decode()


def test_an_invitation_that_was_mailed_proves_the_address(client, alice, with_mail):
    invitation = opened(client, alice, email="dora@example.org")
    Invitation.objects.filter(pk=invitation.pk).update(mailed=True)
    assert sign_up(client).url == reverse("today")
    assert EmailAddress.objects.get(email="dora@example.org").verified


def test_by_a_link_the_address_has_to_be_verified(client, alice, with_mail):
    opened(client, alice)
    assert sign_up(client).url == reverse("account_email_verification_sent")
    assert client.get(reverse("today")).status_code == 302
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+/)", mail.outbox[-1].body)
    client.post(link[1])
    assert client.get(reverse("account")).status_code == 200


def test_an_address_that_has_an_account_is_not_told_and_makes_none(client, alice, bob, with_mail):
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True, primary=True)
    opened(client, alice)
    answer = sign_up(client, email="bob@example.org")
    assert answer.url == reverse("account_email_verification_sent")
    assert not User.objects.filter(username="dora").exists()


def test_a_mail_server_that_refuses_is_told_and_the_account_stands(client, alice, refusing):
    opened(client, alice)
    text = client.post(reverse("account_signup"), DORA, follow=True).content.decode()
    assert "The mail could not be sent" in text
    assert User.objects.filter(username="dora").exists()


def test_sign_up_is_limited(client, db, settings):
    settings.SIGNUP, settings.ACCOUNT_RATE_LIMITS = "open", {"signup": "1/m/ip"}
    sign_up(client, password1="x")
    answer = sign_up(client)
    assert (answer.status_code, "Please wait" in answer.content.decode()) == (429, True)


# --- log in -----------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["bob", "bob@example.org"])
def test_one_logs_in_by_name_or_address(client, bob, login):
    assert client.post(reverse("login"), {**BOB, "login": login}).url == reverse("today")


def test_after_many_wrong_passwords_the_right_one_waits_too(client, bob):
    for _ in range(6):
        client.post(reverse("login"), {**BOB, "password": "wrong"})
    answer = client.post(reverse("login"), BOB)
    assert "Too many failed login attempts" in answer.content.decode()


def test_one_who_is_switched_off_is_told_so(client, bob):
    User.objects.update(is_active=False)
    answer = client.post(reverse("login"), BOB, follow=True)
    assert "has switched it off" in answer.content.decode()


def test_a_lab_does_not_log_in_whatever_its_password(client, bob):
    reader = labs.found(bob, "Robots").reader
    reader.set_password("bob-password")
    reader.save()
    client.post(reverse("login"), {"login": reader.username, "password": "bob-password"})
    assert client.get(reverse("today")).status_code == 302


def test_an_administrator_gets_in_where_the_mail_server_fails(client, alice, refusing):
    answer = client.post(reverse("login"), {"login": "alice", "password": "alice-password"})
    assert answer.url == reverse("today")


def test_whose_account_has_no_address_gets_in_after_mail_was_set_up(client, bob, with_mail):
    User.objects.update(email="")
    assert client.post(reverse("login"), BOB).url == reverse("today")


def test_a_code_by_mail_logs_in(client, bob, with_mail):
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True, primary=True)
    client.post(reverse("account_request_login_code"), {"email": bob.email})
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[-1].body, re.MULTILINE)[1]
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert client.get(reverse("account")).status_code == 200


@pytest.mark.parametrize("name", ["account_email", "account_reset_password", "account_request_login_code"])
def test_without_mail_its_pages_say_whom_to_ask(client, bob, name):
    assert "an administrator can make a link" in client.get(reverse(name)).content.decode()
    assert client.post(reverse(name), {"email": bob.email}).status_code == 200
    assert mail.outbox == []


def test_the_admin_has_the_same_door(client, alice):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("login"))
    form = {"username": "alice", "password": "alice-password"}
    assert client.post("/admin/login/", form).url.startswith(reverse("login"))
    assert client.get("/admin/").status_code == 302


# --- a second factor --------------------------------------------------------------------------


def test_an_authenticator_app_is_asked_for_after_the_password(client, alice):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(alice, generate_totp_secret())
    answer = client.post(reverse("login"), {"login": "alice", "password": "alice-password"})
    assert answer.url == reverse("mfa_authenticate")
    assert client.get("/admin/").status_code == 302


def test_secrets_of_the_second_factor_are_encrypted(alice):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = generate_totp_secret()
    authenticator = TOTP.activate(alice, secret).instance
    assert secret not in str(authenticator.data)
    assert mfa_adapter().decrypt(authenticator.data["secret"]) == secret


def test_a_secret_survives_a_new_key(alice, settings):
    sealed = mfa_adapter().encrypt("JBSWY3DP")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert mfa_adapter().decrypt(sealed) == "JBSWY3DP"


def test_administrators_with_a_password_alone_are_nudged(client, alice, bob):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    client.force_login(alice)
    assert "opens by a password alone" in client.get(reverse("account")).content.decode()
    TOTP.activate(alice, generate_totp_secret())
    assert "opens by a password alone" not in client.get(reverse("account")).content.decode()
    client.force_login(bob)
    assert "opens by a password alone" not in client.get(reverse("account")).content.decode()
