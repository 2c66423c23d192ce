"""Whether a process is alive, for the health check of a container: `python -m worker.pulse` (worker, clock), `… web`.

A worker and the clock touch a file in their data folder; the web server is asked. Needs nothing but Python.
"""

import http.client
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from digest.paths import data_folder

LONGEST = 60.0
"""Seconds after which a process that gave no sign is not alive."""


def beat(folder: Path) -> None:
    """Give a sign. A full disk is no reason to end."""
    with suppress(OSError):
        (folder / "pulse").touch()


def beats(folder: Path, now: float) -> bool:
    try:
        return now - (folder / "pulse").stat().st_mtime < LONGEST
    except FileNotFoundError:
        return False


def answers(port: int, host: str) -> bool:
    """Whether the web server is well, asked as its proxy would."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main(role: str = "") -> bool:
    if role != "web":
        return beats(data_folder(), time.time())
    allowed = os.environ.get("PAPERGLOT_ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip()
    host = urlsplit(os.environ.get("PAPERGLOT_PUBLIC_URL", "")).netloc or allowed
    return answers(int(os.environ.get("PAPERGLOT_PORT") or 8000), host)


if __name__ == "__main__":
    sys.exit(not main(*sys.argv[1:2]))
