"""`manage.py backup` and `restore`: everything in one file, from one database into another, all of it or nothing."""

import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from digest import backup
from tests.house import CHECKOUT

FILL = """
from datetime import date, datetime, UTC
from digest import reading
from digest.following import follow
from digest.models import *
alice = User.objects.create_superuser("alice", "alice@example.org", "alice-password")
User.objects.filter(pk=alice.pk).update(date_joined=datetime(2025, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))
follow(alice, "强化学习")
paper = Paper.objects.create(arxiv_id="2605.90001", authors=["Zoë <b>"], categories=["cs.LG"])
PaperVersion.objects.create(paper=paper, number=1, title="A", abstract="$n<4$\\nΩ", first_seen_at=alice.date_joined)
reading.write(alice, paper, "A note\\nof two lines", ["robots"], alice.date_joined)
"""
TELL = """
import json
from digest.models import *
alice = User.objects.get()
print(json.dumps({
    "joined": alice.date_joined.isoformat(), "password": alice.check_password("alice-password"),
    "keywords": list(alice.subscriptions.values_list("keyword__canonical", flat=True)),
    "papers": list(Paper.objects.values_list("arxiv_id", "authors", "categories")),
    "text": PaperVersion.objects.get().abstract, "notes": list(alice.states.values_list("note", "tags__name")),
    "terms": GlossaryTerm.objects.count(),
}))
"""


class Home:
    """A Paperglot on a folder of its own, asked by `manage.py`."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.folder = folder
        self.env = {n: v for n, v in os.environ.items() if not n.startswith("PAPERGLOT_")}
        self.env |= {"PAPERGLOT_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "digest.settings", **env}

    def manage(self, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=CHECKOUT, env=self.env, input=given, text=True, capture_output=True, timeout=180
        )

    def python(self, code: str) -> str:
        ran = self.manage("shell", "-v", "0", "-c", code)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def told(self) -> dict[str, object]:
        return json.loads(self.python(TELL))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home") / "data")
    assert home.manage("migrate", "-v", "0").returncode == 0
    home.python(FILL)
    return home


@pytest.fixture(scope="module")
def file(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backups") / "paperglot.zip"
    made = home.manage("backup", str(path))
    assert made.returncode == 0, made.stderr
    assert f"manage.py restore {path}" in made.stdout
    return path


@pytest.fixture
def other(tmp_path: Path) -> Home:
    return Home(tmp_path / "other")


def test_a_backup_is_private_and_says_what_it_is(file: Path):
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["rows"]["digest.Paper"] == 1
    assert manifest["migrations"]["digest"][0] == "0001_first"


def test_what_is_restored_is_what_was(home: Home, file: Path, other: Home):
    restored = other.manage("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    assert other.told() == home.told()
    assert other.told()["joined"] == "2025-01-02T03:04:05.678901+00:00"
    key = (home.folder / "secret.key").read_text()
    assert (other.folder / "secret.key").read_text() == key


def test_new_rows_come_after_the_restored_ones(file: Path, other: Home):
    other.manage("restore", str(file))
    made = other.python(
        "from digest.models import *; print(Paper.objects.create(arxiv_id='2605.90002', authors=[], categories=[]).pk)"
    )
    assert int(made) > 1


def test_what_is_there_is_only_replaced_if_that_is_said(file: Path, other: Home):
    other.manage("migrate", "-v", "0")
    other.python("from digest.models import *; User.objects.create_user('bob')")
    refused = other.manage("restore", str(file))
    assert refused.returncode != 0
    assert "--replace" in refused.stderr
    assert "bob" in other.python("from digest.models import *; print(User.objects.get().username)")
    assert other.manage("restore", "--replace", str(file)).returncode == 0
    assert "alice" in other.python("from digest.models import *; print(User.objects.get().username)")
    assert (other.folder / "paperglot.sqlite3.before-restore").exists()


@pytest.fixture(scope="module")
def bobs(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Another Paperglot, of bob's."""
    home = Home(tmp_path_factory.mktemp("bobs") / "data")
    home.manage("migrate", "-v", "0")
    home.python("from digest.models import *; User.objects.create_user('bob')")
    return home


