"""Feeds and API tokens in a real browser: made, shown once, used, given anew, revoked; a feed as a browser shows it."""

import re
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django.utils.text import slugify

from tests.chromium import SHOTS, button, link, needed, press_to, said, seen

pytestmark = needed


def rows(page: Any) -> Any:
    return page.locator("ul.tokens li")


def act(page: Any, name: str) -> Any:
    """A button of the first row; its name has the row's too."""
    return rows(page).first.get_by_role("button", name=said(page, name))


def shown(page: Any, name: str = "Atom") -> str:
    return page.get_by_role("status").get_by_label(name).input_value()


def revoke_all(page: Any) -> None:
    page.goto("/account/feeds/")
    while rows(page).count():
        press_to(act(page, "Revoke"))


def status(page: Any, address: str, **how: Any) -> int:
    return page.request.get(address, **how).status


def test_a_feed_is_made_shown_once_given_anew_and_revoked(page: Any):
    revoke_all(page)
    page.select_option("#id_feed", "daily")
    press_to(button(page, "Make a new address"))
    first = shown(page)
    assert first.endswith("/daily.atom")
    assert shown(page, "RSS").endswith("/daily.rss")
    assert shown(page, "JSON Feed").endswith("/daily.json")
    assert [status(page, shown(page, name)) for name in ("Atom", "RSS", "JSON Feed")] == [200, 200, 200]
    seen(page)
    page.goto("/account/feeds/")
    assert page.get_by_role("status").count() == 0
    assert first.split("/f/")[1].split("/")[0] not in page.content()
    assert said(page, "not used yet") not in rows(page).inner_text()
    press_to(act(page, "New address"))
    second = shown(page)
    assert (second != first, status(page, first), status(page, second)) == (True, 410, 200)
    press_to(act(page, "Revoke"))
    assert (
        page.get_by_text(said(page, "That address is revoked: readers that use it are told so.")).count() == 1
    )
    seen(page)
    assert (rows(page).count(), status(page, second)) == (0, 410)


def test_a_browser_shows_a_feed_with_a_style_and_without_a_message(page: Any):
    revoke_all(page)
    press_to(button(page, "Make a new address"))
    addresses = [shown(page, name) for name in ("Atom", "RSS")]
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    for address in addresses:
        answer = page.goto(address)
        assert (answer.status, answer.headers["content-type"]) == (200, "application/xml; charset=utf-8")
        first = page.locator("entry, item").first
        assert first.locator("> title").evaluate("e => getComputedStyle(e).fontWeight") == "700"
        assert first.locator("> summary, > description").is_visible()
        assert not page.locator("id, guid, pubDate, published").first.is_visible()
        dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        assert (brightness(page, "color") > brightness(page, "backgroundColor")) == dark
        look(page)
    assert told == []
    revoke_all(page)


def brightness(page: Any, which: str) -> int:
    """Of the text, or of what is behind it, from 0 to 765."""
    found = page.evaluate(f"getComputedStyle(document.documentElement).{which}")
    return sum(int(part) for part in found.split("(")[1].rstrip(")").split(",")[:3])


