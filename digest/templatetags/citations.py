"""A paper for machines that look for citations (Zotero's connector), and the formats in which it can be had."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from digest.citations import FORMATS, Cited, Format
from digest.citations.marks import coins as coins_title
from digest.citations.marks import metas
from digest.citing import of_page
from digest.models import Listing, Paper
from digest.picture import PaperPicture

register = template.Library()


@register.simple_tag
def cited(paper: PaperPicture, row: Paper, listings: Iterable[Listing]) -> Cited:
    """The paper of a page with what its record knows of it."""
    days = [listing.announcement.day for listing in listings if listing.announce_type == Listing.Type.NEW]
    return of_page(paper, row, days)


@register.filter
def meta_elements(paper: Cited) -> list[tuple[str, str]]:
    return metas(paper)


@register.simple_tag
def coins(paper: PaperPicture | Cited) -> SafeString:
    """A COinS, an empty element that Zotero finds; one for each paper on a page that shows several."""
    told = paper if isinstance(paper, Cited) else Cited(paper)
    return format_html('<span class="Z3988" title="{}"></span>', coins_title(told))


@register.simple_tag
def citation_formats() -> dict[str, Format]:
    return FORMATS
