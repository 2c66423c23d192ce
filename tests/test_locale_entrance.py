"""The pages of accounts in Simplified Chinese: what django-allauth says there too, to the last word."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from tests.test_access_entrance import DOORS, address
from tests.test_entrance import BOB, DORA, with_mail  # noqa: F401 (a fixture)
from tests.test_locale import Page

WORDS = re.compile(r"[A-Za-z][A-Za-z'’-]+")
NAMES = set("bob dora Paperglot arXiv English API IP PIN Linux RSS JavaScript Uni testserver".split())
"""What is called so in Chinese too."""
ADDRESS = re.compile(r"https?://\S+|[\w.-]+@[\w.-]+|\b[A-Z0-9]{4,}(?:-[A-Z0-9]+)?\b")
"""Addresses, and codes to type."""


def english(text: str) -> set[str]:
    """The English words that a page has."""
    return {word for told in Page(text).told for word in words(told)}


def words(text: str) -> set[str]:
    return set(WORDS.findall(ADDRESS.sub(" ", text))) - NAMES


@pytest.fixture
def chinese(client, bob, with_mail, settings):  # noqa: F811
    """Bob reads Chinese; whoever comes without an account has a Chinese browser."""
    bob.interface_language = "zh-hans"
    bob.save()
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True, primary=True)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    return client


def key(bob, name: str, passwordless: bool | None, used: bool) -> Authenticator:
    credential = {"clientExtensionResults": {"credProps": {"rk": passwordless}}}
    return Authenticator.objects.create(
        user=bob,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": name, "credential": credential},
        last_used_at=timezone.now() if used else None,
    )


def with_a_second_factor(bob) -> list[Authenticator]:
    """Bob has an app, codes and three keys."""
    TOTP.activate(bob, generate_totp_secret())
    RecoveryCodes.activate(bob)
    keys = [("1", True, True), ("2", False, False), ("3", None, True)]
    return [key(bob, *each) for each in keys]


def read(client, name: str, arguments: list[str] | None = None, **values) -> set[str]:
    """What is English on the page of a door, wherever that leads."""
    path = reverse(name, kwargs=values) if arguments is None else address(name, arguments)
    answer = client.get(path, follow=True)
    return english(answer.content.decode()) if answer["Content-Type"].startswith("text/html") else set()


def log_in(client) -> None:
    """By the form, and once more where a page asks for it."""
    client.post(reverse("login"), BOB)
    client.post(reverse("account_reauthenticate"), {"password": BOB["password"]})


def test_every_door_is_chinese_to_the_last_word(chinese, bob):
    assert {name: told for name, arguments in DOORS if (told := read(chinese, name, arguments))} == {}
    log_in(chinese)
    assert {name: told for name, arguments in DOORS if (told := read(chinese, name, arguments))} == {}


def test_so_are_the_pages_of_who_has_a_second_factor(chinese, bob):
    log_in(chinese)
    keys = with_a_second_factor(bob)
    doors = ["index", "list_webauthn", "view_recovery_codes", "generate_recovery_codes",
             "deactivate_totp", "reauthenticate"]  # fmt: skip
    pages = [(f"mfa_{door}", {}) for door in doors]
    pages += [(f"mfa_{door}_webauthn", {"pk": key.pk}) for door in ("edit", "remove") for key in keys]
    assert {name: told for name, values in pages if (told := read(chinese, name, **values))} == {}
    Authenticator.objects.filter(
        pk__in=[key.pk for key in keys]
    ).delete()  # no real ones: nobody can sign by them
    chinese.logout()
    chinese.post(reverse("login"), BOB)
    assert read(chinese, "mfa_authenticate") == set()


def test_so_are_the_answers_to_mistakes(chinese, bob):
    told = {}
    for name, typed in {
        "login": {"login": "bob", "password": "wrong"},
        "account_request_login_code": {"email": "nobody"},
        "account_reset_password": {"email": "nobody"},
        "account_signup": {"username": "a b", "email": "nobody", "password1": "x"},
    }.items():
        told[name] = english(chinese.post(reverse(name), typed, follow=True).content.decode())
    log_in(chinese)
    for name, typed in {
        "account_email": {"action_add": "", "email": "bob@example.org"},
        "account_change_password": {"oldpassword": "x", "password1": "12345", "password2": "x"},
        "mfa_activate_totp": {"code": "000000"},
    }.items():
        told[name] = english(chinese.post(reverse(name), typed, follow=True).content.decode())
    told["remove"] = english(
        chinese.post(
            reverse("account_email"), {"action_remove": "", "email": bob.email}, follow=True
        ).content.decode()
    )
    assert {name: words for name, words in told.items() if words} == {}


def test_so_are_the_letters(chinese, bob, settings):
    settings.SIGNUP = "open"
    chinese.post(reverse("account_request_login_code"), {"email": bob.email})
    chinese.post(reverse("account_reset_password"), {"email": bob.email})
    chinese.post(reverse("account_signup"), DORA)
    log_in(chinese)
    chinese.post(reverse("account_email"), {"action_add": "", "email": "second@example.org"})
    assert len(mail.outbox) == 4
    for letter in mail.outbox:
        assert words(f"{letter.subject}\n{letter.body}") == set(), letter.subject


def test_so_are_the_pages_of_an_account_elsewhere(chinese, db):
    """Rendered by themselves: without a provider, none of them has an address."""
    told = {}
    with translation.override("zh-hans"):
        for page in ("authentication_error", "login_cancelled", "login"):
            told[page] = english(
                render_to_string(f"socialaccount/{page}.html", {"provider": {"name": "Uni"}})
            )
    assert {page: words for page, words in told.items() if words} == {}