def broken(file: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    path = tmp_path / "broken.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def newer(parts: dict[str, bytes]) -> None:
    manifest = json.loads(parts["manifest.json"])
    manifest["migrations"]["digest"].append("9999_tomorrow")
    parts["manifest.json"] = json.dumps(manifest).encode()


def torn(parts: dict[str, bytes]) -> None:
    parts["rows/digest.Paper.jsonl"] = b'[1, "2605.9'


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (newer, "newer Paperglot (it has digest.9999_tomorrow)"),
        (torn, "can't be restored, and nothing of it was"),
        (lambda parts: parts.pop("manifest.json"), "no backup of Paperglot"),
    ],
)
def test_a_backup_that_is_wrong_changes_nothing(file: Path, bobs: Home, tmp_path: Path, change, says):
    refused = bobs.manage("restore", "--replace", str(broken(file, tmp_path, change)))
    assert refused.returncode != 0
    assert says in refused.stderr
    assert "bob" in bobs.python("from digest.models import *; print(User.objects.get().username)")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"hello"])
def test_a_file_that_is_no_backup_is_told(other: Home, tmp_path: Path, content: bytes):
    (tmp_path / "file.zip").write_bytes(content)
    refused = other.manage("restore", str(tmp_path / "file.zip"))
    assert refused.returncode != 0
    assert "no backup of Paperglot" in refused.stderr


def test_a_backup_that_can_not_be_written_is_told(home: Home):
    refused = home.manage("backup", "/proc/nothing/paperglot.zip")
    assert refused.returncode != 0
    assert "Can't write /proc/nothing/paperglot.zip" in refused.stderr


def test_only_so_many_are_kept(home: Home, tmp_path: Path):
    for number in range(3):
        (tmp_path / f"paperglot-2026010{number}-000000.zip").touch()
    assert home.manage("backup", str(tmp_path), "--keep", "2").returncode == 0
    names = sorted(path.name for path in tmp_path.glob("*.zip"))
    assert len(names) == 2
    assert names[0] == "paperglot-20260102-000000.zip"


@pytest.mark.django_db(transaction=True)
def test_a_backup_does_not_hold_up_who_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """While it is read, another connection writes; what it writes is not in the backup."""
    from django.db import connection

    from digest.models import Category

    Category.objects.create(code="cs.LG")

    def write() -> None:
        Category.objects.create(code="cs.AI")
        connection.close()

    def told(label: str) -> None:
        if label == "admin.LogEntry":
            writer = threading.Thread(target=write)
            writer.start()
            writer.join(15)
            assert not writer.is_alive()

    counts = backup.write(tmp_path / "file.zip", told)
    assert Category.objects.count() == 2
    assert counts["digest.Category"] == 1


SERVER = os.environ.get("PAPERGLOT_TEST_DATABASE_URL", "")


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Home]:
    """Another Paperglot, on a PostgreSQL database of its own."""
    import psycopg

    url, name = SERVER, f"backup_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield Home(tmp_path / "postgres", PAPERGLOT_DATABASE_URL=f"{url.rpartition('/')[0]}/{name}")
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.postgres
@pytest.mark.skipif(not SERVER.startswith("postgres"), reason="needs PostgreSQL: .ci/run starts it")
def test_a_backup_goes_to_postgresql_and_back(
    home: Home, file: Path, postgres: Home, other: Home, tmp_path: Path
):
    restored = postgres.manage("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    assert postgres.told() == home.told()
    again = postgres.manage("restore", "--replace", str(file))  # over what is there
    assert again.returncode == 0, again.stderr
    assert postgres.manage("backup", str(tmp_path / "back.zip")).returncode == 0
    assert other.manage("restore", str(tmp_path / "back.zip")).returncode == 0
    assert other.told() == home.told()
