"""A tree of processes run as one: started in order, restarted when they die, stopped in reverse.

A child is the leader of its own process group, so that Ctrl-C reaches only the supervisor and a child
that has to go goes with all of its own. A child whose supervisor is killed is killed by the kernel.
"""

import ctypes
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import FrameType
from typing import IO, cast

_FIRST_REST, _LONGEST_REST = 0.2, 30.0
_STEADY = 20.0
"""A child that has run for so many seconds starts again without rest."""
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A process to keep running. `ready` waits until it can be used, and raises if it never can."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], None] | None = None
    grace: float = 8.0
    mute: tuple[str, ...] = ()
    """Lines that hold one of these are not worth the common log."""
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    rest: float = _FIRST_REST
    again_at: float | None = None


class Supervisor:
    """Runs children until it is told to stop (SIGINT, SIGTERM, or `stop()`)."""

    def __init__(
        self, children: Sequence[Child], out: IO[str] = sys.stdout, *, as_json: bool = False
    ) -> None:
        """`as_json`: each line is one JSON object, and what a child says in another way is put into one."""
        self.children = list(children)
        self._as_json = as_json
        self._out = out
        self._selector = selectors.DefaultSelector()
        self._stopping = False
        self._width = max((len(child.name) for child in children), default=0)
        self._halves: dict[IO[bytes], bytes] = {}

    def run(self, started: Callable[[], None] = lambda: None) -> None:
        """Start all, call `started`, and watch until told to stop; then stop all."""
        before = {s: signal.signal(s, self._on_signal) for s in (signal.SIGINT, signal.SIGTERM)}
        try:
            for child in self.children:
                if self._stopping:
                    break
                self._start(child)
                if child.ready:
                    child.ready()
            if not self._stopping:
                started()
            while not self._stopping:
                self._listen(0.2)
                self._restart_the_dead()
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        self._stopping = True

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def say(self, name: str, text: str) -> None:
        """One line of the common log."""
        if not self._as_json:
            text = f"{name:<{self._width}} | {text}"
        elif not text.startswith("{"):
            told = datetime.now(UTC).isoformat(timespec="milliseconds")
            line = {"at": told, "level": "INFO", "process": name, "message": text}
            text = json.dumps(line, ensure_ascii=False)
        self._out.write(f"{text}\n")
        self._out.flush()

    def _start(self, child: Child) -> None:
        parent = os.getpid()
        child.process = subprocess.Popen(
            child.command,
            env={**os.environ, "PAPERGLOT_PROCESS": child.name, **child.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
            preexec_fn=lambda: die_with(parent),  # this process has one thread
        )
        child.started, child.again_at = time.monotonic(), None
        assert child.process.stdout
        os.set_blocking(child.process.stdout.fileno(), False)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _listen(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            self._read(key.data, cast(IO[bytes], key.fileobj))

    def _read(self, child: Child, pipe: IO[bytes] | None) -> None:
        """Write out what a child has said, whole lines only. A process that left the child's group may hold
        the pipe of one that is gone."""
        if pipe is None or pipe.closed:
            return
        try:
            block = os.read(pipe.fileno(), 65536)
        except BlockingIOError:
            return
        if not block:
            self._selector.unregister(pipe)
            pipe.close()
            block = b"\n" if self._halves.get(pipe) else b""
        lines = (self._halves.pop(pipe, b"") + block).split(b"\n")
        if lines[-1]:
            self._halves[pipe] = lines[-1]
        for line in lines[:-1]:
            text = line.decode(errors="replace").rstrip()
            if text and not any(part in text for part in child.mute):
                self.say(child.name, text)

    def _restart_the_dead(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.again_at is not None and now >= child.again_at:
                try:
                    self._start(child)
                except OSError as error:
                    self._rest(child, now, f"can't be started: {error.strerror}")
            elif child.again_at is None and child.process and child.process.poll() is not None:
                self._read(child, child.process.stdout)
                _kill_group(child.process)  # what it left behind holds its port and its rows
                if now - child.started > _STEADY:
                    child.rest = _FIRST_REST / 2
                self._rest(child, now, _how(child.process.returncode))

    def _rest(self, child: Child, now: float, why: str) -> None:
        """Leave a child alone for twice as long as the last time."""
        child.rest = min(child.rest * 2, _LONGEST_REST)
        child.again_at = now + child.rest
        self.say("up", f"{child.name} {why}; again in {child.rest:.1f} s")

    def _stop_all(self) -> None:
        """Stop in reverse order; a child that does not go within its grace is killed with its group."""
        for child in reversed(self.children):
            process = child.process
            if process is None or child.again_at is not None:
                continue
            if process.poll() is None:
                process.terminate()
            until = time.monotonic() + child.grace
            while process.poll() is None and time.monotonic() < until:
                self._listen(0.05)
            _kill_group(process)
            process.wait()
            for _ in range(2):  # what it said last, and the end
                self._read(child, process.stdout)
        self._selector.close()


def _how(code: int) -> str:
    if code < 0:
        return f"was killed ({signal.Signals(-code).name})"
    return f"ended with {code}"


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # all of it is gone


def die_with(parent: int) -> None:
    """In a child: be killed when its parent dies, however it dies (Linux only).

    SIGKILL, since a child that is asked to go may wait for another that has gone already: a worker for its
    broker, say. Nothing is lost by it: whatever a process was at stands in the rows.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # it died before we asked
