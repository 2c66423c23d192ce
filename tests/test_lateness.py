"""digest/lateness.py: how late a digest is, and the buckets that tell it."""

from datetime import UTC, datetime, timedelta

import pytest

from digest.lateness import BUCKETS, bucket, seconds_late

TURNED = datetime(2026, 5, 12, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_lateness_counts_from_when_the_feeds_turned():
    assert seconds_late(TURNED + HOUR, TURNED, None) == 3600


def test_a_digest_that_is_there_before_is_not_late():
    assert seconds_late(TURNED - HOUR, TURNED) == 0


def test_the_readers_hour_is_waited_for():
    assert seconds_late(TURNED + 6 * HOUR, TURNED, TURNED + 5 * HOUR) == 3600


@pytest.mark.parametrize(("seconds", "label"), [(0, "60"), (60, "60"), (61, "900"), (1e9, "+Inf")])
def test_a_bucket_holds_what_is_not_above_its_bound(seconds, label):
    assert bucket(seconds) == label


def test_buckets_are_in_order():
    assert list(BUCKETS) == sorted(BUCKETS)
