"""Feeds as validators want them: every kind, of every scope and taste, with titles and names that try to break them."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import product
from xml.etree import ElementTree

import feedparser
import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse

from digest import labs, public
from digest.following import follow
from digest.models import Digest, Entry, FeedToken, Keyword, Paper, Section, Translation, User
from tests import feed_rules
from tests.conftest import NOW
from tests.documents import Document
from tests.steps import publish

SCOPES = ["all", "daily", "keyword", "lab", "public"]
RULES: dict[str, Callable[[bytes, str], list[str]]] = {
    "atom": feed_rules.atom,
    "rss": feed_rules.rss,
    "json": feed_rules.json_feed,
}
TASTES = list(product(User.Display.values, User.Formulas.values))
TITLES = ["Is a<b & c>d of a Robot?", "The <think> Robot", "S&amp;P &lt;b&gt; Robot", "A Robot $a<b$ in C&C",
          "Robot </title><script>alert(1)</script>", "Robot \U0001f916 \"quoted\" ]]> \u202eleft"]  # fmt: skip
ABSTRACT = 'Robots: $x<y$ & <img src=x onerror="alert(1)">; see https://example.org/?a=1&b=2. It walks.'


@pytest.fixture
def hostile(bob: User, charlie: User, settings) -> dict[str, str]:
    """Feeds of every scope over papers whose titles, abstracts, names and rules are no markup but look like it."""
    settings.PUBLIC_KEYWORDS = 2
    lab = labs.found(bob, "R&D <b>Robots</b>")
    lab.public = True
    lab.save()
    document = Document()
    for title in TITLES:
        document.add(title=title, abstract=ABSTRACT, authors="A & B <i>Group</i>, O'Neill")
    document.add("2605.90100", title="A Robot, withdrawn", abstract=ABSTRACT)
    document.add("2605.90101", title="A Robot, replaced", abstract=ABSTRACT)
    follow(charlie, "robot")
    follow(lab.reader, "robot", label="<lab> & rule")
    follow(bob, "robot", label="<b>mine</b> & yours")
    publish(bob, document)
    Paper.objects.filter(arxiv_id="2605.90100").update(withdrawn=True, comments="Lemma <3> & $a<b$ is wrong.")
    Entry.objects.filter(paper__arxiv_id="2605.90101").update(announce_type="replace")
    Translation.objects.update(first_finished_at=NOW)
    keyword = Keyword.objects.get(canonical="robot")
    cache.clear()
    secrets = {scope: FeedToken.make(bob, scope)[1] for scope in ("all", "daily")}
    secrets["keyword"] = FeedToken.make(bob, "keyword", keyword)[1]
    addresses = {scope: reverse("feed", args=[secret, scope, "KIND"]) for scope, secret in secrets.items()}
    addresses["lab"] = reverse("lab-feed", args=[lab.slug, "KIND"])
    addresses["public"] = reverse("public-feed", args=[public.slug("robot"), "KIND"])
    return addresses


def faults(answer: HttpResponse, address: str, kind: str) -> list[str]:
    assert answer.status_code == 200
    return feed_rules.over_http(answer, kind) + RULES[kind](answer.content, f"http://testserver{address}")


@pytest.mark.parametrize("kind", RULES)
@pytest.mark.parametrize("scope", SCOPES)
def test_a_feed_keeps_every_rule_of_its_format(client, hostile, scope, kind):
    address = hostile[scope].replace("KIND", kind)
    answer = client.get(address)
    assert faults(answer, address, kind) == []
    assert len(feedparser.parse(answer.content).entries) == (1 if scope == "daily" else 8) or kind == "json"


@pytest.mark.parametrize("kind", RULES)
@pytest.mark.parametrize(("display", "formulas"), TASTES)
def test_a_feed_keeps_them_as_its_reader_likes_it(bob, client, hostile, display, formulas, kind):
    User.objects.filter(pk=bob.pk).update(display=display, formulas=formulas)
    for scope in ("all", "daily"):
        address = hostile[scope].replace("KIND", kind)
        assert faults(client.get(address), address, kind) == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", RULES)
def test_a_feed_keeps_them_in_both_languages_of_the_interface(bob, client, hostile, language, kind):
    User.objects.filter(pk=bob.pk).update(interface_language=language)
    address = hostile["daily"].replace("KIND", kind)
    assert faults(client.get(address), address, kind) == []


@pytest.mark.parametrize("kind", RULES)
@pytest.mark.parametrize("scope", ["all", "daily"])
def test_an_empty_feed_keeps_them(client, bob, scope, kind):
    address = reverse("feed", args=[FeedToken.make(bob, scope)[1], scope, kind])
    assert faults(client.get(address), address, kind) == []


def test_all_feeds_as_one_file_are_good_opml(client, bob, hostile):
    client.force_login(bob)
    answer = client.post(reverse("feeds-opml"))
    assert feed_rules.opml(answer.content) == []
    assert answer["Content-Type"] == "text/x-opml; charset=utf-8"


def test_a_label_with_a_control_character_breaks_no_feed(client, bob, hostile):
    Section.objects.update(label="a\x0bb")
    bob.subscriptions.update(label="a\x0bb")
    for scope, kind in product(("all", "daily", "keyword"), RULES):
        address = hostile[scope].replace("KIND", kind)
        Digest.objects.update(touched_at=None)
        assert faults(client.get(address), address, kind) == []


# --- titles -----------------------------------------------------------------------------------


class HtmlText(HTMLParser):
    """What a reader shows that takes a text for HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_title_is_shown_as_it_is(bob, client, hostile, kind):
    """In RSS there is a space of no width where a reader of HTML would see a tag or a character's name."""
    User.objects.filter(pk=bob.pk).update(display=User.Display.ORIGINAL)
    content = client.get(hostile["all"].replace("KIND", kind)).content
    shown = [entry.title for entry in feedparser.parse(content, sanitize_html=False).entries][: len(TITLES)]
    path = "{http://www.w3.org/2005/Atom}" if kind == "atom" else ""
    items = ElementTree.fromstring(content).iter(f"{path}entry" if kind == "atom" else "item")
    assert shown == [item.find(f"{path}title").text for item in items][: len(TITLES)]
    assert [title.replace("\u200b", "") for title in shown] == [title.replace("$", "") for title in TITLES]
    if kind == "rss":
        assert [HtmlText(title).text for title in shown] == shown


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_summary_is_text_to_its_end(bob, client, hostile, kind):
    User.objects.filter(pk=bob.pk).update(display=User.Display.ORIGINAL)
    root = ElementTree.fromstring(client.get(hostile["all"].replace("KIND", kind)).content)
    found = root.find(
        ".//{http://www.w3.org/2005/Atom}summary" if kind == "atom" else "channel/item/description"
    )
    assert found.text.replace("\u200b", "") == ABSTRACT.replace("$", "")
    assert found.get("type") == ("text" if kind == "atom" else None)


