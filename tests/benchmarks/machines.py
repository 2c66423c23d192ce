"""Machines of an installation on this one: PostgreSQL and Redis, and processes that know nothing but the two addresses.

Each process has a host name and a data folder of its own (a host name only where this is root: `unshare --uts`), and is
started by the product's own command, `manage.py run ROLE`.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

from tests.chaos.servers import DIES_WITH_US, Postgres, Redis
from tests.house import CHECKOUT, children_of

_TICK = os.sysconf("SC_CLK_TCK")
_NAMED = ("unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"')


@contextmanager
def servers(folder: Path) -> Iterator[tuple[str, str]]:
    """Addresses of an empty PostgreSQL database and an empty Redis: beside PAPERGLOT_TEST_DATABASE_URL and in
    PAPERGLOT_TEST_BROKER_URL where they are given, else of servers that are started for it."""
    database, broker = (os.environ.get(f"PAPERGLOT_TEST_{name}_URL", "") for name in ("DATABASE", "BROKER"))
    if database and broker:
        name = f"scale_{secrets.token_hex(4)}"
        _ask(database, f"CREATE DATABASE {name}")
        emptied = urlunsplit(urlsplit(broker)._replace(path="/7"))
        redis.Redis.from_url(emptied).flushdb()
        try:
            yield urlunsplit(urlsplit(database)._replace(path=f"/{name}")), emptied
        finally:
            _ask(database, f"DROP DATABASE {name} WITH (FORCE)")
        return
    folder.mkdir(parents=True, exist_ok=True)
    own, queue = Postgres(folder, disk_megabytes=3000), Redis(folder)
    try:
        own.make()
        queue.start()
        yield own.url(own.port), queue.url(queue.port)
    finally:
        own.end()
        if queue.process:
            queue.kill()


def _ask(address: str, statement: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


class Machines:
    """Starts processes and ends them; a context manager."""

    def __init__(self, folder: Path, database: str, broker: str) -> None:
        self.folder = folder
        self.started: dict[str, subprocess.Popen[bytes]] = {}
        self._addresses = {"PAPERGLOT_DATABASE_URL": database, "PAPERGLOT_BROKER_URL": broker}

    def start(self, name: str, role: str, **more: str) -> None:
        """`more` is the environment of the test; of the product's it has its two addresses and a folder."""
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("PAPERGLOT_", "DJANGO_"))
        }
        own = {"PAPERGLOT_DATA": str(self.folder / name)}
        named = [*_NAMED, name] if os.geteuid() == 0 and shutil.which("unshare") else []
        with (self.folder / f"{name}.log").open("ab") as log:
            self.started[name] = subprocess.Popen(
                [*DIES_WITH_US, *named, sys.executable, "manage.py", "run", role],
                cwd=CHECKOUT,
                env={**kept, **self._addresses, **own, **more},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def __enter__(self) -> "Machines":
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.started.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        until = time.monotonic() + 10
        for process in self.started.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, until - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def parent_of(pid: int) -> int:
    return int(_fields(pid)[1])


def cpu_of_all(pid: int) -> float:
    """Seconds of the processor that a process, its children and those of them that have ended have taken."""
    own = sum(map(int, _fields(pid)[11:15]))
    for child in children_of(pid):
        with suppress(OSError):
            own += sum(map(int, _fields(child)[11:13]))
    return own / _TICK


def _fields(pid: int) -> list[str]:
    """Of /proc/PID/stat, from the state on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def busy() -> tuple[float, float]:
    """Seconds that the cores of this machine have worked, and have been there, since it started."""
    ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) / _TICK, sum(ticks) / _TICK
