"""People, their rights and their labs in a real browser: invited, made an editor, together in a lab, and gone again."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

import pytest

from tests.chromium import PASSWORD, button, confirm, inside, log_in, needed, press_to, said, seen

pytestmark = needed
PAPER = "2611.90002"


@pytest.fixture
def who(request: pytest.FixtureRequest) -> str:
    """What tells the accounts of one flow and visit from those of another."""
    return f"{crc32(request.node.originalname.encode())}-{request.node.callspec.params['visit'].replace(' ', '-')}"


@pytest.fixture
def ada(visit: Callable[..., Any]) -> Any:
    """The administrator."""
    return visit()


@pytest.fixture
def visitor(visit: Callable[..., Any]) -> Any:
    return visit(storage_state=None)


@pytest.fixture
def bela(visit: Callable[..., Any], ada: Any, visitor: Any, who: str) -> Any:
    """Somebody whom the administrator has just invited."""
    sign_up(visitor, invitation(ada), f"bela-{who}")
    return visitor


def invitation(ada: Any) -> str:
    """Where the link leads that an administrator gets to pass on."""
    ada.goto("/people/")
    press_to(button(ada, "Invite"))
    seen(ada)
    return urlsplit(ada.input_value("input[readonly]")).path


def sign_up(page: Any, link: str, name: str) -> None:
    page.goto(link)
    seen(page)
    press_to(page.locator("main a", has_text=said(page, "Make an account")))
    page.fill("#id_username", name)
    page.fill("#id_password1", PASSWORD)
    seen(page)
    press_to(button(page, "Sign up"))
    inside(page)


def say_role(ada: Any, name: str, what: str) -> None:
    """An administrator makes somebody something."""
    ada.goto(f"/people/?q={name}")
    row = ada.locator("ul.rows li", has_text=name)
    row.locator("summary").click()
    seen(ada)
    press_to(button(ada, what, row))


# --- coming and going -----------------------------------------------------------------------------


def test_nobody_signs_up_uninvited(visitor: Any):
    visitor.goto("/accounts/signup/")
    assert said(visitor, "Nobody can sign up here by themselves") in visitor.inner_text("main")
    assert visitor.locator("main input").count() == 0
    seen(visitor)


def test_an_invitation_is_worth_one_account(visit: Callable[..., Any], ada: Any, visitor: Any, who: str):
    link = invitation(ada)
    sign_up(visitor, link, f"ivo-{who}")
    second = visit(storage_state=None)
    assert second.goto(link).status == 410
    assert said(second, "This invitation is no longer good") in second.inner_text("h1")
    seen(second)


def test_an_invitation_that_is_withdrawn_opens_nothing(ada: Any, visitor: Any):
    link = invitation(ada)
    ada.goto("/people/")
    press_to(ada.locator("h3 + ul.rows button.danger").first)
    assert visitor.goto(link).status == 410
    assert said(visitor, "This invitation is no longer good") in visitor.inner_text("h1")
    seen(visitor)


def test_the_password_is_changed(bela: Any, who: str):
    bela.goto("/accounts/password/change/")
    seen(bela)
    bela.fill("#id_oldpassword", PASSWORD)
    bela.fill("#id_password1", "battery-staple-7")
    bela.fill("#id_password2", "battery-staple-7")
    press_to(bela.locator("main form.card button").first)
    seen(bela)
    bela.context.clear_cookies()
    log_in(bela, f"bela-{who}", "battery-staple-7")
    seen(bela)
    inside(bela)


def test_a_profile_is_changed_and_takes_effect(bela: Any):
    bela.goto("/account/")
    seen(bela)
    bela.select_option("#id_time_zone", "Asia/Shanghai")
    bela.select_option("#id_delivery_hour", "7")
    bela.select_option("#id_formulas", "tex")
    bela.select_option("#id_content_language", "ja")
    bela.select_option("#id_display", "original")
    bela.select_option("#id_interface_language", "zh-hans")
    press_to(bela.locator("main form.card button"))
    assert bela.locator("html").get_attribute("lang") == "zh-hans"
    assert bela.input_value("#id_time_zone") == "Asia/Shanghai"
    assert bela.input_value("#id_delivery_hour") == "7"
    assert bela.input_value("#id_formulas") == "tex"
    assert bela.input_value("#id_content_language") == "ja"
    seen(bela)
    bela.select_option("#id_content_language", "zh-Hans")
    press_to(bela.locator("main form.card button"))
    bela.goto(f"/papers/{PAPER}/")
    assert bela.locator(".abstract .original").count() == 1
    assert bela.locator(".abstract .translation").count() == 0


def test_all_that_is_ones_own_is_taken_along_and_the_account_is_deleted(bela: Any, who: str):
    bela.goto("/keywords/")
    bela.fill("#id_phrase", "ti:farewell")
    press_to(button(bela, "Follow"))
    bela.goto("/account/data/")
    seen(bela)
    with bela.expect_download() as begun:
        bela.locator("main a[download]").click()
    taken = Path(begun.value.path()).read_text()
    assert "ti:farewell" in taken
    assert json.loads(taken)

    bela.goto("/account/delete/")
    confirm(bela)
    seen(bela)
    bela.fill("#id_sure", "somebody else")
    press_to(button(bela, "Delete the account"))
    assert bela.locator("#wrong").count() == 1
    bela.fill("#id_sure", f"bela-{who}")
    press_to(button(bela, "Delete the account"))
    assert said(bela, "Your account is deleted") in bela.inner_text("main")
    seen(bela)
    log_in(bela, f"bela-{who}")
    assert bela.locator(".error").count() > 0
    seen(bela)


# --- rights ---------------------------------------------------------------------------------------


def test_a_reader_corrects_when_made_an_editor(ada: Any, bela: Any, who: str):
    bela.goto(f"/papers/{PAPER}/")
    assert bela.locator(".translation .correct").count() == 0
    say_role(ada, f"bela-{who}", "Make editor")
    bela.goto(f"/papers/{PAPER}/")
    press_to(bela.locator(".translation .correct").first)
    seen(bela)
    bela.fill("#text", f"编辑 {who} 的句子。")
    press_to(button(bela, "Save"))
    assert f"编辑 {who} 的句子。" in bela.inner_text(".abstract .translation")
    seen(bela)
    press_to(bela.locator(".translation .correct").first)
    press_to(button(bela, "Take the correction back"))
    bela.goto("/admin/digest/glossaryterm/")
    assert bela.locator("#result_list").count() == 1
    say_role(ada, f"bela-{who}", "Make reader")
    bela.goto(f"/papers/{PAPER}/")
    assert bela.locator(".translation .correct").count() == 0


def test_the_admin_lets_no_reader_in(bela: Any, ada: Any):
    assert bela.goto("/admin/").status == 403
    assert said(bela, "This page is for administrators.") in bela.inner_text("main")
    seen(bela)
    assert ada.goto("/admin/").status == 200
    assert ada.locator("nav.week").count() == 1


# --- labs -----------------------------------------------------------------------------------------


@pytest.fixture
def lab(ada: Any, bela: Any, who: str) -> str:
    """The address of a lab that bela has founded and the administrator has joined."""
    bela.goto("/labs/")
    bela.fill("#id_name", f"Lab {who}")
    press_to(button(bela, "Found it"))
    lab = f"/labs/lab-{who}/"
    bela.goto(f"{lab}members/")
    press_to(button(bela, "Invite"))
    ada.goto(urlsplit(bela.input_value("input[readonly]")).path)
    seen(ada)
    press_to(ada.locator("main form button").first)
    return lab


def test_a_lab_shares_keywords_and_a_reading_list(ada: Any, bela: Any, who: str, lab: str):
    bela.goto(lab)
    seen(bela)
    ada.goto(f"{lab}keywords/")
    ada.fill("#id_phrase", "quadruped robot")
    press_to(button(ada, "Follow"))
    bela.goto(f"{lab}keywords/")
    assert "quadruped robot" in bela.inner_text("ul.keywords >> nth=0")
    seen(bela)
    bela.goto(f"/papers/{PAPER}/")
    press_to(bela.locator(".for-labs button"))
    ada.goto(f"{lab}papers/")
    press_to(ada.locator("ul.reading button.link", has_text=said(ada, "I am interested")))
    seen(ada)
    assert {"ada", f"bela-{who}"} <= set(ada.inner_text("ul.reading .who").split(", "))
    assert re.search("[\u4e00-\u9fff]", ada.inner_text("ul.reading .title-other"))


def test_a_lab_is_shown_to_the_world_when_its_owner_says_so(visit: Callable[..., Any], bela: Any, lab: str):
    bela.goto(f"/papers/{PAPER}/")
    press_to(bela.locator(".for-labs button"))
    somebody = visit(storage_state=None)
    assert somebody.goto(lab).status == 404 or "/login/" in somebody.url
    bela.goto(f"{lab}settings/")
    seen(bela)
    bela.check("#id_public")
    press_to(button(bela, "Save"))
    assert somebody.goto(lab).status == 200
    seen(somebody)
    somebody.goto(f"{lab}papers/")
    assert "Demonstrations" in somebody.inner_text("main")
    seen(somebody)


def test_a_member_is_removed_and_the_lab_is_closed(ada: Any, bela: Any, who: str, lab: str):
    bela.goto(f"{lab}members/")
    seen(bela)
    press_to(bela.locator("ul.rows li", has_text="ada").locator("button.danger"))
    ada.goto("/labs/")
    assert f"Lab {who}" not in ada.inner_text("main")
    bela.goto(f"{lab}settings/")
    bela.fill("#id_sure", f"Lab {who}")
    press_to(button(bela, "Close the lab"))
    seen(bela)
    assert bela.goto(lab).status == 404
