"""What feed readers cost: full answers and 304 answers a second, of the web server as `up` runs it.

    python -m tests.benchmarks.feeds [--days 12] [--papers 30] [--seconds 8] [--database postgres://…]

A reader has digests of so many days with so many papers each, in both languages. One client asks, without keeping
its connection, first for the whole feed, then with the ETag that it was given. CPU time is the server's (its
processes, all threads), by /proc; with PostgreSQL that of the database is not in it. The last line says what 10,000
subscribers cost that ask every hour.
"""

import argparse
import gzip
import http.client
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from tests.house import CHECKOUT, free_port

_TICK = os.sysconf("SC_CLK_TCK")
ABSTRACT = (
    "We train a policy of order $O(n^2)$ on robots, and show that it holds for $n<4$ legs. "
    "The method needs no reward: it learns from what the robot sees, at 30 Hz, on one machine. "
) * 4


def fill(days: int, papers: int) -> str:
    """A reader with so many digests; returns the secret of the feed."""
    import django

    django.setup()
    from django.core.management import call_command

    from digest.arxiv_days import feeds_turn
    from digest.models import FeedToken, User
    from tests.documents import Document
    from tests.steps import publish

    call_command("migrate", verbosity=0)
    reader = User.objects.create_user("reader", password="reader-password")
    day, made = date(2026, 5, 12), 0
    while made < days:
        day += timedelta(days=1)
        if day.weekday() > 4:
            continue
        document = Document(day=day)
        for number in range(papers):
            document.add(
                f"2605.{made * papers + number + 10000}", title=f"Robot {made} {number}", abstract=ABSTRACT
            )
        publish(reader, document, "robot", now=feeds_turn(day) + timedelta(hours=2))
        made += 1
    return FeedToken.make(reader)[1]


def cpu(pids: list[int]) -> float:
    """Seconds of CPU that these processes have taken."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICK


def ask(port: int, path: str, etag: str = "") -> tuple[int, str, int]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Accept-Encoding": "gzip"} | ({"If-None-Match": etag} if etag else {})
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    size = len(gzip.decompress(body)) if answer.headers.get("Content-Encoding") == "gzip" else len(body)
    return answer.status, answer.headers["ETag"], size


def measure(
    port: int, path: str, pids: list[int], seconds: float, etag: str, status: int
) -> tuple[float, float]:
    """Answers a second, and CPU seconds of the server for each."""
    for _ in range(5):
        ask(port, path, etag)
    began, before, count = time.perf_counter(), cpu(pids), 0
    while time.perf_counter() - began < seconds:
        assert ask(port, path, etag)[0] == status
        count += 1
    return count / (time.perf_counter() - began), (cpu(pids) - before) / count


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=int, default=12)
    parser.add_argument("--papers", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        env = {"PAPERGLOT_DATA": f"{folder}/data", "DJANGO_SETTINGS_MODULE": "digest.settings"}
        env |= {"PAPERGLOT_DATABASE_URL": given.database} if given.database else {}
        env["PAPERGLOT_LOG_LEVEL"] = "WARNING"
        os.environ.update(env)
        secret = fill(given.days, given.papers)
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "digest.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "8",
                   "--worker-class", "gthread", "--no-control-socket", "--log-level", "warning"]  # fmt: skip
        server = subprocess.Popen(command, cwd=CHECKOUT)
        try:
            report(server.pid, port, secret, given.seconds)
        finally:
            server.terminate()
            server.wait()


def report(server: int, port: int, secret: str, seconds: float) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            ask(port, "/healthz")
            break
        except OSError:
            time.sleep(0.3)
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    pids = [server, *map(int, children)]
    print(
        f"{'feed':<12}{'KB':>6}{'whole/s':>10}{'304/s':>10}{'ratio':>8}{'ms CPU whole':>14}{'ms CPU 304':>12}"
    )
    worst = 0.0
    for kind in ("atom", "rss", "json"):
        path = f"/f/{secret}/all.{kind}"
        _, etag, size = ask(port, path)
        whole, dear = measure(port, path, pids, seconds, "", 200)
        same, cheap = measure(port, path, pids, seconds, etag, 304)
        worst = max(worst, cheap)
        print(f"{kind:<12}{size / 1000:>6.0f}{whole:>10.1f}{same:>10.1f}{same / whole:>8.1f}{dear * 1000:>14.1f}"
              f"{cheap * 1000:>12.2f}")  # fmt: skip
    print(f"10,000 subscribers that ask every hour: {10_000 / 3600 * worst:.1%} of a core")


if __name__ == "__main__":
    main()