# --- each rule bites --------------------------------------------------------------------------

BREAKS = [
    ("atom", "<updated>", "<updated>yesterday "),
    ("atom", "<updated>20", "<updated>30"),
    ("atom", "<author><name>", "<author><nick/><name>"),
    ("atom", 'rel="self"', 'rel="via"'),
    ("atom", "/all.atom", "/all.rss"),
    ("atom", 'xml:lang="zh-Hans"', 'xml:lang="中文"'),
    ("atom", 'xml:lang="zh-Hans"', ""),
    ("atom", "/2605.90100</id>", "/2605.90101</id>"),
    ("atom", "<id>tag:", "<id>my tag:"),
    ("atom", 'href="https://arxiv.org/abs/2605.90100"', 'href="/abs/2605.90100"'),
    ("atom", '<summary type="text">', '<summary type="html">'),
    ("atom", '<content type="html">', '<content type="html">&lt;script&gt;1&lt;/script&gt;'),
    ("atom", '<content type="html">', '<content type="html">&lt;p onclick="x"&gt;1&lt;/p&gt;'),
    ("atom", '<content type="html">', '<content type="html">&lt;a href="/x"&gt;1&lt;/a&gt;'),
    ("atom", '<content type="html">', '<content type="html">&lt;b&gt;'),
    ("atom", '<content type="html">', '<content type="html">&lt;p&gt;&lt;div&gt;1&lt;/div&gt;&lt;/p&gt;'),
    ("atom", '<content type="html">', '<content type="html">AT&amp;T'),
    ("atom", '<category term="', '<category label="'),
    ("rss", "<pubDate>Tue", "<pubDate>Wed"),
    ("rss", "<pubDate>Tue, 12 May 2026", "<pubDate>2026-05-12"),
    ("rss", "<lastBuildDate>", "<lastBuildDate>1 "),
    ("rss", 'isPermaLink="false"', 'isPermaLink="true"'),
    ("rss", "/2605.90100</guid>", "/2605.90101</guid>"),
    ("rss", 'guid isPermaLink="false">tag:', 'guid isPermaLink="false">7 '),
    ("rss", "&#x3C;\u200b", "&#x3C;"),
    ("rss", "<language>zh-Hans", "<language>Chinese!"),
    ("rss", "/all.rss", "/all.atom"),
    ("rss", "<link>https://arxiv.org", "<link>arxiv.org"),
    ("rss", "<ttl>60", "<ttl>an hour"),
    ("rss", "<dc:creator>O'Neill", "<dc:creator>"),
    ("rss", "<category>cs.LG", "<category>"),
    ("rss", "<title>", "<title>\x85"),
    ("json", '"url": "https:', '"url": "'),
    ("json", "+00:00", ""),
    ("json", '"language": "zh-Hans"', '"language": ""'),
]


def test_entries_of_one_time_are_found(client, hostile):
    address = hostile["all"].replace("KIND", "atom")
    text = re.sub(r"\.\d{6}\+00:00", "+00:00", client.get(address).content.decode())
    assert [fault[:16] for fault in feed_rules.atom(text.encode(), f"http://testserver{address}")] == [
        "DuplicateUpdated"
    ]


@pytest.mark.parametrize(("kind", "good", "bad"), BREAKS)
def test_what_breaks_a_rule_is_found(client, hostile, kind, good, bad):
    address = hostile["all"].replace("KIND", kind)
    text = client.get(address).content.decode()
    assert good in text
    text = text.replace(good, bad)
    assert RULES[kind](text.encode(), f"http://testserver{address}") != []
