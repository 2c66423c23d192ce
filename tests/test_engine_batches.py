"""worker/engine/batches.py: every sentence once, little padding, and work for every replica."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from worker.engine.batches import batches

LENGTHS = st.lists(st.integers(1, 400), max_size=200)
BUDGETS = st.integers(1, 4096)
REPLICAS = st.integers(1, 16)


def padded(batch: list[int], lengths: list[int]) -> int:
    return len(batch) * max(lengths[place] for place in batch)


@given(LENGTHS, BUDGETS, REPLICAS)
def test_every_sentence_is_in_one_batch(lengths: list[int], most: int, replicas: int):
    cut = batches(lengths, most, replicas)
    assert sorted(place for batch in cut for place in batch) == list(range(len(lengths)))
    assert all(cut)


@given(LENGTHS, BUDGETS, REPLICAS)
def test_no_batch_is_over_the_budget_but_a_sentence_that_is_so_alone(lengths: list[int], most: int, replicas):
    assert all(len(b) == 1 or padded(b, lengths) <= most for b in batches(lengths, most, replicas))


@given(LENGTHS, BUDGETS, REPLICAS)
def test_the_longest_come_first(lengths: list[int], most: int, replicas: int):
    order = [lengths[place] for batch in batches(lengths, most, replicas) for place in batch]
    assert order == sorted(lengths, reverse=True)


@given(LENGTHS, BUDGETS, REPLICAS)
@example([400, *[1] * 30], 400, 2)
@example([5, 5, 5], 100, 2)
def test_no_replica_waits_where_there_are_sentences_enough(lengths: list[int], most: int, replicas: int):
    few, cut = batches(lengths, most), batches(lengths, most, replicas)
    wanted = -(-len(few) // replicas) * replicas
    assert len(cut) == (wanted if len(lengths) >= wanted else len(few))


@given(st.lists(st.integers(8, 70), min_size=64, max_size=300))
def test_replicas_have_about_the_same_to_do(lengths: list[int]):
    """No batch is larger than twice its fair share."""
    cut = batches(lengths, 2048, 2)
    sizes = [padded(batch, lengths) for batch in cut]
    assert max(sizes) <= 2 * sum(sizes) / len(sizes) + 2 * 70


def test_what_is_of_one_length_is_shared_out_evenly():
    assert [len(batch) for batch in batches([10] * 300, 2048, 2)] == [150, 150]
    assert [len(batch) for batch in batches([10] * 500, 2048, 2)] == [125] * 4


def test_equal_sentences_stay_in_their_order():
    assert batches([3, 3, 3, 3], 6) == [[0, 1], [2, 3]]


@pytest.mark.parametrize(("lengths", "cut"), [([], []), ([7], [[0]])])
def test_few_sentences_are_few_batches(lengths: list[int], cut: list[list[int]]):
    assert batches(lengths, 2048, 8) == cut
