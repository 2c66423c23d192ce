"""A whole Paperglot for a test: `manage.py up` as a process, on a data folder and a port of its own."""

import functools
import http.server
import math
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


class House:
    """`children()` names its processes by their role; `log` is what it has said."""

    def __init__(self, data: Path, env: dict[str, str] | None = None, *arguments: str) -> None:
        self.data, self.port = data, free_port()
        self.arguments = ["up", "--port", str(self.port), *arguments]
        self.env = {n: v for n, v in os.environ.items() if not n.startswith("PAPERGLOT_")}
        self.env |= {"PAPERGLOT_DATA": str(data), "DJANGO_SETTINGS_MODULE": "digest.settings", **(env or {})}
        self.lines: list[str] = []
        self.process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return "\n".join(self.lines)

    def start(self) -> "House":
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", *self.arguments],
            cwd=CHECKOUT,
            env=self.env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        threading.Thread(target=self._listen, args=[self.process], daemon=True).start()
        return self

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        for line in process.stdout:
            self.lines.append(line.rstrip())

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=CHECKOUT,
            env=self.env,
            text=True,
            capture_output=True,
            timeout=120,
        )

    def wait_for(self, what: str, seconds: float = 60) -> str:
        """Wait until the log says something; returns what the expression's first group held."""
        found = None

        def said() -> bool:
            nonlocal found
            found = re.search(what, self.log)
            return found is not None

        wait_until(said, seconds, lambda: f"the log never said {what!r}:\n{self.log}")
        assert found
        return found[1] if found.groups() else found[0]

    def children(self) -> dict[str, int]:
        """The process id of each child of `up`, by its name in the log."""
        assert self.process
        roles = {
            "broker": "valkey|redis-server",
            "web": "gunicorn",
            "io": "io@",
            "mt": "mt@",
            "beat": " beat ",
        }
        found: dict[str, int] = {}
        for pid in children_of(self.process.pid):
            command = _command(pid)
            for role, mark in roles.items():
                if re.search(mark, command):
                    found[role] = pid
        return found

    def family(self) -> set[int]:
        """Every process below `up`."""
        assert self.process
        found, todo = set(), [self.process.pid]
        while todo:
            todo += (below := children_of(todo.pop()))
            found |= set(below)
        return found

    def stop(self, how: int = signal.SIGTERM, seconds: float = 30) -> int:
        assert self.process
        self.process.send_signal(how)
        return self.process.wait(seconds)


def wait_until(true: Callable[[], bool], seconds: float, why: Callable[[], str] = lambda: "") -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"not within {seconds} s: {why()}"
        time.sleep(0.1)


def alive(pids: set[int]) -> set[int]:
    """Those of the processes that still run (a zombie does not)."""
    return {pid for pid in pids if (state := _state(pid)) and state != "Z"}


def started(pid: int) -> float:
    """When a process began, in seconds of time.monotonic() (both count from the machine's start); infinite for none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return math.inf
    return int(fields[19]) / os.sysconf("SC_CLK_TCK")


def describe(pids: set[int]) -> list[str]:
    """What these processes are, for whoever reads why a test failed."""
    return [f"{pid} {_state(pid)} {_command(pid)}" for pid in sorted(pids)]


def children_of(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it has just ended
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return ""


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A replica of rss.arxiv.org: the files of a folder over HTTP (`rss/cs.LG`)."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
