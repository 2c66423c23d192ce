"""A translator joins by the addresses of database and broker alone, and proves itself before it takes work: real
processes, as `manage.py run translator` starts them on another machine."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.demonstration import copy
from tests.house import CHECKOUT, House, wait_until
from tests.test_translate_many import addresses
from worker import broker
from worker.registry import write_manifest

SENTENCES = 20
PLANT = f"""
from django.conf import settings
from digest.models import Installation, Run, Sentence, Worker
from worker.memory import key
from worker.registry import Registry
for model in (Sentence, Run, Worker):
    model.objects.all().delete()
Installation.objects.update_or_create(pk=1, defaults={{{{"model": "{{model}}"}}}})
identity = Registry(settings.MODELS).get("{{model}}").identity
sources = [f"The robot of laboratory number {{{{n}}}} learns to walk." for n in range({SENTENCES})]
Sentence.objects.bulk_create(
    Sentence(key=key(s), source=s, language="zh-Hans", model=identity) for s in sources)
from worker.celery import ring
ring("translate")  # it waits for whoever comes
"""
CLEAR = """
from digest.models import Installation, Sentence, Worker
Sentence.objects.all().delete()
Worker.objects.all().delete()
Installation.objects.update(model="")
"""
LOOK = """
import json
from digest.models import Run, Sentence, Worker
print(json.dumps({
    "done": Sentence.objects.exclude(finished_at=None).count(),
    "attempts": sum(Sentence.objects.values_list("attempts", flat=True)),
    "workers": Worker.objects.count(),
    "runs": list(Run.objects.order_by("pk").values_list("verb", "error")),
}))
"""


class Fleet:
    """The first machine, with database and broker, and a second one that knows their addresses."""

    def __init__(self, folder: Path, database: str) -> None:
        self.models, self._folder = folder / "models", folder
        self.models.mkdir()
        self.addresses = {
            "PAPERGLOT_DATABASE_URL": database or f"sqlite:///{folder / 'first.sqlite3'}",
            "PAPERGLOT_BROKER_URL": broker.url(folder),
        }
        self.first = House(folder / "first", {**self.addresses, "PAPERGLOT_MODELS": str(self.models)})
        self._broker = subprocess.Popen(broker.command(folder), stdout=subprocess.DEVNULL)
        broker.wait(folder, 20)
        self._translators: list[subprocess.Popen[bytes]] = []
        self.log = folder / "log"

    def manage(self, *words: str) -> str:
        done = self.first.manage(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "--verbosity", "0", "-c", code)

    def look(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.shell(LOOK))
        return told

    def join(self, **more: str) -> "subprocess.Popen[bytes]":
        """Start a translator that knows two addresses, and has an empty folder."""
        own = {"PATH": os.environ["PATH"], "PAPERGLOT_DATA": str(self._folder / "second"), **self.addresses}
        with self.log.open("wb") as log:
            process = subprocess.Popen([sys.executable, "manage.py", "run", "translator"], cwd=CHECKOUT,
                                       env={**own, **more}, stdout=log, stderr=log)  # fmt: skip
        self._translators.append(process)
        return process

    def end(self) -> None:
        for process in (*self._translators, self._broker):
            process.terminate()
            process.wait(20)


@pytest.fixture
def fleet(request: pytest.FixtureRequest) -> Iterator[Fleet]:
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short enough for the broker's socket
    fleet = Fleet(folder, request.param)
    try:
        fleet.manage("migrate", "--verbosity", "0")
        yield fleet
        fleet.shell(CLEAR)
    finally:
        fleet.end()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("fleet", addresses(), indirect=True)
def test_two_addresses_are_all_that_a_translator_needs(fleet: Fleet):
    fleet.shell(PLANT.format(model="demo"))
    fleet.join()
    wait_until(lambda: f"{SENTENCES} sentences translated" in fleet.log.read_text(), 120, fleet.log.read_text)
    seen = fleet.look()
    assert (seen["workers"], seen["done"]) == (1, SENTENCES)
    assert [verb for verb, _ in seen["runs"]] == ["prove", "translate"]


@pytest.mark.parametrize("fleet", [""], indirect=True)
def test_a_translator_that_can_not_prove_its_model_takes_no_work(fleet: Fleet):
    folder = copy(fleet.models / "mine")
    write_manifest(folder, {"source": "a folder"})
    fleet.shell(PLANT.format(model="mine"))
    (folder / "config.json").write_text("{ }")
    process = fleet.join(PAPERGLOT_MODELS=str(fleet.models))
    wait_until(lambda: "takes no work" in fleet.log.read_text(), 90, fleet.log.read_text)
    seen = fleet.look()
    assert (seen["workers"], seen["attempts"], seen["done"]) == (0, 0, 0)
    assert "damaged: config.json" in seen["runs"][0][1]
    assert process.poll() is None  # it tries again
