"""Reading in a real browser: by keys alone, without a script, sentence by sentence, and by axe-core."""

from collections.abc import Iterator

import pytest

from tests.chromium import LANGUAGES, LOOKS, faults, needed, sample_reader

pytestmark = needed
FIRST = "article.paper.folded"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple]:
    yield from sample_reader(tmp_path_factory.mktemp("reading") / "data")


@pytest.fixture
def page(reader: tuple) -> Iterator:
    chromium, url, cookies = reader
    context = chromium.new_context(storage_state=cookies, base_url=url, **LOOKS["light"])
    yield context.new_page()
    context.close()


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_load_state("networkidle")


def classes(page, number: int) -> set[str]:
    return set(page.locator(FIRST).nth(number).get_attribute("class").split())


def test_papers_are_read_saved_and_hidden_by_keys_alone(page):
    page.goto("/")
    press(page, "j", "j", "o")
    assert page.locator(f"{FIRST} > details[open]").count() == 1
    page.wait_for_selector(f"{FIRST}.read >> nth=0")
    assert "read" in classes(page, 1)
    press(page, "s")
    page.wait_for_selector(f"{FIRST}.saved")
    press(page, "j", "x")
    page.wait_for_selector(f"{FIRST}.gone", state="attached")
    page.reload()
    assert "saved" in classes(page, 1)
    assert page.locator(".hidden-papers > summary").inner_text() == "1 hidden paper"
    press(page, "u")
    page.reload()
    assert page.locator(".hidden-papers").count() == 0
    press(page, "?")
    assert page.locator("#keys-help").is_visible()
    press(page, "Escape")
    assert not page.locator("#keys-help").is_visible()


def test_a_sentence_shows_its_original(page):
    page.goto("/papers/2611.90002/")
    sentence = page.locator(".translation [data-s]").first
    sentence.hover()
    assert page.locator(".original [data-s].lit").count() == 1
    sentence.focus()
    press(page, "Enter")
    assert (
        page.locator(".sentence-original").inner_text()
        == page.locator(".original [data-s]").first.inner_text()
    )
    assert sentence.get_attribute("aria-expanded") == "true"
    press(page, "Enter")
    assert page.locator(".sentence-original").count() == 0


def test_everything_works_without_a_script(reader: tuple):
    chromium, url, cookies = reader
    context = chromium.new_context(storage_state=cookies, base_url=url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.locator(f"{FIRST} summary").nth(3).click()
    page.locator(f"{FIRST} >> nth=3").locator(".do-save").click()
    assert "saved" in classes(page, 3)
    page.goto("/saved/")
    page.locator(FIRST).first.locator(".undo-save").click()
    page.goto("/")
    assert "saved" not in classes(page, 3)
    page.locator(f"{FIRST} >> nth=3").locator(".do-hide").click()
    page.get_by_role("button", name="Undo").click()
    assert page.locator(".hidden-papers").count() == 0
    page.get_by_role("button", name="One list").click()
    assert page.locator("section h2").first.inner_text().startswith("Papers")
    page.get_by_role("button", name="By keyword").click()
    context.close()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_opened_papers(reader: tuple, look: str, language: str):
    chromium, url, cookies = reader
    context = chromium.new_context(storage_state=cookies, base_url=url, locale=language, **LOOKS[look])
    page = context.new_page()
    page.goto("/")
    for summary in page.locator(f"{FIRST} > details > summary").all()[:2]:
        summary.click()
    page.locator(f"{FIRST} > details[open] .translation [data-s]").first.click()
    page.wait_for_load_state("networkidle")
    assert faults(page) == {}
    context.close()


def test_a_rule_is_tried_and_followed_by_keyboard_alone(page):
    page.goto("/keywords/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    while page.evaluate("document.activeElement.name") != "phrase":
        page.keyboard.press("Tab")
    page.keyboard.type("ti:world AND model*")
    while page.evaluate("document.activeElement.textContent.trim()") != "Try":
        page.keyboard.press("Tab")
    press(page, "Enter")
    page.wait_for_selector("text=What it would have brought")
    while page.evaluate("document.activeElement.textContent.trim()") != "Follow":
        page.keyboard.press("Tab")
    press(page, "Enter")
    page.wait_for_selector("text=ti:world AND model*")
