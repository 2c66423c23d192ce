"""worker/pulse.py: the health check of a container, without a shell, curl or Django."""

import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.house import CHECKOUT, free_port
from worker import pulse
from worker.fleet import live


class Healthz(BaseHTTPRequestHandler):
    """Well for whoever asks as the proxy of papers.example.org does."""

    def do_GET(self) -> None:
        asked = (self.path, self.headers["Host"], self.headers["X-Forwarded-Proto"])
        self.send_response(200 if asked == ("/healthz", "papers.example.org", "https") else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web(monkeypatch):
    server = HTTPServer(("127.0.0.1", 0), Healthz)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("PAPERGLOT_PORT", str(server.server_port))
    yield
    server.shutdown()
    server.server_close()


def test_a_process_that_never_gave_a_sign_is_not_alive(tmp_path):
    assert not pulse.beats(tmp_path, time.time())


def test_a_process_is_alive_for_a_minute_after_its_sign(tmp_path):
    pulse.beat(tmp_path)
    at = (tmp_path / "pulse").stat().st_mtime
    assert pulse.beats(tmp_path, at + 59)
    assert not pulse.beats(tmp_path, at + 61)


def test_a_folder_that_can_not_be_written_ends_nobody(tmp_path):
    pulse.beat(tmp_path / "absent")


def test_a_worker_that_says_that_it_lives_gives_a_sign(db, settings, tmp_path):
    settings.DATA = tmp_path
    live("mt@here", ["translate"])
    assert pulse.beats(tmp_path, time.time())


def test_the_command_needs_no_library(tmp_path):
    def check() -> int:
        command = [sys.executable, "-S", "-m", "worker.pulse"]
        return subprocess.run(
            command, cwd=CHECKOUT, env={"PAPERGLOT_DATA": str(tmp_path)}, check=False
        ).returncode

    assert check() == 1
    pulse.beat(tmp_path)
    assert check() == 0


def test_a_web_server_that_is_well_is_alive(web, monkeypatch):
    monkeypatch.setenv("PAPERGLOT_PUBLIC_URL", "https://papers.example.org")
    assert pulse.main("web")


def test_a_web_server_that_is_not_well_is_not(web, monkeypatch):
    monkeypatch.setenv("PAPERGLOT_PUBLIC_URL", "https://other.example.org")
    assert not pulse.main("web")


def test_the_first_allowed_host_is_asked_for_where_there_is_no_public_address(web, monkeypatch):
    monkeypatch.delenv("PAPERGLOT_PUBLIC_URL", raising=False)
    monkeypatch.setenv("PAPERGLOT_ALLOWED_HOSTS", "papers.example.org,localhost")
    assert pulse.main("web")


def test_where_nobody_listens_nothing_is_alive(monkeypatch):
    monkeypatch.setenv("PAPERGLOT_PORT", str(free_port()))
    assert not pulse.main("web")
