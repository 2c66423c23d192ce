"""digest/sessions.py and its view: where an account is logged in, and how one of these is ended."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from digest.sessions import device

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (FIREFOX, ("Firefox", "Linux")),
        (EDGE, ("Edge", "Windows")),
        ("newsboat/2.21", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_device_is_named_as_people_call_it(agent, told):
    assert device(agent) == told


def logged_in(user) -> tuple[Client, UserSession]:
    client = Client(headers={"User-Agent": FIREFOX})
    client.force_login(user)
    client.get("/account/")
    row, _ = UserSession.objects.get_or_create(
        session_key=client.session.session_key,
        defaults={"user": user, "ip": "192.0.2.1", "user_agent": FIREFOX},
    )
    return client, row


def test_one_session_is_ended_and_the_others_go_on(bob):
    (here, _), (there, other) = logged_in(bob), logged_in(bob)
    here.post(reverse("session-end", args=[other.pk]))
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_another_readers_session_is_not_there(bob, charlie):
    (there, row), (his, _) = logged_in(bob), logged_in(charlie)
    assert his.post(reverse("session-end", args=[row.pk])).status_code == 404
    assert there.get("/account/").status_code == 200


def test_the_list_shows_them_and_which_is_this_one(bob):
    here, row = logged_in(bob)
    UserSession.objects.filter(pk=row.pk).update(last_seen_at=row.created_at + timedelta(hours=1))
    told = here.get(reverse("usersessions_list")).content.decode()
    assert "Firefox" in told
