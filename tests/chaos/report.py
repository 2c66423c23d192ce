"""What happened, in figures."""

from collections import Counter
from datetime import datetime

from tests.chaos.driver import DayDone, Run


def progress(run: Run, day: DayDone) -> str:
    """A line for a day, and one for each violation."""
    kinds = Counter(fault.planned.kind for fault in day.faults if not fault.note)
    said = ", ".join(f"{kind} {n}" if n > 1 else kind for kind, n in kinds.most_common())
    lines = [f"{datetime.now():%H:%M:%S} day {len(run.done):>3} {day.day.date} {day.seconds:5.0f} s, settled "
             f"{day.settled:4.0f} s after the last of {len(day.faults)} faults: {said or 'none'}"]  # fmt: skip
    lines += [f"           VIOLATION {violation}" for violation in day.violations]
    return "\n".join(lines)


def report(run: Run) -> str:
    """The whole run."""
    faults = [fault for day in run.done for fault in day.faults]
    injected = [fault for fault in faults if not fault.note]
    kinds = Counter(fault.planned.kind for fault in injected)
    settled = sorted(day.settled for day in run.done)
    lines = [
        f"seed {run.seed}: {len(run.done)} days, {len(injected)} faults of {len(kinds)} kinds, "
        f"{len(run.violations)} violations, {sum(day.seconds for day in run.done) / 60:.0f} minutes",
        "",
        *(f"{n:>6}  {kind}" for kind, n in kinds.most_common()),
        *(f"{n:>6}  not injected: {note}" for note, n in Counter(f.note for f in faults if f.note).items()),
        "",
        *(f"{n:>6}  {what}" for what, n in sorted(run.counts.items())),
        f"{run.deadlocks:>6}  deadlocks that PostgreSQL has ended",
    ]
    if settled:
        lines.append(
            f"{settled[len(settled) // 2]:>6.0f}  seconds from a day's last fault until all is done (median)"
        )
        lines.append(f"{settled[-1]:>6.0f}  seconds at most")
    return "\n".join([*lines, *(f"VIOLATION {violation}" for violation in run.violations)])
