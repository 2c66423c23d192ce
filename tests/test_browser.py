"""The pages in a real browser: light, dark and phone width; formulas drawn; nothing refused by the CSP."""

from typing import Any

import pytest

from tests.chromium import (
    LANGUAGES,
    LOOKS,
    button,
    faults,
    needed,
    press_to,
    seen,
)

pytestmark = needed
PAGES = ["/", "/digests/", "/saved/", "/search/?q=robot", "/keywords/", "/account/", "/account/feeds/",
         "/account/deliveries/", "/account/tokens/", "/api/", "/labs/", "/people/", "/start/", "/about/",
         "/board/", "/status/", "/admin/", "/papers/2611.90002/"]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_quiet_fits_its_width_and_is_accessible(reader: tuple, look: str, language: str):
    chromium, url, cookies = reader
    context = chromium.new_context(storage_state=cookies, locale=language, **LOOKS[look])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in PAGES:
        answer = page.goto(url + path)
        assert answer.status == 200, path
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0 or path == "/admin/", f"{path} is {wide} px too wide"
        assert path == "/admin/" or faults(page) == {}, path
    assert said == []
    context.close()


def test_formulas_are_drawn_in_both_languages(page: Any):
    page.goto("/papers/2611.90002/")
    page.wait_for_selector(".katex", state="attached")
    seen(page)
    assert page.locator(".original .katex").count() > 0
    assert page.locator(".translation .katex").count() > 0
    assert page.locator(".katex-error").count() == 0
    assert page.locator("span.math:not([data-drawn])").count() == 0


def test_formulas_of_a_folded_paper_are_drawn_when_it_is_opened(page: Any):
    page.goto("/")
    paper = page.locator("article.paper.folded", has=page.locator(".abstract span.math")).first
    assert paper.locator(".abstract .katex").count() == 0
    paper.locator("summary").first.click()
    paper.locator(".abstract .katex").first.wait_for()
    seen(page)


def test_the_original_and_the_translation_stand_side_by_side_where_there_is_room(page: Any):
    page.goto("/papers/2611.90002/")
    original = page.locator(".abstract.both .original").first.bounding_box()
    translation = page.locator(".abstract.both .translation").first.bounding_box()
    beside = abs(translation["y"] - original["y"]) < 5
    below = translation["y"] >= original["y"] + original["height"]
    assert beside != below
    assert beside == (page.viewport_size["width"] > 800)


def test_a_keyword_is_added_paused_and_removed(page: Any):
    page.goto("/keywords/")
    page.fill("#id_phrase", "world model")
    press_to(button(page, "Follow"))
    row = page.locator("ul.keywords li", has_text="world model")
    assert row.count() == 1
    press_to(button(page, "Pause", row))
    assert page.locator("li.paused", has_text="world model").count() == 1
    seen(page)
    press_to(button(page, "Remove", row))
    assert row.count() == 0
