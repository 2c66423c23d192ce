"""Corrections as TMX 1.4b, the format in which translation memories are exchanged (ttt.org/oscarstandards/tmx).

Placeholders are `<ph x="1"/>` elements, numbered from 1 as the format asks. What a model translated says so in a
`prop`, so that nobody takes it for a person's work.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import IO, Any
from xml.parsers import expat
from xml.sax.saxutils import XMLGenerator

from digest import languages
from digest.terms import PLACEHOLDER

LARGEST = 32 * 2**20
_MODEL = "x-paperglot-model"
_CODES = {"bpt", "ept", "it", "ph", "ut"}
"""Elements that hold another tool's codes and not text."""


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
    model: str = ""
    """The model that translated it; empty where a person did."""


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
    facts = {"creationid": _legal(unit.by)} if unit.by else {}
    if unit.at:
        facts["creationdate"] = unit.at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    xml.startElement("tu", facts)  # type: ignore[arg-type]
    if unit.model:
        xml.startElement("prop", {"type": _MODEL})  # type: ignore[arg-type]
        xml.characters(_legal(unit.model))
        xml.endElement("prop")
    for language, text in (("en", unit.source), (unit.language, unit.text)):
        xml.startElement("tuv", {"xml:lang": language})  # type: ignore[arg-type]
        xml.startElement("seg", {})  # type: ignore[arg-type]
        for number, part in enumerate(PLACEHOLDER.split(text)):
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


def read(content: bytes) -> tuple[list[Unit], int]:
    """The units of a TMX document that are from English into a language that Paperglot knows, and the number of
    those that nothing came of.

    That is so where a unit has another tool's codes in it, or other placeholders in one language than in the
    other. Raises TMXError for a document that is not one, is too large, or declares entities.
    """
    if len(content) > LARGEST:
        raise TMXError(f"The document is larger than {LARGEST:,} bytes.")
    reader = _Reader()
    try:
        reader.parser.Parse(content, True)
    except TMXError:
        raise
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: an encoding that expat lacks
        raise TMXError(f"This is not a TMX document: {error}") from error
    if reader.root != "tmx":
        raise TMXError("This is XML, but not a TMX document.")
    whole = [list(unit.whole()) for unit in reader.units]
    return [unit for units in whole for unit in units], whole.count([])


@dataclass
class _Read:
    """A unit as it is read: its facts, and its text in each language; None where the text has foreign codes."""

    facts: Unit
    variants: dict[str, str | None] = field(default_factory=dict)

    def whole(self) -> Iterator[Unit]:
        source = next((text for code, text in self.variants.items() if code.split("-")[0] == "en"), None)
        numbers = PLACEHOLDER.findall(source or "")
        if not source or numbers != [str(number) for number in range(len(numbers))]:
            return  # sentences of the memory number their placeholders from 0, in order
        for code, text in self.variants.items():
            if (
                text
                and (language := _language(code))
                and sorted(PLACEHOLDER.findall(text)) == sorted(numbers)
            ):
                yield replace(self.facts, source=source, text=text, language=language)


def _language(code: str) -> str | None:
    """The language of `zh-CN`, `de-AT`; None for English and for what nobody reads here."""
    parts = code.split("-")
    for length in range(len(parts), 0, -1):
        try:
            return languages.find("-".join(parts[:length])).code
        except languages.UnknownLanguageError:
            continue
    return None


class _Reader:
    """Collects the segments of each unit by language; entities of a document's own are refused."""

    def __init__(self) -> None:
        self.root = ""
        self.units: list[_Read] = []
        self._code, self._inside, self._foreign = "", "", False
        self._text: list[str] = []
        self._placeholders = self._hidden = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_: Any) -> None:
        raise TMXError("The document declares entities; refused.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name
        if name == "tu":
            by, at = attributes.get("creationid", ""), _moment(attributes.get("creationdate", ""))
            self.units.append(_Read(Unit("", "", "", by, at)))
        elif name == "tuv":
            code = attributes.get("xml:lang") or attributes.get("lang") or ""
            self._code = code.lower().replace("_", "-")
        elif name == "seg" or (name == "prop" and attributes.get("type") == _MODEL):
            self._text, self._inside, self._foreign = [], name, False
            self._placeholders = self._hidden = 0
        elif name in _CODES and self._inside:
            self._hidden += 1
            number = attributes.get("x", "") if name == "ph" else ""
            if re.fullmatch(r"[1-9][0-9]{0,2}", number):
                self._text.append(f"<v{int(number) - 1}>")
                self._placeholders += 1
            else:
                self._foreign = True

    def _end(self, name: str) -> None:
        if name in _CODES and self._inside:
            self._hidden -= 1
        if name != self._inside or not self.units:
            return
        text, unit = " ".join("".join(self._text).split()), self.units[-1]
        if name == "seg":
            typed = len(PLACEHOLDER.findall(text)) != self._placeholders
            unit.variants[self._code] = None if self._foreign or typed else text
        else:
            unit.facts = replace(unit.facts, model=text or "?")
        self._inside = ""

    def _characters(self, text: str) -> None:
        if self._inside and not self._hidden:
            self._text.append(text)
        elif self._inside and text.strip():
            self._foreign = True


def _moment(stamp: str) -> datetime | None:
    """`20261124T101500Z`, the only form that TMX has."""
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
