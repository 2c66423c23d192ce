"""`python -m tests.chaos`: days and faults by seed, a line for each day, and a report; ends with 1 at a violation."""

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos import report, servers
from tests.chaos.driver import run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--days", type=int, default=50, help="simulated days (%(default)s)")
    parser.add_argument("--faults", type=int, help="faults in all (20 a day)")
    parser.add_argument(
        "--seed", type=int, default=1, help="what the days and faults are made from (%(default)s)"
    )
    parser.add_argument("--hours", type=float, default=float("inf"), help="no new day begins after so long")
    parser.add_argument("--folder", type=Path, help="where all is kept, logs too; it is emptied first")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # all that was started is ended
    if lacks := servers.missing():
        parser.error(lacks)
    faults = 20 * asked.days if asked.faults is None else asked.faults
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="paperglot-chaos-"))
    until = time.monotonic() + 3600 * asked.hours
    print(f"{faults} faults over {asked.days} days, seed {asked.seed}; logs in {folder}", flush=True)
    done = run(asked.seed, asked.days, faults, folder, until=until,
               told=lambda this, day: print(report.progress(this, day), flush=True))  # fmt: skip
    print(f"\n{report.report(done)}", flush=True)
    return int(bool(done.violations))


if __name__ == "__main__":
    sys.exit(main())
