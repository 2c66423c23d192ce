"""tests/chaos, part by part: days and faults by their seed, the matcher and the reckoning of the checker."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

pytest.importorskip("psycopg", reason="needs psycopg: pip install -e '.[postgres]'")

from tests.chaos import checker
from tests.chaos.checker import Disturbed, Record
from tests.chaos.clock import Clock
from tests.chaos.days import CATEGORIES, Day, Listed, Reader, dates, days
from tests.chaos.expected import mentions, wanted
from tests.chaos.faults import FAULTS
from tests.chaos.schedule import KINDS, schedule
from tests.house import CHECKOUT

ADA = Reader("ada", {"reinforcement learning": True, "diffusion policy": False}, "mail")


def listed(
    arxiv_id: str = "2607.00001", kind: str = "new", title: str = "A title", version: int = 1
) -> Listed:
    return Listed(arxiv_id, version, kind, title, "An abstract.", ("cs.LG",))


def day(number: int, *papers: Listed) -> Day:
    return Day(date(2026, 7, number), {code: list(papers) if code == "cs.LG" else [] for code in CATEGORIES})


# --- by seed ----------------------------------------------------------------------------------


def test_a_seed_makes_the_same_days_and_faults_each_time():
    assert days(7, 5) == days(7, 5) != days(8, 5)
    assert schedule(7, 5, 50) == schedule(7, 5, 50) != schedule(8, 5, 50)


def test_all_faults_are_planned_and_no_more():
    planned = schedule(1, 7, 100)
    assert [len(faults) for faults in planned] == [15, 15, 14, 14, 14, 14, 14]


def test_a_long_schedule_has_every_kind_of_fault():
    assert {fault.kind for faults in schedule(1, 50, 1000) for fault in faults} == set(KINDS) == set(FAULTS)


def test_days_are_those_on_which_arxiv_announces():
    some = list(dates(50))
    assert {when.weekday() for when in some} == {0, 1, 2, 3, 4}
    assert date(2026, 9, 8) not in some  # the evening before is Labor Day's


def test_days_have_every_kind_of_listing():
    kinds = {paper.kind for day in days(1, 10) for papers in day.listings.values() for paper in papers}
    assert kinds == {"new", "cross", "replace", "replace-cross"}


# --- the checker's own reckoning --------------------------------------------------------------


@pytest.mark.parametrize(
    "title", ["Reinforcement learning", "On reinforcement-learning", "REINFORCEMENT LEARNINGS"]
)
def test_the_matcher_finds_a_keyword(title):
    assert mentions(listed(title=title), "reinforcement learning")


@pytest.mark.parametrize("title", ["Learning without reinforcement", "Reinforcement of learning", "Learning"])
def test_the_matcher_finds_nothing_else(title):
    assert not mentions(listed(title=title), "reinforcement learning")


def test_a_paper_comes_to_a_reader_once():
    first = listed(title="Reinforcement learning")
    crossed = listed(title="Reinforcement learning", kind="cross")
    assert wanted([day(13, first), day(14, crossed)], ADA) == {
        date(2026, 7, 13): {"2607.00001": 1},
        date(2026, 7, 14): {},
    }


def test_a_replaced_paper_comes_again_to_whoever_wants_it_so():
    first = listed(title="Reinforcement learning")
    second = listed(title="Withdrawn", kind="replace", version=2)
    assert wanted([day(13, first), day(14, second)], ADA)[date(2026, 7, 14)] == {"2607.00001": 2}
    other = Reader("bob", {"reinforcement learning": False}, "mail")
    assert wanted([day(13, first), day(14, second)], other)[date(2026, 7, 14)] == {}


def record(*disturbed: Disturbed) -> Record:
    once = {"begins": 10.0, "keys": ["a", "b"], "first": True, "name": "mt1", "pid": 1}
    again = {"begins": 20.0, "keys": ["b"], "first": True, "name": "mt2", "pid": 2}
    return Record([], (), engine=[once, again], disturbed=list(disturbed))


def computed(*disturbed: Disturbed) -> list[str]:
    return checker.computed_once(None, record(*disturbed), checker.Counter())  # type: ignore[arg-type]


def test_translating_twice_without_a_fault_is_found():
    assert len(computed()) == 1


def test_translating_twice_after_another_process_fault_is_found():
    assert len(computed(Disturbed(12, 13, frozenset({"mt2"})))) == 1
    assert len(computed(Disturbed(2, 3, frozenset({"*"})))) == 1


def test_translating_again_what_a_killed_process_had_in_hand_is_no_violation():
    assert computed(Disturbed(12, 12, frozenset({"mt1"}))) == []


# --- the clock --------------------------------------------------------------------------------


def test_a_process_lives_in_the_simulated_time(tmp_path):
    clock = Clock(tmp_path / "clock", datetime(2031, 1, 1, tzinfo=UTC))
    slot = clock.slot()
    clock.skew(slot, timedelta(days=365))
    code = "import datetime as d, json, time; print(json.dumps([time.time(), str(d.datetime.now()), time.monotonic()]))"
    env = {
        **os.environ,
        **clock.environment(slot),
        "PYTHONPATH": str(CHECKOUT / "tests/chaos/clocked"),
        "TZ": "UTC",
    }
    told = json.loads(
        subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True).stdout
    )
    assert datetime.fromtimestamp(told[0], UTC).year == 2032
    assert told[1].startswith("2032-01-01")
    assert told[2] < 3e8, "monotonic time is as it was"
