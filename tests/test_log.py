"""digest/log.py, digest/gunicorn_log.py: how a line of the log reads, for people and for machines."""

import json
import logging
import re
import sys
import threading

import pytest
from gunicorn.config import Config

from digest.gunicorn_log import Logger
from digest.log import Json, Plain, about, current


def line(level: int) -> str:
    return Plain().format(logging.LogRecord("paperglot", level, "x.py", 1, "fetched %s", ("cs.LG",), None))


def test_a_line_is_the_time_and_a_sentence():
    assert re.fullmatch(r"\d\d:\d\d:\d\d fetched cs\.LG", line(logging.INFO))


@pytest.mark.parametrize("level", [logging.WARNING, logging.ERROR])
def test_a_level_that_is_worth_a_word_is_said(level):
    assert re.fullmatch(rf"\d\d:\d\d:\d\d {logging.getLevelName(level)} fetched cs\.LG", line(level))


def test_the_secret_of_a_feed_address_is_not_logged():
    told = logging.LogRecord(
        "django.request", logging.WARNING, "x.py", 1, "Gone: %s", ("/f/s3-cr_et/all.atom",), None
    )
    assert Plain().format(told).endswith("Gone: /f/…/all.atom")


@pytest.mark.parametrize(
    "path",
    [
        "/setup/s3-cr_et/",
        "/invitation/s3-cr_et/",
        "/mail/WzEs:1vQ:s3-cr_et/confirm/",
        "/accounts/password/reset/key/1-s3-cr_et/",
        "/accounts/confirm-email/MQ:1vQ:s3-cr_et/",
    ],
)
def test_addresses_that_open_something_are_not_logged(path):
    told = logging.LogRecord(
        "django.request", logging.ERROR, "x.py", 1, "Internal Server Error: %s", (path,), None
    )
    assert "s3-cr_et" not in Plain().format(told)


# --- for machines -----------------------------------------------------------------------------


def told(*arguments: object, text: str = "fetched %s", **fields: object) -> dict:
    record = logging.LogRecord("paperglot", logging.WARNING, "x.py", 1, text, arguments, None)
    record.__dict__.update(fields)
    line = Json().format(record)
    assert "\n" not in line
    return json.loads(line)


def test_a_line_for_machines_is_one_object():
    line = told("cs.LG")
    assert {"level": "WARNING", "logger": "paperglot", "message": "fetched cs.LG"}.items() <= line.items()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["at"])
    assert line["pid"] > 0


def test_what_is_secret_is_masked_for_machines_too():
    assert told("/f/s3-cr_et/all.atom", text="Gone: %s")["message"] == "Gone: /f/…/all.atom"


def test_a_traceback_is_one_line_and_masked():
    try:
        raise RuntimeError("/f/s3-cr_et/all.atom")
    except RuntimeError:
        line = told("x", exc_info=sys.exc_info())
    assert "RuntimeError: /f/…/all.atom" in line["error"]


def test_a_block_says_what_its_lines_belong_to():
    with about(run=7, verb="fetch"):
        with about(subject="cs.LG"):
            assert {"run": 7, "verb": "fetch", "subject": "cs.LG"}.items() <= told("x").items()
        assert "subject" not in told("x")
    assert "run" not in told("x")


def test_another_thread_belongs_to_nothing():
    found: list[dict] = []
    with about(run=7):
        thread = threading.Thread(target=lambda: found.append(current()))
        thread.start()
        thread.join()
    assert found == [{}]


def test_a_line_about_a_request_has_its_id(rf):
    request = rf.get("/")
    request.request_id = "request-0001"
    assert told("x", request=request)["request"] == "request-0001"


@pytest.mark.parametrize(("kind", "formatter"), [("plain", Plain), ("json", Json)])
def test_gunicorn_speaks_as_the_others_do(monkeypatch, kind, formatter):
    monkeypatch.setenv("PAPERGLOT_LOG_FORMAT", kind)
    logger = Logger(Config())
    assert {type(handler.formatter) for handler in logger.error_log.handlers} == {formatter}
