"""Rules in a browser without scripts, in two tabs that both change one, and in files that are written in other ways."""

from collections.abc import Callable
from typing import Any

from tests.chromium import button, fits, log_in, needed, press_to, said, seen, send_log_in
from tests.test_browser_rules import follow, remove, row

pytestmark = needed
RIS = """TY  - JOUR
TI  - Tactile Sensing of Soft Fruit
KW  - tactile sensing
ER  -
TY  - JOUR
TI  - Tactile Sensing for Grasping
KW  - tactile sensing
ER  -
"""


def to_edit(page: Any, label: str) -> None:
    page.goto("/keywords/")
    press_to(row(page, label).locator("a[href$='/edit/']"))


def test_without_scripts_a_rule_is_mended_tried_followed_changed_and_removed(scriptless: Any):
    scriptless.goto("/keywords/")
    scriptless.fill("#id_phrase", "(ti:cloth* OR ti:fold*")
    scriptless.fill("#id_label", "Plain")
    press_to(button(scriptless, "Try"))
    typed, caret = scriptless.locator("pre.caret").first.inner_text().split("\n")
    assert (typed.rstrip(), caret.index("^")) == ("(ti:cloth* OR ti:fold*", 0)
    assert scriptless.input_value("#id_label") == "Plain"
    fits(scriptless)
    scriptless.fill("#id_phrase", "(ti:cloth* OR ti:fold*)")
    press_to(button(scriptless, "Try"))
    assert scriptless.locator("#trial ul.newest li").count() > 0
    assert (scriptless.input_value("#id_phrase"), scriptless.input_value("#id_label")) == (
        "(ti:cloth* OR ti:fold*)",
        "Plain",
    )
    fits(scriptless)
    press_to(button(scriptless, "Follow"))
    to_edit(scriptless, "Plain")
    scriptless.fill("#id_label", "Plainer")
    press_to(button(scriptless, "Save"))
    assert row(scriptless, "Plainer").count() == 1
    fits(scriptless)
    remove(scriptless, "Plainer")
    assert row(scriptless, "Plain").count() == 0


def test_a_paused_rule_says_so_until_it_is_taken_up_again(page: Any):
    follow(page, "ti:cloth*", "Pausing")
    press_to(button(page, "Pause", row(page, "Pausing")))
    assert row(page, "Pausing").locator(".badge").all_inner_texts() == [said(page, "paused")]
    seen(page)
    press_to(button(page, "Resume", row(page, "Pausing")))
    assert row(page, "Pausing").locator(".badge").count() == 0
    remove(page, "Pausing")


def test_the_later_of_two_tabs_that_change_a_rule_is_told_of_the_first_and_has_its_way_when_it_insists(
    page: Any,
):
    follow(page, "ti:cloth*", "Both tabs")
    to_edit(page, "Both tabs")
    other = page.context.new_page()
    other.goto(page.url)
    page.fill("#id_phrase", "ti:cloth* OR ti:fold*")
    press_to(button(page, "Save"))
    other.fill("#id_phrase", "ti:cloth* OR ti:towel*")
    press_to(button(other, "Save"))
    assert "ti:cloth* OR ti:fold*" in other.inner_text(".error")
    assert other.input_value("#id_phrase") == "ti:cloth* OR ti:towel*"
    seen(other)
    press_to(button(other, "Save"))
    assert row(other, "Both tabs").count() == 1
    assert "ti:cloth* OR ti:towel*" in row(other, "Both tabs").inner_text()
    remove(page, "Both tabs")


def test_a_change_in_one_tab_of_a_rule_that_another_has_removed_is_told_and_not_lost(page: Any):
    follow(page, "ti:cloth*", "Gone soon")
    to_edit(page, "Gone soon")
    other = page.context.new_page()
    remove(other, "Gone soon")
    page.fill("#id_phrase", "ti:cloth* OR ti:fold*")
    with page.expect_navigation() as led:
        button(page, "Save").click()
    assert led.value.status == 404
    assert page.input_value("#id_phrase") == "ti:cloth* OR ti:fold*"
    seen(page)
    other.goto("/keywords/")
    assert row(other, "ti:cloth*").count() == 0


def test_a_change_of_a_rule_outlives_its_session(visit: Callable[..., Any]):
    page = visit(storage_state=None)
    log_in(page)
    follow(page, "ti:cloth*", "Long thought")
    to_edit(page, "Long thought")
    page.fill("#id_phrase", "ti:cloth* OR ti:fold*")
    page.context.clear_cookies(name="sessionid")
    press_to(button(page, "Save"))
    send_log_in(page)
    seen(page)
    press_to(button(page, "Send it"))
    assert "ti:cloth* OR ti:fold*" in row(page, "Long thought").inner_text()
    remove(page, "Long thought")


def read(page: Any, name: str, content: bytes) -> None:
    page.goto("/keywords/import/")
    page.set_input_files("#id_file", {"name": name, "mimeType": "text/plain", "buffer": content})
    press_to(button(page, "Read"))


def test_a_file_that_is_not_unicode_is_refused_in_words(page: Any):
    read(page, "rules.txt", "布料折叠\n机器人".encode("gb18030"))
    assert page.locator("p.error[role=alert]").inner_text().strip()
    assert page.locator("input[name=rule]").count() == 0
    seen(page)


def test_zoteros_ris_proposes_keywords_and_takes_none_unasked(page: Any):
    read(page, "zotero.ris", RIS.encode())
    proposal = page.locator(".checklist label", has_text="tactile sensing").first
    assert not proposal.locator("input").is_checked()
    proposal.locator("input").check()
    seen(page)
    press_to(button(page, "Follow those that are checked"))
    assert row(page, "tactile sensing").count() == 1
    remove(page, "tactile sensing")


def test_a_paper_says_which_rule_brought_it_and_marks_its_words_in_the_abstract(page: Any):
    page.goto("/")
    paper = page.locator("article.paper", has=page.locator(".abstract .original mark")).first
    paper.wait_for(state="attached")
    page.goto(f"/papers/{paper.get_attribute('id').removeprefix('p')[:4]}.{paper.get_attribute('id')[5:10]}/")
    rules = page.locator(".why .keyword").all_inner_texts()
    marked = [text.lower() for text in page.locator(".abstract .original mark").all_inner_texts()]
    assert rules
    assert any(word[:4] in " ".join(marked) for rule in rules for word in rule.lower().split())
    seen(page)
