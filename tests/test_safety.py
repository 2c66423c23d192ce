"""digest.settings and digest.middleware about safety: headers on every page, cookies, the admin's door, second factors,
and that every page answers HEAD and OPTIONS."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from digest.models import User
from tests.house import CHECKOUT
from tests.test_access import DOORS, furnish
from tests.test_settings import manage

POLICY = {
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def test_every_page_has_the_headers(as_alice, bobs_digest, bob):
    furnish(bob, "bobs")
    pages = [reverse(name, args=arguments(bob)) for name, arguments in DOORS.items() if name != "logout"]
    pages += [
        reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in admin.site._registry
    ]
    for page in [*pages, reverse("admin:index"), reverse("admin:sources"), reverse("mfa_index"), "/nothing/"]:
        answer = as_alice.get(page)
        policy = answer["Content-Security-Policy"]
        assert {part.strip() for part in policy.split(";")} >= POLICY, page
        assert "unsafe" not in policy, page
        assert answer["X-Content-Type-Options"] == "nosniff", page
        assert answer["X-Frame-Options"] == "DENY", page
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", page
        assert answer["Referrer-Policy"] in ("same-origin", "no-referrer"), page


def test_a_head_is_a_get_without_a_body_and_options_change_nothing(as_alice, bobs_digest, bob):
    furnish(bob, "bobs")
    for name, arguments in DOORS.items():
        if name in ("logout", "data-export"):
            continue
        page = reverse(name, args=arguments(bob))
        got, head = as_alice.get(page), as_alice.head(page)
        assert (head.status_code, head.content) == (got.status_code, b""), name
        assert as_alice.options(page).status_code < 500, name


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(client, bob):
    client.get(reverse("login"))
    client.post(reverse("login"), {"login": "bob", "password": "bob-password"})
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), name


def show(expression: str, tmp_path, **env: str) -> str:
    code = f"from django.conf import settings as s; print({expression})"
    return manage("shell", "-v0", "-c", code, data=tmp_path, **env).stdout.strip()


def test_with_https_cookies_and_pages_are_for_https_only(tmp_path):
    told = show(
        "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0",
        tmp_path,
        PAPERGLOT_PUBLIC_URL="https://papers.example.org",
    )
    assert told == "True True True"


def test_keys_of_before_still_open_what_they_signed(tmp_path, settings):
    assert (
        show("s.SECRET_KEY_FALLBACKS", tmp_path, PAPERGLOT_SECRET_KEY_FALLBACKS="old-1, old-2")
        == "['old-1', 'old-2']"
    )


def test_a_session_lives_on_when_the_key_is_changed_if_the_old_one_is_named(client, bob, settings):
    other = Client()
    for one in (client, other):
        one.force_login(bob)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key" * 10
    assert client.get(reverse("account")).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert other.get(reverse("account")).status_code == 302


def test_the_admin_is_where_the_setting_says(tmp_path):
    code = "from django.urls import reverse; print(reverse('admin:index'))"
    told = manage(
        "shell", "-v0", "-c", code, data=tmp_path, PAPERGLOT_ADMIN_PATH="/back-office/"
    ).stdout.strip()
    assert told == "/back-office/"


@pytest.mark.parametrize("wrong", ["a b", "../x", "a//b", "é"])
def test_a_path_that_is_none_is_refused(tmp_path, wrong):
    done = manage("check", data=tmp_path, PAPERGLOT_ADMIN_PATH=wrong)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "PAPERGLOT_ADMIN_PATH" in done.stderr


# --- the second factor of staff ---------------------------------------------------------------

GUARDED = ["admin:index", "admin:digest_user_changelist", "people", "start", "board"]


@pytest.mark.parametrize("name", GUARDED)
def test_where_it_is_asked_for_nobody_administrates_by_a_password_alone(as_alice, alice, settings, name):
    settings.STAFF_SECOND_FACTOR = True
    answer = as_alice.get(reverse(name))
    assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))
    Authenticator.objects.create(user=alice, type="recovery_codes", data={})
    assert as_alice.get(reverse(name)).status_code == 302
    Authenticator.objects.create(user=alice, type="totp", data={"secret": "x"})
    assert as_alice.get(reverse(name)).status_code == 200


def test_a_post_without_it_changes_nothing(as_alice, bob, settings):
    settings.STAFF_SECOND_FACTOR = True
    as_alice.post(reverse("people-change", args=[bob.pk, "administrator"]))
    bob.refresh_from_db()
    assert not bob.is_superuser


@pytest.mark.parametrize("name", ["today", "keywords", "account", "mfa_index", "logout"])
def test_reading_needs_none(as_alice, settings, name):
    settings.STAFF_SECOND_FACTOR = True
    answer = as_alice.get(reverse(name))
    assert answer.status_code in (200, 302)
    assert answer.get("Location", "") != reverse("mfa_index")


def test_nobody_is_led_to_the_log_in(client, db, settings):
    settings.STAFF_SECOND_FACTOR = True
    assert client.get(reverse("people")).url.startswith(reverse("login"))


def test_log_in_is_limited_for_the_admin_too(client, alice, settings):
    """Its door is the same: the stock one knows no limits."""
    for _ in range(12):
        client.post(reverse("login"), {"login": "alice", "password": "wrong"})
    answer = client.post(
        reverse("admin:login"), {"login": "alice", "password": "alice-password"}, follow=True
    )
    assert not answer.wsgi_request.user.is_authenticated


def test_no_template_has_a_script_or_a_style_in_it():
    """But mails, and the digest that is one file."""
    pages = [path for path in (CHECKOUT / "templates").rglob("*.html") if "mail" not in path.parts]
    inline = re.compile(r"<script>|<style|\sstyle=|\son\w+=|hx-on")
    assert [path.name for path in pages if inline.search(path.read_text())] == ["standalone.html"]
