"""Accounts in a real browser: passkeys, an invitation to a lab, a session that ends in the middle of a form; axe."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.chromium import (
    LANGUAGES,
    LOOKS,
    PASSWORD,
    VISITS,
    button,
    confirm,
    inside,
    log_in,
    needed,
    press_to,
    said,
    seen,
    send_log_in,
    visits,
)

pytestmark = needed
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""A device that says yes at once."""
PAGES = ["/account/", "/account/data/", "/people/", "/labs/", "/labs/axe-lab/", "/labs/axe-lab/papers/",
         "/labs/axe-lab/members/", "/labs/axe-lab/keywords/", "/labs/axe-lab/settings/", "/accounts/sessions/",
         "/accounts/reauthenticate/?next=/", "/accounts/2fa/", "/account/tokens/", "/keywords/import/", "/export/",
         "/labs/axe-lab/deliveries/", "/labs/axe-lab/digests/", "/accounts/password/change/"]  # fmt: skip


@pytest.fixture(params=VISITS)
def visit(reader: tuple, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    chromium, url, _cookies = reader
    yield from visits((chromium, by_name(url), None), request.param)


def by_name(url: str) -> str:
    """A passkey belongs to a host name; 127.0.0.1 is none."""
    return url.replace("127.0.0.1", "localhost")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(reader: tuple, look: str, language: str):
    chromium, url, cookies = reader
    context = chromium.new_context(storage_state=cookies, locale=language, **LOOKS[look])
    page = context.new_page()
    page.goto(f"{url}/labs/")
    if not page.get_by_role("link", name="Axe Lab").count():
        page.fill("#id_name", "Axe Lab")
        press_to(page.locator("main form button").first)
        page.goto(f"{url}/labs/axe-lab/papers/")
        page.fill("#id_arxiv_id", "2611.90002")
        page.fill("#id_note", "<b>First</b> of all.")
        press_to(page.locator("main form.card button").first)
    for path in PAGES:
        assert page.goto(url + path).status == 200, path
        seen(page)
    context.close()


def test_a_passkey_is_added_and_opens_the_account(visit: Callable[..., Any]):
    page = visit()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    log_in(page)
    inside(page)
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    seen(page)
    page.fill("#id_name", "this laptop")
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/**")
    seen(page)
    press_to(page.locator("form[action$='/logout/'] button"))
    page.goto("/login/")
    seen(page)
    page.click("#passkey_login")
    inside(page)
    page.goto("/accounts/2fa/webauthn/")
    confirm(page)
    seen(page)
    assert "this laptop" in page.inner_text("main")
    press_to(page.locator("main a[href$='/remove/']"))  # the others log in by password alone
    confirm(page)
    seen(page)
    press_to(page.locator("main form.card button, main form button").first)


def test_who_is_invited_to_a_lab_signs_up_and_loses_nothing_when_the_session_ends(
    visit: Callable[..., Any], request: pytest.FixtureRequest
):
    name = request.node.callspec.params["visit"].replace(" ", "-")
    ada = visit()
    log_in(ada)
    ada.goto("/labs/")
    ada.fill("#id_name", f"Robots {name}")
    press_to(button(ada, "Found it"))
    ada.goto(f"/labs/robots-{name}/members/")
    press_to(button(ada, "Invite"))
    seen(ada)
    link = urlsplit(ada.input_value("input[readonly]")).path

    dora = visit()
    dora.goto(link)
    seen(dora)
    press_to(dora.locator("main a", has_text=said(dora, "Make an account")))
    dora.fill("#id_username", f"dora-{name}")
    dora.fill("#id_password1", PASSWORD)
    seen(dora)
    press_to(button(dora, "Sign up"))
    inside(dora)
    keywords = f"/labs/robots-{name}/keywords/"
    dora.goto(keywords)
    dora.fill("#id_phrase", "world model")
    dora.context.clear_cookies(name="sessionid")
    press_to(button(dora, "Follow"))
    send_log_in(dora, f"dora-{name}")
    seen(dora)
    press_to(button(dora, "Send it"))
    assert dora.url.endswith(keywords)
    assert "world model" in dora.inner_text("ul.keywords")
    seen(dora)
