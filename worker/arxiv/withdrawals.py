"""Whether a paper was withdrawn: arXiv has no mark for it, only words in the comments or the abstract.

The withdrawing authors write what they like, mostly "This paper has been withdrawn by the author(s)"
(info.arxiv.org/help/withdraw). Papers about withdrawing write the same verb, so in an abstract the words
must speak of this paper, or begin it.
"""

import re

from worker.arxiv.entries import fold

_PAPER = (
    r"(?:papers?|articles?|manuscript|submission|pre-?print|work|version|note|letter|report|chapter|thesis)"
)
_WAS = r"(?:has|have|is|was|had|will|must|needs?\s+to)\s+(?:now\s+|since\s+)?(?:(?:been|be)\s+)?(?:\w+ly\s+)?"
_BY = r"withdrawn\s+by\s+(?:the\s+|its\s+|their\s+|all\s+)*(?:\w+\s+)?(?:authors?|arxiv|submitter)(?![a-z])"
_ANYWHERE = re.compile(
    rf"\b(?:this|our|the present)\s+{_PAPER}\s+(?:\([^()]{{0,80}}\)\s+)?{_WAS}(?:withdrawn|removed by arxiv)\b"
    rf"|\bthis\s+{_WAS}{_BY}"
    r"|\b(?:we|i|authors?(?:\(s\))?)\s+(?:have\s+|has\s+|hereby\s+|had\s+to\s+|would\s+like\s+to\s+|wish\s+to\s+)*"
    rf"withdr(?:aw|ew|awn)\s+(?:this|the|our|their|my)\s+{_PAPER}\b(?!\s+of\b)",
    re.IGNORECASE,
)
_COMMENT = re.compile(
    rf"\b{_BY}|[\[(*]\s*withdrawn\b[^\])*]{{0,80}}[\])*]|^\W*(?:{_PAPER}\s+|\w{{1,8}}\s+)?withdrawn\b"
    rf"|\b(?:the|this)\s+(?:{_PAPER}\s+)?{_WAS}withdrawn\b",
    re.IGNORECASE,
)
_BEGINNING = re.compile(
    rf"^\W*(?:(?:the|this)\s+)?(?:{_PAPER}\s+)?(?:{_WAS})?withdrawn\b(?!\s+from\b)"
    r"|^[^.]{0,40}[\[(]\s*withdrawn\s*[\])]",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|never)\s+(?:been\s+)?withdrawn\b", re.IGNORECASE)


def is_withdrawn(comments: str, abstract: str) -> bool:
    comments, abstract = (_NOT.sub("", fold(text)) for text in (comments, abstract))
    if _ANYWHERE.search(comments) or _COMMENT.search(comments):
        return True
    return bool(_ANYWHERE.search(abstract) or _BEGINNING.search(abstract))
