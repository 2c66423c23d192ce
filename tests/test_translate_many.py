"""Ten thousand sentences, several translators, some of them killed: every answer under its own source."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.house import CHECKOUT, House

SENTENCES = 10_000
TRANSLATORS = 3
KILLS = 6
SEED = int(os.environ.get("PAPERGLOT_TEST_SEED", "20261124"))

PLANT = f"""
from digest.models import Sentence
from worker.memory import key
sources = [f"The robot number {{n}} walks <v0> metres home." for n in range({SENTENCES})]
Sentence.objects.bulk_create(
    Sentence(key=key(s), source=s, language="zh-Hans", model="fake#1") for s in sources)
"""
COUNT = """
import json
from digest.models import Sentence
from tests.translator import signature
from worker.memory import key
rows = Sentence.objects.all()
print(json.dumps({
    "finished": rows.exclude(finished_at=None).count(),
    "good": rows.filter(verdict="ok").count(),
    "held": rows.exclude(lease=None).count(),
    "foreign": sum(row.key != key(row.source) or row.text.count(signature(row.source)) != 1 for row in rows),
}))
"""


def translator(house: House, seed: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.translator", str(seed)], cwd=CHECKOUT, env=house.env
    )


def addresses() -> list[object]:
    """SQLite, and PostgreSQL where .ci/run has started one."""
    there = os.environ.get("PAPERGLOT_TEST_MANY_DATABASE_URL", "")
    return [
        pytest.param("", id="sqlite"),
        pytest.param(
            there,
            id="postgres",
            marks=[
                pytest.mark.postgres,
                pytest.mark.skipif(not there, reason="needs PostgreSQL: .ci/run starts it"),
            ],
        ),
    ]


@pytest.mark.parametrize("database", addresses())
def test_ten_thousand_sentences_end_each_under_its_own_source(database: str, tmp_path: Path):
    chance = random.Random(SEED)
    house = House(tmp_path / "data", {"PAPERGLOT_DATABASE_URL": database} if database else None)
    for step in (["migrate", "--verbosity", "0"], ["shell", "--verbosity", "0", "-c", PLANT]):
        done = house.manage(*step)
        assert done.returncode == 0, done.stderr
    workers = [translator(house, n) for n in range(TRANSLATORS)]
    try:
        for kill in range(KILLS):
            time.sleep(chance.uniform(0.5, 1.5))
            place = chance.randrange(TRANSLATORS)
            workers[place].kill()
            workers[place].wait()
            workers[place] = translator(house, 100 + kill)
        for worker in workers:
            assert worker.wait(240) == 0
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    counts = json.loads(house.manage("shell", "--verbosity", "0", "-c", COUNT).stdout)
    assert counts == {"finished": SENTENCES, "good": SENTENCES, "held": 0, "foreign": 0}
