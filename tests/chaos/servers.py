"""Debian's PostgreSQL and Redis as this suite's own, to be killed, emptied and started again."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from tests.house import free_port

DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
"""Whatever is started is killed with whoever started it."""
STOP, CONTINUE = signal.SIGSTOP, signal.SIGCONT


def missing() -> str:
    """What has to be installed before the suite can run; empty where all is there."""
    if sys.platform != "linux":
        return "reads processes from /proc: Linux only"
    lacks = [] if _bin() else ["postgresql"]
    lacks += [] if shutil.which("redis-server") else ["redis-server"]
    return f"needs Debian's {' and '.join(lacks)}" if lacks else ""


def _bin() -> Path | None:
    """The newest PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return found[-1] if found else None


class Redis:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.password = folder, free_port(), secrets.token_hex(12)
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, port: int) -> str:
        return f"redis://:{self.password}@127.0.0.1:{port}/0"

    def start(self) -> None:
        """Empty: nothing is kept. One that runs already goes on."""
        if self.process and self.process.poll() is None:
            return
        command = [
            *DIES_WITH_US,
            "redis-server",
            "--bind",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--save",
            "",
        ]
        command += ["--requirepass", self.password, "--dir", str(self.folder)]
        command += ["--logfile", str(self.folder / "redis.log")]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while True:
            try:
                if self.ask("PING") == "+PONG":
                    return
            except OSError:
                pass
            if time.monotonic() > until:
                raise RuntimeError("redis-server did not start")
            time.sleep(0.05)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait(10)

    def signal(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)

    def ask(self, *words: str) -> str:
        """One command on a connection of its own; the first line of its answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            for command in (("AUTH", self.password), words):
                parts = [f"*{len(command)}\r\n", *(f"${len(w.encode())}\r\n{w}\r\n" for w in command)]
                line.sendall("".join(parts).encode())
                answer = line.recv(1 << 16)
        return answer.decode(errors="replace").split("\r\n")[0]


class Postgres:
    """`url` leads to it through a port, which may be a wire's. Its tables lie on a small file system of their own
    where that can be had (root), so that the disk can be full."""

    def __init__(self, folder: Path, disk_megabytes: int = 600) -> None:
        self.folder, self.port, self.password = folder / "pg", free_port(), secrets.token_hex(12)
        self.disk = folder / "disk"
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self._megabytes = disk_megabytes
        self.small = self.asleep = False

    def url(self, port: int) -> str:
        return f"postgres://paperglot:{self.password}@127.0.0.1:{port}/paperglot"

    def make(self) -> None:
        """A new cluster and an empty database."""
        folder = self.folder
        folder.mkdir(parents=True)
        (folder / "pw").write_text(self.password)
        if self._as:
            for path in (folder, *list(folder.parents)[:3]):
                path.chmod(path.stat().st_mode | 0o055)
            (folder / "pw").chmod(0o644)
            shutil.chown(folder, "postgres")
        self._run("initdb", "-D", str(folder / "data"), "-U", "paperglot", "--auth=scram-sha-256",
                  f"--pwfile={folder / 'pw'}", "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip
        self.start()
        self._mount()
        with self.connect("postgres") as database:
            if self.small:
                database.execute(f"CREATE TABLESPACE small LOCATION '{self.disk / 'tables'}'")
            database.execute(f"CREATE DATABASE paperglot {'TABLESPACE small' if self.small else ''}")

    def _mount(self) -> None:
        if not self._as:
            return
        self.disk.mkdir()
        size = f"size={self._megabytes}m,mode=755"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", size, "chaos", str(self.disk)], capture_output=True
        )
        if done.returncode:
            return
        (self.disk / "tables").mkdir()
        shutil.chown(self.disk / "tables", "postgres")
        self.small = True

    def fill_disk(self) -> None:
        """Not a page more can be added to a table."""
        ballast = self.disk / "ballast"
        with ballast.open("wb") as file:
            room = os.statvfs(self.disk)
            with suppress(OSError):  # somebody was quicker, which is as good
                os.posix_fallocate(file.fileno(), 0, max(room.f_bavail * room.f_frsize, 1))

    def empty_disk(self) -> None:
        (self.disk / "ballast").unlink(missing_ok=True)

    def start(self) -> None:
        """One that runs already goes on."""
        options = (f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} "
                   "-c fsync=off -c max_connections=200 -c deadlock_timeout=500ms")  # fmt: skip
        if not self.runs():
            self._run(
                "pg_ctl",
                "-D",
                str(self.folder / "data"),
                "-w",
                "-l",
                str(self.folder / "log"),
                "-o",
                options,
                "start",
            )

    def runs(self) -> bool:
        found = _bin()
        status = (
            [*self._as, str(found / "pg_ctl"), "-D", str(self.folder / "data"), "status"] if found else []
        )
        return subprocess.run(status, capture_output=True, cwd="/", check=False).returncode == 0

    def stop(self, how: str = "fast") -> None:
        if not self.runs():
            return
        self.signal(CONTINUE)
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", how, "stop", check=False)

    def end(self) -> None:
        self.stop("immediate")
        if self.small:
            subprocess.run(["umount", str(self.disk)], capture_output=True, check=False)

    def signal(self, number: int) -> None:
        """All of its processes, the main one first. While they are stopped nobody here may ask: `asleep` says so."""
        self.asleep = number == STOP
        if not (self.folder / "data" / "postmaster.pid").exists():
            return
        main = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        below = subprocess.run(
            ["pgrep", "-P", str(main)], capture_output=True, text=True, check=False
        ).stdout.split()
        for pid in [main, *map(int, below)]:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue

    def connect(self, name: str = "paperglot", **options: object) -> "psycopg.Connection[tuple]":  # type: ignore[type-arg]
        """As superuser, past all wires."""
        return psycopg.connect(host="127.0.0.1", port=self.port, user="paperglot", password=self.password, dbname=name,
                               autocommit=True, connect_timeout=5, application_name="chaos", **options)  # type: ignore[arg-type]  # fmt: skip

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        found = _bin()
        assert found
        subprocess.run([*self._as, str(found / program), *arguments], check=check, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, cwd="/")  # fmt: skip
