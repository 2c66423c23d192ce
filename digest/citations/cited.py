"""What is cited: a paper's picture and what else the record knows of it; its date, its key."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from digest import tex
from digest.citations.names import Name, folded, names
from digest.picture import PaperPicture
from digest.plain import plain

_DOI = re.compile(r"10\.\d{4,9}/[^\s{}\\\"<>]+")
"""Less what would break a file or an address; Crossref's advice on matching DOIs."""
_SKIPPED = {"a", "an", "the", "on", "of", "in", "for", "to", "and", "with", "from", "by", "at", "is", "are"}
"""Words that say nothing at the beginning of a title."""
_LETTERS = str.maketrans({
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d",
    "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "ŋ": "n",
})  # fmt: skip


class Issued(NamedTuple):
    """When a paper came out; the day is 0 where only the month is known."""

    year: int
    month: int
    day: int = 0


@dataclass(frozen=True, slots=True)
class Cited:
    """A paper as citations need it. `announced` is the arXiv day on which it came as new, if the record has it."""

    paper: PaperPicture
    doi: str = ""
    journal_ref: str = ""
    announced: date | None = None

    @property
    def names(self) -> list[Name]:
        return names(self.paper.authors)

    @property
    def issued(self) -> Issued:
        """The month stands in the arXiv id; a day of another month is one on which it came again."""
        year, month = month_of(self.paper.arxiv_id)
        day = self.announced
        if day and (day.year, day.month) in ((year, month), (year + month // 12, month % 12 + 1)):
            return Issued(day.year, day.month, day.day)
        return Issued(year, month)

    @property
    def number(self) -> str:
        return f"arXiv:{self.paper.arxiv_id}"

    @property
    def published_doi(self) -> str:
        """The first DOI that its authors told arXiv; empty where none of what they told is one."""
        found = _DOI.search(self.doi)
        return found[0].rstrip(".,;") if found else ""

    @property
    def plain_title(self) -> str:
        """The title in plain Unicode, for readers that know no TeX."""
        return folded(plain(tex.readable(self.paper.title))) or self.number

    @property
    def plain_abstract(self) -> str:
        return folded(plain(tex.readable(self.paper.abstract)))

    @property
    def remarks(self) -> list[str]:
        """What a note has to say, in English as the rest of the record."""
        told = ["Withdrawn"] if self.paper.withdrawn else []
        if self.journal_ref:
            told.append(f"Published as: {folded(tex.readable(self.journal_ref))}")
        if self.paper.comments:
            told.append(folded(tex.readable(self.paper.comments)))
        return told


def month_of(arxiv_id: str) -> tuple[int, int]:
    """Year and month of an id: 2611.01234 and hep-th/9901001 begin with them."""
    digits = arxiv_id.rpartition("/")[2]
    year, month = int(digits[:2]), int(digits[2:4])
    return (1900 if year > 90 else 2000) + year, month


def keys(cited: Sequence[Cited]) -> list[str]:
    """A citation key for each: surname, year, first word of the title; a, b, … where several papers would have the
    same. The order of arXiv ids decides, so that it is the same in whatever order papers come."""
    taken: set[str] = set()
    found: dict[int, str] = {}
    for place in sorted(range(len(cited)), key=lambda place: _by_id(cited[place])):
        stem = _stem(cited[place])
        number, key = 0, stem
        while key in taken:
            key, number = stem + _letters(number), number + 1
        taken.add(key)
        found[place] = key
    return [found[place] for place in range(len(cited))]


def _by_id(cited: Cited) -> tuple[int, int, str]:
    return (*month_of(cited.paper.arxiv_id), cited.paper.arxiv_id)


def _stem(cited: Cited) -> str:
    surname = _ascii(cited.names[0].surname) if cited.names else ""
    words = [_ascii(word) for word in re.split(r"[\s\-–—/]+", cited.plain_title)]
    word = next((word for word in words if word and word not in _SKIPPED), "")
    digits = re.sub(r"\W", "", cited.paper.arxiv_id)
    return f"{surname[:40] or 'arxiv'}{cited.issued.year}{word[:40] or digits}"


def _ascii(text: str) -> str:
    """ASCII letters and digits: every BibTeX takes them in a key."""
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return re.sub(r"[^a-z0-9]", "", apart.lower())


def _letters(number: int) -> str:
    """a, b, … z, aa, ab, …"""
    letters = chr(ord("a") + number % 26)
    return _letters(number // 26 - 1) + letters if number >= 26 else letters
