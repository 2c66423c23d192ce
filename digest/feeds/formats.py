"""RSS 2.0, Atom 1.0 and JSON Feed 1.1: how a feed is written. What stands in it is made in digest.feeds.items."""

import json
import re
from datetime import datetime
from typing import Any

from django.utils import feedgenerator
from django.utils.xmlutils import SimplerXMLGenerator

_ILLEGIBLE = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])|&(?=#?\w+;)")


class Legible(feedgenerator.SyndicationFeed):
    """Without the characters that XML has no way to write, whoever typed or translated them."""

    def __init__(self, title: str, link: str, description: str, **more: Any) -> None:
        super().__init__(_legible(title), link, description, **more)

    def add_item(self, title: str, link: str, description: str, **more: Any) -> None:  # type: ignore[override]
        more = {name: _legible(value) for name, value in more.items()}
        super().add_item(_legible(title), link, _legible(description), **more)


def _legible(value: Any) -> Any:
    if isinstance(value, str):
        return _ILLEGIBLE.sub(" ", value)
    return [_legible(one) for one in value] if isinstance(value, (list, tuple)) else value


class Atom(Legible, feedgenerator.Atom1Feed):
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

    def latest_post_date(self) -> datetime:
        return self.feed["changed"]

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "description": None})  # Django would declare it as HTML
        if item["description"]:
            handler.addQuickElement("summary", item["description"], {"type": "text"})
        for name in item["names"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        if item["pdf"]:
            handler.addQuickElement(
                "link", "", {"rel": "related", "type": "application/pdf", "href": item["pdf"]}
            )
        handler.addQuickElement("content", item["body"], {"type": "html"})


class Rss(Legible, feedgenerator.Rss201rev2Feed):
    """RSS 2.0 with the whole text in content:encoded; `<` and `&` of a title are written in hexadecimal, and told
    from markup."""

    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def latest_post_date(self) -> datetime:
        return self.feed["changed"]

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        handler.startElement("title", {})
        handler.ignorableWhitespace(_hexadecimal(_no_markup(item["title"])))
        handler.endElement("title")
        handler.addQuickElement("link", item["link"])
        handler.addQuickElement("description", _no_markup(item["description"]))
        handler.addQuickElement("content:encoded", item["body"])
        for name in item["names"]:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("pubDate", feedgenerator.rfc2822_date(item["pubdate"]))
        handler.addQuickElement("guid", item["unique_id"], {"isPermaLink": "false"})
        for category in item["categories"]:
            handler.addQuickElement("category", category)


def _no_markup(text: str) -> str:
    """RSS does not say whether a title is text or HTML, and readers differ (liferea shows `a<b & c>d` as `ad`): a space
    of no width where HTML would see a tag or a character's name keeps it text to them all."""
    return _MARKUP.sub("\\g<0>\u200b", text)


def _hexadecimal(text: str) -> str:
    return text.replace("&", "&#x26;").replace("<", "&#x3C;").replace(">", "&#x3E;")


class Json(Legible):
    """JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

    content_type = "application/feed+json; charset=utf-8"

    def writeString(self, encoding: str) -> str:  # noqa: N802 (Django's own name)
        told = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
            "items": [self._item(item) for item in self.items],
        }
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"

    def _item(self, item: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "summary": item["description"],
            "content_html": item["body"],
            "date_published": item["pubdate"].isoformat(timespec="seconds"),
            "date_modified": item["updateddate"].isoformat(timespec="seconds"),
            "authors": [{"name": name} for name in item["names"]],
            "tags": list(item["categories"]),
        }


KINDS: dict[str, type[Atom | Rss | Json]] = {"atom": Atom, "rss": Rss, "json": Json}
