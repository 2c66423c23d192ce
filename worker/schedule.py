"""When a category is asked for again. Pure: the clock is an argument."""

from datetime import date, datetime, timedelta

from digest.arxiv_days import arxiv_day, feeds_turn, is_weekend, next_weekday

AFTER_TURN = timedelta(minutes=3)
"""Later than midnight Eastern: documents built in its first seconds are yesterday's (arxiv.md 1.6)."""
WAITING = timedelta(minutes=30)
_LONGEST_BACK_OFF = timedelta(hours=1)


def next_fetch(now: datetime, settled: date | None) -> datetime:
    """After an answer: the next turn of the feeds if today's announcement is whole or the day has none,
    half an hour later if it is not. `settled` is the newest arXiv day that is whole."""
    today = arxiv_day(now)
    if is_weekend(today) or (settled is not None and settled >= today):
        return feeds_turn(next_weekday(today)) + AFTER_TURN
    return min(now + WAITING, feeds_turn(today + timedelta(days=1)) + AFTER_TURN)


def after_failure(now: datetime, failures: int, retry_after: float | None) -> datetime:
    """After no answer: a minute, two, four … up to an hour, and never before arXiv allows."""
    wait = min(timedelta(minutes=2 ** min(failures, 10)), _LONGEST_BACK_OFF)
    return now + max(wait, timedelta(seconds=retry_after or 0))
