"""Rules in a real browser: mistakes, dry runs, suggestions, exclusions, files in and out; two tabs, a lost session."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import (
    button,
    fits,
    log_in,
    needed,
    press_to,
    said,
    sample_reader,
    seen,
    send_log_in,
    shell,
    tab_to,
)
from tests.house import wait_until

pytestmark = needed
FOLLOWERS = """
from digest.following import follow
from digest.models import User
for name in ("bela", "cleo", "dina"):
    follow(User.objects.create_user(name, f"{name}@example.org", "correct-horse-9"), "quadruped robot")
"""
FILLERS = """
from digest.following import QUOTA, follow_all
from digest.models import User
from digest.rule_files import line_read
ada = User.objects.get(username="ada")
follow_all(ada, [line_read(f"filler {n}") for n in range(QUOTA - ada.subscriptions.count())], past=False)
"""
NO_FILLERS = """
from digest.models import Subscription
Subscription.objects.filter(label__startswith="filler").delete()
"""
MANY = """
from django.utils import timezone
from digest.models import Announcement, Listing, Paper, PaperVersion
day, now = Announcement.objects.filter(listings__isnull=False).first(), timezone.now()
for number in range(120):
    paper = Paper.objects.create(arxiv_id=f"2611.8{number:04}", authors=["A. Nonymous"], categories=["cs.LG"])
    version = PaperVersion.objects.create(paper=paper, number=1, title=f"Plentiful findings {number}", abstract="So.",
                                          first_seen_at=now, matched_at=now)
    Listing.objects.create(announcement=day, paper=paper, version=version, announce_type="new")
