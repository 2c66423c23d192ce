"""A short run of tests/chaos on real servers: no violation; and what is damaged on purpose is found."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

pytest.importorskip("psycopg", reason="needs psycopg: pip install -e '.[postgres]'")

from tests.chaos import checker, report, servers
from tests.chaos.checker import Database, Record
from tests.chaos.driver import Run, run
from tests.chaos.system import System

SEED = int(os.environ.get("PAPERGLOT_TEST_SEED", "20261125"))
DAYS, FAULTS = 2, 30
pytestmark = [
    pytest.mark.redis,
    pytest.mark.postgres,
    pytest.mark.skipif(bool(servers.missing()), reason=servers.missing() or "all is there"),
    pytest.mark.skipif(
        "PAPERGLOT_TEST_CHAOS_DATABASE_URL" not in os.environ, reason="takes minutes: .ci/run runs it"
    ),
]


def sql(*statements: str) -> Callable[[Database, Record], Record]:
    def damage(database: Database, record: Record) -> Record:
        for statement in statements:
            database.execute(statement)  # type: ignore[arg-type]
        return record

    return damage


_PAPER = "(SELECT max(paper_id) FROM digest_entry)"
_LAST = "DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})"
DAMAGES = {
    "a lost paper": (
        r"paper version .* is lost",
        sql(
            f"DELETE FROM digest_entry WHERE paper_id = {_PAPER}",
            "ALTER TABLE digest_paperversion RENAME TO gone",
            f"CREATE TABLE digest_paperversion AS SELECT * FROM gone WHERE paper_id <> {_PAPER}",
        ),
    ),
    "a lost entry": (r"entry .* is lost", sql(_LAST.format(table="digest_entry"))),
    "a doubled entry": (
        r"entry .* is there 2 times",
        sql(
            "ALTER TABLE digest_entry DROP CONSTRAINT one_entry_a_paper",
            "ALTER TABLE digest_entry ALTER guid SET DEFAULT ''",
            "INSERT INTO digest_entry (digest_id, section_id, paper_id, version_id, announce_type, \"order\", added_at,"
            ' guid) SELECT digest_id, section_id, paper_id, version_id, announce_type, "order", added_at, \'other\' '
            "FROM digest_entry ORDER BY id LIMIT 1",
        ),
    ),
    "a lost match": (r"match .* is lost", sql(_LAST.format(table="digest_match"))),
    "a wrong sentence": (
        r"has another one's translation",
        sql("UPDATE digest_sentence SET text = (SELECT max(text) FROM digest_sentence) WHERE id = "
            "(SELECT id FROM digest_sentence ORDER BY text LIMIT 1)"),
    ),
    "a segment on another sentence": (
        r"hangs on the sentence",
        sql("UPDATE digest_segment SET sentence_id = (SELECT max(id) FROM digest_sentence) WHERE id = "
            "(SELECT min(id) FROM digest_segment)"),
    ),
    "a changed text": (
        r"has another text than was served",
        sql("UPDATE digest_paperversion SET abstract = 'x' WHERE id = (SELECT min(id) FROM digest_paperversion)"),
    ),
    "a digest too early": (
        r"was published before all was in",
        sql("UPDATE digest_entry SET added_at = added_at + interval '1 hour' WHERE id = "
            "(SELECT max(id) FROM digest_entry)"),
    ),
    "a lease that hangs": (
        r"category \d+ is still leased",
        sql("UPDATE digest_category SET lease = gen_random_uuid() WHERE id = (SELECT min(id) FROM digest_category)"),
    ),
    "a run that hangs": (r"a run of .* has not ended", sql("UPDATE digest_run SET ended_at = NULL WHERE id = 1")),
    "a mail that never came": (
        r"recorded as sent, and never arrived",
        lambda _database, record: replace(record, mails=record.mails[1:]),
    ),
    "a mail twice": (
        r"arrived \d times and is counted as sent again|was sent again without a fault",
        lambda _database, record: replace(record, mails=[*record.mails, record.mails[-1]], disturbed=[]),
    ),
    "a post under a new key": (
        r"under a key that nobody knows",
        lambda _database, record: replace(record, posts=[*record.posts, replace(record.posts[0], key="new")]),
    ),
    "a sentence translated twice": (
        r"translated twice",
        lambda _database, record: replace(record, engine=[*record.engine, record.engine[0]], disturbed=[]),
    ),
    "a feed without a paper": (r"feed lacks", lambda _database, record: replace(record, feeds={})),
}  # fmt: skip


def damaged(system: System, this: Run) -> dict[str, list[str]]:
    """What the checker says of each damage; each is undone before the next."""
    said = {}
    with system.postgres.connect() as database:
        for name, (_, damage) in DAMAGES.items():
            with database.transaction(force_rollback=True):
                said[name] = checker.check(database, damage(database, this.record)).violations
    return said


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the user of PostgreSQL gets to: pytest's own folders are for whoever runs it only."""
    with TemporaryDirectory(prefix="paperglot-chaos-") as folder:
        yield Path(folder)


def test_a_seeded_run_has_no_violation_and_what_is_damaged_is_found(folder: Path):
    said: dict[str, list[str]] = {}
    done = run(
        SEED, DAYS, FAULTS, folder / "run", last=lambda system, this: said.update(damaged(system, this))
    )
    print(report.report(done))
    assert done.violations == []
    assert done.counts["entries"] > 0
    assert done.counts["sentences"] > 0
    missed = {
        name: said[name]
        for name, (words, _) in DAMAGES.items()
        if not any(re.search(words, s) for s in said[name])
    }
    assert missed == {}
