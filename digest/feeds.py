"""A reader's private feed of papers, as Atom and RSS, at a secret address.

What a feed shows is made by the same templates as the pages. Whether it has changed is asked before
anything is rendered.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import feedgenerator, timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from digest import tex
from digest.addresses import absolute
from digest.models import Entry, FeedToken, Installation, Section, Translation, User
from digest.picture import PaperPicture
from digest.plain import plain
from digest.showing import entry_pictures

_MOST_ITEMS = 100
_DAYS = timedelta(days=15)
_SEEN = timedelta(hours=1)


class Atom(feedgenerator.Atom1Feed):
    """Atom with one author element a person, and a title that no reader takes for markup."""

    content_type = "application/atom+xml; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:
        """As Django writes it, and with the stylesheets, which Django writes into RSS only."""
        handler: Any = SimplerXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        for stylesheet in self.feed["stylesheets"] or ():
            handler.processingInstruction("xml-stylesheet", str(stylesheet))
        handler.startElement("feed", self.root_attributes())
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["names"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        handler.addQuickElement(
            "link", "", {"rel": "related", "type": "application/pdf", "href": item["pdf"]}
        )
        handler.addQuickElement("content", item["body"], {"type": "html"})


class Rss(feedgenerator.Rss201rev2Feed):
    """RSS 2.0 with the whole text in content:encoded; `<` and `&` of a title are written in hexadecimal,
    which is the one form that every reader shows as it is."""

    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        handler.startElement("title", {})
        handler.ignorableWhitespace(_hexadecimal(item["title"]))
        handler.endElement("title")
        handler.addQuickElement("link", item["link"])
        handler.addQuickElement("description", item["description"])
        handler.addQuickElement("content:encoded", item["body"])
        for name in item["names"]:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("pubDate", feedgenerator.rfc2822_date(item["pubdate"]))
        handler.addQuickElement("guid", item["unique_id"], {"isPermaLink": "false"})
        for category in item["categories"]:
            handler.addQuickElement("category", category)


def _hexadecimal(text: str) -> str:
    return text.replace("&", "&#x26;").replace("<", "&#x3C;").replace(">", "&#x3E;")


_KINDS: dict[str, type[Atom | Rss]] = {"atom": Atom, "rss": Rss}


@require_safe
def feed(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """The feed behind a secret address: 410 where it was revoked, 304 where nothing has changed."""
    if kind not in _KINDS:
        raise Http404
    row = FeedToken.objects.of(token).select_related("user").filter(user__is_active=True).first()
    if row is None:
        raise Http404
    if row.revoked_at:
        return _private(HttpResponse(_("This feed address was revoked.\n"), "text/plain", 410))
    _seen(row)
    changed = last_change(row.user, row.created_at)
    language = row.user.interface_language or translation.get_language() or settings.LANGUAGE_CODE
    etag = quote_etag(f"{row.pk}-{kind}-{_taste(row.user)}-{language}-{changed.timestamp():.6f}")
    answer = get_conditional_response(request, etag=etag, last_modified=int(changed.timestamp()))
    if answer is None:
        browser = "text/html" in request.headers.get("Accept", "")
        with translation.override(language):
            text = render(request, row.user, kind, token, changed)
        answer = HttpResponse(
            text, "application/xml; charset=utf-8" if browser else _KINDS[kind].content_type
        )
    answer["ETag"] = etag
    answer["Last-Modified"] = http_date(changed.timestamp())
    patch_vary_headers(answer, ["Accept"])
    return _private(answer)


def _taste(user: User) -> str:
    """What of the profile changes a feed."""
    return f"{user.content_language}-{user.display}-{user.formulas}"


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, max-age=900"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _seen(row: FeedToken) -> None:
    """Note the visit, at most once an hour: readers poll."""
    now = timezone.now()
    if row.last_used_at is None or now - row.last_used_at > _SEEN:
        FeedToken.objects.filter(pk=row.pk).update(last_used_at=now)


def last_change(user: User, created: datetime) -> datetime:
    """When the feed last changed: two cheap questions, asked at every poll."""
    digests = user.digests.aggregate(at=Max("changed_at"))["at"]
    late = Translation.objects.filter(
        version__entries__digest__user=user, language=user.content_language
    ).aggregate(at=Max("finished_at"))["at"]
    return max(filter(None, (created, digests, late)))


def render(request: HttpRequest, user: User, kind: str, token: str, changed: datetime) -> str:
    newest = user.digests.first()
    since = newest.day - _DAYS if newest else timezone.now().date()
    entries = (
        Entry.objects.filter(digest__user=user, digest__day__gte=since)
        .select_related("version__paper")
        .order_by("-digest__day", "section__order", "order")[:_MOST_ITEMS]
    )
    labels: dict[int, str] = {}
    sections = Section.objects.filter(digest__user=user, digest__day__gte=since)
    for section in sections.order_by("-digest__day", "order", "id"):
        labels.setdefault(section.keyword_id, section.label)
    out = _KINDS[kind](
        title=_("arXiv digest of %(name)s") % {"name": user.username},
        link=absolute(request, reverse("today")),
        description=_("New papers on arXiv by keyword, translated. Thank you to arXiv for use of its open "
                      "access interoperability."),
        language=user.content_language,
        feed_url=absolute(request, reverse("feed", args=[token, kind])),
        feed_guid=_feed_guid(user),
        stylesheets=[feedgenerator.Stylesheet(static("digest/feed.css"), mimetype="text/css")],
        ttl="60",  # type: ignore[arg-type]
    )  # fmt: skip
    out.latest_post_date = lambda: changed  # type: ignore[method-assign]
    for picture in entry_pictures(entries, user.content_language, labels):
        out.add_item(**_item(picture, user))
    return out.writeString("utf-8")


def _feed_guid(user: User) -> str:
    scope = Installation.current()
    return f"tag:{scope.uuid}.paperglot.invalid,{scope.created_at.date().isoformat()}:reader/{user.pk}"


def _item(paper: PaperPicture, user: User) -> dict[str, Any]:
    titles = in_languages(paper, "title", user.display)
    abstracts = in_languages(paper, "abstract", user.display)
    context = {
        "paper": paper,
        "public_url": settings.PUBLIC_URL,
        "titles": titles,
        "abstracts": abstracts,
        "formulas": user.formulas,
    }
    return {
        "title": _title(paper, user),
        "link": paper.abs_url,  # it opens for whoever reads the feed, logged in or not
        "description": _as_text(_foremost(abstracts), user),
        "body": render_to_string("feeds/paper.html", context),
        "names": paper.authors or ("arXiv",),
        "pdf": paper.pdf_url,
        "categories": [*paper.keywords, *paper.categories],
        "unique_id": paper.entry.guid,
        "pubdate": paper.entry.added_at,
        "updateddate": paper.entry.added_at,
    }


def in_languages(paper: PaperPicture, field: str, display: str) -> list[tuple[str, str]]:
    """Title or abstract as (language, text), in the order and the languages that the reader wants. A title
    stands as announced first, an abstract as translated; what is not translated stands as announced."""
    original = ("en", tex.readable(getattr(paper, field)))
    text = getattr(paper, f"{field}_translated")
    if not text or display == User.Display.ORIGINAL:
        return [original]
    if display == User.Display.TRANSLATION:
        return [(paper.language, text)]
    both = [original, (paper.language, text)]
    return both if field == "title" and display == User.Display.BOTH else both[::-1]


def _foremost(texts: list[tuple[str, str]]) -> str:
    """The translation where there is one."""
    return next((text for language, text in texts if language != "en"), texts[0][1])


def _as_text(text: str, user: User) -> str:
    """Without markup, where a feed has none: formulas as TeX where the reader wants TeX."""
    return text if user.formulas == User.Formulas.TEX else plain(text)


def _title(paper: PaperPicture, user: User) -> str:
    title = _as_text(_foremost(in_languages(paper, "title", user.display)), user)
    if paper.withdrawn:
        return _("Withdrawn: %(title)s") % {"title": title}
    if paper.replaced:
        return _("Version %(n)d: %(title)s") % {"n": paper.version, "title": title}
    return title
