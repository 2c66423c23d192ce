"""Formulas where no script draws them: in feeds, as their reader has chosen."""

from django import template
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString, mark_safe

from digest import tex
from digest.models import User
from digest.plain import as_mathml, plain

register = template.Library()


@register.simple_tag
def formulas_as(text: str, formulas: str, paragraphs: bool = False) -> SafeString:
    """A readable text as HTML, with its formulas as MathML, Unicode or TeX."""
    if formulas == User.Formulas.MATHML:
        html = _with_mathml(text)
    else:
        html = escape(text if formulas == User.Formulas.TEX else plain(text))
    return mark_safe(linebreaks(html, autoescape=False)) if paragraphs else html  # it is escaped already


def _with_mathml(text: str) -> SafeString:
    """A formula that can't be drawn is Unicode text; everything but the MathML is escaped."""
    pieces: list[str] = []
    position = 0
    for start, end, kind in tex.spans(text):
        drawn = as_mathml(text[start:end]) if kind == "math" else ""
        pieces += [escape(text[position:start]), drawn or escape(plain(text[start:end]))]
        position = end
    return mark_safe(
        "".join([*pieces, escape(text[position:])])
    )  # every piece is escaped, or MathML by as_mathml
