"""Reading in a real browser: by keys alone, without a script, sentence by sentence, and by axe-core."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chromium import LANGUAGES, LOOKS, faults, needed, sample_reader, seen
from tests.house import House, wait_until

pytestmark = needed
FIRST = "article.paper.folded"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reading") / "data"


@pytest.fixture(scope="module")
def reader(data: Path) -> Iterator[tuple]:
    yield from sample_reader(data)


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


def test_rules_search_notes_settings_and_files_work_without_a_script(reader: tuple):
    chromium, url, cookies = reader
    context = chromium.new_context(storage_state=cookies, base_url=url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/keywords/")
    page.fill("#id_phrase", "ti:signal* AND traffic")
    page.get_by_role("button", name="Try").click()
    assert "Decentralized Control of Traffic" in page.inner_text("main")
    page.get_by_role("button", name="Follow", exact=True).click()
    rule = page.locator("ul.keywords li", has_text="ti:signal*")
    rule.get_by_role("button", name="Pause").click()
    rule.get_by_role("button", name="Remove").click()
    assert rule.count() == 0

    page.goto("/search/")
    page.fill("[name=q]", "quadruped")
    page.click("form.search button")
    page.locator(".hit h3 a").first.click()
    page.locator(".note-form > summary").click()
    page.fill("#id_note", "Without a script.")
    page.get_by_role("button", name="Keep").click()
    assert page.input_value("#id_note") == "Without a script."

    page.goto("/")
    page.locator(f"{FIRST} .choose input").first.check()
    with page.expect_download() as begun:
        page.get_by_role("button", name="Take them along").click()
    assert "@misc{" in Path(begun.value.path()).read_text()

    page.goto("/account/")
    page.select_option("#id_interface_language", "zh-hans")
    page.get_by_role("button", name="Save").click()
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    page.select_option("#id_interface_language", "")
    page.click("main form.card button")
    assert page.locator("html").get_attribute("lang") == "en"
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


def test_what_is_new_since_the_last_visit_is_counted_and_marked(page, data: Path):
    page.goto("/")
    ago = "from datetime import timedelta; from django.utils import timezone; ago = timezone.now() - timedelta(3)"
    done = House(data).manage(
        "shell", "-c", f"{ago}; from digest.models import Desk; Desk.objects.update(seen_at=ago)"
    )
    assert done.returncode == 0, done.stderr
    page.goto("/")
    assert "new since your last visit" in page.inner_text(".counts")
    assert page.locator(f"{FIRST} .badge.new").count() > 0
    seen(page)


def focused(page, true: str) -> None:
    """Tab to what the expression about `it` says has the focus."""
    for _ in range(120):
        if page.evaluate(f"(it => {true})(document.activeElement)"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"never reached: {true}")


def test_a_paper_is_found_opened_noted_and_seen_again_by_keyboard_alone(page):
    page.goto("/")
    press(page, "j", "j", "k", "Enter")
    assert page.locator(f"{FIRST} > details[open]").count() == 1
    press(page, "r")
    page.wait_for_selector(f"{FIRST}:not(.read) >> nth=0")
    press(page, "/")
    page.wait_for_url("**/search/")
    focused(page, "it.name === 'q'")
    page.keyboard.type("traffic signals")
    press(page, "Enter")
    page.wait_for_selector(".hit")
    focused(page, "it.closest('.hit h3')")
    press(page, "Enter")
    page.wait_for_url("**/papers/**")
    press(page, "s")
    page.wait_for_selector(".mine.saved")
    focused(page, "it.matches('.note-form > summary')")
    press(page, "Enter")
    focused(page, "it.name === 'note'")
    page.keyboard.type("Read <b>section 4</b> first.")
    focused(page, "it.name === 'tags'")
    page.keyboard.type("traffic, 交通")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto("/saved/?tag=交通")
    seen(page)
    press(page, "j", "o")
    assert page.inner_text(f"{FIRST} .note") == "Read <b>section 4</b> first."


def test_the_digest_of_a_day_is_reached_through_the_calendar(page):
    page.goto("/digests/")
    page.locator(".calendar a").first.click()
    page.wait_for_url("**/digests/2026-11-17/")
    assert page.locator(FIRST).count() > 0


def test_a_search_in_either_language_finds_the_other(page):
    found = {}
    for words in ("强化学习", '"reinforcement learning"'):
        page.goto("/search/")
        page.fill("[name=q]", words)
        page.click("form.search button")
        page.wait_for_selector(".hit")
        found[words] = set(page.locator(".hit h3").all_inner_texts())
        assert page.locator(".hit mark").count() > 0
    one, other = found.values()
    assert one & other


def test_many_authors_are_folded_until_they_are_asked_for(page):
    page.goto("/papers/2611.90030/")
    authors = page.locator("article.paper .authors")
    folded = re.search(r"and (\d+) more", authors.inner_text())
    assert folded
    shown = authors.inner_text().count(",")
    authors.locator("summary").click()
    assert authors.inner_text().count(",") == shown + int(folded[1]) - 1


def test_a_sentence_that_stays_in_english_stands_out_and_says_why(page):
    page.goto("/")
    page.get_by_role("button", name="Open all").click()
    english = page.locator(".translation .untranslated").first
    assert "not translated reliably" in english.get_attribute("title").lower()
    plain = page.locator(".translation [data-s]:not(.untranslated)").first
    ground = "one => getComputedStyle(one).backgroundColor"
    assert english.evaluate(ground) != plain.evaluate(ground)
    assert english.evaluate("one => getComputedStyle(one).borderBottomStyle") == "dotted"


def test_an_editor_corrects_a_sentence_and_takes_it_back(page):
    page.goto("/papers/2611.90002/")
    page.locator(".translation .correct").first.click()
    seen(page)
    before = page.input_value("#text")
    page.fill("#text", "扩散策略能表示多种行为，但好不过示范。")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/papers/**")
    assert "但好不过示范" in page.inner_text(".abstract .translation")
    page.locator(".translation .correct").first.click()
    page.get_by_role("button", name="Take the correction back").click()
    page.wait_for_url("**/papers/**")

    def back() -> bool:
        page.reload()
        return before in page.inner_text(".abstract .translation")

    wait_until(back, 30)  # a worker puts it together again


def test_related_papers_are_led_to_and_a_paper_is_taken_along(page):
    page.goto("/papers/2611.90002/")
    with page.expect_download() as begun:
        page.get_by_role("link", name="CSL-JSON").click()
    (item,) = json.loads(Path(begun.value.path()).read_text())
    assert item["title"].startswith("From Demonstrations to Rewards")
    first = page.locator(".related li a").first
    title = first.inner_text()
    first.click()
    assert page.locator("article.paper h2").inner_text() == title


def test_ticked_papers_are_taken_along_together(page):
    page.goto("/")
    for number in (0, 1):
        page.locator(f"{FIRST} .choose input").nth(number).check()
    page.select_option(".take-along select", "bib")
    with page.expect_download() as begun:
        page.get_by_role("button", name="Take them along").click()
    assert Path(begun.value.path()).read_text().count("@misc{") == 2


def test_on_paper_everything_is_unfolded_black_on_white_without_buttons(reader: tuple):
    chromium, url, cookies = reader
    context = chromium.new_context(storage_state=cookies, base_url=url, **LOOKS["dark"])
    page = context.new_page()
    page.goto("/")
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.locator(f"{FIRST} .abstract").first.is_visible()
    for gone in ("header.site", "footer.site", ".marks", ".choose", ".controls"):
        assert not page.locator(gone).first.is_visible(), gone
    assert len(page.pdf()) > 10_000
    context.close()
