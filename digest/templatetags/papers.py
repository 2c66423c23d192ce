"""What a paper's text looks like on a page: escaped, formulas marked for KaTeX, keywords highlighted."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from digest import languages, proof, tex, verbs, verdicts
from digest.arxiv_days import EASTERN
from digest.keywords import Hit, Matcher, merged
from digest.picture import PaperPicture
from digest.plain import as_mathml
from digest.plain import plain as plain_text
from digest.versions import Piece

register = template.Library()
MOST_AUTHORS = 12
_SHORT = 3
Find = Callable[[str], list[Hit]]


@register.simple_tag(takes_context=True)
def announced(context: Context, text: str, matcher: Matcher | None = None, field: str = "") -> SafeString:
    """A title or abstract as announced, as HTML. `field` (ti, abs) says which it is, for rules that name one;
    without it, the title of the paper that is shown is known as such."""
    paper = context.get("paper")
    if not field and isinstance(paper, PaperPicture):
        field = "ti" if text == paper.title else "abs" if text == paper.abstract else ""
    find = partial(matcher.find, field=field) if matcher else None
    return _html(tex.readable(text), find, bool(context.get("mathml")))


@register.simple_tag(takes_context=True)
def translated(context: Context, text: str) -> SafeString:
    """A translation, which is readable already, as HTML; the matcher of the paper that is shown highlights in it
    what it can."""
    paper = context.get("paper")
    find = None
    if isinstance(paper, PaperPicture) and paper.matcher:
        field = "ti" if text == paper.title_translated else "abs"
        find = partial(paper.matcher.find_translated, field=field)
    return _html(text, find, bool(context.get("mathml")))


@register.simple_tag(takes_context=True)
def changed(context: Context, pieces: Iterable[Piece]) -> SafeString:
    """What changed in a text, as HTML; whoever hears the page hears where a change begins and ends."""
    words = {"del": (_("removed:"), _("end of removed")), "ins": (_("added:"), _("end of added"))}
    out: list[SafeString] = []
    for kind, text, held in pieces:
        shown = _inline(text, None, bool(context.get("mathml")), list(held))
        if kind != "same":
            shown = format_html(
                '<{0}><span class="visually-hidden"> [{1} </span>{2}<span class="visually-hidden"> {3}] </span></{0}>',
                kind, words[kind][0], shown, words[kind][1],
            )  # fmt: skip
        out.append(shown)
    return mark_safe("".join(out))  # every piece was escaped by format_html


@register.filter
def plain(text: str) -> str:
    """A title or abstract as announced, as plain text."""
    return plain_text(tex.readable(text))


def _html(text: str, find: Find | None, mathml: bool) -> SafeString:
    paragraphs = text.split("\n")
    if len(paragraphs) == 1:
        return _inline(text, find, mathml)
    return format_html_join("", "<p>{}</p>", ((_inline(p, find, mathml),) for p in paragraphs))


def _inline(text: str, find: Find | None, mathml: bool, held: list[tex.Span] | None = None) -> SafeString:
    """Escape everything; wrap formulas, addresses and keyword hits. A hit that touches a formula is not
    highlighted: what KaTeX draws can't be cut."""
    held = tex.spans(text) if held is None else held
    found = merged(find(text)) if find else []
    marks = [(start, end, "mark") for start, end in found if not any(
        start < span.end and span.start < end for span in held)]  # fmt: skip
    pieces: list[SafeString] = []
    position = 0
    for start, end, kind in sorted([*held, *marks]):
        pieces += [format_html("{}", text[position:start]), _wrapped(text[start:end], kind, mathml)]
        position = end
    pieces.append(format_html("{}", text[position:]))
    return mark_safe("".join(pieces))  # every piece was escaped by format_html


def _wrapped(text: str, kind: str, mathml: bool) -> SafeString:
    if kind == "math":
        if mathml and (drawn := as_mathml(text)):
            return mark_safe(drawn)  # an element tree, serialised: whatever is text in it is escaped
        return format_html('<span class="math">{}</span>', text)
    if kind == "mark":
        return format_html("<mark>{}</mark>", text)
    address = text if "://" in text[:8] else f"https://{text}"
    return format_html('<a href="{}" rel="noopener nofollow ugc">{}</a>', address, text)


@register.simple_tag
def paragraphs(paper: PaperPicture) -> list[list[Any]]:
    """The sentences of a translated abstract, paragraph by paragraph."""
    grouped: dict[int, list[Any]] = {}
    for sentence in paper.sentences:
        grouped.setdefault(sentence.paragraph, []).append(sentence)
    return [grouped[number] for number in sorted(grouped)]


@register.filter
def proof_line(told: dict[str, Any]) -> str:
    """What a digest says of one category's announcement."""
    return proof.line(told)


@register.filter
def why_english(verdict: str) -> str:
    """Why a sentence stays in English."""
    return verdicts.words(verdict)


@register.filter
def announce_words(announce_type: str) -> str:
    """How a paper was announced, as arXiv's feeds call it; an unknown type is its own name."""
    known = {"cross": _("cross"), "replace": _("replace"), "replace-cross": _("replace-cross")}
    return known.get(announce_type, announce_type)


@register.filter
def verb_words(verb: str) -> str:
    """A verb of the pipeline."""
    return verbs.words(verb)


@register.filter
def run_words(run: Any) -> str:
    """What a run does and to what."""
    return verbs.run(run.verb, run.subject)


@register.filter
def count_words(name: str, value: Any) -> str:
    """One of a run's counts."""
    return verbs.count(name, value)


@register.filter
def gap(language: str) -> str:
    """What stands between two sentences of a language."""
    return "" if _language(language).spaceless else " "


@register.filter
def direction(language: str) -> str:
    return "rtl" if _language(language).right_to_left else "ltr"


@register.filter
def language_name(language: str) -> str:
    return _language(language).own_name


def _language(code: str) -> languages.Language:
    return languages.find(code)


@register.filter
def first_authors(authors: tuple[str, ...]) -> str:
    return ", ".join(authors[:MOST_AUTHORS])


@register.filter
def more_authors(authors: tuple[str, ...]) -> tuple[str, ...]:
    return authors[MOST_AUTHORS:]


@register.filter
def short_authors(authors: tuple[str, ...]) -> str:
    """The first three, for one line."""
    if len(authors) <= _SHORT:
        return ", ".join(authors)
    return _("%(names)s and %(n)d more") % {"names": ", ".join(authors[:_SHORT]), "n": len(authors) - _SHORT}


@register.filter
def more_than_short(authors: tuple[str, ...]) -> bool:
    return len(authors) > _SHORT


@register.filter
def eastern(moment: datetime) -> str:
    """A moment in arXiv's own time."""
    return moment.astimezone(EASTERN).strftime("%Y-%m-%d %H:%M")


@register.simple_tag
def zone_name() -> str:
    return timezone.get_current_timezone_name()
