"""The ways in, in a real browser: sign-up, codes and links by mail, an account elsewhere, a second factor, sessions."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.chromium import (
    PASSWORD,
    VISITS,
    inside,
    log_in,
    needed,
    press_to,
    said,
    sample_reader,
    seen,
    tab_to,
    visits,
)
from tests.house import wait_until
from tests.openid import OpenIdProvider
from tests.smtp import SmtpServer

pytestmark = needed


@pytest.fixture(scope="module")
def mails() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture(scope="module")
def university() -> Iterator[OpenIdProvider]:
    with OpenIdProvider() as provider:
        yield provider


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, mails: SmtpServer, university: OpenIdProvider
) -> Iterator[tuple]:
    """An installation with mail and a provider, where anybody signs up."""
    env = {
        "PAPERGLOT_MAIL_URL": f"smtp://127.0.0.1:{mails.port}",
        "PAPERGLOT_SOCIAL": university.setting,
        "PAPERGLOT_SIGNUP": "open",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    yield from sample_reader(tmp_path_factory.mktemp("entrance") / "data", env)


@pytest.fixture(params=VISITS)
def visitor(house: tuple, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Pages of somebody without cookies."""
    chromium, url, _cookies = house
    yield from visits((chromium, url, None), request.param)


@pytest.fixture
def who(request: pytest.FixtureRequest) -> str:
    """What tells the accounts of one visit from those of another."""
    return str(request.node.callspec.params["visitor"]).replace(" ", "-")


def letter_to(mails: SmtpServer, address: str, said: str) -> str:
    """Wait for a letter to an address, and return what an expression finds in it."""
    found: list[str] = []

    def came() -> bool:
        texts = [mail.get_content() for mail in mails.kept if mail["To"] == address]
        found.extend(match[1] for text in texts if (match := re.search(said, text, re.MULTILINE)))
        return bool(found)

    wait_until(
        came, 20, lambda: f"no such letter to {address}: {[mail.get_content() for mail in mails.kept]}"
    )
    return found[-1]


def sign_up(page: Any, name: str) -> None:
    page.goto("/accounts/signup/")
    seen(page)
    page.fill("#id_username", name)
    page.fill("#id_email", f"{name}@example.org")
    page.fill("#id_password1", PASSWORD)
    press_to(page.locator("main form button").first)


def verified(visitor: Callable[..., Any], mails: SmtpServer, name: str) -> Any:
    """Somebody new, who has signed up and opened the link of the letter."""
    page = visitor()
    sign_up(page, name)
    seen(page)
    page.goto(letter_to(mails, f"{name}@example.org", r"(http\S+/confirm-email/\S+)"))
    seen(page)
    press_to(page.locator("main form button").first)
    inside(page)
    return page


def test_anybody_signs_up_and_confirms_the_address(visitor: Any, mails: SmtpServer, who: str):
    page = verified(visitor, mails, f"dora-{who}")
    page.goto("/accounts/email/")
    seen(page)
    assert f"dora-{who}@example.org" in page.inner_text("main")


def test_a_code_by_mail_is_asked_for_and_typed_by_keyboard_alone(visitor: Any, mails: SmtpServer, who: str):
    address = f"cora-{who}@example.org"
    verified(visitor, mails, f"cora-{who}")
    page = visitor()
    page.goto("/accounts/login/code/")
    seen(page)
    tab_to(page, "it.name === 'email'")
    page.keyboard.type(address)
    page.keyboard.press("Enter")
    page.wait_for_url("**/code/confirm/")
    seen(page)
    code = letter_to(mails, address, r"^([A-Z0-9-]{6,})\s*$")
    tab_to(page, "it.name === 'code'")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    inside(page)


def test_a_forgotten_password_is_set_anew_by_mail(visitor: Any, mails: SmtpServer, who: str):
    address = f"fern-{who}@example.org"
    verified(visitor, mails, f"fern-{who}")
    page = visitor()
    page.goto("/accounts/password/reset/")
    seen(page)
    page.fill("#id_email", address)
    press_to(page.locator("main form button").first)
    seen(page)
    page.goto(letter_to(mails, address, r"(http\S+/password/reset/key/\S+)"))
    seen(page)
    page.fill("#id_password1", "battery-staple-7")
    page.fill("#id_password2", "battery-staple-7")
    press_to(page.locator("main form button").first)
    seen(page)
    page.context.clear_cookies()
    log_in(page, f"fern-{who}")
    assert page.locator(".error").count()  # the old one
    log_in(page, f"fern-{who}", "battery-staple-7")
    inside(page)


