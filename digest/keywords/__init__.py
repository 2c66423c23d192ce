"""Keywords: phrases, and rules made of them with AND, OR, NOT, fields, prefixes, authors and categories."""

from digest.keywords.highlight import Matcher
from digest.keywords.matching import Record, Rules
from digest.keywords.phrases import LONGEST, Hit, KeywordError, merged
from digest.keywords.syntax import LARGEST, LONGEST_RULE, canonical

__all__ = [
    "LARGEST",
    "LONGEST",
    "LONGEST_RULE",
    "Hit",
    "KeywordError",
    "Matcher",
    "Record",
    "Rules",
    "canonical",
    "merged",
]
