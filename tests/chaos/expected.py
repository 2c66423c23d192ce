"""What is to be, reckoned from what was served: who gets which paper, and what the engine says. Knows no product."""

import hashlib
import re
from collections import defaultdict
from datetime import date

from tests.chaos.days import CATEGORIES, KEYWORDS, Day, Listed, Reader

SHOWN, REPLACED = ("new", "cross"), ("replace", "replace-cross")
STRONGEST = (*SHOWN, *REPLACED)


def words(text: str) -> list[str]:
    """Lower case, hyphens as spaces, plurals as singulars."""
    plain = re.findall(r"[a-z0-9]+", text.lower())
    return [
        f"{w[:-3]}y" if w.endswith("ies") else w[:-1] if w.endswith("s") and len(w) > 3 else w for w in plain
    ]


def mentions(paper: Listed, keyword: str) -> bool:
    wanted = words(keyword)
    for text in (paper.title, paper.abstract):
        there = words(text)
        if any(there[n : n + len(wanted)] == wanted for n in range(len(there))):
            return True
    return False


def matched(paper: Listed) -> set[str]:
    return {keyword for keyword in KEYWORDS if mentions(paper, keyword)}


def wanted(days: list[Day], reader: Reader) -> dict[date, dict[str, int]]:
    """By day, the papers of a reader's digest and their versions."""
    had: dict[str, int] = {}
    known: dict[str, set[str]] = defaultdict(set)
    digests: dict[date, dict[str, int]] = {}
    for day in days:
        listed = [paper for code in CATEGORIES for paper in day.listings[code]]
        for paper in listed:
            known[paper.arxiv_id] |= matched(paper)
        brought: dict[str, Listed] = {}
        for paper in listed:
            if paper.kind in SHOWN:
                comes = bool(matched(paper) & set(reader.follows)) and paper.arxiv_id not in had
            else:
                again = {keyword for keyword, yes in reader.follows.items() if yes}
                comes = bool(known[paper.arxiv_id] & again) and had.get(paper.arxiv_id, 0) < paper.version
            before = brought.get(paper.arxiv_id)
            if comes and (not before or STRONGEST.index(paper.kind) < STRONGEST.index(before.kind)):
                brought[paper.arxiv_id] = paper
        digests[day.date] = {key: paper.version for key, paper in brought.items()}
        had |= digests[day.date]
    return digests


def signature(source: str) -> str:
    """What the engine of these runs signs its answer to a source with."""
    digits = hashlib.sha256(source.encode()).hexdigest()[:16]
    return "".join(chr(0x5F00 + 16 * place + int(digit, 16)) for place, digit in enumerate(digits))
