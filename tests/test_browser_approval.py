"""Sign-up by approval, in a real browser: an installation of its own, without mail."""

from collections.abc import Iterator

import pytest

from tests.chromium import LOOKS, needed, sample_reader, seen
from tests.test_browser_entrance import inside, log_in, sign_up

pytestmark = needed


@pytest.fixture(scope="module")
def careful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple]:
    """An administrator lets people in."""
    env = {"PAPERGLOT_SIGNUP": "approval"}
    yield from sample_reader(tmp_path_factory.mktemp("careful") / "data", env)


def test_who_asks_to_be_let_in_waits_for_an_administrator(careful: tuple):
    chromium, url, cookies = careful
    eve = chromium.new_context(base_url=url, locale="zh-CN", **LOOKS["dark phone"]).new_page()
    sign_up(eve, "eve")
    seen(eve)
    log_in(eve, "eve")
    assert "需要管理员批准" in eve.inner_text("main")
    ada = chromium.new_context(base_url=url, storage_state=cookies, **LOOKS["tablet"]).new_page()
    ada.goto("/people/")
    seen(ada)
    assert "eve@example.org" in ada.inner_text("main")
    ada.get_by_role("button", name="Let in").click()
    log_in(eve, "eve")
    inside(eve)
