"""A week of an administrator's, in a real browser, on the sample day (tests/week.py does it anywhere)."""

from collections.abc import Iterator

import pytest

from tests.chromium import needed, sample_reader
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
