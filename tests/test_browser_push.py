"""Deliveries in a real browser: mail confirmed, read, unsubscribed; refusing servers, silent webhooks."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.chromium import (
    VISITS,
    button,
    fits,
    log_in,
    needed,
    press_to,
    said,
    sample_reader,
    seen,
    send_log_in,
    shell,
)
from tests.house import wait_until
from tests.listener import Listener
from tests.smtp import SmtpServer

pytestmark = needed
PEOPLE = """
from allauth.account.models import EmailAddress
from digest.following import follow
from digest.models import User
for name in {names}:
    user = User.objects.create_user(name, f"{{name}}@example.org", "correct-horse-9")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    follow(user, "reinforcement learning", past=True)
"""
TODAY = """
from django.utils import timezone
from digest.models import Digest
row = Digest.objects.filter(user__username="{name}").order_by("-day").first()
row.published_at = timezone.now()
row.day = row.published_at.date()
row.save()
"""
NOW = """
from django.utils import timezone
from digest.models import Delivery
Delivery.objects.filter(channel__user__username="{name}", state="waiting").update(next_try_at=timezone.now())
"""
DELIVERIES = "/account/deliveries/"


@pytest.fixture(scope="module")
def mails() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


def name_of(look: str) -> str:
    return look.replace(" ", "-")


@pytest.fixture(scope="module")
def reader(data: Path, mails: SmtpServer) -> Iterator[tuple]:
    env = {
        "PAPERGLOT_MAIL_URL": f"smtp://127.0.0.1:{mails.port}",
        "PAPERGLOT_PUBLIC_URL": "http://papers.example.org",
        "PAPERGLOT_ALLOWED_HOSTS": "127.0.0.1,papers.example.org",
        "PAPERGLOT_INSIDE_HOSTS": "127.0.0.1",
    }
    for one in sample_reader(data, env):
        shell(data, PEOPLE.format(names=[name_of(look) for look in VISITS]))
        yield one


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """The reader of this visit: each may ask for five tests an hour."""
    return name_of(request.node.callspec.params["visit"])


@pytest.fixture
def page(visit: Callable[..., Any], name: str) -> Any:
    page = visit(storage_state=None)
    log_in(page, name)
    page.goto(DELIVERIES)
    while (left := page.locator("ul.channels button.danger")).count():  # by a flow that failed
        press_to(left.first)
    return page


def add(page: Any, kind: str, address: str) -> None:
    page.fill(f"#{kind}_address", address)
    press_to(page.locator("form.card", has=page.locator(f"#{kind}_address")).locator("button"))


def row(page: Any, text: str) -> Any:
    return page.locator("ul.channels > li", has_text=text)


def sent(page: Any, text: str) -> Any:
    return page.locator("ul.sent > li", has_text=text)


def do(page: Any, what: str, channel: str) -> None:
    press_to(row(page, channel).locator("button", has_text=said(page, what)))


def reloaded_until(page: Any, there: Callable[[], bool]) -> None:
    def seen_now() -> bool:
        page.goto(DELIVERIES)
        return there()

    wait_until(seen_now, 60, lambda: page.inner_text("main"))


def letter(mails: SmtpServer, address: str, subject_of: str = "") -> Any:
    """The letter to an address, which has come once it has been waited for."""
    found: list[Any] = []

    def came() -> bool:
        found[:] = [m for m in mails.kept if m["To"] == address and (not subject_of or m["List-Unsubscribe"])]
        return bool(found)

    wait_until(came, 60, lambda: str([(mail["To"], mail["Subject"]) for mail in mails.kept]))
    return found[-1]


def confirmed(page: Any, name: str, mails: SmtpServer) -> str:
    """Another address than the account's, by the link of the letter to it."""
    address = f"desk-{name}@example.net"
    add(page, "mail", address)
    assert said(page, "Not confirmed yet: open the link in the mail that was sent to it.") in page.inner_text(
        "main"
    )
    seen(page)
    link = re.search(r"https?://\S+/confirm/", letter(mails, address).get_content())
    assert link
    page.goto(urlsplit(link[0]).path)
    seen(page)
    press_to(button(page, "Confirm"))
    seen(page)
    return address


def test_an_address_is_confirmed_gets_the_digest_once_and_unsubscribes(
    page: Any, name: str, mails: SmtpServer, data: Path
):
    address = confirmed(page, name, mails)
    mails.answers["RCPT"] = "450 greylisted, come back"
    publish_today(data, name)
    reloaded_until(page, lambda: "greylisted" in page.inner_text("main"))
    assert said(page, "waiting") in sent(page, address).first.inner_text()
    seen(page)
    del mails.answers["RCPT"]
    shell(data, NOW.format(name=name))
    mail = letter(mails, address, "digest")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain, rich = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))
    assert "arXiv" in plain
    assert "reinforcement learning" in rich
    assert "<script" not in rich
    assert "J(θ)" in plain
    assert not re.search(r"\$[\\A-Za-z]", plain + re.sub(r"<[^>]+>", "", rich))  # prices have one
    reloaded_until(page, lambda: outcome(page, address) == said(page, "sent"))
    seen(page)
    read(page, rich)

    leave = re.search(r"<(https?://[^>]+)>", mail["List-Unsubscribe"])
    assert leave
    page.goto(urlsplit(leave[1]).path)
    seen(page)
    press_to(button(page, "Unsubscribe"))
    seen(page)
    page.goto(DELIVERIES)
    assert row(page, address).locator(".error").count() == 1
    do(page, "Resume", address)
    clicked = page.request.post(urlsplit(leave[1]).path, form={"List-Unsubscribe": "One-Click"})
    assert clicked.status == 200
    page.goto(DELIVERIES)
    assert row(page, address).locator(".error").count() == 1
    assert len([m for m in mails.kept if m["To"] == address and m["List-Unsubscribe"]]) == 1
    do(page, "Remove", address)


