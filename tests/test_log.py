"""digest/log.py: how a line of the log reads."""

import logging
import re

import pytest

from digest.log import Plain


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
