"""worker/hub.py: a model is got whole and checked, or not at all; against a server on this machine."""

import errno
import hashlib
import json
from pathlib import Path

import pytest

from digest.model_choices import KnownModel, RemoteFile
from tests.replica import Replica, Reply, ranged, redirect
from worker.engine import ModelError
from worker.hub import HubError, download
from worker.registry import Registry, damage, read_manifest

WEIGHTS = bytes(range(256)) * 20_000  # 5 MB: several blocks
CONFIG = b'{"unk_token": "<unk>"}'
FILES = {
    "config.json": CONFIG,
    "model.bin": WEIGHTS,
    "shared_vocabulary.json": b'["<unk>", "eng_Latn"]',
    "sentencepiece.bpe.model": b"pieces",
}
REVISION = "0123abcd"


def remote(name: str, body: bytes, *, checked: bool = True) -> RemoteFile:
    sha256 = hashlib.sha256(body).hexdigest() if checked else ""
    return RemoteFile(name, len(body), "someone/tiny-ct2", REVISION, sha256)


TINY = KnownModel("tiny", "a test", tuple(remote(name, body) for name, body in FILES.items()))


def at(name: str) -> str:
    return f"/someone/tiny-ct2/resolve/{REVISION}/{name}"


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.hub._PAUSE", 0)


@pytest.fixture
def hub(replica: Replica) -> Replica:
    """A hub that has the model and knows ranges."""
    for name, body in FILES.items():
        replica.answers(at(name), ranged(body))
    return replica


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def get(hub: Replica, models: Path, model: KnownModel = TINY) -> Path:
    return download(model, models, hub.url)


def refused(hub: Replica, models: Path) -> str:
    """Why the download failed; nothing stands under the model's name then."""
    with pytest.raises(HubError) as caught:
        get(hub, models)
    assert not (models / "tiny").exists()
    with pytest.raises(ModelError, match="There is no model 'tiny'"):
        Registry(models).get("tiny")
    return str(caught.value)


def part(models: Path) -> Path:
    """Where the weights are kept until they are whole."""
    return models / ".tiny.part" / "model.bin.part"


def test_a_model_comes_byte_for_byte(hub: Replica, models: Path):
    folder = get(hub, models)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name in FILES} == FILES


def test_a_model_stands_under_its_name_and_nothing_else_is_left(hub: Replica, models: Path):
    assert get(hub, models) == models / "tiny"
    assert [path.name for path in models.iterdir()] == ["tiny"]


def test_a_model_that_came_is_whole(hub: Replica, models: Path):
    folder = get(hub, models)
    assert Registry(models).get("tiny").folder == folder
    assert damage(folder) == []


def test_a_model_says_where_it_came_from(hub: Replica, models: Path):
    manifest = read_manifest(get(hub, models))
    assert manifest is not None
    assert (manifest["model"], manifest["source"], manifest["license"]) == ("tiny", hub.url, "CC-BY-NC-4.0")
    assert manifest["revisions"]["model.bin"] == f"someone/tiny-ct2@{REVISION}"
    assert json.loads((models / "tiny" / "paperglot.json").read_text()) == manifest


