"""A fault as it happened, and how one ends."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.chaos.schedule import Planned

End = Callable[[], object]


@dataclass
class Injected:
    """A fault as it happened; times are monotonic seconds. `touched` names the processes that may lose a lease by
    it, `*` all of them; `note` says why it could not be."""

    planned: Planned
    began: float
    ended: float = 0.0
    touched: set[str] = field(default_factory=lambda: {"*"})
    note: str = ""
    end: End | None = None


class NotHereError(Exception):
    """This machine can't have this fault; the message says why."""
