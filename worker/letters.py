"""What is sent, in words: a digest or a week as a mail, as a chat message, as JSON."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digest import tex, tokens
from digest.environment import host_of
from digest.formats import as_data
from digest.models import Channel, Delivery, Lab
from digest.picture import DigestPicture, PaperPicture
from digest.plain import plain
from digest.proof import line

_SIZES = ((100, 400), (60, 400), (30, 300), (15, 200), (5, 150), (0, 100), (0, 30))
"""How many papers stand in a mail whole, and how many more by title: the first that fits."""
_LARGEST = 95_000
"""Bytes of a mail's HTML: Gmail cuts what is longer than 102 kB."""
_LONGEST_SUBJECT = 140
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


class _Letter(EmailMultiAlternatives):
    """A mail whose headers are not folded: what reads List-Unsubscribe is often less than a parser."""

    def message(self, **how: Any) -> Any:
        made: Any = super().message(**how)
        made.policy = made.policy.clone(max_line_length=998)
        return made


@dataclass(frozen=True, slots=True)
class Part:
    """A keyword in a message: papers whole, then papers by title only."""

    keyword: str
    whole: list[PaperPicture]
    titles: list[PaperPicture]


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell: the papers of one digest or of several, by keyword, each once."""

    days: list[date]
    groups: list[tuple[str, list[PaperPicture]]]
    awaited: list[str]
    """Of each category that was not whole, what its proof says."""
    lab: str = ""
    """The lab's name, where it is a lab's: it stands before all else."""

    @property
    def count(self) -> int:
        return sum(len(papers) for _keyword, papers in self.groups)

    @property
    def title(self) -> str:
        count = ngettext("%(n)d paper", "%(n)d papers", self.count) % {"n": self.count}
        days = self.days or [date.min]
        when = (
            str(days[0])
            if len(days) < 2
            else _("%(first)s to %(last)s") % {"first": days[0], "last": days[-1]}
        )
        said = (
            f"arXiv {when}: {count if self.count else _('no papers')}" if self.days else _("arXiv: no papers")
        )
        return f"{_clean(self.lab)} · {said}" if self.lab else said

    def parts(self, whole: int, titles: int) -> tuple[list[Part], int]:
        """The first papers whole, the next by title; and how many are left out."""
        parts, left = [], self.count
        for keyword, papers in self.groups:
            first, then = papers[:whole], papers[whole : whole + titles]
            whole -= len(first)
            titles -= len(then)
            left -= len(first) + len(then)
            if first or then:
                parts.append(Part(keyword, first, then))
        return parts, left


def news(pictures: list[DigestPicture], lab: Lab | None = None) -> News:
    """Digests, a reader's or a lab's, become one message: a keyword stands once, and so does a paper."""
    under: dict[str, list[PaperPicture]] = {}
    seen: set[str] = set()
    for picture in pictures:
        for group in picture.groups:
            fresh = [paper for paper in group.papers if paper.arxiv_id not in seen]
            seen.update(paper.arxiv_id for paper in fresh)
            under.setdefault(group.keyword, []).extend(fresh)
    awaited = [
        line(told)
        for picture in pictures
        for told in picture.proof
        if told["state"] in ("missing", "stale", "empty", "partial")
    ]
    groups = [(k, papers) for k, papers in under.items() if papers]
    return News([p.announced for p in pictures], groups, awaited, lab.name if lab else "")


def lab_of(channel: Channel) -> Lab | None:
    """The lab whose channel it is; None: a reader's own."""
    return channel.user.lab if channel.user.is_lab else None


def language_of(channel: Channel) -> str:
    """The interface language of what goes to a channel's reader."""
    return channel.user.unasked_language


def display_of(channel: Channel) -> str:
    """Which languages its reader wants to see: both, translation-first, original, translation."""
    return getattr(channel.user, "display", "") or "both"


def title_of(paper: PaperPicture, display: str) -> str:
    """One line: the title in the language that the reader reads first."""
    original = plain(tex.readable(paper.title))
    shown = original if display == "original" else plain(paper.title_translated) or original
    return _clean(shown)


def _clean(text: str) -> str:
    """One line without control characters: nothing in it can begin a header."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def page_of(told: News, lab: Lab | None = None) -> str:
    """Where the pages show it; empty where the installation has no address."""
    if not settings.PUBLIC_URL:
        return ""
    name, args = ("digest", [told.days[0]]) if len(told.days) == 1 else ("past", [])
    path = reverse(f"lab-{name}", args=[lab.slug, *args]) if lab else reverse(name, args=args)
    return f"{settings.PUBLIC_URL}{path}"


# --- mail -------------------------------------------------------------------------------------


def mail(delivery: Delivery, told: News) -> EmailMultiAlternatives:
    """The mail of a digest or a week, in the reader's language."""
    channel = delivery.channel
    display = display_of(channel)
    with translation.override(language_of(channel)):
        first = [title_of(paper, display) for _keyword, papers in told.groups for paper in papers][:2]
        subject = Truncator(" · ".join([told.title, *first])).chars(_LONGEST_SUBJECT)
        context = {
            "title": told.title,
            "awaited": told.awaited,
            "page": page_of(told, lab_of(channel)),
            "lab": told.lab,
            "public_url": settings.PUBLIC_URL,
            "display": display,
            "language": language_of(channel),
            "unsubscribe": unsubscribe_url(channel),
            "weekly": delivery.kind == Delivery.Kind.WEEKLY,
        }
        for whole, titles in _SIZES:
            context["parts"], context["left_out"] = told.parts(whole, titles)
            html = _INLINER.inline(render_to_string("mail/digest.html", context))
            if len(html.encode()) <= _LARGEST:
                break
        message = letter(delivery, subject, render_to_string("mail/digest.txt", context))
    message.attach_alternative(html, "text/html")
    return message


