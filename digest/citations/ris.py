"""RIS, the tagged lines that every reference manager imports."""

from collections.abc import Iterable, Sequence

from digest.citations.cited import Cited
from digest.citations.names import folded


def as_ris(cited: Sequence[Cited]) -> str:
    """One record (an unpublished work, which is what preprints are in RIS) for each paper; lines end as the format
    wants it, and no value has a line break."""
    return "".join(_record(one) for one in cited)


def _record(cited: Cited) -> str:
    lines = [("TY", "UNPB"), *_values(cited), ("ER", "")]
    return "".join(f"{tag}  - {folded(value)}\r\n" for tag, value in lines if value or tag == "ER") + "\r\n"


def _values(cited: Cited) -> Iterable[tuple[str, str]]:
    issued, paper = cited.issued, cited.paper
    yield "TI", cited.plain_title
    yield "TT", paper.title_translated
    for name in cited.names:
        yield "AU", name.inverted
    yield "PY", f"{issued.year:04d}"
    yield "DA", f"{issued.year:04d}/{issued.month:02d}/{f'{issued.day:02d}' if issued.day else ''}/"
    yield "AB", cited.plain_abstract
    yield "PB", "arXiv"
    yield "AN", cited.number
    yield "DO", cited.published_doi
    yield "UR", paper.abs_url
    yield "LA", "en"
    for remark in cited.remarks:
        yield "N1", remark
    for keyword in paper.keywords:
        yield "KW", keyword
