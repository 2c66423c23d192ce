"""worker/deliver.py where workers die, and where two of them come at once: processes of their own, real sockets."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from digest.models import Channel, Delivery, Digest, User
from tests.house import CHECKOUT
from tests.smtp import SmtpServer
from worker.deliver import deliver_next, make_due

WORKER = """
import os, signal, sys
import django
from django.conf import settings
django.setup()
from django.db import connection
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[2])
settings.INSIDE_HOSTS = frozenset({"127.0.0.1"})
from worker import deliver
end = deliver._end
if sys.argv[3] == "die":
    deliver._end = lambda *a, **how: os.kill(os.getpid(), signal.SIGKILL)  # sent, and not recorded
while deliver.deliver_next():
    pass
"""


@pytest.fixture
def server(smtp):
    return smtp


@pytest.fixture
def listener(inside):
    return inside


@pytest.fixture
def due(transactional_db):
    """Rows for digests of a reader with one channel, committed, so that others see them."""

    def due(kind: str, address: str, digests: int = 1) -> None:
        now = timezone.now()
        bob = User.objects.create_user("bob", "bob@example.org", "bob-password")
        Channel.objects.create(user=bob, kind=kind, address=address, confirmed_at=now, since=now - timedelta(1),
                               send_empty=True)  # fmt: skip
        for number in range(digests):
            day = now.date() - timedelta(days=number)
            Digest.objects.create(user=bob, day=day, language="ja", published_at=now, changed_at=now)
        make_due(now)

    return due


def worker(server: SmtpServer, how: str) -> "subprocess.Popen[bytes]":
    name = connection.settings_dict["NAME"]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(CHECKOUT)}
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(name), str(server.port), how], cwd=CHECKOUT, env=env
    )


def lease_runs_out() -> None:
    Delivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


def test_a_kill_between_sending_and_recording_sends_again_under_the_same_message_id(due, server):
    due("mail", "bob@example.org")
    assert worker(server, "die").wait(60) == -signal.SIGKILL
    row = Delivery.objects.get()
    assert (row.state, row.again, len(server.kept)) == ("waiting", 0, 1)
    assert row.begun_at is not None
    lease_runs_out()
    assert worker(server, "live").wait(60) == 0
    first, second = server.kept
    assert first["Message-ID"] == second["Message-ID"] == f"<{row.key}>"
    row.refresh_from_db()
    assert (row.state, row.again, row.begun_at) == ("sent", 1, None)


def test_a_kill_between_sending_and_recording_posts_again_under_the_same_key(due, server, listener):
    due("webhook", f"{listener.url}/x")
    assert worker(server, "die").wait(60) == -signal.SIGKILL
    lease_runs_out()
    assert worker(server, "live").wait(60) == 0
    row = Delivery.objects.get()
    assert [headers["Idempotency-Key"] for _path, headers, _body in listener.heard] == [row.key] * 2
    assert (row.state, row.again) == ("sent", 1)


def test_while_its_lease_holds_nobody_else_sends_it(due, server):
    due("mail", "bob@example.org")
    assert worker(server, "die").wait(60) == -signal.SIGKILL
    assert deliver_next() is False
    assert len(server.kept) == 1


def test_two_workers_at_once_send_each_once(due, server):
    due("mail", "bob@example.org", digests=6)
    workers = [worker(server, "live") for _ in range(2)]
    assert [one.wait(90) for one in workers] == [0, 0]
    while deliver_next():
        pass
    assert len({kept["Message-ID"] for kept in server.kept}) == len(server.kept) == 6
    assert set(Delivery.objects.values_list("state", "attempts", "again")) == {("sent", 1, 0)}


def test_four_threads_at_once_send_each_once(due, server, monkeypatch):
    monkeypatch.setattr("worker.deliver._AT_ONCE", 4)
    due("mail", "bob@example.org", digests=6)

    def work() -> None:
        while deliver_next():
            pass
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len({kept["Message-ID"] for kept in server.kept}) == len(server.kept) == 6


def test_rows_are_made_once_whoever_makes_them(due):
    due("mail", "bob@example.org")
    assert make_due(timezone.now()) == 0
    assert Delivery.objects.count() == 1
