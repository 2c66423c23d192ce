"""Reading in a real browser: by keys alone, without a script, sentence by sentence, and by axe-core."""

from collections.abc import Iterator

import pytest

from tests.chromium import LOOKS, needed, sample_reader

pytestmark = needed
FIRST = "article.paper.folded"
READ = ["/", "/digests/", "/saved/", "/papers/2611.90002/"]


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


@pytest.mark.parametrize("look", [*LOOKS, "dark phone"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_axe_finds_nothing(reader: tuple, look: str, language: str):
    from axe_playwright_python.sync_playwright import Axe

    chromium, url, cookies = reader
    how = LOOKS["phone"] | {"color_scheme": "dark"} if look == "dark phone" else LOOKS[look]
    context = chromium.new_context(
        storage_state=cookies, base_url=url, locale=language, bypass_csp=True, **how
    )
    page = context.new_page()
    found = {}
    for path in READ:
        page.goto(path)
        for summary in page.locator(f"{FIRST} > details > summary").all()[:2]:
            summary.click()
        page.wait_for_load_state("networkidle")
        for violation in Axe().run(page).response["violations"]:
            found[path, violation["id"]] = [node["html"][:150] for node in violation["nodes"]][:3]
    context.close()
    assert found == {}
