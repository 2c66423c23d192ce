"""Reading in a real browser: by keys alone, without a script, sentence by sentence, and by axe-core."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import (
    LANGUAGES,
    LOOKS,
    button,
    fits,
    forget,
    needed,
    press_to,
    said,
    seen,
    shell,
    tab_to,
)
from tests.house import wait_until

pytestmark = needed
FIRST = "article.paper.folded"


KEPT = """
from datetime import timedelta
from django.utils import timezone
from digest.models import Digest, Paper, PaperVersion, User
ada, now = User.objects.get(username="ada"), timezone.now()
newest = ada.digests.order_by("-day").first()
for days in (34, 35):
    Digest.objects.create(user=ada, day=newest.day - timedelta(days), language="zh-Hans", proof=[],
                          published_at=now, changed_at=now, touched_at=now)
first = PaperVersion.objects.get(paper__arxiv_id="2611.90005")
PaperVersion.objects.create(paper=first.paper, number=2, title=first.title + " Revisited", first_seen_at=now,
                            abstract=first.abstract + " We add an ablation.", matched_at=now)
Paper.objects.filter(arxiv_id="2611.90006").update(withdrawn=True, comments="Withdrawn: an error in section 2.")
"""
"""Digests of the month before, a paper's second version, and one that its authors have withdrawn."""


@pytest.fixture(scope="module")
def kept(reader: tuple, data: Path) -> None:
    shell(data, KEPT)


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_load_state("networkidle")


def classes(page, number: int) -> set[str]:
    return set(page.locator(FIRST).nth(number).get_attribute("class").split())


def test_papers_are_read_saved_and_hidden_by_keys_alone(page: Any):
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
    hidden = page.locator(".hidden-papers > summary")
    assert hidden.inner_text() == said(page, "%(n)s hidden paper", "%(n)s hidden papers", n=1)
    seen(page)
    press(page, "u")
    page.reload()
    assert page.locator(".hidden-papers").count() == 0
    press(page, "j", "j", "s", "r")  # as it was
    page.reload()
    assert {"saved", "read"}.isdisjoint(classes(page, 1))


def test_the_keys_are_told_when_they_are_asked_for(page: Any):
    page.goto("/")
    press(page, "?")
    assert page.locator("#keys-help").is_visible()
    seen(page)
    press(page, "Escape")
    assert not page.locator("#keys-help").is_visible()


def test_a_sentence_shows_its_original(page: Any):
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
    seen(page)
    press(page, "Enter")
    assert page.locator(".sentence-original").count() == 0


def test_everything_works_without_a_script(scriptless: Any):
    page = scriptless
    page.goto("/")
    page.locator(f"{FIRST} summary").nth(3).click()
    press_to(page.locator(f"{FIRST} >> nth=3").locator(".do-save"))
    assert "saved" in classes(page, 3)
    page.goto("/saved/")
    fits(page)
    press_to(page.locator(FIRST).first.locator(".undo-save"))
    page.goto("/")
    assert "saved" not in classes(page, 3)
    press_to(page.locator(f"{FIRST} >> nth=3").locator(".do-hide"))
    press_to(button(page, "Undo"))
    assert page.locator(".hidden-papers").count() == 0
    press_to(button(page, "One list"))
    assert page.locator("section h2").first.inner_text().startswith(said(page, "Papers"))
    fits(page)
    press_to(button(page, "By keyword"))
    assert page.locator("section h2").first.inner_text().startswith("reinforcement learning")


def test_rules_work_without_a_script(scriptless: Any):
    page = scriptless
    page.goto("/keywords/")
    page.fill("#id_phrase", "ti:signal* AND traffic")
    press_to(button(page, "Try"))
    fits(page)
    assert "Decentralized Control of Traffic" in page.inner_text("main")
    press_to(button(page, "Follow"))
    rule = page.locator("ul.keywords li", has_text="ti:signal*")
    press_to(button(page, "Pause", rule))
    press_to(button(page, "Remove", rule))
    assert rule.count() == 0


