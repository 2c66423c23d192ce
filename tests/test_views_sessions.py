"""digest/views/sessions.py: a reader sees where they are logged in, and ends each session by itself."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def browser(user, agent: str = FIREFOX) -> Client:
    """A browser in which this person has logged in by the page."""
    client = Client(headers={"User-Agent": agent})
    client.post(reverse("login"), {"login": user.username, "password": f"{user.username}-password"})
    return client


def row_of(client: Client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


def end(client: Client, row: UserSession) -> int:
    return client.post(reverse("session-end", args=[row.pk])).status_code


@pytest.fixture
def here(bob) -> Client:
    return browser(bob)


@pytest.fixture
def there(bob) -> Client:
    return browser(bob, "curl/8 <script>")


def logged_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def test_each_session_is_shown_with_device_and_address(here, there):
    text = here.get(reverse("usersessions_list")).content.decode()
    assert "Firefox on Linux" in text
    assert "from 127.0.0.1" in text
    assert text.count("/end/") == 2
    assert "<script>" not in text.replace("<script src", "")


def test_one_is_ended_and_the_others_stay(here, there, bob):
    third = browser(bob)
    assert end(here, row_of(there)) == 302
    assert [logged_in(client) for client in (here, there, third)] == [True, False, True]


def test_ending_this_one_is_logging_out(here, there):
    assert end(here, row_of(here)) == 302
    assert [logged_in(client) for client in (here, there)] == [False, True]


def test_an_ended_one_is_not_there_a_second_time(here, there):
    row = row_of(there)
    assert [end(here, row) for _ in range(2)] == [302, 404]


def test_another_readers_session_is_not_there(here, charlie):
    theirs = browser(charlie)
    assert end(here, row_of(theirs)) == 404
    assert logged_in(theirs)


def test_a_look_ends_nothing(here, there):
    assert here.get(reverse("session-end", args=[row_of(there).pk])).status_code == 405
    assert logged_in(there)
