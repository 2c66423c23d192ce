"""The processes of an installation, as command lines: the same under `up`, in containers and under systemd."""

import sys
from collections.abc import Mapping

from digest.paths import CHECKOUT

ROLES = ("web", "io", "translator", "beat")
STOPPED_AT_ONCE: Mapping[str, str] = {"REMAP_SIGTERM": "SIGQUIT"}
"""For workers: SIGTERM leaves what it interrupts to whoever takes up its rows."""
_CELERY = (sys.executable, "-m", "celery", "--quiet", "-A", "worker.celery")
_WORKER = (*_CELERY, "worker", "--without-gossip", "--without-mingle")


def web(host: str, port: int, *, behind_proxy: bool) -> list[str]:
    bound = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [
        *(sys.executable, "-m", "gunicorn", "digest.wsgi", "--bind", bound),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--timeout", "60"),
        *("--logger-class", "digest.gunicorn_log.Logger"),
        *("--no-control-socket", "--log-level", "warning", "--chdir", str(CHECKOUT)),
        *("--forwarded-allow-ips", "*" if behind_proxy else "127.0.0.1"),
    ]


def io(name: str = "") -> list[str]:
    """Everything but translation: it waits for arXiv, mail servers and the database."""
    return [*_WORKER, "-P", "threads", "-c", "4", "-Q", "default,fetch", "-n", _node("io", name)]


def translator(megabytes: int = 0, name: str = "") -> list[str]:
    """One child holds the model; after a task that left it larger than so many megabytes a new one takes its place."""
    limit = ["--max-memory-per-child", str(megabytes * 1024)] if megabytes else []
    return [*_WORKER, "-P", "prefork", "-c", "1", "-Q", "translate", "-n", _node("mt", name), *limit]


def beat() -> list[str]:
    return [*_CELERY, "beat"]


def _node(role: str, name: str) -> str:
    """A worker's own name; of several of one role on a host each has a row only if their names differ."""
    return f"{role}-{name}@%h" if name else f"{role}@%h"
