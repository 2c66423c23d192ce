"""Real feed readers, each over HTTP: they read a feed twice, and once more when a paper has come."""

import mailbox
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from email.header import decode_header, make_header
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
    """Two hours later; its title has what a reader may take for markup."""
    title = "Algebra of a Robot with $a<b$ & $c>d$"
    document = Document("cs.AI").add("2605.90003", title=title, abstract="A third robot.")
    publish(bob, document, now=NOW + timedelta(hours=2))


def whole(title: str) -> bool:
    """The title of the other paper is there to its end, nothing taken for markup; the fake engine drops spaces."""
    return title.replace("\u200b", "").replace(" ", "").endswith("a<b&c>d")


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
    assert [title for guid, title, _ in rows if "90003" in guid and whole(title)]


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
    assert [mail for mail in box if whole(str(make_header(decode_header(mail["Subject"]))))]


_SUBSCRIBED = (
    '<?xml version="1.0"?><opml version="1.0"><head><title>ours</title></head><body>{}</body></opml>'
)
_FEED = '<outline title="{0}" text="{0}" type="{0}" id="of{0}" xmlUrl="{1}" updateInterval="60"/>'
"""Without an interval of its own (-1) liferea asks for a feed by a general one, which is never at first."""


@pytest.fixture
def liferea(tmp_path: Path, address) -> Iterator[dict[str, str]]:
    """The desktop program, at the Atom and the RSS feed, on a screen and a bus of its own; gives its environment."""
    settings = tmp_path / ".config" / "liferea"
    settings.mkdir(parents=True)
    feeds = "".join(_FEED.format(kind, address(kind)) for kind in ("atom", "rss"))
    (settings / "feedlist.opml").write_text(_SUBSCRIBED.format(feeds))
    env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "GSETTINGS_BACKEND": "memory",
           "NO_AT_BRIDGE": "1"}  # fmt: skip
    start = 'echo $$ > pid; printf "%s" "$DBUS_SESSION_BUS_ADDRESS" > bus; exec liferea --disable-plugins'
    command = ["dbus-run-session", "--", "xvfb-run", "-a", "sh", "-c", start]
    with (tmp_path / "liferea.log").open("w") as log:
        running = subprocess.Popen(
            command, cwd=tmp_path, env=env, stdout=log, stderr=log, start_new_session=True
        )
    try:
        until(lambda: (tmp_path / "bus").exists() and (tmp_path / "bus").read_text())
        yield env | {"DBUS_SESSION_BUS_ADDRESS": (tmp_path / "bus").read_text()}
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGTERM)
        running.wait(30)
    finally:
        with suppress(ProcessLookupError):  # where it has ended by itself
            os.killpg(running.pid, signal.SIGKILL)


def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never was so"
        time.sleep(0.2)


@pytest.fixture
def answered(monkeypatch) -> list[int]:
    """The status of each answer to a reader."""
    told: list[int] = []
    monkeypatch.setattr("digest.feeds.polls.count", told.append)
    return told


@needs("liferea")
@needs("xvfb-run")
@needs("dbus-send")
def test_liferea(answered, liferea, bob, tmp_path):
    def items() -> list[tuple]:
        """Of each item its feed, guid, title and text."""
        path = tmp_path / ".local" / "share" / "liferea" / "liferea.db"
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            return database.execute("select node_id, source_id, title, description from items").fetchall()

    def refresh() -> None:
        command = ["dbus-send", "--session", "--print-reply", "--dest=org.gnome.feed.Reader"]
        command += ["/org/gnome/feed/Reader", "org.gnome.feed.Reader.Refresh"]
        subprocess.run(command, env=liferea, check=True, capture_output=True, timeout=30)

    until(lambda: answered == [200, 200] and len(items()) == 4)
    first = items()
    refresh()
    until(lambda: answered == [200, 200, 304, 304])
    another_paper(bob)
    refresh()
    until(lambda: answered[4:] == [200, 200] and len(items()) >= 6)
    rows = items()
    assert len(rows) == len({(feed, guid) for feed, guid, _, _ in rows}) == 6
    assert set(first) <= set(rows)
    assert sum(whole(title) for _, _, title, _ in rows) == 2
    assert all("译" in title and "n&lt;4" in text for _, guid, title, text in first if "90001" in guid)


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
    assert [line for line in lines() if whole(line[1])]


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
    assert sum(whole(entry.title) for entry in ours.get_entries()) == 3
    ours.enable_search()
    ours.update_search()
    assert any("90001" in found.resource_id[1] for found in ours.search_entries("legs"))


@needs("xmllint")
@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_xmllint(client, address, home, kind):
    home("xmllint", "--noout", "-", given=client.get("/" + address(kind).split("/", 3)[3]).content.decode())
