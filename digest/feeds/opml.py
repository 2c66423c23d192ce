"""OPML 2.0 (opml.org/spec2.opml): a reader's feeds as a file that feed readers import."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.utils.xmlutils import SimplerXMLGenerator


@dataclass(frozen=True, slots=True)
class Outline:
    title: str
    address: str
    page: str


def as_opml(folder: str, outlines: Iterable[Outline]) -> str:
    """All outlines in one folder; the addresses are secrets."""
    out = StringIO()
    xml: Any = SimplerXMLGenerator(out, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("opml", {"version": "2.0"})
    xml.startElement("head", {})
    xml.addQuickElement("title", folder)
    xml.endElement("head")
    xml.startElement("body", {})
    xml.startElement("outline", {"text": folder, "title": folder})
    for outline in outlines:
        told = {"type": "rss", "text": outline.title, "title": outline.title}
        xml.addQuickElement("outline", "", told | {"xmlUrl": outline.address, "htmlUrl": outline.page})
    for element in ("outline", "body", "opml"):
        xml.endElement(element)
    xml.endDocument()
    return out.getvalue()
