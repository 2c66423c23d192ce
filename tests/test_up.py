"""`manage.py up`: the one-machine product, as a stranger meets it. Linux only: it reads /proc."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import Browser
from tests.house import House, alive, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads processes from /proc")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with the sample day, its digest published."""
    house = House(tmp_path_factory.mktemp("up") / "data", None, "--sample").start()
    house.wait_for(r"digest 2026-11-17 for reader: published", 90)
    yield house
    house.stop()


def test_the_digest_is_in_the_private_feed_in_both_languages(sample: House):
    feed = sample.wait_for(r"(http://\S+/f/\S+/all\.atom)")
    text = urllib.request.urlopen(feed).read().decode()
    assert "reinforcement learning" in text.lower()
    assert "强化学习" in text


def test_the_data_folder_is_private(sample: House):
    assert sample.data.stat().st_mode & 0o777 == 0o700
    assert (sample.data / "secret.key").stat().st_mode & 0o777 == 0o600
    assert (sample.data / "paperglot.sqlite3").stat().st_mode & 0o077 == 0


def test_a_second_up_on_the_same_data_says_so_and_ends(sample: House):
    second = sample.manage("up", "--port", "1")
    assert second.returncode != 0
    assert f"already running on {sample.data} (process {sample.process.pid})" in second.stderr


def test_the_broker_has_no_network_port(sample: House):
    assert sample.children()["broker"]
    listening = Path(f"/proc/{sample.children()['broker']}/net/tcp").read_text()
    assert ":18EB " not in listening  # 6379


def test_the_set_up_link_leads_to_the_finished_digest(sample: House):
    link = sample.wait_for(r"(http://\S+/setup/\S+/)")
    browser = Browser()
    page = browser.submit(link, username="ada", password="correct-horse-9", content_language="zh-Hans",
                          time_zone="Asia/Shanghai")  # fmt: skip
    assert "强化学习" in page
    assert "demonstration model" in page
    assert "2026-11-17" in browser.get(f"{sample.url}/digests/")
    assert "Digests" in browser.get(f"{sample.url}/admin/")
    assert browser.status(link) == 410


def test_each_line_of_the_log_names_its_process(sample: House):
    said = [line for line in sample.lines if " | " in line]
    assert said
    assert all(re.match(r"(broker|web|io|mt|beat|up)\s+\| \S", line) for line in said)


def test_a_busy_port_is_told_with_another_to_try(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        house = House(tmp_path / "data")
        house.arguments = ["up", "--port", str(port)]
        assert house.start().process.wait(60) != 0
    wait_until(lambda: "Error" in house.log, 5)
    assert f"Can't listen on 127.0.0.1:{port}" in house.log
    assert f"--port {port + 1}" in house.log


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_it_stops_cleanly_within_seconds_and_leaves_nothing_running(tmp_path: Path, how: int):
    house = House(tmp_path / "data", None, "--sample").start()
    house.wait_for("Ctrl-C stops it")
    wait_until(lambda: len(house.children()) == 5, 20)
    family = house.family()
    assert house.stop(how, seconds=20) == 0
    assert not alive(family)


def test_its_children_end_with_it_when_it_is_killed(tmp_path: Path):
    house = House(tmp_path / "data", None, "--sample").start()
    house.wait_for("Ctrl-C stops it")
    wait_until(lambda: len(house.children()) == 5, 20)
    family = house.family()
    house.stop(signal.SIGKILL)
    wait_until(lambda: not alive(family), 20, lambda: f"still there: {alive(family)}")


@pytest.mark.newsboat
@pytest.mark.skipif(not shutil.which("newsboat"), reason="needs Debian's newsboat: .ci/run installs it")
@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_real_feed_reader_reads_the_feed_twice_and_sees_each_paper_once(
    sample: House, tmp_path: Path, kind: str
):
    address = sample.wait_for(r"(http://\S+/f/\S+/all\.)atom") + kind
    (tmp_path / "urls").write_text(address + "\n")
    (tmp_path / "config").write_text("")
    command = ["newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload", "print-unread"]
    for _ in range(2):
        ran = subprocess.run(
            command, cwd=tmp_path, env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert "14 unread" in ran.stdout, ran.stdout + ran.stderr
    with sqlite3.connect(tmp_path / "cache.db") as cache:
        items = cache.execute("select guid, title, content from rss_item").fetchall()
    assert len({guid for guid, _, _ in items}) == len(items) == 14
    assert any("强化学习" in title for _, title, _ in items)
    assert all("<p>" in content and "arXiv:2611." in content for _, _, content in items)
