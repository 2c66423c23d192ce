"""worker/mailing.py: what a real mail server does with a mail, and what that means."""

import pytest
from django.core.mail import EmailMultiAlternatives

from worker import mailing
from worker.posting import SendError


@pytest.fixture
def server(smtp):
    return smtp


def message() -> EmailMultiAlternatives:
    made = EmailMultiAlternatives(
        "arXiv", "α < β\n.\nend", "ops@example.org", ["bob@example.org"], headers={"Message-ID": "<1@here>"}
    )
    made.attach_alternative("<p>α</p>", "text/html")
    return made


def refused() -> SendError:
    with pytest.raises(SendError) as caught:
        mailing.send(message())
    return caught.value


def test_a_mail_arrives_whole(server):
    mailing.send(message())
    (kept,) = server.kept
    assert kept["Message-ID"] == "<1@here>"
    assert kept.get_body(("plain",)).get_content().replace("\r\n", "\n").strip() == "α < β\n.\nend"
    assert kept.get_body(("html",)).get_content().strip() == "<p>α</p>"


@pytest.mark.parametrize(
    ("at", "answer", "permanent", "words"),
    [
        ("RCPT", "450 4.2.1 greylisted, come back", False, "refused the address: 450 4.2.1 greylisted"),
        ("RCPT", "550 5.1.1 no such user", True, "refused the address: 550 5.1.1 no such user"),
        ("MAIL", "550 5.7.1 not for you", False, "does not let this installation send"),
        ("DATA", "451 later", False, "refused the mail: 451"),
        (".", "452 4.3.1 disk full", False, "refused the mail: 452"),
        (".", "554 5.7.1 spam", True, "refused the mail: 554"),
        ("CONNECT", "421 too busy", False, "421"),
    ],
)
def test_refusals(server, at, answer, permanent, words):
    server.answers[at] = answer
    error = refused()
    assert (error.permanent, error.unsure) == (permanent, False)
    assert words in str(error)


@pytest.mark.parametrize("at", [".", "DATA", "RCPT"])
def test_a_line_that_breaks_while_handing_over_is_unsure(server, at):
    server.drop = at
    error = refused()
    assert error.unsure
    assert not error.permanent


def test_a_server_that_never_answers_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr(mailing, "SECONDS", 0.3)
    server.silent = "DATA"
    assert refused().unsure


def test_nobody_there(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    error = refused()
    assert (error.permanent, error.unsure, str(error)) == (
        False,
        False,
        "The mail server could not be reached.",
    )


def test_without_a_mail_server_the_setting_is_named(settings):
    settings.EMAIL_HOST = ""
    assert "PAPERGLOT_MAIL_URL" in str(refused())
