"""Papers to take along: as BibTeX, RIS, CSL-JSON, Markdown and JSON. Plain text out of pictures, no rows."""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from digest.citations.bibtex import as_bibtex
from digest.citations.cited import Cited
from digest.citations.csl import as_csl
from digest.citations.names import folded
from digest.citations.ris import as_ris
from digest.formats import escaped, paper_data, paper_lines
from digest.tex import readable

__all__ = ["FORMATS", "Cited", "Format", "as_json", "as_markdown"]


class Format(NamedTuple):
    """A kind of file: what it is called, its content type, how its name ends, who writes it."""

    label: str
    content_type: str
    suffix: str
    write: Callable[[Sequence[Cited]], str]


def as_json(cited: Sequence[Cited]) -> str:
    """The papers as a digest's JSON has them, and what citations need."""
    papers = [_data(one) for one in cited]
    return json.dumps({"count": len(papers), "papers": papers}, ensure_ascii=False, indent=2) + "\n"


def _data(cited: Cited) -> dict[str, Any]:
    day = cited.announced
    return paper_data(cited.paper) | {
        "withdrawn": cited.paper.withdrawn,
        "doi": cited.doi or None,
        "journal_ref": cited.journal_ref or None,
        "comments": cited.paper.comments or None,
        "announced": day.isoformat() if day else None,
    }


def as_markdown(cited: Sequence[Cited]) -> str:
    """The papers as a digest's Markdown has them, and where they were published."""
    return "\n".join(line for one in cited for line in paper_lines(one.paper, heading="##", more=_facts(one)))


def _facts(cited: Cited) -> list[tuple[str, str]]:
    doi, told = cited.published_doi, folded(readable(cited.journal_ref))
    facts = [("DOI", f"[{escaped(doi)}](https://doi.org/{quote(doi, safe='/:')})")] if doi else []
    return [*facts, ("Published as", escaped(told))] if told else facts


FORMATS = {
    "bib": Format("BibTeX", "application/x-bibtex; charset=utf-8", "bib", as_bibtex),
    "ris": Format("RIS", "application/x-research-info-systems; charset=utf-8", "ris", as_ris),
    "csl": Format("CSL-JSON", "application/vnd.citationstyles.csl+json", "csl.json", as_csl),
    "md": Format("Markdown", "text/markdown; charset=utf-8", "md", as_markdown),
    "json": Format("JSON", "application/json", "json", as_json),
}
"""By the name that stands in an address."""
