"""arXiv's taxonomy: groups, archives and categories, with the aliases between them.

The facts are arXiv's own (arxiv.org/category_taxonomy); `taxonomy.tsv` holds them, one category a line.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from digest.wording import WordedError, gettext_noop


@dataclass(frozen=True, slots=True)
class Category:
    """One arXiv category: `cs.LG` is Machine Learning, in the archive `cs`, in the group `cs`."""

    code: str
    name: str
    archive: str
    archive_name: str
    group: str
    group_name: str
    active: bool
    alias: str
    """The other code of the same category (`math.MP` for `math-ph`), or empty."""

    @property
    def label(self) -> str:
        """As arXiv's pages write it: `Machine Learning (cs.LG)`."""
        return f"{self.name} ({self.code})" if self.name != self.code else self.code


class UnknownCategoryError(WordedError):
    """No such category; the message names near ones."""


@cache
def categories() -> dict[str, Category]:
    """All categories by code, those that arXiv has closed too."""
    with Path(__file__).with_name("taxonomy.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {row["code"]: _category(row) for row in rows}


def _category(row: dict[str, str]) -> Category:
    return Category(
        code=row["code"],
        name=row["name"],
        archive=row["archive"],
        archive_name=row["archive_name"],
        group=row["group"],
        group_name=row["group_name"],
        active=row["active"] == "1",
        alias=row["alias"],
    )


@cache
def _by_folded_code() -> dict[str, Category]:
    return {code.lower(): category for code, category in categories().items()}


def active() -> list[Category]:
    """The categories that papers are announced in, in arXiv's order of groups."""
    return [category for category in categories().values() if category.active]


def find(code: str) -> Category:
    """The category of a code as a person types it (`CS.lg`).

    Raises UnknownCategoryError with suggestions: near spellings, and an archive's categories.
    """
    import difflib

    folded = code.strip().lower()
    found = _by_folded_code().get(folded)
    if found and found.active:
        return found
    if found and found.alias:
        words = gettext_noop("%(code)s was closed by arXiv; its papers are in %(alias)s.")
        raise UnknownCategoryError(words, code=code, alias=found.alias)
    inside = [c.code for c in active() if c.archive.lower() == folded]
    codes = {c.code.lower(): c.code for c in active()}
    near = inside or [codes[found] for found in difflib.get_close_matches(folded, codes, 4, 0.5)]
    words = (
        gettext_noop("'%(code)s' is not an arXiv category. Did you mean %(near)s?")
        if near
        else gettext_noop("'%(code)s' is not an arXiv category. See https://arxiv.org/category_taxonomy.")
    )
    raise UnknownCategoryError(words, code=code, near=", ".join(near))


def subject(code: str) -> Category:
    """The category of a code as arXiv's documents carry it; an unknown one is its own name."""
    known = categories().get(code)
    return known or Category(code, code, code.split(".")[0], "", "", "", False, "")
