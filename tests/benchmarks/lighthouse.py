"""Lighthouse on every kind of page of the sample, logged in.

    npm install --prefix FOLDER lighthouse@12                    (from npm; 12 runs on Node 18 to 22, 13 needs 22)
    python -m tests.benchmarks.lighthouse --modules FOLDER [--rounds 3] [--only today paper]

It needs Node and Chromium (CHROME_PATH; /usr/bin/chromium else), a quiet machine, and three minutes a page.
Starts `up --sample` in a folder of its own, makes the first administrator, waits for the digest, and prints the
median of each category. It ends non-zero where one is below 95.
"""

import argparse
import http.cookiejar
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

BAR = 95
TRIES = 3
"""It now and then records nothing (NO_NAVSTART), and asks to be run again."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = {
    "today": "/",
    "past digests": "/digests/",
    "paper": "/papers/2611.90004/",
    "search": "/search/?q=learning",
    "saved": "/saved/",
    "keywords": "/keywords/",
    "labs": "/labs/",
    "account": "/account/",
    "feeds": "/account/feeds/",
    "deliveries": "/account/deliveries/",
    "status": "/status/",
    "board": "/board/",
}
PASSWORD = "correct-horse-9"


class Site:
    """A Paperglot of its own, with the sample and one administrator."""

    def __init__(self, folder: Path, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._log = folder / "up.log"
        environment = os.environ | {
            "PAPERGLOT_DATA": str(folder / "data"),
            "PAPERGLOT_PORT": str(port),
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, "manage.py", "up", "--sample"]
        with self._log.open("w") as log:
            self._up = subprocess.Popen(
                command, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        self._jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def enter(self) -> str:
        """Make the administrator, wait for the digest; the header with their session."""
        link = self._wait(lambda: re.search(r"http://\S+/setup/\S+", self._log.read_text()))[0]
        page = self._get(link)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]  # type: ignore[index]
        form = {
            "username": "ada",
            "password": PASSWORD,
            "content_language": "zh-Hans",
            "time_zone": "UTC",
            "csrfmiddlewaretoken": token,
        }
        self._opener.open(link, urllib.parse.urlencode(form).encode()).read()
        self._wait(lambda: re.search('<article class="paper', self._get(f"{self.address}/")))
        time.sleep(20)  # the index of the search is filled, workers rest
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._jar)

    def _get(self, address: str) -> str:
        return str(self._opener.open(address, timeout=30).read().decode())

    def _wait(self, seen):  # type: ignore[no-untyped-def]
        for _ in range(180):
            if found := seen():
                return found
            time.sleep(1)
        raise SystemExit(f"Paperglot did not come up in three minutes; its log is {self._log}")

    def end(self) -> None:
        self._up.send_signal(signal.SIGINT)
        self._up.wait(60)


def look(address: str, cookie: str, modules: Path, folder: Path) -> dict[str, int]:
    """The scores of one page, of 100."""
    headers, told = folder / "headers.json", folder / "told.json"
    headers.write_text(json.dumps({"Cookie": cookie}))
    command = [
        "npx", "--no-install", "lighthouse", address, "--quiet", "--output=json", f"--output-path={told}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu", f"--extra-headers={headers}",
        "--no-enable-error-reporting", f"--only-categories={','.join(CATEGORIES)}",
    ]  # fmt: skip
    for left in reversed(range(TRIES)):
        done = subprocess.run(command, cwd=modules, env={"CHROME_PATH": "/usr/bin/chromium"} | os.environ)
        if not done.returncode:
            break
        if not left:
            raise SystemExit(f"Lighthouse failed {TRIES} times at {address}")
    found = json.loads(told.read_text())["categories"]
    return {name: round(100 * (found[name]["score"] or 0)) for name in CATEGORIES}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each page (3)")
    parser.add_argument("--only", nargs="*", choices=PAGES, default=list(PAGES), metavar="PAGE",
                        help=", ".join(PAGES))  # fmt: skip
    parser.add_argument("--modules", type=Path, default=Path(), help="where lighthouse was installed")
    parser.add_argument("--port", type=int, default=8123, help="of the installation that it starts (8123)")
    options = parser.parse_args()
    if not (options.modules / "node_modules" / "lighthouse").is_dir():
        parser.error("no lighthouse there: npm install --prefix FOLDER lighthouse@12, and --modules FOLDER")
    folder = Path(tempfile.mkdtemp(prefix="paperglot-lighthouse-"))
    site, kept = Site(folder, options.port), True
    try:
        cookie = site.enter()
        print(f"{'page':14} " + " ".join(f"{name:>14}" for name in CATEGORIES))
        for name in options.only:
            rounds = [
                look(site.address + PAGES[name], cookie, options.modules, folder)
                for _ in range(options.rounds)
            ]
            scores = [statistics.median_low([told[c] for told in rounds]) for c in CATEGORIES]
            kept = kept and min(scores) >= BAR
            print(f"{name:14} " + " ".join(f"{score:14}" for score in scores), flush=True)
    finally:
        site.end()
    shutil.rmtree(folder)
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