def letter(delivery: Delivery, subject: str, text: str) -> EmailMultiAlternatives:
    """A mail with the headers that all have. Its Message-ID is the delivery's key, however often it is sent."""
    headers = {
        "Message-ID": f"<{delivery.key}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    channel = delivery.channel
    if delivery.kind != Delivery.Kind.CONFIRM:
        host = host_of(settings.PUBLIC_URL).strip("[]") or "paperglot.localhost"
        headers["List-Id"] = f"Paperglot <digest-{channel.pk}.{host}>"
        if url := unsubscribe_url(channel):
            headers["List-Unsubscribe"] = f"<{url}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return _Letter(_clean(subject), text, settings.DEFAULT_FROM_EMAIL, [channel.address], headers=headers)


def unsubscribe_url(channel: Channel) -> str:
    path = reverse("unsubscribe", args=[tokens.unsubscribing(channel)])
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else ""


def name_of(channel: Channel) -> str:
    """Who wants what goes through it: a reader, or a lab."""
    lab = lab_of(channel)
    return lab.name if lab else str(channel.user.username)


def _test_title(channel: Channel) -> str:
    lab = lab_of(channel)
    return f"{_clean(lab.name)} · {_('A test from Paperglot')}" if lab else _("A test from Paperglot")


def short_mail(delivery: Delivery) -> EmailMultiAlternatives:
    """A test, or the request to confirm an address."""
    channel = delivery.channel
    context = {
        "name": name_of(channel),
        "public_url": settings.PUBLIC_URL,
        "unsubscribe": unsubscribe_url(channel),
    }
    with translation.override(language_of(channel)):
        if delivery.kind == Delivery.Kind.CONFIRM:
            path = reverse("mail-confirm", args=[tokens.confirming(channel)])
            context["confirm"] = f"{settings.PUBLIC_URL}{path}"
            return letter(delivery, _("Confirm this address"), render_to_string("mail/confirm.txt", context))
        return letter(delivery, _test_title(channel), render_to_string("mail/test.txt", context))


# --- chat, webhook ----------------------------------------------------------------------------


def chat(delivery: Delivery, told: News | None, room: int) -> tuple[str, str]:
    """Title and body of a chat message; together not longer than `room` UTF-8 bytes."""
    with translation.override(language_of(delivery.channel)):
        if told is None:
            return _test_title(delivery.channel), _("This channel works.")
        end = [page] if (page := page_of(told, lab_of(delivery.channel))) else []
        lines = list(_lines(told, display_of(delivery.channel), links=not end))
        left = room - len(told.title.encode()) - 80
        taken: list[str] = []
        for number, text in enumerate(lines):
            if (left := left - len(text.encode()) - 1) < sum(len(x.encode()) for x in end):
                taken.append(_("… and more"))
                break
            taken.append(lines[number])
        return told.title, "\n".join([*taken, *end]).strip() or told.title


def _lines(told: News, display: str, *, links: bool) -> Any:
    for awaited in told.awaited[:5]:
        yield f"! {awaited}"
    for keyword, papers in told.groups:
        yield f"\n{_clean(keyword)}"
        for paper in papers:
            titles = dict.fromkeys([title_of(paper, "original"), title_of(paper, "translation")])
            if display in ("original", "translation"):
                titles = {title_of(paper, display): None}
            first, *others = reversed(titles) if display == "translation-first" else titles
            yield f"• {first}"
            yield from (f"  {other}" for other in others)
            if links:
                yield f"  {paper.abs_url}"


def webhook(delivery: Delivery, pictures: list[DigestPicture] | None, most: int) -> dict[str, Any]:
    """The JSON of a webhook; where it would be longer than `most` bytes it has no abstracts."""
    lab = lab_of(delivery.channel)
    body: dict[str, Any] = {"event": delivery.kind, "key": delivery.key}
    if lab:
        body["lab"] = {"slug": lab.slug, "name": lab.name}
    if pictures is None:
        return body
    told = news(pictures, lab)
    digests = [as_data(picture) for picture in pictures]
    body |= {
        "day": delivery.day.isoformat(),
        "title": told.title,
        "count": told.count,
        "page": page_of(told, lab) or None,
        "awaited": told.awaited,
        "digests": digests,
    }
    if len(str(body).encode()) > most * 0.8:
        body["shortened"] = True
        for paper in (p for digest in digests for group in digest["groups"] for p in group["papers"]):
            for name in ("abstract", "abstract_translated", "matched", "authors"):
                paper.pop(name)
    return body
