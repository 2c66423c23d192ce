"""arXiv's numbers as people write them: bare, with a version, in capitals, as an address, out of a citation.

https://info.arxiv.org/help/arxiv_identifier.html: since April 2007 YYMM.NNNN(N), before that archive/YYMMNNN. An old
one may name a subject class (math.AG/0309136); arXiv itself calls the paper math/0309136.
"""

import re

_BEFORE = r"(?:^|(?<=[\s/:\[(<])|(?<=arxiv\.))"
_NEW = re.compile(_BEFORE + r"(\d{4}\.\d{4,5})(?:v\d+)?(?!\d)", re.IGNORECASE)
_OLD = re.compile(_BEFORE + r"([a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?/(\d{7})(?:v\d+)?(?!\d)", re.IGNORECASE)


def found_in(text: str) -> str | None:
    """The first number in a text, as arXiv writes it and without version; None where there is none."""
    if new := _NEW.search(text):
        return new[1]
    old = _OLD.search(text)
    return f"{old[1].lower()}/{old[2]}" if old else None
