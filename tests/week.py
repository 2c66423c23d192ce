"""What an administrator does in a week, in a real browser.

    python -m tests.week URL --user alice --password …   at any installation, such as one of tests.benchmarks.admin

Each task says what it found; whatever is not as it should be ends it.
"""

import argparse
import os
import re
import time
from collections.abc import Callable
from typing import Any

SHOWN = ".results tbody tr, #result_list tbody tr"


class Week:
    """The tasks, in order, on a page that is logged in."""

    def __init__(self, page: Any, url: str) -> None:
        self.page, self.url = page, url

    def go(self, link: str) -> None:
        """From the admin's first page, by its list of the week."""
        self.page.goto(f"{self.url}/admin/")
        self.press(self.page.locator("nav.week").get_by_role("link", name=link).first)
        assert self.page.locator("h1").count(), link

    def press(self, what: Any) -> None:
        """Press what leads to another page, and wait for it."""
        with self.page.expect_navigation():
            what.click()

    def invites_a_person(self) -> str:
        self.go("People, roles and invitations")
        self.press(self.page.locator("form.card button"))
        found = re.search(r"/invitation/[\w-]+/", self.page.content())
        assert found
        return "a link is shown"

    def looks_at_a_keywords_yield(self) -> str:
        self.go("Keywords: followers and matches a day")
        self.press(self.page.locator("#result_list tbody th a").first)
        assert self.page.locator("svg.chart, .field-chart").count()
        return self.page.locator("#content h2").first.inner_text()

    def previews_a_digest(self) -> str:
        self.go("Past digests, as their readers see them")
        self.press(self.page.get_by_role("link", name="as its reader sees it").first)
        assert self.page.locator(".preview article.paper").count()
        return f"{self.page.locator('.preview article.paper').count()} papers"

    def reviews_translations(self) -> str:
        self.go("Translations to review: what stays in English")
        return self.page.locator("p.paginator").inner_text().strip()

    def adds_a_glossary_term(self) -> str:
        self.go("Glossary")
        self.press(self.page.locator(".object-tools a.addlink"))
        self.page.fill("#id_term", f"zyx term {int(time.time())}")
        self.page.fill("#id_renderings", "词")
        self.press(self.page.locator("input[name=_save]"))
        assert self.page.locator(".messagelist .success").count()
        return "added"

    def follows_a_category(self) -> str:
        self.go("Categories")
        self.page.locator("input.action-select").first.check()
        self.page.select_option("select[name=action]", "follow")
        self.press(self.page.locator("button[name=index]"))
        return self.page.locator("#result_list tbody tr").first.inner_text()[:20].strip()

    def turns_a_source_off_and_on(self) -> str:
        self.go("Sources")
        for _ in range(2):
            self.press(self.page.locator(".sources form button"))
            assert self.page.locator(".messagelist .success").count()
        return "off and on"

    def looks_at_failed_deliveries(self) -> str:
        self.go("Mail, chat and webhook deliveries that failed")
        if not self.page.locator("input.action-select").count():
            return "none failed"
        self.page.locator("input.action-select").first.check()
        self.page.select_option("select[name=action]", "try_again")
        self.press(self.page.locator("button[name=index]"))
        return self.page.locator(".messagelist").inner_text()

    def reads_the_log(self) -> str:
        self.go("Log of changes")
        rows = self.page.locator("#result_list tbody tr").all_inner_texts()
        assert any("zyx term" in row for row in rows)
        return f"{len(rows)} changes on the first page"

    def tasks(self) -> list[Callable[[], str]]:
        return [self.invites_a_person, self.looks_at_a_keywords_yield, self.previews_a_digest,
                self.reviews_translations, self.adds_a_glossary_term, self.follows_a_category,
                self.turns_a_source_off_and_on, self.looks_at_failed_deliveries, self.reads_the_log]  # fmt: skip


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url")
    parser.add_argument("--user", default="alice")
    parser.add_argument("--password", required=True)
    options = parser.parse_args()
    chromium = os.environ.get("PAPERGLOT_TEST_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(locale="en")
        page.set_default_timeout(180_000)
        page.goto(f"{options.url}/login/")
        page.fill("input[name=login]", options.user)
        page.fill("input[name=password]", options.password)
        page.locator("main form button[type=submit], main form button").first.click()
        page.wait_for_selector("form[action$='/logout/']")
        for task in Week(page, options.url).tasks():
            began = time.monotonic()
            told = " ".join(task().split())
            print(f"{task.__name__.replace('_', ' '):32} {time.monotonic() - began:6.1f} s  {told}")
        browser.close()


if __name__ == "__main__":
    main()
