"""What a page says of a paper to machines that look for citations: <meta> elements, and a COinS."""

from urllib.parse import urlencode

from digest.citations.cited import Cited


def metas(cited: Cited) -> list[tuple[str, str]]:
    """Names and contents of the <meta> elements: Highwire Press's, as arXiv's own pages have them, and Dublin
    Core's."""
    paper, day = cited.paper, _date(cited, "/")
    told = [("citation_title", cited.plain_title)]
    told += [("citation_author", name.inverted) for name in cited.names]
    told += [
        ("citation_date", day),
        ("citation_online_date", day),
        ("citation_publisher", "arXiv"),
        ("citation_arxiv_id", paper.arxiv_id),
        ("citation_doi", cited.published_doi),
        ("citation_pdf_url", paper.pdf_url),
        ("citation_abstract_html_url", paper.abs_url),
        ("citation_abstract", cited.plain_abstract),
        ("citation_language", "en"),
        ("DC.title", cited.plain_title),
    ]
    told += [("DC.creator", name.inverted) for name in cited.names]
    told += [
        ("DC.date", _date(cited, "-")),
        ("DC.type", "preprint"),
        ("DC.publisher", "arXiv"),
        ("DC.identifier", paper.abs_url),
        ("DC.language", "en"),
    ]
    return [(name, content) for name, content in told if content]


def coins(cited: Cited) -> str:
    """The title of a COinS: an OpenURL context object (Z39.88-2004) in Dublin Core, with Zotero's name of the type."""
    paper = cited.paper
    first = next((name for name in cited.names if name.family), None)
    told = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rfr_id", "info:sid/paperglot"),
        ("rft.type", "preprint"),
        ("rft.title", cited.plain_title),
        ("rft.aufirst", first.given if first else ""),
        ("rft.aulast", first.family if first else ""),
        *(("rft.au", name.literal or f"{name.given} {name.family}") for name in cited.names),
        ("rft.date", _date(cited, "-")),
        ("rft.publisher", "arXiv"),
        ("rft.identifier", f"urn:doi:{cited.published_doi}" if cited.published_doi else ""),
        ("rft.identifier", paper.abs_url),
        ("rft.language", "en"),
    ]
    return urlencode([(name, value) for name, value in told if value])


def _date(cited: Cited, between: str) -> str:
    issued = cited.issued
    parts = [f"{issued.year:04d}", f"{issued.month:02d}", f"{issued.day:02d}" if issued.day else ""]
    return between.join(part for part in parts if part)
