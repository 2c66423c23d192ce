"""digest/paths.py: the data folder and the key in it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from digest import paths
from digest.paths import CHECKOUT, DataFolderError, data_folder, make_private, secret_key


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_data_folder_is_in_the_checkout(monkeypatch):
    monkeypatch.delenv("PAPERGLOT_DATA")
    assert data_folder() == CHECKOUT / "data"


def test_the_data_folder_is_where_the_operator_says(monkeypatch):
    monkeypatch.setenv("PAPERGLOT_DATA", "~/papers")
    assert data_folder() == Path.home() / "papers"


def test_the_data_folder_does_not_move_with_the_working_directory(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("PAPERGLOT_DATA", "papers")
    monkeypatch.chdir(tmp_path)
    assert data_folder() == tmp_path / "papers"


def test_only_this_user_may_enter_the_folder(folder: Path):
    assert mode(make_private(folder)) == 0o700


def test_a_folder_is_made_with_its_parents(tmp_path: Path):
    assert make_private(tmp_path / "a" / "b" / "c").is_dir()


def test_only_this_user_may_read_the_key(folder: Path):
    secret_key(folder)
    assert mode(folder / "secret.key") == 0o600


def test_only_this_user_may_read_the_key_whatever_the_umask(folder: Path):
    before = os.umask(0)
    try:
        secret_key(folder)
    finally:
        os.umask(before)
    assert (mode(folder), mode(folder / "secret.key")) == (0o700, 0o600)


def test_a_key_is_long(folder: Path):
    assert len(secret_key(folder)) >= 64


def test_the_key_stays_the_same(folder: Path):
    assert secret_key(folder) == secret_key(folder)


def test_two_installations_have_two_keys(tmp_path: Path):
    assert secret_key(tmp_path / "one") != secret_key(tmp_path / "two")


def test_a_key_that_is_there_is_taken(folder: Path):
    (make_private(folder) / "secret.key").write_text("of old\n")
    assert secret_key(folder) == "of old"


@pytest.mark.parametrize("left", ["", "\n"], ids=["empty", "blank"])
def test_a_key_that_a_full_disk_left_empty_is_made_again(folder: Path, left: str):
    (make_private(folder) / "secret.key").write_text(left)
    assert len(secret_key(folder)) >= 64


def test_nothing_else_is_left_in_the_folder(folder: Path):
    secret_key(folder)
    assert [path.name for path in folder.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("left", [None, ""], ids=["none", "an empty one"])
def test_processes_that_start_together_agree_on_one_key(folder: Path, left: str | None):
    if left is not None:
        (make_private(folder) / "secret.key").write_text(left)
    script = (
        "import sys; from pathlib import Path; from digest.paths import secret_key\n"
        "print('ready', flush=True); sys.stdin.readline(); print(secret_key(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", script, str(folder)]
    pipe = subprocess.PIPE
    crowd = [subprocess.Popen(command, cwd=CHECKOUT, stdin=pipe, stdout=pipe, text=True) for _ in range(6)]
    for process in crowd:
        assert process.stdout
        process.stdout.readline()
    for process in crowd:  # all wait at the line: now they go
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    keys = {process.communicate(timeout=20)[0].strip() for process in crowd}
    assert len(keys) == 1
    assert keys == {secret_key(folder)}


def test_a_process_that_was_late_takes_the_key_of_the_first(folder: Path):
    """Both found none; the other's was linked in between."""
    first = secret_key(folder)
    assert paths._write_secret(folder / "secret.key") == first


def test_a_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataFolderError, match=r"Can't make the data folder .*Set PAPERGLOT_DATA to a folder"):
        secret_key(tmp_path / "file" / "data")


def test_a_file_in_the_folders_place_says_what_to_do(tmp_path: Path):
    (tmp_path / "data").write_text("")
    with pytest.raises(DataFolderError, match=r"Set PAPERGLOT_DATA to a folder"):
        secret_key(tmp_path / "data")


def test_a_folder_that_cannot_be_written_to_says_so():
    with pytest.raises(DataFolderError, match=r"Can't write /proc/self/secret.key: "):
        secret_key(Path("/proc/self"))


def test_a_disk_that_is_full_says_so_and_leaves_nothing(folder: Path, monkeypatch):
    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataFolderError, match=r"Can't write .*: No space left on device"):
        secret_key(folder)
    assert list(folder.iterdir()) == []


def test_a_key_that_cannot_be_read_says_so(folder: Path):
    (folder / "secret.key").mkdir(parents=True)
    with pytest.raises(DataFolderError, match=r"Can't read .*secret.key: Is a directory"):
        secret_key(folder)
