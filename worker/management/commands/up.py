"""`manage.py up`: all of Paperglot on one machine, as one tree of processes."""

import fcntl
import http.client
import os
import socket
import sys
import time
from argparse import ArgumentParser
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from digest import setup
from digest.models import Category, Download, Sentence
from digest.paths import CHECKOUT, DataFolderError, make_private
from worker import broker, sample
from worker.database import bring_up_to_date
from worker.supervisor import Child, Supervisor

_CELERY = [sys.executable, "-m", "celery", "--quiet", "-A", "worker.celery"]
_BROKER_CHATTER = ("overcommit_memory", "signal-handler", "now ready to exit")
_WORKER_CHATTER = ("worker: Hitting Ctrl+C", "worker: Cold shutdown", "worker: Warm shutdown")


class Command(BaseCommand):
    help = (
        "Run Paperglot on this machine: broker, workers, clock and web server, until Ctrl-C. "
        "On first run it makes the data folder, the database and a link for the first administrator."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sample",
            action="store_true",
            help="load a day of sample papers, translated by the demonstration model; no network needed",
        )
        parser.add_argument("--host", default=settings.HOST, help="address to listen on (%(default)s)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="port to listen on (%(default)s)")

    def handle(self, *, sample: bool, host: str, port: int, **_: Any) -> None:
        os.umask(0o077)
        try:
            make_private(settings.DATA)
            make_private(settings.STATIC_ROOT)
            if os.geteuid() == 0:
                self.stderr.write("Running as root; Paperglot needs no such power. An own user is safer.")
            with _only_one() as _lock:
                _free(host, port)
                self._prepare()
                feed = self._load_sample() if sample else None
                links = _links(host, port, feed)
                connection.close()
                children = _children(host, port)
                Supervisor(children).run(started=lambda: self._tell(links))
        except (broker.BrokerError, DataFolderError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Paperglot has stopped.")

    def _prepare(self) -> None:
        """Bring the database up to date; what died in the last run holds nothing any more."""
        bring_up_to_date()
        if not settings.BROKER_URL:  # with a broker elsewhere there may be workers elsewhere
            for model in (Category, Sentence, Download):
                model.objects.exclude(lease=None).update(lease=None, leased_until=None)

    def _load_sample(self) -> str | None:
        feed = sample.load(timezone.now())
        self.stdout.write("The sample day is loaded." if feed else "The sample day is here already.")
        return feed

    def _tell(self, links: list[tuple[str, str]]) -> None:
        self.stdout.write("")
        for what, link in links:
            self.stdout.write(f"  {what:<28} {link}")
        self.stdout.write("\n  Ctrl-C stops it.\n")
        self.stdout.flush()


def _only_one() -> IO[str]:
    """The lock of the data folder: two trees on one would be two brokers on one file."""
    lock = (settings.DATA / "up.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        running = lock.read().strip() or "unknown"
        raise CommandError(
            f"Paperglot is already running on {settings.DATA} (process {running}). "
            "Stop that one first, or set PAPERGLOT_DATA to another folder."
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    os.set_inheritable(lock.fileno(), False)
    return lock


def _free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Can't listen on {host}:{port}: {error.strerror}. Another program may have the port; "
                f"try manage.py up --port {port + 1}"
            ) from error


def _links(host: str, port: int, feed: str | None) -> list[tuple[str, str]]:
    base = settings.PUBLIC_URL or f"http://{_shown(host)}:{port}"
    links = [("Paperglot runs at", f"{base}/"), ("its admin at", f"{base}/admin/")]
    if setup.needed():
        links.insert(0, ("Begin here (works once)", f"{base}/setup/{setup.new_token()}/"))
    if feed:
        links.append(("the sample's private feed at", f"{base}/f/{feed}/all.atom"))
    return links


def _shown(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _children(host: str, port: int) -> list[Child]:
    """All processes in the order in which they start; they stop in the reverse."""
    here = {"PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    children = []
    if not settings.BROKER_URL:
        command = broker.command(settings.DATA)
        here["PAPERGLOT_BROKER_URL"] = broker.url(settings.DATA)
        ready = partial(broker.wait, settings.DATA, 15)
        children.append(Child("broker", command, ready=ready, mute=_BROKER_CHATTER))
    # SIGTERM as SIGQUIT: a worker that is told to stop leaves what it is at; its rows are taken up again.
    work = here | {"REMAP_SIGTERM": "SIGQUIT"}
    worker = [*_CELERY, "worker", "--without-gossip", "--without-mingle"]
    bound = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [
        *(sys.executable, "-m", "gunicorn", "digest.wsgi", "--bind", bound),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--timeout", "60"),
        *("--no-control-socket", "--log-level", "warning", "--chdir", str(CHECKOUT)),
        *("--forwarded-allow-ips", "*" if settings.BEHIND_PROXY else "127.0.0.1"),
    ]
    return [
        *children,
        Child("web", web, here, ready=partial(_wait_for_web, host, port)),
        _worker("io", [*worker, "-P", "threads", "-c", "4", "-Q", "default,fetch"], work),
        _worker("mt", [*worker, "-P", "prefork", "-c", "1", "-Q", "translate"], work),
        Child("beat", [*_CELERY, "beat"], here),
    ]


def _worker(name: str, command: list[str], env: dict[str, str]) -> Child:
    return Child(name, [*command, "-n", f"{name}@%h"], env, mute=_WORKER_CHATTER)


def _wait_for_web(host: str, port: int) -> None:
    """Wait until the web server answers; it is watched and restarted whether it does or not."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        connection = http.client.HTTPConnection(_shown(host).strip("[]"), port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
