"""Sign-up by approval, in a real browser: an installation of its own, without mail."""

from collections.abc import Iterator

import pytest

from tests.chromium import (
    VISITS,
    inside,
    log_in,
    needed,
    press_to,
    said,
    sample_reader,
    seen,
    visits,
)
from tests.test_browser_entrance import sign_up

pytestmark = needed


@pytest.fixture(scope="module")
def careful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple]:
    """An administrator lets people in."""
    env = {"PAPERGLOT_SIGNUP": "approval"}
    yield from sample_reader(tmp_path_factory.mktemp("careful") / "data", env)


@pytest.mark.parametrize("look", VISITS)
def test_who_asks_to_be_let_in_waits_for_an_administrator(careful: tuple, look: str):
    name = f"eve-{look.replace(' ', '-')}"
    for visit in visits(careful, look):
        eve, ada = visit(storage_state=None), visit()
        sign_up(eve, name)
        seen(eve)
        log_in(eve, name)
        seen(eve)
        assert said(eve, "Your account waits") in eve.inner_text("main")
        ada.goto("/people/")
        seen(ada)
        assert f"{name}@example.org" in ada.inner_text("main")
        press_to(ada.locator("li", has_text=name).locator("button", has_text=said(ada, "Let in")))
        log_in(eve, name)
        inside(eve)
