"""Authors' names: what somebody types for one, and whether a paper's author is meant.

"Yoshua Bengio", "Bengio, Yoshua" and "Y. Bengio" are typed for Yoshua Bengio, `bengio_y` as arXiv's search has it.
A middle name may be missing on either side, and an initial stands for a name.
"""

import re
from functools import lru_cache

from digest.keywords.phrases import words_of
from digest.wording import WordedError, gettext_noop

_TAKEN_OUT = re.compile(r"['’ʼ`´]")
_AFTER = {"jr", "sr", "ii", "iii", "iv"}


class UnnamedError(WordedError):
    """Not a name."""


@lru_cache(maxsize=1 << 16)
def words(name: str) -> tuple[str, ...]:
    """A name's words, folded: `J.-P. O'Neil, Jr.` is j, p, oneil."""
    spread = _TAKEN_OUT.sub("", name).replace("_", " ") if "\\" not in name else name.replace("_", " ")
    found = [word.text for word in words_of(spread) if word.text[0].isalnum()]
    while len(found) > 1 and found[-1] in _AFTER:
        found.pop()
    return tuple(found)


def form(typed: str) -> str:
    """One form for a typed name: `bengio, yoshua`, or the words of one name joined, `garcia-molina`.

    Raises UnnamedError for what has no letter.
    """
    if "," in typed:
        family, _, given = typed.partition(",")
        return _form(words(family), words(given))
    pieces = typed.split()
    if len(pieces) == 1 and "_" in typed.strip("_"):
        *first, last = typed.strip("_").split("_")
        if len(last) == 1:  # arXiv's own: the family name, then an initial
            return _form(words("_".join(first)), words(last))
        return _form(words(typed), ())
    while len(pieces) > 1 and words(pieces[-1])[:1] and words(pieces[-1])[0] in _AFTER:
        pieces.pop()
    return _form(words(pieces[-1]) if pieces else (), words(" ".join(pieces[:-1])))


def _form(family: tuple[str, ...], given: tuple[str, ...]) -> str:
    if not family:
        family, given = given, ()
    if not any(c.isalpha() for word in family for c in word):
        raise UnnamedError(gettext_noop("A name has letters."))
    return f"{' '.join(family)}, {' '.join(given)}" if given else "-".join(family)


@lru_cache(maxsize=1 << 16)
def split(name_form: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of the family name and of the given names of a form."""
    family, _, given = name_form.partition(", ")
    return tuple(family.replace("-", " ").split()), tuple(given.split())


def key(name_form: str) -> str:
    """A word that every name meant by a form has."""
    return split(name_form)[0][-1]


def meant(name_form: str, name: tuple[str, ...], prefix: bool = False) -> bool:
    """Whether a paper's author (by `words`) is meant by a form; `prefix`: its last word may go on."""
    family, given = split(name_form)
    size = len(family)
    if not given:
        return any(
            name[at : at + size - 1] == family[:-1]
            and (name[at + size - 1].startswith(family[-1]) if prefix else name[at + size - 1] == family[-1])
            for at in range(len(name) - size + 1)
        )
    if len(name) <= size:
        return False
    # The family name stands last, in the Chinese or Hungarian order first.
    return (name[-size:] == family and _given(given, name[:-size])) or (
        name[:size] == family and _given(given, name[size:])
    )


def _given(typed: tuple[str, ...], there: tuple[str, ...]) -> bool:
    """Given names agree: the first, and of the others all of whoever has fewer, in their order."""
    if "".join(typed) == "".join(there):
        return True  # Weilun, Wei-Lun
    if not _agree(typed[0], there[0]):
        return False
    fewer, more = sorted((typed[1:], there[1:]), key=len)
    rest = iter(more)
    return all(any(_agree(one, other) for other in rest) for one in fewer)


def _agree(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])
