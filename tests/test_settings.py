"""digest/settings.py: a bad value stops the command with one sentence, and the defaults work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import CHECKOUT


def manage(*arguments: str, data: Path, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PAPERGLOT_")}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        env={**clean, "DJANGO_SETTINGS_MODULE": "digest.settings", "PAPERGLOT_DATA": str(data), **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "http", "PAPERGLOT_PORT='http': a number from 1 to 65535, please."),
        ("TIME_ZONE", "Mars/Olympus", "PAPERGLOT_TIME_ZONE='Mars/Olympus': a time zone such as"),
        ("DATABASE_URL", "nonsense", "PAPERGLOT_DATABASE_URL: sqlite:///FILE or postgres://"),
        ("BROKER_URL", "nonsense", "PAPERGLOT_BROKER_URL='nonsense': redis://HOST:6379/0, please."),
        ("ARXIV_INTERVAL", "1", "PAPERGLOT_ARXIV_INTERVAL: arXiv asks for 3 seconds or more."),
        ("SIGNUP", "maybe", "PAPERGLOT_SIGNUP='maybe': one of closed, invitation, approval, open, please."),
        ("SOCIAL", "{", "PAPERGLOT_SOCIAL: this is no JSON"),
        ("SECRET_KEY_FILE", "/absent", "PAPERGLOT_SECRET_KEY_FILE='/absent' can't be read."),
        ("DATA", "/proc/none", "Can't make the data folder /proc/none"),
    ],
)
def test_a_bad_value_is_one_sentence(tmp_path, name, value, told):
    done = manage("check", data=tmp_path, **{f"PAPERGLOT_{name}": value})
    assert done.returncode == 1
    assert done.stderr.startswith("paperglot: ")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_defaults_are_right(tmp_path):
    done = manage("check", data=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_installation_behind_a_proxy_is_right_to_deploy(tmp_path):
    done = manage(
        "check",
        "--deploy",
        "--fail-level=WARNING",
        data=tmp_path,
        PAPERGLOT_PUBLIC_URL="https://papers.example.org",
        PAPERGLOT_BEHIND_PROXY="yes",
        PAPERGLOT_CONTACT="ops@example.org",
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_secret_key_is_made_once_and_is_private(tmp_path):
    manage("check", data=tmp_path / "new")
    key = tmp_path / "new" / "secret.key"
    before = key.read_text()
    manage("check", data=tmp_path / "new")
    assert (key.read_text(), len(before) > 50, key.stat().st_mode & 0o777) == (before, True, 0o600)


def test_the_public_url_is_an_allowed_host(tmp_path):
    show = "from django.conf import settings as s; print(s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS, s.SECURE)"
    done = manage("shell", "-v0", "-c", show, data=tmp_path, PAPERGLOT_PUBLIC_URL="http://[::1]:8000/")
    assert "'[::1]'] ['http://[::1]:8000'] False" in done.stdout
