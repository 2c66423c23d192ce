"""Bringing the database up to date: all or none, whatever happens to the disk."""

import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.house import CHECKOUT, House


def manage(house: House, *arguments: str, most_bytes: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command whose files may not grow over `most_bytes`, as on a full disk."""
    limit = resource.RLIM_INFINITY if most_bytes is None else most_bytes
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT, env=house.env, text=True, capture_output=True, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip


def test_a_full_disk_at_the_first_migration_is_told_and_the_next_try_works(tmp_path: Path):
    house = House(tmp_path / "data")
    full = manage(house, "model", "list", most_bytes=100_000)
    assert full.returncode != 0
    assert "The database could not be brought up to date" in full.stderr
    assert "Is the disk full" in full.stderr
    assert "Traceback" not in full.stderr
    assert manage(house, "model", "list").returncode == 0


def test_a_full_disk_at_a_later_migration_leaves_the_database_as_it_was(tmp_path: Path):
    house = House(tmp_path / "data")
    assert manage(house, "migrate", "auth", "--verbosity", "0").returncode == 0
    path = house.data / "paperglot.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE precious (words TEXT)")
        database.execute("INSERT INTO precious VALUES ('here before')")
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.stat().st_size
    full = manage(house, "model", "list", most_bytes=before + 20_000)
    assert full.returncode != 0, full.stdout
    assert "Nothing was lost" in full.stderr
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT words FROM precious").fetchall() == [("here before",)]
    assert manage(house, "model", "list").returncode == 0
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT words FROM precious").fetchall() == [("here before",)]
