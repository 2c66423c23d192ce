"""digest/models/leases.py: a row has one worker at a time, and a death loses nothing."""

from datetime import timedelta
from uuid import UUID

import pytest

from digest.models import Category

HOLD = timedelta(minutes=3)


@pytest.fixture
def rows(db):
    for code in ("cs.AI", "cs.CL", "cs.LG"):
        Category.objects.create(code=code)
    return Category.objects.order_by("code")


def codes(claimed) -> list[str]:
    return [row.code for row in claimed]


def test_a_claim_takes_rows_in_their_order(rows, now):
    assert codes(rows.claim(now, 2, HOLD)) == ["cs.AI", "cs.CL"]


def test_what_one_has_claimed_another_does_not_get(rows, now):
    rows.claim(now, 2, HOLD)
    assert codes(rows.claim(now, 2, HOLD)) == ["cs.LG"]


def test_nothing_is_claimed_where_all_is_held(rows, now):
    rows.claim(now, 3, HOLD)
    assert rows.claim(now, 3, HOLD) == []


def test_the_claimed_rows_carry_one_token_that_stands_in_the_database(rows, now):
    claimed = rows.claim(now, 2, HOLD)
    assert len({row.lease for row in claimed}) == 1
    assert set(rows.exclude(lease=None).values_list("lease", flat=True)) == {claimed[0].lease}


def test_a_row_whose_holder_has_died_is_claimed_again(rows, now):
    first = rows.claim(now, 3, HOLD)
    second = rows.claim(now + HOLD, 3, HOLD)
    assert codes(second) == codes(first)
    assert second[0].lease != first[0].lease


def test_a_lease_that_was_extended_is_not_over(rows, now):
    token = rows.claim(now, 3, HOLD)[0].lease
    assert rows.extend(token, now + 2 * HOLD) == 3
    assert rows.claim(now + HOLD, 3, HOLD) == []


def test_a_lease_that_was_lost_is_not_extended(rows, now):
    lost = rows.claim(now, 3, HOLD)[0].lease
    rows.claim(now + HOLD, 3, HOLD)
    assert rows.extend(lost, now + 9 * HOLD) == 0


def test_what_is_given_back_can_be_claimed_at_once(rows, now):
    token = rows.claim(now, 3, HOLD)[0].lease
    assert rows.give_back(token) == 3
    assert len(rows.claim(now, 3, HOLD)) == 3


def test_what_another_holds_now_is_not_given_back(rows, now):
    lost = rows.claim(now, 3, HOLD)[0].lease
    mine: UUID = rows.claim(now + HOLD, 3, HOLD)[0].lease
    assert rows.give_back(lost) == 0
    assert set(rows.values_list("lease", flat=True)) == {mine}
