"""Displays, search, saved papers and what is taken along in a real browser; two tabs, and a session that ends."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy

from tests.chromium import button, log_in, needed, press_to, said, seen, send_log_in, shell

pytestmark = needed
PAPER = "/papers/2611.90002/"
FOLDED = "article.paper.folded"


@pytest.fixture
def unmarked(reader: tuple, data: Path) -> None:
    """Nothing is saved, noted or hidden."""
    shell(data, "from digest.models import *; State.objects.all().delete(); Tag.objects.all().delete()")


def note(page: Any, text: str, tags: str = "") -> None:
    page.goto(PAPER)
    if page.locator(".note-form:not([open]) > summary").count():
        page.locator(".note-form > summary").click()
    page.fill("#id_note", text)
    page.fill("#id_tags", tags)
    press_to(button(page, "Keep"))


# --- displays -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("display", "texts"),
    [
        ("both", ["original", "translation"]),
        ("translation-first", ["translation", "original"]),
        ("original", ["original"]),
        ("translation", ["translation"]),
    ],
)
def test_a_reader_chooses_which_language_stands_first_or_alone(page: Any, display: str, texts: list[str]):
    choose(page, display)
    try:
        page.goto(PAPER)
        assert shown(page) == texts
        seen(page)
        page.goto("/")
        seen(page)
    finally:
        choose(page, "both")


def choose(page: Any, display: str) -> None:
    page.goto("/account/")
    page.select_option("#id_display", display)
    press_to(page.locator("main form.card button"))


def shown(page: Any) -> list[str]:
    """The languages of the abstract that are seen, in the order in which they stand."""
    places = {}
    for name in ("original", "translation"):
        if (text := page.locator(f".abstract > .{name}")).is_visible():
            box = text.bounding_box()
            places[name] = (round(box["y"] / 10), box["x"])
    return sorted(places, key=lambda name: places[name])


# --- search ---------------------------------------------------------------------------------------


def search(page: Any, **fields: str) -> list[str]:
    page.goto("/search/")
    for name, value in fields.items():
        control = page.locator(f"form.search [name={name}]")
        if name in ("keyword", "order"):
            control.select_option(value)
        else:
            control.fill(value)
    press_to(page.locator("form.search button"))
    return list(page.locator(".hit h3").all_inner_texts())


def test_a_search_in_either_language_finds_the_other(page: Any):
    chinese = search(page, q="强化学习")
    assert page.locator(".hit mark").count() > 0
    seen(page)
    english = search(page, q='"reinforcement learning"')
    assert set(chinese) & set(english)


NARROWED = {
    "phrase": ({"q": '"traffic signals"'}, {"q": '"signals traffic"'}),
    "author": ({"author": "Vălaru"}, {"author": "Vălaru", "q": "quantum"}),
    "category": ({"category": "quant-ph", "q": "learning"}, {"category": "math.AG", "q": "learning"}),
    "day": (
        {"since": "2026-11-17", "until": "2026-11-17", "q": "robots"},
        {"until": "2026-11-16", "q": "robots"},
    ),
    "keyword": ({"keyword": "mine", "q": "learning"}, {"keyword": "mine", "q": '"differential privacy"'}),
}
"""What a search finds something by, and the same narrowed to nothing."""


@pytest.mark.parametrize("by", NARROWED)
def test_a_search_is_narrowed_by_phrase_author_category_day_and_keyword(page: Any, by: str):
    some, none = NARROWED[by]
    assert search(page, **some)
    seen(page)
    assert search(page, **none) == []


def test_a_search_that_finds_nothing_says_what_may_help(page: Any):
    assert search(page, q="zyxomma") == []
    assert said(page, "Nothing was found") in page.inner_text("main")
    seen(page)


def test_a_search_of_no_category_and_of_days_that_end_before_they_begin_is_told_so(page: Any):
    search(page, category="cs.QQ", since="2026-11-18", until="2026-11-17")
    assert page.locator(".error").count() == 2
    assert page.input_value("form.search [name=category]") == "cs.QQ"
    seen(page)


# --- saved papers ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("unmarked")
def test_a_tag_is_renamed_and_removed_and_the_paper_stays_saved(page: Any):
    note(page, "", "grippers")
    page.goto("/")
    page.locator(f"{FOLDED}:not(.saved)").first.locator(".do-save").click()
    page.wait_for_selector(f"{FOLDED}.saved >> nth=1")
    page.goto("/saved/")
    assert page.locator(FOLDED).count() == 2
    page.goto("/saved/?tag=grippers")
    page.locator(".tag-change > summary").click()
    page.fill("#id_name", "hands")
    seen(page)
    press_to(button(page, "Rename"))
    page.goto("/saved/?tag=hands")
    assert page.locator(FOLDED).count() == 1
    page.locator(".tag-change > summary").click()
    press_to(button(page, "Remove the tag"))
    page.goto("/saved/")
    assert page.locator(FOLDED).count() == 2
    assert page.locator("nav.groups").count() == 0
    seen(page)


@pytest.mark.usefixtures("unmarked")
def test_two_tabs_that_change_one_note_lose_neither_text(page: Any):
    note(page, "of the first hour")
    other = page.context.new_page()
    other.goto(PAPER)
    note(page, "of the first tab")
    other.fill("#id_note", "of the second tab")
    press_to(button(other, "Keep"))
    assert other.input_value("#id_note") == "of the second tab"
    assert "of the first tab" in other.inner_text(".note-form .note")
    seen(other)
    press_to(button(other, "Keep"))
    other.goto(PAPER)
    assert other.input_value("#id_note") == "of the second tab"


@pytest.mark.usefixtures("unmarked")
def test_two_tabs_that_save_and_hide_one_paper_agree_in_the_end(page: Any):
    page.goto("/")
    other = page.context.new_page()
    other.goto("/")
    first = page.locator(FOLDED).first
    first.locator(".do-save").click()
    page.wait_for_selector(f"{FOLDED}.saved")
    other.locator(FOLDED).first.locator(".do-hide").click()
    other.wait_for_selector(f"{FOLDED}.gone", state="attached")
    page.reload()
    assert page.locator(f".hidden-papers {FOLDED}.saved").count() == 1
    seen(page)
    page.locator(".hidden-papers > summary").click()
    page.locator(".hidden-papers .undo-hide").first.click()
    page.wait_for_selector(f"{FOLDED}.saved:not(.hidden)", state="attached")


@pytest.mark.usefixtures("unmarked")
def test_a_note_typed_when_the_session_had_ended_is_not_lost(visit: Callable[..., Any]):
    page = visit(storage_state=None)
    log_in(page)
    page.goto(PAPER)
    page.locator(".note-form > summary").click()
    page.fill("#id_note", "Typed too late.\nIn two lines.")
    page.context.clear_cookies(name="sessionid")
    press_to(button(page, "Keep"))
    seen(page)
    send_log_in(page)
    assert "Typed too late." in page.locator("textarea").first.input_value() + page.content()
    seen(page)
    press_to(button(page, "Send it"))
    page.goto(PAPER)
    assert page.input_value("#id_note") == "Typed too late.\nIn two lines."


def test_a_paper_is_not_shown_to_whoever_is_not_logged_in(visit: Callable[..., Any]):
    page = visit(storage_state=None)
    page.goto(PAPER)
    assert "/login/" in page.url
    seen(page)


# --- taken along ----------------------------------------------------------------------------------


def count_bibtex(text: str) -> int:
    return len(bibtexparser.parse_string(text).entries)


COUNTS: dict[str, Callable[[str], int]] = {
    "BibTeX": count_bibtex,
    "RIS": lambda text: len(rispy.loads(text)),
    "CSL-JSON": lambda text: len(json.loads(text)),
    "Markdown": lambda text: len(re.findall(r"^#+ .*|^- ", text, re.MULTILINE)),
    "JSON": lambda text: len(json.dumps(json.loads(text)).split('"arxiv_id"')) - 1,
}


def downloaded(page: Any, press: Any) -> str:
    with page.expect_download() as begun:
        press.click()
    return Path(begun.value.path()).read_text()


@pytest.mark.parametrize("label", COUNTS)
@pytest.mark.usefixtures("unmarked")
def test_a_paper_a_digest_and_the_saved_ones_are_taken_along(page: Any, label: str):
    page.goto(PAPER)
    one = downloaded(page, format_link(page, label))
    assert "From Demonstrations to Rewards" in one
    page.goto("/digests/2026-11-17/")
    digest = downloaded(page, format_link(page, label))
    assert COUNTS[label](digest) >= 14
    assert COUNTS[label](one) < 14
    note(page, "Kept.")
    page.goto("/saved/")
    saved = downloaded(page, format_link(page, label))
    assert "From Demonstrations to Rewards" in saved
    assert COUNTS[label](saved) == COUNTS[label](one)


def format_link(page: Any, label: str) -> Any:
    """The formats have the same names in every language."""
    return page.locator(".take-along a[download]").get_by_text(label, exact=True).first


@pytest.mark.parametrize("fmt", ["bib", "ris", "csl", "md", "json"])
def test_ticked_papers_are_taken_along_together(page: Any, fmt: str):
    page.goto("/")
    for number in (0, 1):
        page.locator(f"{FOLDED} .choose input").nth(number).check()
    page.select_option(".take-along select", fmt)
    text = downloaded(page, button(page, "Take them along"))
    assert "Counterfactual Credit Assignment" in text
    assert "From Demonstrations to Rewards" in text
    assert "Minimax Regret" not in text


def test_reference_managers_see_a_paper(page: Any):
    page.goto(PAPER)
    title = page.locator("meta[name=citation_title]").get_attribute("content")
    assert (
        title
        == "From Demonstrations to Rewards: Fine-Tuning Diffusion Policies with Offline Reinforcement Learning"
    )
    assert page.locator("meta[name=citation_author]").count() == 4
    assert "rft.title=" in page.locator("span.Z3988").first.get_attribute("title")


def test_related_papers_are_led_to(page: Any):
    page.goto(PAPER)
    first = page.locator(".related li a").first
    title = first.inner_text()
    press_to(first)
    assert page.locator("article.paper h2").inner_text() == title
    seen(page)