def test_progress_is_told_in_bytes_of_the_whole_model(hub: Replica, models: Path):
    told: list[tuple[int, int]] = []
    download(TINY, models, hub.url, lambda done, size: told.append((done, size)))
    assert told[-1] == (TINY.size, TINY.size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(told) > len(FILES)


def test_a_mirror_under_a_path_is_asked_there(hub: Replica, models: Path):
    for name, body in FILES.items():
        hub.answers(f"/mirror{at(name)}", body)
    download(TINY, models, f"{hub.url}/mirror")
    assert all(path.startswith("/mirror/") for path in hub.asked())


def test_a_hub_that_sends_on_to_its_store_is_followed(hub: Replica, models: Path):
    hub.answers(at("model.bin"), redirect("/store/1", 302))
    hub.answers("/store/1", ranged(WEIGHTS))
    get(hub, models)
    assert (models / "tiny" / "model.bin").read_bytes() == WEIGHTS


# What breaks off


def test_a_broken_download_goes_on_where_it_stopped(hub: Replica, models: Path):
    hub.answers(at("model.bin"), ranged(WEIGHTS, cut=3_000_000), ranged(WEIGHTS))
    get(hub, models)
    asked = [request.headers.get("range") for request in hub.requests if request.path == at("model.bin")]
    assert asked[0] is None
    assert 0 < int(str(asked[1]).removeprefix("bytes=").rstrip("-")) <= 3_000_000
    assert (models / "tiny" / "model.bin").read_bytes() == WEIGHTS


def test_a_download_that_never_ends_gives_up_and_keeps_what_came(hub: Replica, models: Path):
    hub.answers(at("model.bin"), ranged(WEIGHTS, cut=0))
    assert "broke off 5 times" in (why := refused(hub, models))
    assert "it goes on where it stopped" in why
    assert "PAPERGLOT_HUB_URL" in why
    assert hub.asked().count(at("model.bin")) == 5


def test_the_next_download_goes_on_where_the_last_gave_up(hub: Replica, models: Path):
    hub.answers(at("model.bin"), ranged(WEIGHTS, cut=2_500_000), Reply(status=500))
    refused(hub, models)
    kept = part(models).stat().st_size
    hub.requests.clear()
    hub.answers(at("model.bin"), ranged(WEIGHTS))
    get(hub, models)
    assert kept > 1_000_000
    assert (hub.asked()[0], hub.asked("range")[0]) == (at("model.bin"), f"bytes={kept}-")
    assert damage(models / "tiny") == []


def test_what_came_whole_is_not_asked_for_again(hub: Replica, models: Path):
    hub.answers(at("shared_vocabulary.json"), Reply(status=500))
    refused(hub, models)
    hub.requests.clear()
    hub.answers(at("shared_vocabulary.json"), ranged(FILES["shared_vocabulary.json"]))
    get(hub, models)
    assert at("model.bin") not in hub.asked()


def test_progress_goes_on_where_it_stopped(hub: Replica, models: Path):
    hub.answers(at("model.bin"), ranged(WEIGHTS, cut=2_500_000), Reply(status=500))
    refused(hub, models)
    hub.answers(at("model.bin"), ranged(WEIGHTS))
    told: list[int] = []
    download(TINY, models, hub.url, lambda done, _: told.append(done))
    assert (told[0], told[-1]) == (len(CONFIG), TINY.size)
    assert told[1] > 1_000_000


def test_a_server_that_knows_no_ranges_sends_it_whole_again(hub: Replica, models: Path):
    hub.answers(at("model.bin"), Reply(WEIGHTS, cut=3_000_000), Reply(WEIGHTS))
    get(hub, models)
    assert (models / "tiny" / "model.bin").read_bytes() == WEIGHTS


def test_a_file_that_was_whole_before_the_last_word_is_taken(hub: Replica, models: Path):
    """Killed between the last byte and the check: the server has nothing more to send (416)."""
    part(models).parent.mkdir(parents=True)
    part(models).write_bytes(WEIGHTS)
    get(hub, models)
    assert (models / "tiny" / "model.bin").read_bytes() == WEIGHTS


def test_a_leftover_that_is_longer_than_the_file_is_dropped(hub: Replica, models: Path):
    part(models).parent.mkdir(parents=True)
    part(models).write_bytes(WEIGHTS + b"more")
    assert "It was dropped" in refused(hub, models)
    assert damage(get(hub, models)) == []


# What is wrong


def test_a_file_that_is_not_what_it_should_be_is_dropped(hub: Replica, models: Path):
    hub.answers(at("model.bin"), WEIGHTS[:-1] + b"x")
    why = refused(hub, models)
    assert "model.bin is not what it should be" in why
    assert hashlib.sha256(WEIGHTS).hexdigest()[:12] in why
    assert not part(models).exists()


def test_the_next_download_after_a_wrong_file_begins_it_again(hub: Replica, models: Path):
    hub.answers(at("model.bin"), b"wrong", ranged(WEIGHTS))
    refused(hub, models)
    assert damage(get(hub, models)) == []


def test_a_page_in_a_files_place_is_not_taken_for_it(hub: Replica, models: Path):
    hub.answers(at("config.json"), b"<html>Please log in</html>")
    assert "config.json is not what it should be" in refused(hub, models)


def test_a_file_that_only_its_commit_vouches_for_is_taken(hub: Replica, models: Path):
    unchecked = KnownModel("tiny", "a test", tuple(remote(n, b, checked=False) for n, b in FILES.items()))
    assert damage(get(hub, models, unchecked)) == []


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_hub_that_does_not_have_it_says_so_at_once(hub: Replica, models: Path, status: int):
    hub.answers(at("model.bin"), Reply(b"no", status))
    assert f"The hub answers {status} for {hub.url}{at('model.bin')}" in refused(hub, models)
    assert hub.asked().count(at("model.bin")) == 1


def test_an_error_page_is_never_written_into_the_model(hub: Replica, models: Path):
    hub.answers(at("model.bin"), Reply(b"x" * 100, 500))
    refused(hub, models)
    assert not part(models).exists()


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "nonsense", "http://[bad", "ftp://a.org"])
def test_a_hub_that_cannot_be_reached_says_what_to_set(models: Path, address: str):
    with pytest.raises(HubError, match="set PAPERGLOT_HUB_URL"):
        download(TINY, models, address)


