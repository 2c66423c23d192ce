"""Corrections as TMX 1.4b, the format in which translation memories are exchanged (ttt.org/oscarstandards/tmx).

Placeholders are `<ph x="1"/>` elements, numbered from 1 as the format asks.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from xml.parsers import expat
from xml.sax.saxutils import XMLGenerator

from digest import languages

LARGEST = 32 * 2**20
_PLACEHOLDER = re.compile(r"<v(\d+)>")


class TMXError(ValueError):
    """Not a TMX document that can be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence and its translation, both with placeholders `<v0>`."""

    source: str
    text: str
    language: str
    by: str = ""
    at: datetime | None = None


def write(units: Iterable[Unit], out: IO[Any]) -> int:
    """Write a TMX document; returns the number of units."""
    xml = XMLGenerator(out, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("tmx", {"version": "1.4"})  # type: ignore[arg-type]
    header = {"creationtool": "Paperglot", "creationtoolversion": "1", "segtype": "sentence", "o-tmf": "paperglot",
              "adminlang": "en", "srclang": "en", "datatype": "plaintext"}  # fmt: skip
    xml.startElement("header", header)  # type: ignore[arg-type]
    xml.endElement("header")
    xml.startElement("body", {})  # type: ignore[arg-type]
    count = 0
    for unit in units:
        _write_unit(xml, unit)
        count += 1
    for name in ("body", "tmx"):
        xml.endElement(name)
    xml.endDocument()
    return count


def _write_unit(xml: XMLGenerator, unit: Unit) -> None:
    facts = {"creationid": unit.by} if unit.by else {}
    if unit.at:
        facts["creationdate"] = unit.at.strftime("%Y%m%dT%H%M%SZ")
    xml.startElement("tu", facts)  # type: ignore[arg-type]
    for language, text in (("en", unit.source), (unit.language, unit.text)):
        xml.startElement("tuv", {"xml:lang": language})  # type: ignore[arg-type]
        xml.startElement("seg", {})  # type: ignore[arg-type]
        for number, part in enumerate(_PLACEHOLDER.split(text)):
            if number % 2:
                xml.startElement("ph", {"x": str(int(part) + 1)})  # type: ignore[arg-type]
                xml.endElement("ph")
            else:
                xml.characters(_legal(part))
        xml.endElement("seg")
        xml.endElement("tuv")
    xml.endElement("tu")


def _legal(text: str) -> str:
    """Without the control characters that XML 1.0 has no way to write."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)


def read(content: bytes) -> Iterator[Unit]:
    """The units of a TMX document that are from English into a language that Paperglot knows.

    Raises TMXError for a document that is not one, is too large, or has a DOCTYPE with declarations.
    """
    if len(content) > LARGEST:
        raise TMXError(f"The document is larger than {LARGEST:,} bytes.")
    reader = _Reader()
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise TMXError(f"This is not a TMX document: {error}") from error
    if not reader.is_tmx:
        raise TMXError("This is XML, but not a TMX document.")
    for variants in reader.units:
        source = next((text for code, text in variants.items() if code.split("-")[0] == "en"), "")
        for code, text in variants.items():
            if code.split("-")[0] != "en" and source and text:
                try:
                    yield Unit(source, text, languages.find(code).code)
                except languages.UnknownLanguageError:
                    continue  # a language that nobody reads here


class _Reader:
    """Collects the segments of each unit by language; entities of a document's own are refused."""

    def __init__(self) -> None:
        self.is_tmx = False
        self.units: list[dict[str, str]] = []
        self._code, self._text, self._inside = "", "", False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_: Any) -> None:
        raise TMXError("The document declares entities; refused.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "tmx":
            self.is_tmx = True
        elif name == "tu":
            self.units.append({})
        elif name == "tuv":
            self._code = (attributes.get("xml:lang") or attributes.get("lang") or "").lower()
        elif name == "seg":
            self._text, self._inside = "", True
        elif name == "ph" and self._inside:
            number = attributes.get("x", "")
            self._text += f"<v{int(number) - 1}>" if number.isdigit() and 0 < int(number) < 1000 else ""

    def _end(self, name: str) -> None:
        if name == "seg" and self.units:
            self._inside = False
            self.units[-1][self._code] = " ".join(self._text.split())

    def _characters(self, text: str) -> None:
        if self._inside:
            self._text += text
