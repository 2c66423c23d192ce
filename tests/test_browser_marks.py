"""Marks in a real browser: taken back, made by somebody in a hurry, and made while the server is out of reach."""

from collections.abc import Callable
from typing import Any

from tests.chromium import button, forget, log_in, needed, press_to, said, seen, send_log_in
from tests.house import wait_until

pytestmark = needed
FIRST = "article.paper.folded"
AWAY = (
    "Not kept: you are logged out, it seems. What you have typed stands here still; send it, and after the "
    "log-in it is offered again."
)
NOT_KEPT = "Not kept: the server could not be reached. Please try again."


def test_undo_takes_back_what_was_pressed_last(page: Any):
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.wait_for_selector(f"{FIRST}.gone", state="attached")
    page.locator("#undo").click()
    page.wait_for_selector(f"{FIRST}.gone", state="detached")
    page.reload()
    assert page.locator(".hidden-papers").count() == 0


def test_a_mark_is_kept_though_the_page_is_left_at_once(page: Any):
    page.goto("/")
    page.evaluate("document.querySelector('.do-save').click(); location.href = '/saved/'")
    page.wait_for_url("**/saved/")

    def kept() -> bool:
        page.reload()
        return page.locator(FIRST).count() == 1

    wait_until(kept, 10)  # the page may have been made before the mark came
    page.locator(".undo-save").click()
    page.wait_for_selector(f"{FIRST}:not(.saved)")


def test_a_mark_after_the_session_has_ended_leaves_a_typed_note_where_it_is(visit: Callable[..., Any]):
    page = visit(storage_state=None)
    log_in(page)
    page.goto("/papers/2611.90002/")
    page.locator(".note-form > summary").click()
    page.fill("#id_note", "half a thought")
    page.context.clear_cookies(name="sessionid")
    page.locator(".mine .do-save").click()
    page.wait_for_selector(f"#told:has-text('{said(page, AWAY)}')")
    assert page.input_value("#id_note") == "half a thought"
    seen(page)
    press_to(button(page, "Keep"))
    send_log_in(page)
    press_to(button(page, "Send it"))
    page.goto("/papers/2611.90002/")
    assert page.input_value("#id_note") == "half a thought"
    forget(page)


def test_a_mark_that_can_not_be_kept_is_told(page: Any):
    page.goto("/")
    page.context.set_offline(True)
    page.locator(".do-save").first.click()
    page.wait_for_selector(f"#told:has-text('{said(page, NOT_KEPT)}')")
    assert page.locator("#told").bounding_box()["height"] > 10
    page.keyboard.press("Control+Home")
    seen(page)
    page.context.set_offline(False)
    page.locator(".do-save").first.click()
    page.wait_for_selector(f"{FIRST}.saved")
    assert page.locator("#told").bounding_box()["height"] == 1
    page.locator(".undo-save").first.click()
    page.wait_for_selector(f"{FIRST}.saved", state="detached")
