"""The whole system on this machine, as if on three: servers, network, processes, arXiv, and where digests go."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from tests.chaos import processes
from tests.chaos.clock import CLOCKED, Clock
from tests.chaos.days import CATEGORIES, READERS, Day
from tests.chaos.processes import Fleet, Process
from tests.chaos.replica import Arxiv
from tests.chaos.servers import Postgres, Redis
from tests.chaos.sinks import Hook, Mailbox
from tests.chaos.wires import Network, Wire
from tests.house import CHECKOUT, alive, free_port, started

MACHINES = {"one": ("web", "beat", "io1"), "two": ("io2", "mt1"), "three": ("mt2",)}


class System:
    """Everything that runs; a context manager. `feeds` has each reader's secret feed address."""

    def __init__(self, folder: Path, days: list[Day], *, seconds: float = 0.1) -> None:
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.clock = Clock(folder / "clock", days[0].turns - timedelta(hours=2))
        self.engine_log = folder / "engine.log"
        self.seconds = seconds
        self.redis, self.postgres = Redis(folder), Postgres(folder)
        self.arxiv, self.mailbox, self.hook = Arxiv(days, self.clock), Mailbox(), Hook()
        self._sinks = ExitStack()
        self.network, self.fleet = Network(), Fleet()
        self.wires: dict[str, dict[str, Wire]] = {}
        self.web_port = free_port()
        self.feeds: dict[str, str] = {}
        self._lines: list[dict[str, Any]] = []
        self._read = 0
        self._older: Path | Literal[False] | None = None

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _start(self) -> None:
        self.redis.start()
        self.postgres.make()
        for sink in (self.arxiv, self.mailbox, self.hook):
            self._sinks.enter_context(sink)
        for machine in MACHINES:
            targets = {"pg": self.postgres.port, "redis": self.redis.port}
            self.wires[machine] = {name: self.network.wire(port) for name, port in targets.items()}
        self._prepare()
        for machine, names in MACHINES.items():
            for name in names:
                self.fleet.add(self.process(name, machine))
        self.fleet.watch()
        self._wait_for_web()

    def _stop(self) -> None:
        self.fleet.end()
        self._sinks.close()
        self.network.close()
        if self.redis.process:
            self.redis.signal(processes.signal.SIGCONT)
            self.redis.kill()
        if self.postgres.folder.exists():
            self.postgres.end()

    def process(self, name: str, machine: str, *, role: str = "", folder: Path = CHECKOUT, app: str = "tests.chaos.app",
                **env: str) -> Process:  # fmt: skip
        """A process of the system, not started yet; it keeps its name through all of its lives."""
        slot = self.clock.slot()
        role = role or name
        if role == "web":
            command = processes.web(self.web_port)
        elif role == "beat":
            command = processes.beat()
        elif role.startswith("io"):
            command = processes.io(name, app)
        else:
            command = processes.translator(name)
        env = self.environment(machine, slot) | {"PAPERGLOT_CHAOS_NAME": name} | env
        return Process(name, machine, command, env, slot, self.folder / f"{name}.log", folder)

    def environment(self, machine: str, slot: int) -> dict[str, str]:
        wires = self.wires[machine]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PAPERGLOT_")}
        data = self.folder / f"data-{machine}"
        return {
            **kept,
            **self.clock.environment(slot),
            "PYTHONPATH": str(CLOCKED),
            "PYTHONUNBUFFERED": "1",
            "REMAP_SIGTERM": "SIGQUIT",
            "DJANGO_SETTINGS_MODULE": "digest.settings",
            "PAPERGLOT_CHAOS_LOG": str(self.engine_log),
            "PAPERGLOT_CHAOS_SECONDS": str(self.seconds),
            "PAPERGLOT_DATA": str(data),
            "PAPERGLOT_SECRET_KEY": "chaos" * 12,
            "PAPERGLOT_DATABASE_URL": self.postgres.url(wires["pg"].port),
            "PAPERGLOT_BROKER_URL": self.redis.url(wires["redis"].port),
            "PAPERGLOT_ARXIV_URL": self.arxiv.url,
            "PAPERGLOT_ARXIV_INTERVAL": "0.3",
            "PAPERGLOT_BELL_SECONDS": "1",
            "PAPERGLOT_MAIL_URL": f"smtp://127.0.0.1:{self.mailbox.port}",
            "PAPERGLOT_INSIDE_HOSTS": "127.0.0.1",
        }

    def _prepare(self) -> None:
        readers = [{"name": r.name, "follows": r.follows, "channel": r.channel} for r in READERS]
        wanted = {"readers": readers, "categories": CATEGORIES, "hook": self.hook.url}
        done = subprocess.run([sys.executable, "-m", "tests.chaos.prepare"], input=json.dumps(wanted), text=True,
                              capture_output=True, cwd=CHECKOUT, timeout=300,
                              env=self.environment("one", self.clock.slot()))  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-4000:])
        self.feeds = json.loads(done.stdout.splitlines()[-1])

    def page(self, path: str) -> bytes:
        """What the web server answers. Raises OSError."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.web_port}{path}", timeout=20) as answer:
            return bytes(answer.read())

    def at_work(self) -> dict[str, int]:
        """The translators whose engine is at work now, by name: the process that is at it. A long run meets numbers
        of dead processes again, in others that are none of ours."""
        begun: dict[int, dict[str, Any]] = {}
        for line in self.engine_lines():
            if "begins" in line:
                begun[line["pid"]] = line
            else:
                begun.pop(line["pid"], None)
        there = {pid for pid in alive(set(begun)) if started(pid) <= begun[pid]["begins"]}
        return {line["name"]: pid for pid, line in begun.items() if pid in there}

    def engine_lines(self) -> list[dict[str, Any]]:
        """What the engines have written down; one that was killed may leave half a line."""
        if self.engine_log.exists():
            with self.engine_log.open("rb") as file:
                file.seek(self._read)
                whole, mark, _rest = file.read().rpartition(b"\n")
            self._read += len(whole) + len(mark)
            self._lines += [json.loads(line) for line in whole.split(b"\n") if line]
        return self._lines

    def heard(self) -> int:
        """How many messages have arrived."""
        return len(self.mailbox.heard) + len(self.hook.heard)

    def older(self) -> Path | None:
        """A checkout of the newest earlier version that has the same tables and another worker; None where the
        history does not have one."""
        if self._older is None:
            self._older = _check_out_older(self.folder / "older")
        return self._older or None

    def _wait_for_web(self) -> None:
        until = time.monotonic() + 60
        while True:
            try:
                self.page("/healthz")
                return
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.3)


def _check_out_older(folder: Path) -> Path | Literal[False]:
    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=CHECKOUT, capture_output=True, text=True, check=True
        ).stdout

    try:
        for commit in git("log", "--format=%H", "-n", "60", "--", "worker").split():
            same = not git("diff", "--name-only", commit, "--", "digest/migrations").strip()
            if same and git("diff", "--name-only", commit, "--", "worker").strip():
                folder.mkdir()
                archive = subprocess.Popen(["git", "archive", commit], cwd=CHECKOUT, stdout=subprocess.PIPE)
                subprocess.run(["tar", "-x", "-C", str(folder)], stdin=archive.stdout, check=True)
                return folder
    except (OSError, subprocess.CalledProcessError):
        pass
    return False
