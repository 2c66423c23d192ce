"""Markup as trees: XML by expat, which is told to allow no DOCTYPE, and HTML by libxml2.

Neither expands an entity of the document's own or asks the network, and neither recurses.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from lxml import etree

from worker.arxiv.errors import DocumentError

_DEEPEST = 64
"""Elements within one another; arXiv's documents have at most 8."""


def xml_tree(content: bytes) -> Element:
    """The root of an XML document; names are `{namespace}local`."""
    builder, depth = TreeBuilder(), 0
    parser = expat.ParserCreate(namespace_separator="}")

    def qualified(name: str) -> str:
        return "{" + name if "}" in name else name

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise DocumentError(
                f"The document has more than {_DEEPEST} elements within one another; refused."
            )
        builder.start(qualified(name), {qualified(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(qualified(name))

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    run(parser, content, wanted="the XML that was asked for", begun=lambda: depth > 0)
    return builder.close()


def run(parser: expat.XMLParserType, content: bytes, *, wanted: str, begun: Callable[[], bool]) -> None:
    """Let a parser read a document that may have no DOCTYPE. Whatever is wrong with it is a DocumentError; `wanted`
    says what it should be, `begun` whether it looked like that until it broke off."""

    def refuse(name: str, *_: Any) -> None:
        if name.lower() == "html":
            raise DocumentError(f"This is an HTML page, not {wanted}.")
        raise DocumentError("The document has a DOCTYPE, which none of arXiv's has; refused.")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise DocumentError(_what_it_is_instead(content, wanted, begun(), error)) from error
    except (LookupError, ValueError) as error:
        raise DocumentError(f"The document's encoding can't be read: {error}.") from error


def _what_it_is_instead(content: bytes, wanted: str, begun: bool, error: expat.ExpatError) -> str:
    if not content.strip():
        return "The document is empty."
    if content[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return f"This is an HTML page, not {wanted}."
    if begun:
        return f"The document is cut off or damaged (line {error.lineno}: {error})."
    return f"This is not XML (line {error.lineno}: {error})."


def html_tree(content: bytes) -> Any:
    """The root of a whole HTML page, an lxml element.

    What is not UTF-8 becomes U+FFFD. A page with more than 255 elements within one another is refused:
    libxml2 leaves the rest of it away.
    """
    lowered = content.lower()
    if not content.strip():
        raise DocumentError("The document is empty.")
    if b"<html" not in lowered:
        raise DocumentError("This is not an HTML page.")
    if b"</html" not in lowered:
        raise DocumentError("The page is cut off: its end is missing.")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.LxmlError, ValueError) as error:
        raise DocumentError(f"The page can't be read: {error}.") from error
    if root is None:
        raise DocumentError("The page has no content.")
    if any(error.level_name == "FATAL" for error in parser.error_log):
        raise DocumentError(f"The page can't be read to its end: {parser.error_log[-1].message}.")
    return root


def children(element: Element, name: str) -> list[Element]:
    """Those of this local name, whatever their namespace; recordings disagree about it."""
    return element.findall(f"{{*}}{name}")


def text_of(element: Element, name: str) -> str:
    """The text of the first child of this name; empty without one."""
    found = element.find(f"{{*}}{name}")
    return "" if found is None else found.text or ""


def moment(value: str) -> datetime | None:
    """`2026-05-12T04:00:00Z`, `2026-05-12` or `Tue, 12 May 2026 04:00:00 GMT`; without a zone, UTC."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(value.strip())
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError):
            continue
    return None
