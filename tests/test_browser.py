"""The pages in a real browser: light, dark and phone width; formulas drawn; nothing refused by the CSP."""

from collections.abc import Iterator

import pytest

from tests.chromium import LANGUAGES, LOOKS, faults, needed, sample_reader

pytestmark = needed
PAGES = ["/", "/digests/", "/saved/", "/search/?q=robot", "/keywords/", "/account/", "/account/feeds/",
         "/account/deliveries/", "/account/tokens/", "/api/", "/labs/", "/people/", "/start/", "/about/",
         "/board/", "/status/", "/admin/", "/papers/2611.90002/"]  # fmt: skip


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple]:
    yield from sample_reader(tmp_path_factory.mktemp("browser") / "data")


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


def test_formulas_are_drawn_in_both_languages(reader: tuple):
    chromium, url, cookies = reader
    page = chromium.new_context(storage_state=cookies).new_page()
    page.goto(url + "/papers/2611.90002/")
    page.wait_for_selector(".katex", state="attached")
    assert page.locator(".original .katex").count() > 0
    assert page.locator(".translation .katex").count() > 0
    assert page.locator(".katex-error").count() == 0
    assert page.locator("span.math:not([data-drawn])").count() == 0


def test_formulas_of_a_folded_paper_are_drawn_when_it_is_opened(reader: tuple):
    chromium, url, cookies = reader
    page = chromium.new_context(storage_state=cookies).new_page()
    page.goto(url + "/")
    paper = page.locator("article.paper.folded", has=page.locator(".abstract span.math")).first
    assert paper.locator(".abstract .katex").count() == 0
    paper.locator("summary").first.click()
    paper.locator(".abstract .katex").first.wait_for()


def test_the_original_and_the_translation_stand_side_by_side(reader: tuple):
    chromium, url, cookies = reader
    page = chromium.new_context(storage_state=cookies, **LOOKS["light"]).new_page()
    page.goto(url + "/papers/2611.90002/")
    original = page.locator(".abstract.both .original").first.bounding_box()
    translation = page.locator(".abstract.both .translation").first.bounding_box()
    assert translation["x"] > original["x"] + original["width"] / 2
    assert abs(translation["y"] - original["y"]) < 5


def test_a_keyword_is_added_paused_and_removed(reader: tuple):
    chromium, url, cookies = reader
    page = chromium.new_context(storage_state=cookies).new_page()
    page.goto(url + "/keywords/")
    page.fill("#id_phrase", "world model")
    page.click("text=Follow")
    row = page.locator("ul.keywords li", has_text="world model")
    assert row.count() == 1
    row.get_by_role("button", name="Pause").click()
    assert page.locator("li.paused", has_text="world model").count() == 1
    page.locator("li", has_text="world model").get_by_role("button", name="Remove").click()
    assert page.locator("ul.keywords li", has_text="world model").count() == 0
