"""tests/benchmarks/: how throughput is reckoned, and the model on paper."""

import pytest

from tests.benchmarks.needs import Measured, Need, Size, first_to_give, needs
from tests.benchmarks.planted import rate


def named(found: list[Need], what: str) -> Need:
    return next(need for need in found if what in need.what)


def test_a_steady_translators_rate_is_its_batches_over_their_time():
    stored = {1: [(at, 64) for at in range(0, 100, 10)]}
    assert rate(stored, 20, 60) == pytest.approx(6.4)


def test_a_batch_counts_for_the_part_of_its_time_that_is_measured():
    assert rate({1: [(0, 64), (10, 64), (20, 64)]}, 5, 15) == pytest.approx(6.4)


def test_waiting_counts_as_time_in_which_nothing_comes():
    working = {1: [(at, 64) for at in range(0, 100, 10)]}
    waiting = {1: [(at, 64) for at in (0, 10, 20, 60, 70)]}
    assert rate(waiting, 10, 60) < rate(working, 10, 60) / 1.6


def test_what_a_translator_that_has_ended_does_not_store_counts_as_nothing():
    assert rate({1: [(0, 64), (10, 64)]}, 0, 40) == pytest.approx(1.6)


def test_translators_add_up():
    alone = {1: [(at, 64) for at in range(0, 100, 10)]}
    both = alone | {2: [(at + 3, 64) for at in range(0, 100, 10)]}
    assert rate(both, 20, 60) == pytest.approx(2 * rate(alone, 20, 60))


def test_twice_the_translators_need_half_the_time_and_twice_the_connections():
    few, many = needs(Size(translators=10), Measured()), needs(Size(translators=20), Measured())
    assert named(many, "at work for").value == pytest.approx(named(few, "at work for").value / 2)
    assert named(many, "connections").value - named(few, "connections").value == 20


def test_what_readers_need_grows_with_them_and_not_with_translators():
    one, other = needs(Size(readers=1000), Measured()), needs(Size(readers=3000, translators=7), Measured())
    for what in ("publishing: one process", "a year of digests", "feeds: polls"):
        assert named(other, what).value == pytest.approx(3 * named(one, what).value)


def test_what_is_furthest_beyond_its_limit_gives_first():
    found = [
        Need("fine", 1, "", 10),
        Need("far beyond", 30, "", 10),
        Need("a number", 99, ""),
        Need("over", 11, "", 10),
    ]
    assert [need.what for need in first_to_give(found)] == ["far beyond", "over", "fine"]
