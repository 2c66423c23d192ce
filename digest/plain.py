"""Formulas where KaTeX can't draw them: as plain Unicode text (feeds, mail, titles) or as MathML (files)."""

import html
import re
from functools import lru_cache
from xml.etree.ElementTree import tostring

from latex2mathml.converter import Converter
from pylatexenc.latex2text import LatexNodes2Text

from digest import tex

_DELIMITERS = (("$$", "$$", True), ("\\[", "\\]", True), ("\\(", "\\)", False), ("$", "$", False))
_DOES_SOMETHING = {"href", "style", "class", "id"}
"""Attributes that `\\href`, `\\style` and the like put into MathML."""
_TO_TEXT = LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=False)


def plain(text: str) -> str:
    """A readable text (`tex.readable`) with its formulas in Unicode: `$\\alpha<1$` is `α<1`."""
    masked, held = tex.mask(text, tex.spans(text))
    return tex.unmask(masked, [_formula(span) if _is_formula(span) else span for span in held])


def _is_formula(span: str) -> bool:
    return span.startswith(("$", "\\(", "\\[", "\\begin"))


@lru_cache(maxsize=4096)
def as_mathml(source: str) -> str:
    """A formula with its delimiters as MathML; empty where it can't be read, or would do more than show."""
    inner, display = _undelimited(source)
    try:
        root = Converter(display="block" if display else "inline").convert_to_element(inner)
        for element in root.iter():
            if not _DOES_SOMETHING.isdisjoint(element.attrib):
                return ""
            # The library writes &#x3C; as text, and its own `convert` would write <script> as it stands.
            element.text = html.unescape(element.text or "")
        return tostring(root, encoding="unicode")
    except Exception:  # noqa: BLE001  latex2mathml has no tree of errors; who asked shows the formula as it was written
        # Hostile or broken TeX brings about its own classes (each straight below Exception) as well as IndexError,
        # KeyError, StopIteration and RecursionError.
        return ""


def _undelimited(source: str) -> tuple[str, bool]:
    for opening, closing, display in _DELIMITERS:
        if source.startswith(opening) and source.endswith(closing):
            return source[len(opening) : -len(closing)], display
    return source, True


@lru_cache(maxsize=4096)
def _formula(source: str) -> str:
    # An unescaped % begins a comment for pylatexenc, and the rest of the formula would be gone.
    safe = re.sub(r"(?<!\\)%", r"\\%", source)
    try:
        text = LatexNodes2Text.latex_to_text(_TO_TEXT, safe)
    except (ValueError, IndexError, RecursionError):
        return source  # hostile or broken TeX stays as it was written
    return " ".join(text.split()) or source
