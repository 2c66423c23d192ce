"""A real browser for the tests of the pages: Debian's Chromium, driven by Playwright, at a sample day.

PAPERGLOT_TEST_SHOTS=FOLDER keeps a picture of every page that a flow has `seen`.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests.house import House

CHROMIUM = os.environ.get("PAPERGLOT_TEST_CHROMIUM", "")
needed = [
    pytest.mark.chromium,
    pytest.mark.skipif(not CHROMIUM, reason="needs Debian's Chromium: .ci/run installs and names it"),
]
LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "tablet": {"viewport": {"width": 768, "height": 1024}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "dark phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
LANGUAGES = ["en", "zh-CN"]
VISITS: dict[str, dict[str, Any]] = {
    "desktop": {**LOOKS["light"], "locale": "en"},
    "tablet": {**LOOKS["tablet"], "locale": "zh-CN", "color_scheme": "dark"},
    "phone": {**LOOKS["phone"], "locale": "zh-CN"},
    "dark phone": {**LOOKS["dark phone"], "locale": "en"},
}
"""How a flow is gone through: three widths, both languages, each in light and dark."""
SHOTS = os.environ.get("PAPERGLOT_TEST_SHOTS", "")
PASSWORD = "correct-horse-9"
"""Everybody's."""


def faults(page: Any) -> dict[str, list[str]]:
    """What axe-core finds on a page, with the beginnings of the first elements."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return {fault["id"]: [node["html"][:150] for node in fault["nodes"]][:3] for fault in found}


def said(page: Any, text: str, many: str = "", **fields: Any) -> str:
    """What the interface says for an English text in the language of a page; with `many` and n, of so many."""
    language = page.locator("html").get_attribute("lang")
    with translation.override(language):
        words = translation.ngettext(text, many, fields["n"]) if many else translation.gettext(text)
    assert language == "en" or re.search(r"[\u4e00-\u9fff]", words), f"{words!r} is not in {language}"
    return words % fields if fields else words


def button(page: Any, text: str, within: Any = None) -> Any:
    """The button with an English name, in whatever language the page is."""
    return (within or page).get_by_role("button", name=said(page, text), exact=True)


def link(page: Any, text: str, within: Any = None) -> Any:
    """The link with an English name, in whatever language the page is."""
    return (within or page).get_by_role("link", name=said(page, text), exact=True)


def visits(reader: tuple, look: str) -> Iterator[Callable[..., Any]]:
    """Makes pages of one of VISITS, each with a context of its own and the cookies unless others are given."""
    chromium, url, cookies = reader
    contexts = []

    def visit(**how: Any) -> Any:
        context = {"storage_state": cookies, "base_url": url, **VISITS[look], **how}
        contexts.append(chromium.new_context(**context))
        return contexts[-1].new_page()

    yield visit
    for context in contexts:
        context.close()


def press_to(what: Any) -> None:
    """Press what leads to another page, and wait for it."""
    with what.page.expect_navigation():
        what.click()


def tab_to(page: Any, true: str) -> None:
    """Tab to what an expression about `it` says has the focus."""
    for _ in range(120):
        if page.evaluate(f"(it => {true})(document.activeElement)"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"never reached: {true}")


def log_in(page: Any, name: str = "ada", password: str = PASSWORD) -> None:
    page.goto("/login/")
    send_log_in(page, name, password)


def send_log_in(page: Any, name: str = "ada", password: str = PASSWORD) -> None:
    """On the page of the log-in, to which one was led."""
    page.fill("#id_login", name)
    page.fill("#id_password", password)
    press_to(button(page, "Log in"))


def inside(page: Any) -> None:
    """Somebody is logged in."""
    page.wait_for_selector("header.site form[action$='/logout/']")


def confirm(page: Any) -> None:
    """The password once more, where it is asked for."""
    if "/reauthenticate/" in page.url:
        seen(page)
        page.fill("#id_password", PASSWORD)
        press_to(button(page, "Confirm"))


def forget(page: Any) -> None:
    """A paper whose page is open, without note, tags and star again."""
    page.fill("#id_note", "")
    page.fill("#id_tags", "")
    press_to(button(page, "Keep"))
    page.locator(".undo-save").click()
    page.wait_for_selector(".mine:not(.saved)")


def shell(data: Path, code: str) -> None:
    """Run what no page does in the installation of a data folder."""
    done = House(data).manage("shell", "-c", code)
    assert done.returncode == 0, done.stderr


def keep_picture(page: Any) -> None:
    """A picture of the whole page, named by the test and its place in it."""
    test = os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].rsplit(" (", 1)[0].removeprefix("test_")
    test = re.sub(r"[^\w. -]", "_", test)
    Path(SHOTS).mkdir(parents=True, exist_ok=True)
    taken = len(list(Path(SHOTS).glob(f"{test}.*.png")))
    page.screenshot(path=f"{SHOTS}/{test}.{taken}.png", full_page=True)


def fits(page: Any) -> None:
    """A page is not wider than its window. One that is still arriving is waited for."""
    page.wait_for_load_state()
    if SHOTS:
        keep_picture(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def seen(page: Any) -> None:
    """A page as it has to be: `fits`, and nothing that axe-core, which needs scripts, finds."""
    fits(page)
    assert faults(page) == {}, page.url


def sample_reader(data: Path, env: dict[str, str] | None = None) -> Iterator[tuple]:
    """A browser, an address, and the cookies of an administrator who has set up the sample day."""
    from playwright.sync_api import sync_playwright

    house = House(data, {"DJANGO_SETTINGS_MODULE": "tests.visited", **(env or {})}, "--sample").start()
    try:
        house.wait_for(r"digest 2026-11-17 for reader: published", 300)  # seconds on a quiet machine
        link = house.wait_for(r"http://\S+(/setup/\S+/)")
        with sync_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
            page = chromium.new_page()
            page.goto(house.url + link)
            page.fill("#id_username", "ada")
            page.fill("#id_password", PASSWORD)
            page.click("main button")
            page.wait_for_selector("article.paper")
            yield chromium, house.url, page.context.storage_state()
            chromium.close()
    finally:
        house.stop(seconds=180)  # a busy machine lets go slowly