def test_search_notes_and_files_work_without_a_script(scriptless: Any):
    page = scriptless
    page.goto("/search/")
    page.fill("[name=q]", "quadruped")
    press_to(page.locator("form.search button"))
    press_to(page.locator(".hit h3 a").first)
    page.locator(".note-form > summary").click()
    page.fill("#id_note", "Without a script.")
    press_to(button(page, "Keep"))
    assert page.input_value("#id_note") == "Without a script."
    forget(page)
    page.goto("/")
    page.locator(f"{FIRST} .choose input").first.check()
    with page.expect_download() as begun:
        button(page, "Take them along").click()
    assert "@misc{" in Path(begun.value.path()).read_text()


def test_the_language_of_the_interface_is_chosen_without_a_script(scriptless: Any):
    page = scriptless
    page.goto("/account/")
    for chosen, language in (("zh-hans", "zh-hans"), ("en", "en")):
        page.select_option("#id_interface_language", chosen)
        press_to(page.locator("main form.card button"))
        assert page.locator("html").get_attribute("lang") == language
    page.select_option("#id_interface_language", "")
    press_to(page.locator("main form.card button"))


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
    seen(page)
    context.close()


def test_a_rule_is_tried_followed_and_removed_by_keyboard_alone(page: Any):
    page.goto("/keywords/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    tab_to(page, "it.name === 'phrase'")
    page.keyboard.type("ti:world AND model*")
    tab_to(page, f"it.textContent.trim() === {said(page, 'Try')!r}")
    press(page, "Enter")
    page.wait_for_selector(f"text={said(page, 'What it would have brought')}")
    seen(page)
    tab_to(page, f"it.textContent.trim() === {said(page, 'Follow')!r}")
    press(page, "Enter")
    rule = page.locator("ul.keywords li", has_text="ti:world AND model*")
    rule.wait_for()
    remove = said(page, "Remove")
    tab_to(page, f"it.textContent.trim() === {remove!r} && it.closest('li').textContent.includes('ti:world')")
    press(page, "Enter")
    rule.wait_for(state="detached")


def test_what_is_new_since_the_last_visit_is_counted_and_marked(page: Any, data: Path):
    page.goto("/")
    ago = "from datetime import timedelta; from django.utils import timezone; ago = timezone.now() - timedelta(3)"
    shell(data, f"{ago}; from digest.models import Desk; Desk.objects.update(seen_at=ago)")
    page.goto("/")
    new = page.locator(f"{FIRST} .badge.new")
    told = said(page, "%(n)s new since your last visit", "%(n)s new since your last visit", n=14)
    assert told in page.inner_text(".counts")
    assert new.count() == 14
    seen(page)


def test_a_paper_is_found_opened_noted_and_seen_again_by_keyboard_alone(page: Any):
    page.goto("/")
    press(page, "j", "j", "k", "Enter")
    assert page.locator(f"{FIRST} > details[open]").count() == 1
    press(page, "r")
    page.wait_for_selector(f"{FIRST}:not(.read) >> nth=0")
    press(page, "/")
    page.wait_for_url("**/search/")
    tab_to(page, "it.name === 'q'")
    page.keyboard.type("traffic signals")
    press(page, "Enter")
    page.wait_for_selector(".hit")
    tab_to(page, "it.closest('.hit h3')")
    press(page, "Enter")
    page.wait_for_url("**/papers/**")
    press(page, "s")
    page.wait_for_selector(".mine.saved")
    tab_to(page, "it.matches('.note-form > summary')")
    press(page, "Enter")
    tab_to(page, "it.name === 'note'")
    page.keyboard.type("Read <b>section 4</b> first.")
    tab_to(page, "it.name === 'tags'")
    page.keyboard.type("traffic, 交通")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    paper = page.url
    page.goto("/saved/?tag=交通")
    press(page, "j", "o")
    seen(page)
    assert page.inner_text(f"{FIRST} .note") == "Read <b>section 4</b> first."
    page.goto(paper)
    forget(page)


def test_the_digest_of_a_day_is_reached_through_the_calendar(page: Any):
    page.goto("/digests/")
    seen(page)
    press_to(page.locator(".calendar a").first)
    page.wait_for_url("**/digests/2026-11-17/")
    assert page.locator(FIRST).count() > 0


def test_many_authors_are_folded_until_they_are_asked_for(page: Any):
    page.goto("/papers/2611.90030/")
    authors = page.locator("article.paper .authors")
    shown = authors.inner_text().count(",")
    rest = int(re.findall(r"\d+", authors.locator("summary").inner_text())[0])
    more = said(page, "and %(n)s more", "and %(n)s more", n=rest)
    assert more in authors.inner_text()
    authors.locator("summary").click()
    assert authors.inner_text().count(",") == shown + rest - 1
    seen(page)


def test_a_sentence_that_stays_in_english_stands_out_and_says_why(page: Any):
    page.goto("/")
    button(page, "Open all").click()
    english = page.locator(".translation .untranslated").first
    assert english.get_attribute("title").startswith(
        said(page, "Not translated reliably: the original stands here.")
    )
    plain = page.locator(".translation [data-s]:not(.untranslated)").first
    ground = "one => getComputedStyle(one).backgroundColor"
    assert english.evaluate(ground) != plain.evaluate(ground)
    assert english.evaluate("one => getComputedStyle(one).borderBottomStyle") == "dotted"
    seen(page)


def test_an_editor_corrects_a_sentence_and_takes_it_back(page: Any):
    page.goto("/papers/2611.90002/")
    press_to(page.locator(".translation .correct").first)
    seen(page)
    before = page.input_value("#text")
    page.fill("#text", "扩散策略能表示多种行为，但好不过示范。")
    press_to(button(page, "Save"))
    assert "但好不过示范" in page.inner_text(".abstract .translation")
    seen(page)
    press_to(page.locator(".translation .correct").first)
    press_to(button(page, "Take the correction back"))

    def back() -> bool:
        page.reload()
        return before in page.inner_text(".abstract .translation")

    wait_until(back, 30)  # a worker puts it together again


def test_on_paper_everything_is_unfolded_black_on_white_without_buttons(page: Any):
    page.goto("/")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.locator(f"{FIRST} .abstract").first.is_visible()
    for gone in ("header.site", "footer.site", ".marks", ".choose", ".controls"):
        assert not page.locator(gone).first.is_visible(), gone
    assert len(page.pdf()) > 10_000
    seen(page)


def test_months_are_gone_through_and_days_without_a_digest_lead_nowhere(page: Any, kept: None):
    page.goto("/digests/")
    press_to(page.locator("nav.months a[rel=prev]"))
    assert page.input_value("#id_month") == "2026-10"
    assert page.locator(".calendar td a").count() == 2
    seen(page)
    page.fill("#id_month", "2026-11")
    press_to(page.locator("nav.months button"))
    assert page.locator(".calendar td a").count() == 1
    assert page.locator("nav.months a[rel=next]").count() == 0
    assert page.goto("/digests/2026-11-10/").status == 404
    seen(page)


def test_versions_of_a_paper_are_compared(page: Any, kept: None):
    page.goto("/papers/2611.90005/")
    assert "Revisited" in page.locator("#changes ins").first.inner_text()
    assert "ablation" in page.inner_text("#changes")
    seen(page)
    press_to(page.locator(".record a[href$='?v=1']"))
    assert said(page, "This is version %(n)s.", n=1) in page.inner_text("main")
    seen(page)


def test_a_paper_that_was_withdrawn_says_so_and_why(page: Any, kept: None):
    page.goto("/papers/2611.90006/")
    assert said(page, "Withdrawn") in page.inner_text(".withdrawn")
    assert "an error in section 2" in page.inner_text(".withdrawn")
    seen(page)


def test_whoever_goes_by_tab_sees_where_they_are(page: Any):
    page.goto("/")
    for _ in range(25):
        page.keyboard.press("Tab")
        assert page.locator(":focus").evaluate("it => parseFloat(getComputedStyle(it).outlineWidth)") > 0
        assert page.locator(":focus").evaluate("it => getComputedStyle(it).outlineStyle") != "none"
