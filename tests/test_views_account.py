"""digest/views/account.py: language, zone, hour, and private feed addresses."""

import pytest
from django.urls import reverse

from digest.models import User

PROFILE = {
    "content_language": "ja",
    "interface_language": "zh-hans",
    "time_zone": "Asia/Shanghai",
    "delivery_hour": "7",
    "display": "translation-first",
    "formulas": "mathml",
    "email": "bob@example.org",
}


def test_a_reader_changes_their_profile(as_bob, bob):
    assert as_bob.post(reverse("account"), PROFILE).status_code == 302
    bob.refresh_from_db()
    assert (bob.content_language, bob.time_zone, bob.delivery_hour) == ("ja", "Asia/Shanghai", 7)
    assert (bob.display, bob.formulas) == ("translation-first", "mathml")


def test_the_delivery_hour_can_be_given_up(as_bob, bob):
    as_bob.post(reverse("account"), PROFILE)
    as_bob.post(reverse("account"), {**PROFILE, "delivery_hour": ""})
    bob.refresh_from_db()
    assert bob.delivery_hour is None


def test_midnight_is_an_hour(as_bob, bob):
    as_bob.post(reverse("account"), {**PROFILE, "delivery_hour": "0"})
    bob.refresh_from_db()
    assert bob.delivery_hour == 0
    assert '<option value="0" selected>' in as_bob.get(reverse("account")).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("content_language", "tlh"),
        ("interface_language", "tlh"),
        ("time_zone", "Mars/Olympus"),
        ("delivery_hour", "24"),
        ("delivery_hour", "x"),
        ("email", "nobody"),
    ],
)
def test_a_value_that_is_none_is_told_and_not_kept(as_bob, bob, field, value):
    answer = as_bob.post(reverse("account"), {**PROFILE, field: value})
    assert (answer.status_code, 'class="error"' in answer.content.decode()) == (200, True)
    bob.refresh_from_db()
    assert (bob.content_language, bob.time_zone) == ("zh-Hans", "UTC")


@pytest.mark.parametrize("field", ["is_superuser", "is_staff", "username", "password"])
def test_nobody_makes_themselves_more_than_they_are(as_bob, bob, field):
    before = User.objects.values().get()[field]
    as_bob.post(reverse("account"), {**PROFILE, field: "1"})
    assert User.objects.values().get()[field] == before


def test_the_interface_language_is_the_readers(as_bob):
    text = as_bob.post(reverse("account"), PROFILE, follow=True).content.decode()
    assert '<html lang="zh-hans">' in text
    assert "已保存。" in text


# --- log in and out ---------------------------------------------------------------------------


def test_a_reader_logs_in_and_out(client, bob):
    form = {"login": "bob", "password": "bob-password"}
    assert client.post(reverse("login"), form).url == reverse("today")
    assert client.get(reverse("account")).status_code == 200
    assert client.post(reverse("logout")).status_code == 302
    assert client.get(reverse("account")).status_code == 302


def test_after_the_log_in_one_is_where_one_wanted_to_be(client, bob):
    where = client.get(reverse("keywords")).url
    answer = client.post(
        where, {"login": "bob", "password": "bob-password", "next": "/keywords/"}, follow=False
    )
    assert answer.url == "/keywords/"


@pytest.mark.parametrize("where", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_the_log_in_sends_nobody_elsewhere(client, bob, where):
    answer = client.post(reverse("login"), {"login": "bob", "password": "bob-password", "next": where})
    assert answer.url == reverse("today")


def test_a_wrong_password_is_told(client, bob):
    answer = client.post(reverse("login"), {"login": "bob", "password": "wrong"})
    assert "username and/or password you specified are not correct" in answer.content.decode()
