"""One run: day after day the clock is turned, faults are injected, all settles, and the checker looks.

Simulated time goes as fast as real time, and leaps wherever nothing happens any more until something is due: to the
end of a dead worker's lease, to the next try of a fetch or a message. So a day takes under a minute.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg

from tests.chaos import checker
from tests.chaos.checker import Disturbed, Record
from tests.chaos.days import CATEGORIES, READERS, Day, days
from tests.chaos.faults import inject
from tests.chaos.injected import Injected
from tests.chaos.schedule import Planned, schedule
from tests.chaos.system import System

LOOK = 0.4
"""Seconds from one look at the tables to the next."""
STILL = 1.5
"""Seconds without a change after which the clock leaps."""
PATIENCE = 180.0
"""Seconds in which a day has to settle once the faults are over."""
_DUE = """SELECT min(at) FROM (
    SELECT greatest(c.next_fetch_at, c.leased_until) AS at FROM digest_category c
      WHERE c.followed AND NOT EXISTS (SELECT 1 FROM digest_announcement a
        WHERE a.category_id = c.id AND a.day = %(day)s AND a.complete_at IS NOT NULL)
    UNION ALL SELECT greatest(next_try_at, leased_until) FROM digest_announcement
      WHERE complete_at IS NULL AND day <= %(day)s
    UNION ALL SELECT leased_until FROM digest_category WHERE lease IS NOT NULL
    UNION ALL SELECT leased_until FROM digest_announcement WHERE lease IS NOT NULL
    UNION ALL SELECT leased_until FROM digest_sentence WHERE finished_at IS NULL
    UNION ALL SELECT greatest(next_try_at, leased_until) FROM digest_delivery WHERE state = 'waiting'
    UNION ALL SELECT next_at FROM digest_slot UNION ALL SELECT held_until FROM digest_slot
) due WHERE at > %(now)s"""
_OPEN = {
    "announcements": """SELECT %(categories)s - count(*) FROM digest_announcement
                        WHERE day = %(day)s AND complete_at IS NOT NULL""",
    "versions to match": "SELECT count(*) FROM digest_paperversion WHERE matched_at IS NULL",
    "versions to index": "SELECT count(*) FROM digest_paperversion WHERE indexed_at IS NULL",
    "translations to index": "SELECT count(*) FROM digest_translation WHERE indexed_at IS NULL",
    "sentences": "SELECT count(*) FROM digest_sentence WHERE finished_at IS NULL OR again_at IS NOT NULL",
    "translations": "SELECT count(*) FROM digest_translation WHERE finished_at IS NULL OR stale",
    "digests": "SELECT %(readers)s - count(*) FROM digest_digest WHERE day = %(day)s",
    "deliveries": """SELECT (SELECT count(*) FROM digest_channel c JOIN digest_digest d ON d.user_id = c.user_id
                       WHERE d.day = %(day)s AND EXISTS (SELECT 1 FROM digest_entry e WHERE e.digest_id = d.id))
                     - (SELECT count(*) FROM digest_delivery WHERE day = %(day)s AND state <> 'waiting')""",
}
_CHANGES = """SELECT (SELECT max(id) FROM digest_run), (SELECT count(*) FROM digest_run WHERE ended_at IS NULL),
    (SELECT sum(attempts) FROM digest_sentence), (SELECT count(*) FROM digest_sentence WHERE finished_at IS NULL),
    (SELECT sum(attempts) FROM digest_delivery), (SELECT count(*) FROM digest_entry),
    (SELECT count(*) FROM digest_translation WHERE finished_at IS NULL),
    (SELECT max(fetched_at) FROM digest_announcement), (SELECT count(*) FROM digest_match)"""
_LEFT_BEHIND = """SELECT max(at) FROM (
    SELECT max(began_at) AS at FROM digest_run WHERE ended_at IS NULL
    UNION ALL SELECT max(leased_until) FROM digest_category UNION ALL SELECT max(leased_until) FROM digest_announcement
    UNION ALL SELECT max(leased_until) FROM digest_sentence UNION ALL SELECT max(leased_until) FROM digest_delivery
    UNION ALL SELECT max(held_until) FROM digest_slot) left_behind"""
DEAD = timedelta(minutes=31)
"""After which the sweep closes what the dead have left behind: it believes in a death after half an hour."""


@dataclass
class DayDone:
    """What came of a day; seconds are real ones."""

    day: Day
    faults: list[Injected]
    violations: list[str]
    seconds: float
    settled: float


@dataclass
class Run:
    """A whole run, as it goes on."""

    seed: int
    folder: Path
    days: list[Day]
    plan: list[list[Planned]]
    done: list[DayDone] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    deadlocks: int = 0
    record: Record = field(default_factory=lambda: Record([], READERS))

    @property
    def violations(self) -> list[str]:
        return [violation for day in self.done for violation in day.violations]


def run(
    seed: int,
    count: int,
    faults: int,
    folder: Path,
    *,
    until: float = float("inf"),
    told: Callable[[Run, DayDone], None] = lambda _run, _day: None,
    last: Callable[[System, Run], None] = lambda _system, _run: None,
) -> Run:
    """So many days with so many faults, or until that moment (monotonic seconds). `told` hears of each day, `last` has
    the system once more before it ends."""
    this = Run(seed, folder, days(seed, count), schedule(seed, count, faults))
    with System(folder, this.days) as system:
        for day, planned in zip(this.days, this.plan, strict=True):
            if time.monotonic() > until:
                break
            this.done.append(_Day(this, system, day).go(planned))
            told(this, this.done[-1])
        with system.postgres.connect() as database:
            row = database.execute(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = 'paperglot'"
            ).fetchone()
            this.deadlocks = row[0] if row else 0
        last(system, this)
    return this


class _Day:
    def __init__(self, this: Run, system: System, day: Day) -> None:
        self.run, self.system, self.day = this, system, day
        self.faults: list[Injected] = []
        self._seen: Any = None
        self._since = self._looked = time.monotonic()
        self._database: psycopg.Connection[Any] | None = None

    def go(self, planned: list[Planned]) -> DayDone:
        began = time.monotonic()
        turn = self.day.turns + timedelta(minutes=3, seconds=5)
        self.system.clock.set(max(turn, self.system.clock.now()))
        self._inject(planned)
        calm = time.monotonic()
        late = self._settle()
        settled = time.monotonic()
        violations = [late] if late else []
        violations += self._check()
        return DayDone(self.day, self.faults, violations, time.monotonic() - began, settled - calm)

    # Faults

    def _inject(self, planned: list[Planned]) -> None:
        began, todo = time.monotonic(), list(planned)
        while todo or any(fault.end for fault in self.faults):
            now = time.monotonic()
            for fault in self.faults:
                if fault.end and now >= fault.began + fault.planned.seconds:
                    self._end(fault)
            if todo and now - began >= todo[0].at:
                self.faults.append(inject(self.system, todo.pop(0)))
                if "clock" in self.faults[-1].planned.kind:
                    self.run.record.skewed.add(self.day.date)
                continue
            self._leap_if_still()
            time.sleep(0.05)

    @staticmethod
    def _end(fault: Injected) -> None:
        assert fault.end
        try:
            fault.end()
        except OSError:  # what it has to speak to is stopped by another fault: at the next look
            return
        fault.end = None
        fault.ended = time.monotonic()

    # Time

    def _leap_if_still(self) -> None:
        """To the next moment at which something is due, where nothing has happened for a while."""
        now = time.monotonic()
        if self.system.postgres.asleep or now - self._looked < LOOK:
            return
        self._looked = now
        try:
            seen = self._ask(_CHANGES)
            if seen != self._seen or self.system.at_work():
                self._seen, self._since = seen, now
            if now - self._since < STILL:
                return
            due = self._ask(_DUE)[0]
        except psycopg.Error:
            self._since = now
            return
        self._since = now
        if due:
            # Whoever still had something in hand has lost it.
            self.run.record.disturbed.append(Disturbed(now, now, frozenset("*")))
            self.system.clock.advance(due - self.system.clock.now() + timedelta(seconds=0.5))

    def _ask(self, query: str) -> tuple[Any, ...]:
        """The first row of an answer, past all wires, over one connection as long as it holds."""
        known = {"day": self.day.date, "categories": len(CATEGORIES), "readers": len(READERS)}
        known |= {"now": self.system.clock.now()}
        try:
            if self._database is None or self._database.closed:
                self._database = self.system.postgres.connect()
            return self._database.execute(query, known).fetchone() or (None,)  # type: ignore[arg-type]
        except psycopg.Error:
            if self._database:
                self._database.close()
            raise

    # The end of a day

    def _settle(self) -> str:
        """Wait until all is done; what is not done after all, in a sentence."""
        until = time.monotonic() + PATIENCE
        left: dict[str, int] = {}
        while time.monotonic() < until:
            try:
                left = self._left()
                if not left and self._swept():
                    return ""
            except psycopg.Error:
                pass
            self._leap_if_still()
            time.sleep(LOOK)
        return f"{self.day.date} did not settle: {left or 'a run or a lease has not ended'}"

    def _left(self) -> dict[str, int]:
        counted = {name: self._ask(query)[0] for name, query in _OPEN.items()}
        return {name: count for name, count in counted.items() if count}

    def _swept(self) -> bool:
        """Whether nothing of the dead is left: neither a lease nor a run."""
        left = self._ask(_LEFT_BEHIND)[0]
        if left:
            self.run.record.disturbed.append(Disturbed(time.monotonic(), time.monotonic(), frozenset("*")))
            self.system.clock.set(max(self.system.clock.now(), left + DEAD))
            time.sleep(1.5)
        return left is None

    def _check(self) -> list[str]:
        record, system = self.run.record, self.system
        record.days = self.run.days[: self.run.days.index(self.day) + 1]
        record.disturbed += [Disturbed(f.began, f.ended, frozenset(f.touched)) for f in self.faults]
        record.mails, record.posts = list(system.mailbox.heard), list(system.hook.posts)
        record.engine = system.engine_lines()
        record.feeds = {name: self._feed(secret) for name, secret in system.feeds.items()}
        with system.postgres.connect() as database:
            found = checker.check(database, record)
        self.run.counts = found.counts
        before = set(self.run.violations)
        return [violation for violation in found.violations if violation not in before]

    def _feed(self, secret: str) -> bytes:
        until = time.monotonic() + 60
        while True:
            try:
                return self.system.page(f"/f/{secret}/all.atom")
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.3)
