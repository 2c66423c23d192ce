"""A real browser for the tests of the pages: Debian's Chromium, driven by Playwright, at a sample day."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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


def faults(page: Any) -> dict[str, list[str]]:
    """What axe-core finds on a page, with the beginnings of the first elements."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return {fault["id"]: [node["html"][:150] for node in fault["nodes"]][:3] for fault in found}


def seen(page: Any) -> None:
    """A page as it has to be: nothing that axe-core finds, and not wider than its window."""
    assert faults(page) == {}, page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def sample_reader(data: Path, env: dict[str, str] | None = None) -> Iterator[tuple]:
    """A browser, an address, and the cookies of an administrator who has set up the sample day."""
    from playwright.sync_api import sync_playwright

    house = House(data, env, "--sample").start()
    try:
        house.wait_for(r"digest 2026-11-17 for reader: published", 300)  # seconds on a quiet machine
        link = house.wait_for(r"(http://\S+/setup/\S+/)")
        with sync_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
            page = chromium.new_page()
            page.goto(link)
            page.fill("#id_username", "ada")
            page.fill("#id_password", "correct-horse-9")
            page.click("main button")
            page.wait_for_selector("article.paper")
            yield chromium, house.url, page.context.storage_state()
            chromium.close()
    finally:
        house.stop(seconds=180)  # a busy machine lets go slowly