def publish_today(data: Path, name: str) -> None:
    """The reader's digest is today's, and was published just now."""
    shell(data, TODAY.format(name=name))


def outcome(page: Any, channel: str) -> str:
    return str(sent(page, channel).first.locator(".outcome").inner_text())


def read(page: Any, rich: str) -> None:
    """The letter as a mail program shows it."""
    look = page.context.new_page()
    look.set_content(rich)
    fits(look)
    assert look.locator("text=强化学习").count() > 0
    look.close()


def test_rhythm_and_name_of_a_channel_are_changed(page: Any, name: str):
    add(page, "mail", f"{name}@example.org")
    press_to(row(page, f"{name}@example.org").locator("a"))
    page.fill("#id_label", "Monday's post")
    page.select_option("#id_frequency", "weekly")
    page.select_option("#id_weekday", "0")
    seen(page)
    press_to(button(page, "Save"))
    changed = row(page, "Monday's post")
    assert said(page, "once a week") in changed.inner_text()
    do(page, "Remove", "Monday's post")


def test_a_test_that_the_mail_server_refuses_is_told_and_tried_again(page: Any, name: str, mails: SmtpServer):
    address = f"{name}@example.org"
    add(page, "mail", address)
    mails.answers["RCPT"] = "550 no such person"
    do(page, "Send a test now", address)
    reloaded_until(page, lambda: "no such person" in page.inner_text("main"))
    assert outcome(page, address) == said(page, "given up")
    seen(page)
    del mails.answers["RCPT"]
    press_to(sent(page, address).first.locator("button", has_text=said(page, "Try again")))
    reloaded_until(page, lambda: outcome(page, address) == said(page, "sent"))
    do(page, "Remove", address)


@pytest.mark.parametrize("fault", ["broken", "never"])
def test_a_webhook_that_fails_is_told_and_has_the_digest_once(
    page: Any, name: str, listener: Listener, data: Path, fault: str
):
    path = f"/{fault}-{name}"
    listener.answers[path] = (500, {}, b"oh no")
    add(page, "webhook", listener.url + path)
    assert len(page.input_value("input[readonly]")) > 20
    seen(page)
    page.goto(DELIVERIES)
    assert page.locator("input[readonly]").count() == 0
    publish_today(data, name)
    here = "127.0.0.1"
    reloaded_until(page, lambda: sent(page, here).first.locator(".error").count() == 1)
    assert outcome(page, here) == said(page, "waiting")
    seen(page)
    if fault == "broken":
        del listener.answers[path]
        shell(data, NOW.format(name=name))
        reloaded_until(page, lambda: outcome(page, here) == said(page, "sent"))
    keys = [headers["Idempotency-Key"] for where, headers, _ in listener.heard if where == path]
    assert len(keys) == {"broken": 2, "never": 1}[fault]
    assert len(set(keys)) == 1
    do(page, "Remove", here)


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("chat", "slack:/nothing"),
        ("chat", "gopher://example.org/x"),
        ("webhook", "http://10.0.0.7/hook"),
        ("webhook", "ftp://example.org/"),
        ("mail", "nobody"),
    ],
)
def test_a_wrong_address_is_refused_in_words_and_stays_in_its_field(page: Any, kind: str, address: str):
    page.locator(f"#{kind}_address").evaluate(
        "it => { it.type = 'text'; }"
    )  # the server's words, not the browser's
    add(page, kind, address)
    assert page.locator("form.card .error").count() == 1
    assert page.input_value(f"#{kind}_address") == address
    assert page.locator("ul.channels").count() == 0
    seen(page)


def test_two_tabs_that_remove_the_same_channel_do_no_harm(page: Any, name: str):
    address = f"{name}@example.org"
    add(page, "mail", address)
    other = page.context.new_page()
    other.goto(DELIVERIES)
    do(page, "Remove", address)
    with other.expect_navigation():
        other.locator("ul.channels form button.danger").click()
    seen(other)
    other.goto(DELIVERIES)
    assert row(other, address).count() == 0


def test_a_channel_added_when_the_session_had_ended_is_not_lost(page: Any, name: str):
    page.fill("#mail_address", f"{name}@example.org")
    page.context.clear_cookies(name="sessionid")
    press_to(button(page, "Add mail"))
    send_log_in(page, name)
    press_to(button(page, "Send it"))
    seen(page)
    assert row(page, f"{name}@example.org").count() == 1
    seen(page)
    do(page, "Remove", f"{name}@example.org")
