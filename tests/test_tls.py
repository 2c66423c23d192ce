"""Broker and database by TLS, with passwords, as settings say; a message that is no JSON is refused."""

import os
import pickle
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from django.core.exceptions import ImproperlyConfigured
from kombu import Connection, Queue
from kombu.exceptions import ContentDisallowed, OperationalError

from digest import environment
from tests.house import CHECKOUT, free_port, wait_until
from worker.celery import app

needs_redis = pytest.mark.skipif(
    not shutil.which("redis-server"), reason="Debian's redis-server is not installed"
)


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    subprocess.run([CHECKOUT / "docker" / "make-secrets", "--folder", folder, "127.0.0.1"], check=True)
    return folder


@pytest.fixture
def other_authority(tmp_path: Path) -> Path:
    subprocess.run([CHECKOUT / "docker" / "make-secrets", "--folder", tmp_path], check=True)
    return tmp_path / "ca_crt"


@pytest.fixture(scope="module")
def redis(secrets: Path) -> Iterator[str]:
    """Debian's Redis with TLS alone and a password; its address."""
    port = free_port()
    command = [
        *(
            "redis-server",
            secrets / "redis_conf",
            "--port",
            "0",
            "--tls-port",
            str(port),
            "--bind",
            "127.0.0.1",
            "127.0.0.2",
        ),
        *("--tls-cert-file", secrets / "server_crt", "--tls-key-file", secrets / "server_key"),
        *(
            "--tls-ca-cert-file",
            secrets / "ca_crt",
            "--tls-auth-clients",
            "no",
            "--save",
            "",
            "--dir",
            secrets,
        ),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_until(listens, 20)
    yield f"rediss://:{(secrets / 'redis_password').read_text().strip()}@127.0.0.1:{port}/0"
    process.terminate()
    process.wait(10)


def asked(url: str, authority: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """How a broker is reached by these settings: `ok`, or why it is not."""
    monkeypatch.setenv("PAPERGLOT_BROKER_CA", str(authority))
    asking = Celery("test", broker=url, broker_use_ssl=environment.broker_tls("PAPERGLOT_BROKER", url))
    try:
        with asking.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=5)
            connection.default_channel.client.ping()
    except (OperationalError, *connection.connection_errors) as error:
        return str(error)
    return "ok"


@pytest.mark.redis
@needs_redis
def test_a_broker_with_tls_and_password_is_reached(redis, secrets, monkeypatch):
    assert asked(redis, secrets / "ca_crt", monkeypatch) == "ok"


@pytest.mark.redis
@needs_redis
def test_a_broker_of_another_authority_is_not_spoken_to(redis, other_authority, monkeypatch):
    assert "certificate verify failed" in asked(redis, other_authority, monkeypatch)


@pytest.mark.redis
@needs_redis
def test_a_broker_of_another_name_is_not_spoken_to(redis, secrets, monkeypatch):
    elsewhere = redis.replace("127.0.0.1", "127.0.0.2")
    assert "mismatch" in asked(elsewhere, secrets / "ca_crt", monkeypatch)


def test_tls_of_the_broker_checks_certificate_and_name(secrets, monkeypatch):
    monkeypatch.setenv("PAPERGLOT_BROKER_CA", str(secrets / "ca_crt"))
    told = environment.broker_tls("PAPERGLOT_BROKER", "rediss://host")
    assert told is not None
    assert (told["ssl_cert_reqs"].name, told["ssl_check_hostname"]) == ("CERT_REQUIRED", True)
    assert told["ssl_ca_certs"] == str(secrets / "ca_crt")


def test_an_authority_of_the_database_means_that_nothing_else_is_spoken_to(secrets, monkeypatch):
    monkeypatch.setenv("PAPERGLOT_DATABASE_CA", str(secrets / "ca_crt"))
    told = environment.database_tls("PAPERGLOT_DATABASE")
    assert told == {"sslmode": "verify-full", "sslrootcert": str(secrets / "ca_crt")}


@pytest.mark.parametrize(
    ("env", "url", "says"),
    [
        ({"CA": "/absent"}, "rediss://h", "PAPERGLOT_BROKER_CA='/absent': a file that this user can read"),
        ({"CERT": "/etc/hostname"}, "rediss://h", "belong together"),
        ({"CA": "/etc/hostname"}, "redis://h", "are for rediss://"),
    ],
)
def test_what_can_not_be_meant_is_told(env, url, says, monkeypatch):
    for kind, value in env.items():
        monkeypatch.setenv(f"PAPERGLOT_BROKER_{kind}", value)
    with pytest.raises(ImproperlyConfigured, match=says):
        environment.broker_tls("PAPERGLOT_BROKER", url)


# --- JSON, and nothing else ---------------------------------------------------------------------


class Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (os.environ["PAPERGLOT_TEST_BOMB"],)


def test_a_pickle_is_refused_and_never_opened(tmp_path, monkeypatch):
    monkeypatch.setenv("PAPERGLOT_TEST_BOMB", str(tmp_path / "opened"))
    heard = []
    with Connection("memory://") as connection:
        connection.SimpleQueue("translate").put(
            pickle.dumps(Bomb()), content_type="application/x-python-serialize", content_encoding="binary"
        )
        consumer = connection.Consumer(
            [Queue("translate", exchange="translate", routing_key="translate")],
            accept=app.conf.accept_content,
            on_message=lambda message: heard.append(message.decode()),
        )
        with consumer, pytest.raises(ContentDisallowed):
            connection.drain_events(timeout=2)
    assert heard == []
    assert not (tmp_path / "opened").exists()
