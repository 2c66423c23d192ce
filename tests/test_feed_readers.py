"""Real feed readers, each over HTTP: they read a feed twice, and once more when a paper has come."""

import mailbox
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from digest.models import FeedToken
from tests.conftest import NOW
from tests.documents import Document
from tests.steps import publish

pytestmark = [pytest.mark.readers, pytest.mark.django_db(transaction=True)]


def needs(program: str) -> pytest.MarkDecorator:
    missing = not shutil.which(program)
    return pytest.mark.skipif(missing, reason=f"needs Debian's {program}: .ci/run installs it")


@pytest.fixture
def address(live_server, bob, bobs_digest, monkeypatch) -> Callable[[str], str]:
    """Of bob's feed, whose readers need not wait before they ask again."""
    monkeypatch.setattr("digest.feeds._FRESH", 0)
    secret = FeedToken.make(bob)[1]
    FeedToken.objects.update(created_at=NOW)
    return lambda kind: live_server.url + reverse("feed", args=[secret, "all", kind])


@pytest.fixture
def home(tmp_path: Path) -> Callable[..., str]:
    """Run a program in a home of its own; returns what it says."""
    env = {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "no_proxy": "127.0.0.1,localhost",
    }

    def run(*command: str, given: str | None = None, seconds: float = 90) -> str:
        ran = subprocess.run(
            command, cwd=tmp_path, env=env, input=given, capture_output=True, text=True, timeout=seconds
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    return run


def another_paper(bob) -> None:
    """Two hours later."""
    document = Document("cs.AI").add("2605.90003", title="Algebra of a Robot", abstract="A third robot.")
    publish(bob, document, now=NOW + timedelta(hours=2))


@needs("newsboat")
@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_newsboat(address, home, bob, tmp_path, kind):
    (tmp_path / "urls").write_text(address(kind) + "\n")
    (tmp_path / "config").write_text("")
    command = ["newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload", "print-unread"]
    assert "2 unread" in home(*command)
    assert "2 unread" in home(*command)
    another_paper(bob)
    assert "3 unread" in home(*command)
    with sqlite3.connect(tmp_path / "cache.db") as cache:
        rows = cache.execute("select guid, title, content from rss_item").fetchall()
    assert len({guid for guid, _, _ in rows}) == 3
    assert all(("译" in title and "n<4" in content.replace("&lt;", "<")) or "90001" not in content
               for _, title, content in rows)  # fmt: skip


@needs("r2e")
@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_rss2email(address, home, bob, tmp_path, kind):
    (tmp_path / "mail").mkdir()
    box = mailbox.Maildir(tmp_path / "mail" / "inbox")
    (tmp_path / "r2e.cfg").write_text(
        "[DEFAULT]\nto = bob@example.org\nfrom = feeds@example.org\nemail-protocol = maildir\n"
        f"maildir-path = {tmp_path / 'mail'}\nmaildir-mailbox = inbox\n"
    )
    r2e = ["r2e", "-c", "r2e.cfg", "-d", "db.json"]
    home(*r2e, "add", "papers", address(kind))
    for mails in (2, 2):
        home(*r2e, "run")
        assert len(box) == mails
    another_paper(bob)
    home(*r2e, "run")
    assert len(box) == 3


@needs("sfeed")
@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_sfeed(client, address, home, bob, kind):
    def lines() -> list[list[str]]:
        text = client.get("/" + address(kind).split("/", 3)[3]).content.decode()
        return [line.split("\t") for line in home("sfeed", given=text).splitlines()]

    first = lines()
    assert lines() == first
    assert [line[2] for line in first] == [
        "https://arxiv.org/abs/2605.90001",
        "https://arxiv.org/abs/2605.90002",
    ]
    another_paper(bob)
    assert len(lines()) == 3


def test_the_reader_library(address, bob, tmp_path):
    library = pytest.importorskip("reader", reason="needs the PyPI package reader: .ci/run installs it")
    ours = library.make_reader(str(tmp_path / "reader.db"))
    for kind in ("atom", "rss", "json"):
        ours.add_feed(address(kind))
    for _ in range(2):
        ours.update_feeds(scheduled=False)
        assert {feed.last_exception for feed in ours.get_feeds()} == {None}
        assert ours.get_entry_counts().total == 6
    another_paper(bob)
    ours.update_feeds(scheduled=False)
    assert ours.get_entry_counts().total == 9
    ours.enable_search()
    ours.update_search()
    assert any("90001" in found.resource_id[1] for found in ours.search_entries("legs"))


@needs("xmllint")
@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_xmllint(client, address, home, kind):
    home("xmllint", "--noout", "-", given=client.get("/" + address(kind).split("/", 3)[3]).content.decode())