def test_an_account_elsewhere_makes_one_here_and_opens_it(visitor: Any, university: OpenIdProvider, who: str):
    university.person = {"sub": who, "email": f"grace-{who}@example.org", "email_verified": True}
    page = visitor()
    through_the_university(page)
    seen(page)
    page.fill("#id_username", f"grace-{who}")
    press_to(page.locator("main form button").first)
    inside(page)
    page.goto("/accounts/3rdparty/")
    seen(page)
    assert "University" in page.inner_text("main")
    page.context.clear_cookies()
    through_the_university(page)
    inside(page)


def through_the_university(page: Any) -> None:
    page.goto("/login/")
    seen(page)
    page.click(".providers a")
    page.wait_for_load_state()
    if "/oidc/" in page.url:  # it is said where one is led
        seen(page)
        press_to(page.locator("main form button").first)


def test_who_gives_up_at_the_provider_is_told_so(visitor: Any, university: OpenIdProvider):
    page = visitor()
    university.refuses = "access_denied"
    through_the_university(page)
    university.refuses = ""
    seen(page)
    assert re.search("取消|cancel", page.inner_text("main"))


def test_an_authenticator_app_is_asked_after_the_password_and_a_recovery_code_stands_for_it(
    visitor: Any, mails: SmtpServer, who: str
):
    name = f"tess-{who}"
    page = verified(visitor, mails, name)
    page.goto("/accounts/2fa/totp/activate/")
    if page.locator("#id_password").count():
        page.fill("#id_password", PASSWORD)
        press_to(page.locator("main form button").first)
    seen(page)
    secret = page.input_value("#authenticator_secret")
    page.fill("#id_code", code_of(secret))
    press_to(page.locator("main form button").first)
    seen(page)
    recovery = re.findall(r"\b[0-9a-f]{8,}\b", page.input_value("#recovery_codes"))
    assert len(recovery) == 10
    page.goto("/accounts/2fa/")
    seen(page)

    for code in ("", recovery[0]):
        page.context.clear_cookies()
        log_in_by_keyboard(page, name)
        seen(page)
        assert "/2fa/authenticate/" in page.url
        page.fill("#id_code", "000000")
        press_to(page.locator("main form button").first)
        assert page.locator(".error").count()
        tab_to(page, "it.name === 'code'")
        page.keyboard.press("Control+A")
        page.keyboard.type(code or code_of(secret))
        page.keyboard.press("Enter")
        inside(page)


def log_in_by_keyboard(page: Any, name: str) -> None:
    page.goto("/login/")
    tab_to(page, "it.name === 'login'")
    page.keyboard.type(name)
    tab_to(page, "it.name === 'password'")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def code_of(secret: str) -> str:
    """What an app shows now; not in the last seconds of its half minute."""
    if (left := 30 - time.time() % 30) < 5:
        time.sleep(left)
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def test_a_session_is_ended_from_another(visitor: Any, mails: SmtpServer, who: str):
    name = f"sara-{who}"
    here = verified(visitor, mails, name)
    there = visitor()
    log_in(there, name)
    inside(there)
    here.goto("/accounts/sessions/")
    seen(here)
    rows = here.locator("ul.rows > li")
    assert rows.count() == 2
    press_to(rows.filter(has_not=here.locator(".badge")).locator("button"))
    assert rows.count() == 1
    there.goto("/account/")
    assert there.url.endswith("/login/?next=/account/")
    here.goto("/account/")
    inside(here)


def test_wrong_passwords_come_to_an_end_with_a_plain_word(visitor: Any, mails: SmtpServer, who: str):
    name = f"mal-{who}"
    verified(visitor, mails, name)
    page = visitor()
    page.goto("/login/")
    told = said(page, "Too many failed login attempts. Try again later.")
    for number in range(12):
        log_in(page, name, f"wrong-{number}")
        if told in page.inner_text("main"):
            break
    assert told in page.inner_text("main")
    seen(page)
    log_in(page, name)  # not even the right one opens it for a while
    assert told in page.inner_text("main")
