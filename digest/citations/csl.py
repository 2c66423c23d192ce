"""CSL-JSON, the data that citation processors (citeproc, pandoc) read."""

import json
from collections.abc import Sequence
from typing import Any

from digest.citations.cited import Cited, Issued, keys
from digest.citations.names import Name, folded


def as_csl(cited: Sequence[Cited]) -> str:
    items = [_item(one, key) for one, key in zip(cited, keys(cited), strict=True)]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _item(cited: Cited, key: str) -> dict[str, Any]:
    """By csl-data.json of CSL 1.0.2, in which `article` is a preprint; the id is the key of the BibTeX file."""
    paper = cited.paper
    item = {
        "id": key,
        "type": "article",
        "title": cited.plain_title,
        "author": [_name(name) for name in cited.names],
        "issued": {"date-parts": [_date(cited.issued)]},
        "abstract": cited.plain_abstract,
        "publisher": "arXiv",
        "number": cited.number,
        "version": str(paper.version),
        "URL": paper.abs_url,
        "DOI": cited.published_doi,
        "language": "en",
        "note": ". ".join(cited.remarks),
        "keyword": ", ".join(folded(keyword) for keyword in paper.keywords),
    }
    return {name: value for name, value in item.items() if value}


def _name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}


def _date(issued: Issued) -> list[int]:
    return [part for part in issued if part]