def look(page: Any) -> None:
    """What `seen` looks at, as far as a page of XML has it; Playwright itself takes no picture of one."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        kind = page.evaluate("document.documentElement.localName")
        dark = "dark" if brightness(page, "color") > 380 else "light"
        name = f"{kind}.{page.viewport_size['width']}.{dark}.png"
        taken = page.context.new_cdp_session(page).send("Page.captureScreenshot")
        (Path(SHOTS) / name).write_bytes(b64decode(taken["data"]))
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def test_all_feeds_come_as_one_file(page: Any):
    revoke_all(page)
    press_to(button(page, "Make a new address"))
    old = shown(page)
    page.get_by_label(said(page, "Revoke all older addresses")).check()
    with page.expect_download() as expected:
        button(page, "Make the file").click()
    assert expected.value.suggested_filename == "paperglot.opml"
    outlines = ElementTree.parse(expected.value.path()).findall("body/outline/outline")
    assert len(outlines) >= 3
    assert [status(page, outline.get("xmlUrl")) for outline in outlines] == [200] * len(outlines)
    assert status(page, old) == 410
    page.goto("/account/feeds/")
    assert rows(page).count() == len(outlines)
    seen(page)
    revoke_all(page)


def test_a_public_labs_page_leads_to_its_feed_and_private_pages_to_none(page: Any):
    name = f"Feeds {id(page)}"
    page.goto("/account/feeds/")
    assert page.locator("link[rel=alternate]").count() == 0
    page.goto("/labs/")
    page.fill("#id_name", name)
    press_to(page.locator("main form:has(#id_name) button"))
    lab = f"/labs/{slugify(name)}/"
    page.goto(lab)
    assert page.locator("link[rel=alternate]").count() == 0
    page.goto(f"{lab}settings/")
    page.check("#id_public")
    press_to(button(page, "Save"))
    page.goto(lab)
    address = page.locator("link[rel=alternate][type='application/atom+xml']").get_attribute("href")
    answer = page.context.browser.new_context().request.get(
        page.evaluate("a => new URL(a, location).href", address)
    )
    assert answer.status == 200
    assert name in answer.text()
    seen(page)


# --- tokens -----------------------------------------------------------------------------------


def test_a_token_is_made_shown_once_used_and_revoked(page: Any):
    visit = f"script {page.viewport_size['width']} {id(page)}"
    page.goto("/account/tokens/")
    page.fill("#id_name", visit)
    page.locator("input[name=scopes][value=write]").check()
    page.select_option("#id_days", "7")
    press_to(button(page, "Make a token"))
    secret = page.get_by_role("status").locator("input").input_value()
    assert secret.startswith("pgl_")
    row = page.locator("ul.tokens li", has_text=visit)
    assert said(page, "not used yet") in row.inner_text()
    week = (datetime.now(UTC) + timedelta(7)).strftime("%Y-%m-%d")
    assert re.search(said(page, "until %(at)s", at=f"{week} ..:.."), row.inner_text())
    seen(page)
    who = {"Authorization": f"Bearer {secret}"}
    assert status(page, "/api/v1/digests", headers=who) == 200
    assert status(page, "/api/v1/account/data", headers=who) == 403
    assert status(page, "/api/v1/digests", headers={}) == 401
    page.goto("/account/tokens/")
    assert secret not in page.content()
    assert said(page, "last used %(at)s", at=datetime.now(UTC).strftime("%Y-%m-%d")) in row.inner_text()
    press_to(row.get_by_role("button", name=said(page, "New secret")))
    page.get_by_role("status").wait_for()
    second = page.get_by_role("status").locator("input").input_value()
    assert status(page, "/api/v1/digests", headers=who) == 401
    who = {"Authorization": f"Bearer {second}"}
    assert status(page, "/api/v1/digests", headers=who) == 200
    press_to(row.get_by_role("button", name=said(page, "Revoke")))
    assert (row.count(), status(page, "/api/v1/digests", headers=who)) == (0, 401)
    seen(page)


def test_a_token_without_a_scope_is_not_made(page: Any):
    page.goto("/account/tokens/")
    page.fill("#id_name", "nothing")
    page.locator("input[name=scopes][value=read]").uncheck()
    press_to(button(page, "Make a token"))
    assert page.get_by_role("alert").inner_text() == said(page, "Choose what it may do.")
    seen(page)


def test_the_documentation_is_read(page: Any):
    page.goto("/account/tokens/")
    press_to(link(page, "What the API can do"))
    operation = page.locator("details.operation", has_text="/api/v1/keywords/try").first
    assert not operation.locator("table").first.is_visible()
    operation.locator("summary").click()
    assert operation.locator("table").first.is_visible()
    seen(page)
    told = page.request.get("/api/v1/openapi.json")
    assert told.json()["openapi"].startswith("3.1")
    again = page.request.get("/api/v1/openapi.json", headers={"If-None-Match": told.headers["etag"]})
    assert again.status == 304
