"""The processes of the system: started, watched, and started again whenever they have died, as systemd would."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.servers import DIES_WITH_US
from tests.house import CHECKOUT, alive, children_of

REST = 0.4
"""Seconds from a death to the next start."""


@dataclass
class Process:
    """`slot` is its place in the clock; `machine` the wires that it is behind."""

    name: str
    machine: str
    command: list[str]
    env: dict[str, str]
    slot: int
    log: Path
    folder: Path = CHECKOUT
    popen: "subprocess.Popen[bytes] | None" = None
    ended: float = 0.0
    starts: int = 0
    pids: set[int] = field(default_factory=set)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                [*DIES_WITH_US, *self.command], cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL,
                                          stdout=log, stderr=log, start_new_session=True)  # fmt: skip
        self.starts += 1
        self.ended = 0.0

    def family(self) -> list[int]:
        """Its own id first, then those of what it started."""
        if self.popen is None or self.popen.poll() is not None:
            return []
        found, todo = [], [self.popen.pid]
        while todo:
            pid = todo.pop(0)
            found.append(pid)
            todo += children_of(pid)
        return found

    def signal(self, number: int, *, pids: list[int] | None = None) -> list[int]:
        """Send a signal to all of it, or to some; returns whom it was sent to."""
        chosen = self.family() if pids is None else pids
        for pid in chosen:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        return chosen


class Fleet:
    """All processes; a thread of its own starts the dead ones again."""

    def __init__(self) -> None:
        self.processes: dict[str, Process] = {}
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def add(self, process: Process) -> None:
        process.start()
        with self._lock:
            self.processes[process.name] = process

    def remove(self, name: str) -> None:
        """End one for good, kindly, then not."""
        with self._lock:
            process = self.processes.pop(name, None)
        if process is not None:
            self._end(process)

    def watch(self) -> None:
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            with self._lock:
                for process in self.processes.values():
                    self._look(process)

    @staticmethod
    def _look(process: Process) -> None:
        now = time.monotonic()
        assert process.popen
        if process.popen.poll() is None:
            return
        if not process.ended:
            process.ended = now
            _kill_group(process)  # what it left behind holds its port
        elif now - process.ended > REST:
            process.start()

    def end(self) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(5)
        for process in self.processes.values():
            self._end(process)

    @staticmethod
    def _end(process: Process) -> None:
        pids = set(process.family())
        process.signal(signal.SIGCONT)
        process.signal(signal.SIGTERM, pids=process.family()[:1])
        until = time.monotonic() + 5
        while alive(pids) and time.monotonic() < until:
            time.sleep(0.05)
        _kill_group(process)
        if process.popen:
            process.popen.wait(10)


def _kill_group(process: Process) -> None:
    assert process.popen
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.popen.pid, signal.SIGKILL)


PYTHON = sys.executable
CELERY = [PYTHON, "-m", "celery", "--quiet", "-A", "tests.chaos.app"]
WORKER = ["worker", "--without-gossip", "--without-mingle"]


def web(port: int) -> list[str]:
    return [PYTHON, "-m", "gunicorn", "digest.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
            "--workers", "1", "--threads", "8", "--timeout", "60", "--no-control-socket", "--log-level", "warning",
            "--chdir", str(CHECKOUT)]  # fmt: skip


def io(name: str, app: str = "tests.chaos.app") -> list[str]:
    return [PYTHON, "-m", "celery", "--quiet", "-A", app, *WORKER, "-P", "threads", "-c", "4", "-Q", "default,fetch",
            "-n", f"{name}@%h"]  # fmt: skip


def translator(name: str) -> list[str]:
    return [*CELERY, *WORKER, "-P", "prefork", "-c", "1", "-Q", "translate", "-n", f"{name}@%h"]


def beat() -> list[str]:
    return [*CELERY, "beat"]
