"""`manage.py run`: one process of Paperglot, for whoever has another supervisor than `up`."""

import os
import re
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from digest.paths import CHECKOUT, DataFolderError, make_private
from worker import processes
from worker.database import wait_until_current


def _name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{0,40}", text):
        raise ArgumentTypeError("letters, digits and hyphens only, 40 at most")
    return text


class Command(BaseCommand):
    help = (
        "Become one process of Paperglot: web, io (the worker of everything but translation), translator or beat (the "
        "clock, once in an installation). It waits for the database and its migrations (manage.py migrate); a "
        "translator gets its model and proves it before it takes work. Of all but beat there may be any number."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", choices=processes.ROLES)
        parser.add_argument(
            "--name",
            default="",
            type=_name,
            help="tells workers of the same role on one host apart: letters, digits and hyphens",
        )

    def handle(self, *, role: str, name: str, **_: Any) -> None:
        if role != "web" and not settings.BROKER_URL:
            raise CommandError("PAPERGLOT_BROKER_URL is not set: redis://:PASSWORD@HOST:6379/0, please.")
        os.umask(0o077)
        os.chdir(CHECKOUT)
        try:
            make_private(settings.STATIC_ROOT)
        except DataFolderError as error:
            raise CommandError(str(error)) from error
        wait_until_current(lambda why: self.stderr.write(f"waiting: {why}"))
        command, env = getattr(self, f"_{role}")(name)
        connection.close()
        self.stderr.flush()
        os.execve(command[0], command, {**os.environ, "PYTHONUNBUFFERED": "1", **env})

    def _web(self, _name: str) -> tuple[list[str], dict[str, str]]:
        return processes.web(settings.HOST, settings.PORT, behind_proxy=settings.BEHIND_PROXY), {}

    def _io(self, name: str) -> tuple[list[str], dict[str, str]]:
        return processes.io(name), dict(processes.STOPPED_AT_ONCE)

    def _translator(self, name: str) -> tuple[list[str], dict[str, str]]:
        from worker.proving import prove_at_last  # the web has neither engine nor Celery

        return processes.translator(settings.TRANSLATOR_MEMORY, name), {
            **processes.STOPPED_AT_ONCE,
            **prove_at_last(),
        }

    def _beat(self, _name: str) -> tuple[list[str], dict[str, str]]:
        return processes.beat(), {}
