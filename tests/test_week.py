"""A week of an administrator's, in a real browser, on the sample day (tests/week.py does it anywhere)."""

from collections.abc import Iterator

import pytest

from tests.chromium import SHOTS, VISITS, keep_picture, needed, sample_reader
from tests.week import Week

pytestmark = needed


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple]:
    yield from sample_reader(tmp_path_factory.mktemp("week") / "data")


def test_every_task_of_the_week_can_be_done(reader: tuple):
    chromium, url, cookies = reader
    page = chromium.new_context(storage_state=cookies, locale="en").new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for task in Week(page, url).tasks():
        assert task(), task.__name__
    assert said == []


@pytest.mark.parametrize("visit", VISITS)
def test_a_translation_that_is_reviewed_has_room_for_its_lines(reader: tuple, visit: str):
    chromium, url, cookies = reader
    page = chromium.new_context(storage_state=cookies, **VISITS[visit]).new_page()
    page.goto(f"{url}/admin/digest/sentence/")
    for column in ("source", "text"):
        assert page.locator(f"#result_list .field-{column}").first.bounding_box()["width"] > 170
    box = page.locator("#changelist-form .results").bounding_box()
    assert box["width"] > min(0.8 * page.viewport_size["width"], 400)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} px too wide"
    if SHOTS:
        keep_picture(page)
    page.context.close()
