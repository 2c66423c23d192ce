"""Sending to the outside: over HTTP to webhooks and chat services, never to an address inside.

A sender ends well, or raises SendError.
"""

from datetime import datetime, timedelta

from digest.wording import WordedError

_WAITS = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    *[timedelta(hours=6)] * 3,
    timedelta(hours=3),
]
"""About a day in all."""
_LONGEST_WAIT = timedelta(hours=6)


class SendError(WordedError):
    """A message was not taken. The words are plain English, to be translated, with `values`; they hold no secret, and
    say what to do where one can tell.

    `permanent`: trying again is of no use. `unsure`: it may have been taken all the same. `retry_after`: seconds
    that the other side asked for. `everyone`: no other message would have gone the same way either.
    """

    def __init__(
        self,
        words: str,
        *,
        permanent: bool = False,
        unsure: bool = False,
        retry_after: float = 0,
        everyone: bool = False,
        **values: object,
    ) -> None:
        super().__init__(words, **values)
        self.permanent, self.unsure, self.retry_after = permanent, unsure, retry_after
        self.everyone = everyone


def next_try(now: datetime, attempts: int, retry_after: float = 0) -> datetime | None:
    """When to try again after so many attempts; None once it has been tried for a day."""
    if attempts > len(_WAITS):
        return None
    asked = min(timedelta(seconds=max(retry_after, 0)), _LONGEST_WAIT)
    return now + max(_WAITS[max(attempts, 1) - 1], asked)