"""


@pytest.fixture(scope="module")
def reader(data: Path) -> Iterator[tuple]:
    for one in sample_reader(data):
        shell(data, FOLLOWERS + MANY)
        yield one


def row(page: Any, text: str) -> Any:
    return page.locator("ul.keywords li:not(.none)", has_text=text)


def remove(page: Any, text: str) -> None:
    page.goto("/keywords/")
    while row(page, text).count():
        press_to(button(page, "Remove", row(page, text).first))


def follow(page: Any, rule: str, label: str = "", does: str = "follow") -> None:
    page.goto("/keywords/")
    page.fill("#id_phrase", rule)
    page.fill("#id_label", label)
    page.select_option("#id_kind", does)
    press_to(button(page, "Follow"))


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ('robot "soft ground', 6),
        ("(robot OR arm", 0),
        ("robot AND", 6),
        ("tit:robot", 0),
        ("robot OR OR arm", 6),
    ],
)
def test_a_mistake_is_told_with_a_caret_under_its_place_and_nothing_typed_is_lost(
    page: Any, rule: str, place: int
):
    follow(page, rule, "Soft")
    typed, caret = page.locator("pre.caret").first.inner_text().split("\n")
    assert (typed.rstrip(), caret.index("^")) == (rule, place)
    assert page.locator(".field.wrong .error").first.inner_text()
    assert (page.input_value("#id_phrase"), page.input_value("#id_label")) == (rule, "Soft")
    seen(page)


def test_a_rule_is_tried_before_it_is_followed(page: Any):
    page.goto("/keywords/")
    page.fill("#id_phrase", "ti:robot* OR ti:quadruped*")
    button(page, "Try").click()
    page.wait_for_selector("#trial ul.newest li")
    assert page.locator("#trial .warning").count() == 0
    assert "2026-11-17" in page.inner_text("#trial ul.newest")
    assert page.locator("#trial svg").count() == 1
    seen(page)


def test_a_rule_that_brings_nothing_is_warned_of(page: Any):
    page.goto("/keywords/")
    page.fill("#id_phrase", "zyxomma")
    button(page, "Try").click()
    warning = page.locator("#trial .warning")
    warning.wait_for()
    assert warning.inner_text().startswith(said(page, NOTHING)[:10])
    seen(page)


def test_a_rule_that_brings_more_than_anybody_reads_is_warned_of(page: Any):
    page.goto("/keywords/")
    page.fill("#id_phrase", "ti:plentiful")
    button(page, "Try").click()
    page.locator("#trial .warning", has_text="100").wait_for()
    assert said(page, "%(n)s paper", "%(n)s papers", n=120) in page.inner_text("#trial strong")
    seen(page)


NOTHING = (
    "It would have brought nothing. Is a word misspelt, or is it too narrow? Fewer words, OR between them, or a * at "
    "a word's end make it wider."
)


def test_keywords_of_others_are_suggested_while_one_types(page: Any):
    page.goto("/keywords/")
    page.locator("#id_phrase").press_sequentially("quadrup", delay=20)
    page.wait_for_selector("#keyword-suggestions option", state="attached")
    option = page.locator("#keyword-suggestions option")
    assert option.get_attribute("value") == "quadruped robot"
    assert option.text_content() == said(page, "%(n)s other follows it", "%(n)s others follow it", n=3)


def test_an_author_and_a_category_are_followed_by_one_press(page: Any):
    page.goto("/keywords/")
    page.fill("#id_author", "Teodor Vălaru")
    press_to(button(page, "Follow this author"))
    assert row(page, 'au:"Teodor Vălaru"').count() == 1
    page.select_option("#id_category", "quant-ph")
    press_to(button(page, "Follow this category"))
    assert row(page, "cat:quant-ph").count() == 1
    seen(page)
    for rule in ("au:", "cat:quant-ph"):
        remove(page, rule)


def test_what_is_left_out_stands_apart(page: Any):
    follow(page, "ti:folding", does="leave-out")
    left_out = page.locator("section[aria-labelledby=left-out]")
    assert row(left_out, "ti:folding").count() == 1
    seen(page)
    remove(page, "ti:folding")
    assert said(page, "Nothing is left out.") in left_out.inner_text()


def test_a_rule_is_changed_tried_and_changed_back(page: Any):
    follow(page, "ti:cloth*", "Cloth")
    press_to(page.locator("ul.keywords li", has_text="Cloth").locator("a").first)
    page.fill("#id_phrase", "ti:cloth* OR")
    press_to(button(page, "Save"))
    assert page.locator("pre.caret").count() == 1
    page.fill("#id_phrase", "ti:cloth* OR ti:fold*")
    press_to(button(page, "Try"))
    assert page.locator("#trial ul.newest li").count() > 0
    seen(page)
    press_to(button(page, "Save"))
    assert "ti:cloth* OR ti:fold*" in row(page, "Cloth").inner_text()
    remove(page, "Cloth")


def test_the_kept_past_is_looked_at_when_that_is_asked_for(page: Any):
    follow(page, "ti:adaptive")
    page.goto("/")
    section = page.locator("section", has=page.locator("h2", has_text="ti:adaptive"))

    def there() -> bool:
        page.reload()
        return section.count() == 1

    wait_until(there, 60, lambda: page.inner_text("main"))
    assert "Private Fine-Tuning" in section.inner_text()
    assert "Adaptive" in section.locator("mark").all_inner_texts()
    seen(page)
    remove(page, "ti:adaptive")


@pytest.mark.parametrize("kind", ["txt", "json", "opml"])
def test_what_is_exported_is_taken_in_again(page: Any, kind: str):
    follow(page, "ti:world (robot OR driving)", "Worlds")
    with page.expect_download() as begun:
        page.locator(f"a[href$='export.{kind}']").click()
    file = Path(begun.value.path())
    assert "reinforcement learning" in file.read_text()
    remove(page, "Worlds")
    page.goto("/keywords/import/")
    page.set_input_files(
        "#id_file", {"name": f"rules.{kind}", "mimeType": "text/plain", "buffer": file.read_bytes()}
    )
    press_to(button(page, "Read"))
    assert page.locator(".refused li").count() == 2  # those that are followed already
    seen(page)
    press_to(button(page, "Follow those that are checked"))
    assert "ti:world (robot OR driving)" in row(page, "Worlds").inner_text()
    remove(page, "Worlds")


LIBRARIES = {
    "bib": "@article{a, title={Tactile sensing of soft fruit}, keywords={tactile sensing, grasping}}\n"
    "@article{b, title={Tactile sensing for grasping}, keywords={tactile sensing}}\n",
    "json": json.dumps(
        [
            {
                "id": "a",
                "type": "article",
                "title": "Tactile sensing of fruit",
                "keyword": "tactile sensing, grasping",
            },
            {
                "id": "b",
                "type": "article",
                "title": "Tactile sensing for grasping",
                "keyword": "tactile sensing",
            },
        ]
    ),
}


@pytest.mark.parametrize("kind", LIBRARIES)
def test_a_library_proposes_keywords_of_which_one_chooses(page: Any, kind: str):
    page.goto("/keywords/import/")
    file = {"name": f"zotero.{kind}", "mimeType": "text/plain", "buffer": LIBRARIES[kind].encode()}
    page.set_input_files("#id_file", file)
    press_to(button(page, "Read"))
    proposal = page.locator(".checklist label", has_text="tactile sensing").first
    proposal.locator("input").check()
    seen(page)
    press_to(button(page, "Follow those that are checked"))
    assert row(page, "tactile sensing").count() == 1
    assert row(page, "grasping").count() == 0
    remove(page, "tactile sensing")


HOSTILE = {
    "huge": b"robot\n" * 9_000_000,
    "entities": b'<?xml version="1.0"?><!DOCTYPE o [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<opml version='2.0'><body><outline text='&b;'/></body></opml>",
    "broken": b"<opml version='2.0'><body><outline text=",
    "binary": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_in_words(page: Any, kind: str, tmp_path: Path):
    page.goto("/keywords/import/")
    if kind == "huge":  # a browser is not handed 50 MB by the line that drives it
        (file := tmp_path / "huge.txt").write_bytes(HOSTILE[kind])
        page.set_input_files("#id_file", file)
    else:
        page.set_input_files("#id_file", {"name": kind, "mimeType": "text/plain", "buffer": HOSTILE[kind]})
    press_to(button(page, "Read"))
    assert page.locator(".error").first.inner_text()
    assert page.locator("input[name=rule]").count() == 0
    seen(page)


def test_markup_in_an_imported_rule_is_shown_as_text(page: Any):
    page.goto("/keywords/import/")
    page.fill("#id_text", "# robots\n<b>Bold</b> = ti:folding\n<script>alert(1)</script>\n! (unfinished")
    press_to(button(page, "Read"))
    assert "<b>Bold</b>" in page.inner_text(".checklist")
    assert page.locator(".refused .error").count() >= 1
    seen(page)


def test_one_rule_too_many_is_told_and_kept_as_typed(page: Any, data: Path):
    shell(data, FILLERS)
    try:
        follow(page, "ti:onemore", "One more")
        assert "500" in page.inner_text(".error >> nth=0")
        assert (page.input_value("#id_phrase"), page.input_value("#id_label")) == ("ti:onemore", "One more")
        fits(page)
    finally:
        shell(data, NO_FILLERS)


def test_two_tabs_that_remove_the_same_rule_do_no_harm(page: Any):
    follow(page, "ti:twotabs")
    other = page.context.new_page()
    other.goto("/keywords/")
    press_to(button(page, "Remove", row(page, "ti:twotabs")))
    press_to(button(other, "Remove", row(other, "ti:twotabs")))
    seen(other)
    other.goto("/keywords/")
    assert row(other, "ti:twotabs").count() == 0


def test_a_rule_typed_when_the_session_had_ended_is_not_lost(visit: Callable[..., Any]):
    page = visit(storage_state=None)
    log_in(page)
    page.goto("/keywords/")
    page.context.clear_cookies(name="sessionid")
    with page.expect_response("**/keywords/suggest/*"):  # which nobody gets who is not logged in
        page.fill("#id_phrase", "ti:patience AND robot")
    page.wait_for_timeout(300)
    press_to(button(page, "Follow"))
    seen(page)
    send_log_in(page)
    press_to(button(page, "Send it"))
    assert row(page, "ti:patience").count() == 1
    seen(page)
    remove(page, "ti:patience")


def test_a_rule_is_mended_followed_renamed_and_removed_by_keyboard_alone(page: Any):
    page.goto("/keywords/")
    tab_to(page, "it.name === 'phrase'")
    page.keyboard.type("(ti:keyboard OR ti:typing")
    page.keyboard.press("Enter")
    page.wait_for_selector("pre.caret")
    tab_to(page, "it.name === 'phrase'")
    page.keyboard.press("End")
    page.keyboard.type(")")
    page.keyboard.press("Enter")  # tries it
    page.wait_for_selector("#trial h2")
    press_key_on(page, "Follow", "true")
    row(page, "ti:keyboard").wait_for()
    tab_to(page, "it.matches('a') && it.closest('li')?.textContent.includes('ti:keyboard')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/")
    tab_to(page, "it.name === 'label'")
    page.keyboard.type("Keys")
    press_key_on(page, "Save", "true")
    page.wait_for_url("**/keywords/")
    row(page, "Keys").wait_for()
    press_key_on(page, "Remove", "it.closest('li').textContent.includes('Keys')")
    row(page, "Keys").wait_for(state="detached")


def press_key_on(page: Any, name: str, where: str) -> None:
    """Enter on the button of a name of which an expression is true."""
    tab_to(page, f"it.textContent.trim() === {said(page, name)!r} && {where}")
    page.keyboard.press("Enter")
