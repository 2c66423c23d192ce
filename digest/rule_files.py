"""Rules as files: text with one rule a line, JSON, OPML. Nothing in a file is believed before it is read whole."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from digest.keywords import LONGEST, KeywordError, canonical
from digest.wording import WordedError, gettext_noop

KINDS = {"txt": "text/plain", "json": "application/json", "opml": "text/x-opml"}
"""What rules are written as."""
LARGEST = 1_000_000
"""Bytes of a file that is read."""
MOST = 10_000
"""Rules of a file that are read."""
_DEEPEST = 50
_SHOWN = 120


class RuleFileError(WordedError):
    """The file can't be read at all; the message says why."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A rule that somebody wants to follow, with a label if they gave one; `excluded` leaves papers out."""

    rule: str
    label: str = ""
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """What of a file is no rule, where (a line, or a number of its order), and why."""

    line: int
    text: str
    why: WordedError


@dataclass(slots=True)
class Read:
    """What a file holds."""

    wishes: list[Wish] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def take(self, line: int, wish: Wish) -> None:
        try:
            form = canonical(wish.rule)
            if len(wish.label) > LONGEST:
                words = gettext_noop("A label has at most %(most)d characters.")
                raise KeywordError(words, most=LONGEST)
        except KeywordError as error:
            self.refused.append(Refused(line, wish.rule[:_SHOWN], error))
            return
        if form in self._forms:
            words = gettext_noop("The same rule stands in line %(line)d already.")
            self.refused.append(Refused(line, wish.rule[:_SHOWN], WordedError(words, line=self._forms[form])))
            return
        self._forms[form] = line
        self.wishes.append(wish)

    _forms: dict[str, int] = field(default_factory=dict)


def decoded(content: bytes) -> str:
    """A file's text. Raises RuleFileError."""
    if len(content) > LARGEST:
        words = gettext_noop("The file has %(n)s bytes; at most %(most)s are read. Divide it.")
        raise RuleFileError(words, n=f"{len(content):,}", most=f"{LARGEST:,}")
    coding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(coding)
    except UnicodeDecodeError as error:
        raise RuleFileError(
            gettext_noop("This is not a text file, or not in UTF-8. Save it as UTF-8.")
        ) from error


def read(text: str) -> Read:
    """The rules of a text, JSON or OPML file. Raises RuleFileError."""
    begins = text.lstrip()[:1]
    if begins == "<":
        found = _opml(text)
    elif begins == "{" or (begins == "[" and '"' in text):
        found = _json(text)
    else:
        found = _lines(text)
    if len(found) > MOST:
        words = gettext_noop("There are %(n)s rules in it; at most %(most)s are read at once.")
        raise RuleFileError(words, n=f"{len(found):,}", most=f"{MOST:,}")
    result = Read()
    for line, wish in found:
        result.take(line, wish)
    return result


def _lines(text: str) -> list[tuple[int, Wish]]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if line and not line.startswith("#"):
            found.append((number, line_read(line)))
    return found


def line_read(line: str) -> Wish:
    """`rule`, `label = rule`; with ! before it, what it matches is left out."""
    excluded = line.startswith("!")
    line = line.removeprefix("!").strip() if excluded else line
    label, sign, rule = line.partition(" = ")
    return Wish(rule.strip(), label.strip(), excluded) if sign else Wish(line, "", excluded)


def line_of(wish: Wish) -> str:
    """A rule as a line; read again it is the same."""
    label = wish.label
    if not label and (" = " in wish.rule or wish.rule[:1] in ("#", "!")):
        label = wish.rule
    label = label.replace(" = ", "=").lstrip("#! ") or ("-" if label else "")
    line = f"{label} = {wish.rule}" if label else wish.rule
    return f"! {line}" if wish.excluded else line


def _json(text: str) -> list[tuple[int, Wish]]:
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RuleFileError(gettext_noop("This begins as JSON, but it is broken.")) from error
    rows = tree.get("rules") if isinstance(tree, dict) else tree
    if not isinstance(rows, list):
        words = gettext_noop('This is JSON, but there is no list of rules in it: {"rules": [{"rule": "…"}]}.')
        raise RuleFileError(words)
    found = []
    for number, row in enumerate(rows, start=1):
        if isinstance(row, str):
            row = {"rule": row}
        rule = row.get("rule") if isinstance(row, dict) else None
        label = row.get("label") if isinstance(row, dict) else ""
        excluded = isinstance(row, dict) and row.get("excluded") is True
        wish = Wish(rule if isinstance(rule, str) else "", label if isinstance(label, str) else "", excluded)
        found.append((number, wish))
    return found


def _opml(text: str) -> list[tuple[int, Wish]]:
    found: list[tuple[int, Wish]] = []
    depth = 0

    def refuse(*_: object) -> None:
        raise RuleFileError(gettext_noop("OPML with a DOCTYPE or entities of its own is not read."))

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise RuleFileError(gettext_noop("This OPML is nested too deep."))
        if name == "outline" and (rule := attributes.get("rule") or attributes.get("text")):
            if "rule" not in attributes and "xmlUrl" in attributes:
                return  # a subscription of another reader
            label = attributes.get("text", "") if "rule" in attributes else ""
            excluded = attributes.get("excluded") == "true"
            found.append((parser.CurrentLineNumber, Wish(rule, "" if label == rule else label, excluded)))

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).lstrip().encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        words = gettext_noop("This is no well-formed OPML: line %(line)d, column %(column)d.")
        raise RuleFileError(words, line=error.lineno, column=error.offset + 1) from error
    return found


def write(kind: str, wishes: Sequence[Wish], title: str) -> str:
    """The rules as a file: `txt`, `json` or `opml`."""
    if kind == "json":
        rows = [{"rule": w.rule, "label": w.label, "excluded": w.excluded} for w in wishes]
        return json.dumps({"version": 1, "title": title, "rules": rows}, ensure_ascii=False, indent=1) + "\n"
    if kind == "opml":
        return "\n".join([*_outlines(wishes, title), ""])
    return "\n".join([f"# {title}", *map(line_of, wishes), ""])


def _outlines(wishes: Iterable[Wish], title: str) -> Iterable[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<opml version="2.0">\n<head><title>{_escaped(title)}</title></head>\n<body>'
    for w in wishes:
        left_out = ' excluded="true"' if w.excluded else ""
        yield f'<outline text={_attribute(w.label or w.rule)} rule={_attribute(w.rule)} type="rule"{left_out}/>'
    yield "</body>\n</opml>"


_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text))


def _escaped(text: str) -> str:
    return _NOT_XML.sub("", text).replace("&", "&amp;").replace("<", "&lt;")
