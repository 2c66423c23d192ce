"""digest/sentry.py: errors go to a Sentry that is set, and nothing of people with them."""

import gzip
import json
import os
import subprocess
import sys

import pytest

from digest.paths import CHECKOUT
from digest.sentry import masked, scrubbed
from tests.listener import Listener

BROKEN = """
import django; django.setup()
import logging, sentry_sdk
from django.conf import settings
from django.test import Client
settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # there is no database
from digest.log import about
from digest.views import pages

def broken(request):
    password = "s3-cret-local"
    raise RuntimeError("bob@example.org could not be told at https://user:s3-cret@hooks.example.org/f/s3-cret/x")

from digest import urls
from django.urls import path
urls.urlpatterns.insert(0, path("broken", broken, name="broken"))
client = Client(raise_request_exception=False, headers={"host": "localhost"})
answer = client.post("/broken?token=s3-cret-query", {"body": "s3-cret-body"},
                     HTTP_AUTHORIZATION="Bearer s3-cret-header",
                     HTTP_COOKIE="sessionid=s3-cret-cookie", HTTP_X_REQUEST_ID="request-0001")
assert answer.status_code == 500
with about(run=7, verb="translate"):
    logging.getLogger("paperglot").error("nothing is translated for %s", "bob@example.org")
sentry_sdk.flush(10)
"""


def events(listener: Listener) -> list[dict]:
    """The events of the envelopes that were heard."""
    found = []
    for path, headers, body in listener.heard:
        assert path == "/api/1/envelope/"
        raw = gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
        lines = raw.split(b"\n")
        for about, payload in zip(lines[1::2], lines[2::2], strict=False):
            if json.loads(about)["type"] == "event":
                found.append(json.loads(payload))
    return found


@pytest.fixture(scope="module")
def heard(tmp_path_factory) -> list[dict]:
    with Listener() as listener:
        env = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "digest.settings",
            "PAPERGLOT_DATA": str(tmp_path_factory.mktemp("data")),
            "PAPERGLOT_SENTRY_DSN": f"http://key@127.0.0.1:{listener.port}/1",
            "NO_PROXY": "127.0.0.1",
        }
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", BROKEN],
            cwd=CHECKOUT,
            env=env,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return events(listener)


def test_an_error_of_a_page_and_an_error_of_the_log_are_heard(heard):
    assert len(heard) == 2
    assert "RuntimeError" in json.dumps(heard[0])
    assert "nothing is translated" in json.dumps(heard[1])


def test_nothing_of_people_goes_with_it(heard):
    told = json.dumps(heard)
    assert "s3-cret" not in told
    assert "bob@" not in told


def test_the_request_or_the_run_goes_with_it(heard):
    assert heard[0]["tags"]["request"] == "request-0001"
    assert heard[1]["tags"] == {"run": "7", "verb": "translate"}


def test_a_request_is_told_by_method_and_path_only():
    event = {
        "request": {"method": "POST", "url": "http://x/y?z=1", "data": {"a": "b"}, "headers": {"Cookie": "c"}}
    }
    assert scrubbed(event, {})["request"] == {"method": "POST", "url": "http://x/y"}


@pytest.mark.parametrize(
    "text",
    [
        "mail to ada.b+x@example.org",
        "redis://:s3cret-ada@host:6379/0",
        "GET /f/ada-secret/all.atom",
        "Authorization: Bearer ada-token",
        "password=ada-secret&x=1",
    ],
)
def test_what_is_secret_in_a_text_is_masked(text):
    assert "ada" not in masked(text)


@pytest.mark.parametrize("dsn", ["nonsense", "https://nowhere/1"])
def test_an_address_that_is_none_is_told_in_a_sentence(dsn, tmp_path):
    env = {"PATH": "", "PAPERGLOT_DATA": str(tmp_path), "PAPERGLOT_SENTRY_DSN": dsn}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=CHECKOUT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "PAPERGLOT_SENTRY_DSN: https://KEY@HOST/PROJECT, please." in done.stderr
