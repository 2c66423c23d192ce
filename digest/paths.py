"""The data folder: where it is, what stands in it, and how its secrets are made."""

import fcntl
import os
import secrets
from contextlib import suppress
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


class DataFolderError(Exception):
    """The data folder can't be used; the message says what to do."""


def data_folder() -> Path:
    """`PAPERGLOT_DATA`, or `data/` in the checkout."""
    return Path(os.environ.get("PAPERGLOT_DATA") or CHECKOUT / "data").expanduser().absolute()


def make_private(folder: Path) -> Path:
    """Make a folder that only this user may enter (0700), with its parents."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DataFolderError(
            f"Can't make the data folder {folder}: {error.strerror}. "
            "Set PAPERGLOT_DATA to a folder that this user may write to."
        ) from error
    return folder


def secret_key(folder: Path) -> str:
    """The installation's secret key, generated at first use (0600) and the same ever after."""
    path = make_private(folder) / "secret.key"
    try:
        return path.read_text().strip() or _write_secret(path)
    except FileNotFoundError:
        return _write_secret(path)
    except OSError as error:
        raise DataFolderError(f"Can't read {path}: {error.strerror}.") from error


def _write_secret(path: Path) -> str:
    """Write through a file of our own and link it, so that two processes agree on one key."""
    own = path.with_name(f".secret.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
            file.flush()
            os.fsync(file.fileno())
        _drop_empty(path)
        with suppress(FileExistsError):  # another process was first: its key is the key
            os.link(own, path)
        return path.read_text().strip()
    except OSError as error:
        raise DataFolderError(f"Can't write {path}: {error.strerror}.") from error
    finally:
        own.unlink(missing_ok=True)


def _drop_empty(path: Path) -> None:
    """Remove a key that a full disk left empty; under its lock, lest it be another process's new one."""
    with suppress(FileNotFoundError), path.open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.path.samestat(os.fstat(file.fileno()), path.stat()) and not file.read().strip():
            path.unlink()
