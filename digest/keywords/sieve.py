"""A cheap question before a paper's words are told apart: may it satisfy any of these rules?

A word of a rule's anchor, less the ending that its plural changes, stands in every text that has the anchor, unless
accents or signs of TeX hide it; such texts pass. Thirty thousand papers are asked in a fraction of a second.
"""

import re

from ahocorasick_rs import AhoCorasick

from digest.keywords.matching import Record, Rules
from digest.keywords.trees import Term
from digest.tex import ACCENT

_FEW = 6


class Sieve:
    """Lets pass every paper that may satisfy one of the rules, and few others."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._by_text = any(term.field not in ("au", "cat") for term in rules.anchors)
        self.by_name = any(term.field in ("au", "cat") for term in rules.anchors)
        """Whether authors and categories have to be known."""
        self._stems = {stem(term) for term in rules.anchors if term.field not in ("au", "cat")}
        self._automaton = AhoCorasick(sorted(self._stems)) if len(self._stems) > _FEW else None

    def lets_pass(self, title: str, abstract: str) -> bool:
        """By the text; ask `Rules.by_name` too where `by_name` says so."""
        if not self._by_text:
            return False
        text = f"{title}\n{abstract}"
        if not text.isascii() or ("\\" in text and ACCENT.search(text)):
            return True
        text = text.lower()
        if "{" in text:
            text = text.replace("{", "").replace("}", "")  # they may stand inside a word: {B}ayesian
        if self._automaton:
            return bool(self._automaton.find_matches_as_indexes(text))
        return any(stem in text for stem in self._stems)

    def lets(self, record: Record) -> bool:
        return self.lets_pass(record.title, record.abstract) or (self.by_name and self._rules.by_name(record))


def stem(term: Term) -> str:
    """The longest piece that is in every text which has the term, as far as nothing hides it."""
    *words, last = term.form.split()
    if not term.prefix:
        # The other number takes this off the end: policy, policies; policies, policy; losses, loss.
        ending = re.search(r"(?:ies|es|s|y)?$", last)
        last = (last[: ending.start()] if ending else last) or last
    return max([*words, last], key=len)
