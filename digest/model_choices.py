"""The translation models that can be had: converted NLLB-200, pinned by commit and checksum.

Facts only; getting one is the worker's business. The weights are Meta's, under CC-BY-NC 4.0.
"""

from dataclasses import dataclass

from digest.wording import gettext_noop

SENTENCEPIECE = "sentencepiece.bpe.model"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file on the hub, at a pinned commit. `sha256` is empty where only the commit vouches for it."""

    name: str
    size: int
    repository: str
    revision: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A converted model that `manage.py model download` knows."""

    name: str
    about: str
    files: tuple[RemoteFile, ...]
    license: str = "CC-BY-NC-4.0"

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(file.size for file in self.files)


def _nllb(name: str, about: str, repository: str, revision: str, *files: tuple[str, int, str]) -> KnownModel:
    remote = [RemoteFile(file, size, repository, revision, sha256) for file, size, sha256 in files]
    if not any(file.name == SENTENCEPIECE for file in remote):
        remote.append(_SENTENCEPIECE)  # the same for every size of NLLB-200
    return KnownModel(name, about, tuple(remote))


_600M = "JustFrederik/nllb-200-distilled-600M-ct2-int8"
_600M_REVISION = "302d78f00e6fdb50a1064059df7c392b735e9d05"
_SENTENCEPIECE = RemoteFile(
    SENTENCEPIECE, 4_852_054, _600M, _600M_REVISION,
    "14bb8dfb35c0ffdea7bc01e56cea38b9e3d5efcdcb9c251d6b40538e1aab555a",
)  # fmt: skip

MODELS = (
    _nllb(
        "nllb-200-distilled-600M",
        gettext_noop("the usual choice: 200 languages, 1 to 2 GB of memory"),
        _600M,
        _600M_REVISION,
        ("config.json", 159, "0c2f6fa2057c7264d052fb4a62ba3476eeae70487acddfa8e779a53a00cbf44c"),
        ("shared_vocabulary.txt", 2_568_098,
         "a132a83330f45514c2476eb81d1d69b3c41762264d16ce0a7ea982e5d6c728e5"),
        ("model.bin", 622_595_991,
         "ed1beaf75134de7505315a5223162f56acff397eff6b50638a500d3936fe707b"),
    ),
    _nllb(
        "nllb-200-distilled-1.3B",
        gettext_noop("better, and about three times slower; 3 GB of memory"),
        "OpenNMT/nllb-200-distilled-1.3B-ct2-int8",
        "70f572adafa4794890ce7826156a4209717855af",
        ("config.json", 1_071, ""),
        ("shared_vocabulary.json", 5_921_176, ""),
        ("model.bin", 1_377_755_738,
         "89dc4b9eb7f4dcd3ff36023c9b1c55fcecb47ddc0df97ab31b068ef9cf194940"),
    ),
    _nllb(
        "nllb-200-3.3B",
        gettext_noop("the best of the family, for a GPU or a patient machine; 5 GB of memory"),
        "OpenNMT/nllb-200-3.3B-ct2-int8",
        "28d998cc8548ad62f4f98cf8860928c3af99b97b",
        ("config.json", 0, ""),
        ("shared_vocabulary.json", 0, ""),
        ("model.bin", 3_350_000_000,
         "b7540c4e19aa2a5079c89241ffccb49711705ca8b1d255cea00c3216dc7d5165"),
    ),
)  # fmt: skip
"""Commits and checksums as the hub publishes them; where a size is round, it is only for the progress bar."""
