"""Getting a model from the hub: pinned, checked, and continued where it broke off.

Over HTTP ranges and not through huggingface_hub, whose 2.4 begins a broken download of 623 MB again
from its first byte. A mirror is an address that answers `/{repository}/resolve/{revision}/{file}`.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import httpx2

from digest.model_choices import KnownModel, RemoteFile
from worker.registry import write_manifest

_BLOCK = 1 << 20
_TRIES = 5
_PAUSE = 0.5
"""Seconds before the second try, doubled for each after it."""


class HubError(Exception):
    """The model could not be got; the message says why and what to do. What has come is kept."""


def download(
    model: KnownModel,
    models: Path,
    hub_url: str,
    told: Callable[[int, int], None] = lambda *_: None,
    *,
    unless_here: bool = False,
) -> Path:
    """Download a model into `models`; returns its folder. `told` hears bytes done and bytes in all.

    The folder appears under its name only when every file is there and is what it should be. Of several processes
    that share `models` one downloads and the others wait; `unless_here` leaves a model that is here as it is.
    Raises HubError.
    """
    target = models / model.name
    try:
        models.mkdir(parents=True, exist_ok=True)
        with _alone(models):
            if not (unless_here and target.is_dir()):
                _fill(target, model, hub_url, told)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise HubError(
                f"The disk is full: {model.name} needs {model.size / 1e6:,.0f} MB in {models}. "
                "Make room, or set PAPERGLOT_MODELS, and download again: it goes on where it stopped."
            ) from error
        raise HubError(f"The model could not be written to {models}: {error}") from error
    return target


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _fill(target: Path, model: KnownModel, hub_url: str, told: Callable[[int, int], None]) -> None:
    half = target.with_name(f".{model.name}.part")
    half.mkdir(exist_ok=True)
    done = 0
    with httpx2.Client(timeout=httpx2.Timeout(60.0, connect=10.0), follow_redirects=True) as http:
        for file in model.files:
            _get(http, file, half, hub_url, partial(_tell, told, done, model.size))
            done += (half / file.name).stat().st_size
    write_manifest(half, _origin(model, hub_url))
    if target.exists():
        shutil.rmtree(target)
    half.rename(target)


def _tell(told: Callable[[int, int], None], before: int, size: int, here: int) -> None:
    told(before + here, size)


def _origin(model: KnownModel, hub_url: str) -> dict[str, object]:
    return {
        "model": model.name,
        "license": model.license,
        "source": hub_url,
        "revisions": {file.name: f"{file.repository}@{file.revision}" for file in model.files},
    }


def _get(
    http: httpx2.Client, file: RemoteFile, folder: Path, hub_url: str, told: Callable[[int], None]
) -> None:
    path, part = folder / file.name, folder / f"{file.name}.part"
    if path.is_file():
        told(path.stat().st_size)
        return
    url = f"{hub_url}/{file.repository}/resolve/{file.revision}/{file.name}"
    for attempt in range(1, _TRIES + 1):
        try:
            _continue(http, url, part, told)
            break
        except httpx2.HTTPError as error:
            if attempt == _TRIES:
                raise HubError(
                    f"{url} broke off {_TRIES} times: {error}. Download again: it goes on where it "
                    "stopped. Behind a firewall, set PAPERGLOT_HUB_URL to a mirror."
                ) from error
            time.sleep(_PAUSE * 2 ** (attempt - 1))
    _check(file, part)
    part.replace(path)


def _continue(http: httpx2.Client, url: str, part: Path, told: Callable[[int], None]) -> None:
    """Fetch the rest of a file; a server that knows no ranges sends it whole again."""
    have = part.stat().st_size if part.exists() else 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with http.stream("GET", url, headers=headers) as response:
        if response.status_code == 416:
            return  # all of it is here
        if response.status_code in (401, 403, 404):
            raise HubError(f"The hub answers {response.status_code} for {url}.")
        response.raise_for_status()
        if response.status_code != 206:
            have = 0
        with part.open("r+b" if have else "wb") as out:
            out.seek(have)
            for block in response.iter_bytes(_BLOCK):
                out.write(block)
                have += len(block)
                told(have)
            out.flush()
            os.fsync(out.fileno())


def _check(file: RemoteFile, part: Path) -> None:
    if not file.sha256:
        return
    hashed = hashlib.sha256()
    with part.open("rb") as content:
        while block := content.read(_BLOCK):
            hashed.update(block)
    if hashed.hexdigest() != file.sha256:
        with suppress(OSError):
            part.unlink()
        raise HubError(
            f"{file.name} is not what it should be (SHA-256 {hashed.hexdigest()[:12]}…, expected "
            f"{file.sha256[:12]}…). It was dropped; download again, from another mirror if it repeats."
        )
