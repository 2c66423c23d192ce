"""digest/sessions.py: when a session was last used, and on what."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession

from digest.sessions import device

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "told"),
    [
        (CHROME, ("Chrome", "Windows")),
        (f"{CHROME} Edg/140.0", ("Edge", "Windows")),
        (SAFARI, ("Safari", "iPhone")),
        (ANDROID, ("Chrome", "Android")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", ("Firefox", "Linux")),
        ("curl/8.5.0", ("curl", "")),
        ("", ("", "")),
    ],
)
def test_a_device_is_called_as_people_call_it(user_agent, told):
    assert device(user_agent) == told


def test_the_last_use_is_noted_seldom(client, bob, now):
    with time_machine.travel(now, tick=False) as clock:
        client.force_login(bob)
        row = UserSession.objects.create(
            user=bob,
            ip="192.0.2.7",
            session_key=client.session.session_key,
            last_seen_at=now - timedelta(days=1),
        )
        for minutes, noted in ((0, 0), (14, 0), (2, 16), (1, 16)):
            clock.shift(timedelta(minutes=minutes))
            client.get("/account/")
            row.refresh_from_db()
            assert row.last_seen_at == now + timedelta(minutes=noted)