# What the disk does


def test_a_full_disk_says_how_much_is_needed_and_keeps_what_came(hub: Replica, models: Path, monkeypatch):
    real, room = Path.open, [3_000_000]

    def opened(self: Path, mode: str = "r", *args, **kwargs):
        file = real(self, mode, *args, **kwargs)
        if "b" in mode and mode != "rb" and self.name == "model.bin.part":
            return _Small(file, room)
        return file

    monkeypatch.setattr(Path, "open", opened)
    why = refused(hub, models)
    assert "The disk is full: tiny needs 5 MB" in why
    assert "PAPERGLOT_MODELS" in why
    kept = part(models).stat().st_size
    monkeypatch.setattr(Path, "open", real)
    hub.requests.clear()
    assert damage(get(hub, models)) == []
    assert hub.requests[0].headers["range"] == f"bytes={kept}-"


class _Small:
    """A file on a disk with little room."""

    def __init__(self, file, room: list[int]) -> None:
        self._file, self._room = file, room

    def write(self, data: bytes) -> int:
        self._room[0] -= len(data)
        if self._room[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._file.write(data)

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str):
        return getattr(self._file, name)


def test_a_folder_that_cannot_be_made_says_so(hub: Replica, tmp_path: Path):
    (tmp_path / "models").write_text("a file")
    with pytest.raises(HubError, match="could not be written to"):
        get(hub, tmp_path / "models")


def test_a_model_that_comes_again_takes_the_place_of_the_old(hub: Replica, models: Path):
    folder = get(hub, models)
    (folder / "model.bin").write_bytes(b"damaged")
    assert damage(get(hub, models)) == []


def test_a_failed_download_leaves_the_old_model_alone(hub: Replica, models: Path):
    get(hub, models)
    hub.answers(at("model.bin"), Reply(status=500))
    with pytest.raises(HubError):
        get(hub, models)
    assert damage(models / "tiny") == []


def test_nobody_is_told_that_files_may_be_compressed(hub: Replica, models: Path):
    get(hub, models)
    assert set(hub.asked("accept-encoding")) == {"identity"}


def test_of_two_that_want_a_model_one_downloads_it(hub: Replica, models: Path):
    get(hub, models)
    asked = len(hub.requests)
    download(TINY, models, hub.url, unless_here=True)
    assert len(hub.requests) == asked
    download(TINY, models, hub.url)
    assert len(hub.requests) > asked
