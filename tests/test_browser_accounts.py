"""Accounts in a real browser: passkeys, an invitation to a lab, a session that ends in the middle of a form; axe."""

from collections.abc import Iterator

import pytest

from tests.chromium import LANGUAGES, LOOKS, needed, sample_reader, seen

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


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple]:
    yield from sample_reader(tmp_path_factory.mktemp("accounts") / "data")


def by_name(url: str) -> str:
    """A passkey belongs to a host name; 127.0.0.1 is none."""
    return url.replace("127.0.0.1", "localhost")


def log_in(page, url: str, name: str = "ada") -> None:
    page.goto(f"{url}/login/")
    page.fill("#id_login", name)
    page.fill("#id_password", "correct-horse-9")
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_selector("nav[aria-label=Main]")


def confirm(page) -> None:
    """The password once more, where it is asked for."""
    if "/reauthenticate/" in page.url:
        page.fill("#id_password", "correct-horse-9")
        page.get_by_role("button", name="Confirm").click()
        page.wait_for_load_state()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(reader: tuple, look: str, language: str):
    chromium, url, cookies = reader
    context = chromium.new_context(storage_state=cookies, locale=language, **LOOKS[look])
    page = context.new_page()
    page.goto(f"{url}/labs/")
    if not page.get_by_role("link", name="Axe Lab").count():
        page.fill("#id_name", "Axe Lab")
        page.click("main form button")
        page.goto(f"{url}/labs/axe-lab/papers/")
        page.fill("#id_arxiv_id", "2611.90002")
        page.fill("#id_note", "<b>First</b> of all.")
        page.click("main form.card button")
    for path in PAGES:
        assert page.goto(url + path).status == 200, path
        seen(page)
    context.close()


def test_a_passkey_is_added_and_opens_the_account(reader: tuple):
    chromium, url, _cookies = reader
    page = chromium.new_context().new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    url = by_name(url)
    log_in(page, url)
    page.goto(f"{url}/accounts/2fa/webauthn/add/")
    confirm(page)
    page.fill("#id_name", "this laptop")
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/**")
    page.get_by_role("button", name="Log out").click()
    page.goto(f"{url}/login/")
    page.click("#passkey_login")
    page.wait_for_selector("nav[aria-label=Main]")
    page.goto(f"{url}/accounts/2fa/webauthn/")
    confirm(page)
    assert "this laptop" in page.inner_text("main")
    page.get_by_role("link", name="Remove").click()  # the others log in by password alone
    confirm(page)
    page.get_by_role("button", name="Remove").click()
    page.wait_for_load_state()


def test_who_is_invited_to_a_lab_signs_up_and_loses_nothing_when_the_session_ends(reader: tuple):
    chromium, url, cookies = reader
    ada = chromium.new_context(storage_state=cookies).new_page()
    ada.goto(f"{url}/labs/")
    ada.fill("#id_name", "Robots")
    ada.get_by_role("button", name="Found it").click()
    ada.goto(f"{url}/labs/robots/members/")
    ada.get_by_role("button", name="Invite").click()
    link = ada.input_value("input[readonly]")

    dora = chromium.new_context(**LOOKS["phone"]).new_page()
    dora.goto(link)
    dora.get_by_role("link", name="Make an account").click()
    dora.fill("#id_username", "dora")
    dora.fill("#id_password1", "correct-horse-9")
    dora.get_by_role("button", name="Sign up").click()
    dora.wait_for_selector("nav[aria-label=Main]")
    dora.goto(f"{url}/labs/robots/keywords/")
    dora.fill("#id_phrase", "world model")
    dora.context.clear_cookies(name="sessionid")
    dora.get_by_role("button", name="Follow", exact=True).click()
    dora.fill("#id_login", "dora")
    dora.fill("#id_password", "correct-horse-9")
    dora.get_by_role("button", name="Log in", exact=True).click()
    dora.get_by_role("button", name="Send it").click()
    dora.wait_for_url("**/labs/robots/keywords/")
    assert "world model" in dora.inner_text("ul.keywords")
