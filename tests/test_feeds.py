"""digest/feeds: a reader's papers in any feed reader, at a secret address."""

import re
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree

import feedparser
import pytest
from django.urls import reverse
from django.utils import timezone

from digest import feeds
from digest.feeds import items
from digest.following import follow
from digest.models import Digest, Entry, FeedToken, Paper, Section, Translation, User
from tests.conftest import NOW
from tests.documents import Document
from tests.steps import MODEL, choose, match, publish, queries, translate
from worker.publish import publish_due

KINDS = ["atom", "rss"]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def token(bob, now) -> str:
    bob.interface_language = "en"
    bob.save()
    secret = FeedToken.make(bob)[1]
    FeedToken.objects.update(created_at=now)
    return secret


@pytest.fixture
def get(client, token, bobs_digest) -> Callable:
    """Ask for bob's feed; all that is in it is there for some time."""
    Digest.objects.update(touched_at=NOW)

    def get(kind: str = "atom", method: str = "get", **headers: str):
        return getattr(client, method)(reverse("feed", args=[token, "all", kind]), headers=headers)

    return get


def read(answer):
    """The feed as feedparser reads it, with its sanitising off, as text."""
    return feedparser.parse(answer.content, sanitize_html=False)


# --- any reader can read it -------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "root"), [("atom", f"{ATOM}feed"), ("rss", "rss")])
def test_a_feed_is_well_formed(get, kind, root):
    assert ElementTree.fromstring(get(kind).content).tag == root


@pytest.mark.parametrize(("kind", "version"), [("atom", "atom10"), ("rss", "rss20")])
def test_a_feed_reader_reads_it_without_complaint(get, kind, version):
    feed = read(get(kind))
    assert (feed.version, feed.bozo, len(feed.entries)) == (version, False, 2)


@pytest.mark.parametrize(
    ("kind", "content_type"), [("atom", "application/atom+xml"), ("rss", "application/rss+xml")]
)
def test_a_feed_says_what_it_is(get, kind, content_type):
    assert get(kind)["Content-Type"] == f"{content_type}; charset=utf-8"


@pytest.mark.parametrize("kind", KINDS)
def test_a_browser_gets_xml_that_it_shows(get, kind):
    answer = get(kind, Accept="text/html,application/xhtml+xml")
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    assert b"<?xml-stylesheet" in answer.content
    assert "Accept" in answer["Vary"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_feed_is_in_the_readers_language(get, kind):
    assert read(get(kind)).feed.language == "zh-Hans"


@pytest.mark.parametrize("kind", KINDS)
def test_its_words_are_in_the_language_that_was_chosen_or_asked_for_or_of_the_digest(get, kind):
    Paper.objects.update(withdrawn=True)
    User.objects.update(interface_language="")
    titles = [read(get(kind, **asked)).entries[0].title for asked in ({}, {"Accept-Language": "en"})]
    assert titles[0].startswith("已撤稿")
    assert titles[1].startswith("Withdrawn")


@pytest.mark.parametrize("kind", KINDS)
def test_every_address_is_absolute(get, kind):
    text = get(kind).content.decode().split("<?xml-stylesheet")[-1].partition("?>")[2]
    for address in re.findall(r'(?:href|src)=(?:"|&quot;)([^"&]+)', text) + re.findall(
        r"<link>([^<]+)", text
    ):
        assert address.startswith(("https://", "http://"))


@pytest.mark.parametrize("kind", KINDS)
def test_an_item_leads_to_arxiv(get, kind):
    assert [entry.link for entry in read(get(kind)).entries] == [
        "https://arxiv.org/abs/2605.90001",
        "https://arxiv.org/abs/2605.90002",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_addresses_of_the_feed_are_by_the_public_url(get, kind, settings):
    settings.PUBLIC_URL = "https://papers.example.org"
    text = get(kind).content.decode()
    assert "https://papers.example.org/f/" in text
    assert "testserver" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_every_author_is_an_author(get, kind):
    assert "Ada Example" in [author.name for author in read(get(kind)).entries[0].authors]


@pytest.mark.parametrize("kind", KINDS)
def test_an_item_names_all_the_keywords_and_categories_that_brought_it(bob, client, token, document, kind):
    document.add(title="A Robot by Diffusion", categories=("cs.RO", "cs.LG"))
    publish(bob, document, "robot", "diffusion")
    (entry,) = read(client.get(reverse("feed", args=[token, "all", kind]))).entries
    assert [tag.term for tag in entry.tags] == ["robot", "diffusion", "cs.RO", "cs.LG"]


# --- both languages ---------------------------------------------------------------------------


class Languages(HTMLParser):
    """The text of each element that says its language."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self._now = ""
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self._now = dict(attrs).get("lang", self._now) if tag == "div" else self._now

    def handle_data(self, data):
        self.texts[self._now] = self.texts.get(self._now, "") + data


@pytest.mark.parametrize("kind", KINDS)
def test_both_halves_say_their_language(get, kind):
    texts = Languages(read(get(kind)).entries[0].content[0].value).texts
    assert "The robot walks on n<4 legs." in texts["en"]
    assert "译" in texts["zh-Hans"]
    assert "n<4" in texts["zh-Hans"]
    assert "https://example.org/robot" in texts["zh-Hans"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_title_is_the_translated_one(get, kind):
    titles = [entry.title for entry in read(get(kind)).entries]
    assert all(re.search("[\u4e00-\u9fff]", title) for title in titles), titles


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_translation_the_item_is_in_english(get, kind):
    Translation.objects.all().delete()
    entry = read(get(kind)).entries[1]
    assert entry.title == "Diffusion Policy"
    assert "zh-Hans" not in entry.content[0].value


@pytest.mark.parametrize("kind", KINDS)
def test_a_withdrawn_paper_says_so_first(get, kind):
    Paper.objects.filter(arxiv_id="2605.90002").update(withdrawn=True, comments="Lemma <3> is wrong.")
    first, second = read(get(kind)).entries
    assert second.title.startswith("Withdrawn: ")
    assert "<strong>Withdrawn</strong> " in second.content[0].value
    assert "Lemma &lt;3&gt; is wrong." in second.content[0].value
    assert "Withdrawn" not in first.title + first.content[0].value


@pytest.mark.parametrize("kind", KINDS)
def test_a_replaced_paper_says_so_first(get, settings, kind):
    Entry.objects.filter(paper__arxiv_id="2605.90001").update(announce_type="replace")
    settings.PUBLIC_URL = "https://papers.example.org"
    entry = read(get(kind)).entries[0]
    assert entry.title.startswith("Version 1: ")
    assert 'href="https://papers.example.org/papers/2605.90001/?v=1#changes"' in entry.content[0].value
    settings.PUBLIC_URL = ""
    assert "what changed" not in read(get(kind)).entries[0].content[0].value


# --- whose papers -----------------------------------------------------------------------------


def test_a_feed_is_of_its_reader_only(get, alice, client):
    publish(alice, Document("cs.AI").add("2605.90003", title="Algebra"), "algebra")
    assert len(read(get()).entries) == 2
    secret = FeedToken.make(alice)[1]
    assert len(read(client.get(reverse("feed", args=[secret, "all", "atom"]))).entries) == 1


def test_a_feed_before_the_first_digest_is_empty(client, token):
    assert read(client.get(reverse("feed", args=[token, "all", "atom"]))).entries == []


def test_a_feed_has_no_more_than_its_most_items(bob, client, token, monkeypatch):
    monkeypatch.setattr(items, "MOST_ITEMS", 3)
    document = Document()
    for _ in range(5):
        document.add(title="A Robot")
    publish(bob, document, "robot")
    assert len(read(client.get(reverse("feed", args=[token, "all", "rss"]))).entries) == 3


def test_a_feed_takes_as_many_queries_however_many_papers_there_are(bob, client, token):
    address = reverse("feed", args=[token, "all", "atom"])
    publish(bob, Document().add(title="A Robot"), "robot")
    client.get(address)
    few = queries(lambda: client.get(address))
    document = Document("cs.AI")
    for number in range(20):
        document.add(f"2605.8{number:04d}", title="A Robot")
    publish(bob, document)
    assert queries(lambda: client.get(address)) == few


# --- the same item stays the same -------------------------------------------------------------


def guids(answer) -> list[str]:
    return [entry.id for entry in read(answer).entries]


def test_both_kinds_have_the_same_guids(get):
    assert guids(get("atom")) == guids(get("rss"))


@pytest.mark.parametrize("kind", KINDS)
def test_guids_stay_when_a_digest_is_made_again(get, kind, bobs_digest, now):
    before = guids(get(kind))
    Section.objects.filter(digest=bobs_digest).delete()
    publish_due(now + timedelta(hours=1))
    assert guids(get(kind)) == before


@pytest.mark.parametrize("kind", KINDS)
def test_guids_stay_when_the_host_changes(get, kind, settings):
    before = guids(get(kind))
    settings.ALLOWED_HOSTS = ["*"]
    assert guids(get(kind, Host="papers.example.org")) == before


def test_guids_of_two_readers_differ(get, alice, client, bobs_digest):
    publish(alice, Document("cs.AI").add("2605.90003", title="A Robot"), "robot")
    secret = FeedToken.make(alice)[1]
    assert not set(guids(client.get(reverse("feed", args=[secret, "all", "atom"])))) & set(guids(get()))


# --- asked often ------------------------------------------------------------------------------


@pytest.fixture
def no_render(monkeypatch) -> None:
    def render(*_):
        raise AssertionError("rendered for nothing")

    monkeypatch.setattr(feeds, "render", render)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("given", "asked"), [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")]
)
def test_what_has_not_changed_is_not_sent_again(get, request, kind, given, asked):
    first = get(kind)
    request.getfixturevalue("no_render")
    again = get(kind, **{asked: first[given]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


def test_an_etag_of_a_compressed_answer_counts(get, request):
    etag = get("atom", Accept_Encoding="gzip")["ETag"]
    request.getfixturevalue("no_render")
    assert get("atom", If_None_Match=etag).status_code == 304


def test_the_etag_of_one_kind_is_not_the_others(get):
    assert get("rss", If_None_Match=get("atom")["ETag"]).status_code == 200


def test_a_late_paper_changes_the_feed(get, announce, now):
    first = get()
    announce(Document("cs.AI").add("2605.90003", title="A Robot"))
    match()
    choose("")
    publish_due(timezone.now())
    again = get(If_None_Match=first["ETag"], If_Modified_Since=first["Last-Modified"])
    assert again.status_code == 200
    assert len(read(again).entries) == 3


def test_a_late_translation_changes_the_feed(bob, client, token, announce, document, now):
    follow(bob, "robot")
    announce(document.add(title="A Robot"))
    match()
    publish_due(now)
    address = reverse("feed", args=[token, "all", "atom"])
    FeedToken.objects.update(created_at=now)
    first = client.get(address)
    choose("fake")
    translate(now=now + timedelta(hours=1), model=MODEL)
    again = client.get(address, headers={"If-Modified-Since": first["Last-Modified"]})
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


def test_a_change_of_language_changes_the_feed(get):
    etag = get()["ETag"]
    User.objects.update(content_language="ja")
    assert get(If_None_Match=etag).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_head_answers_as_get_without_a_body(get, kind):
    head, whole = get(kind, "head"), get(kind)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])


def test_a_post_is_refused(get):
    assert get("atom", "post").status_code == 405


def test_a_feed_that_has_changed_this_moment_tells_no_date(get):
    Digest.objects.update(touched_at=timezone.now())
    assert "Last-Modified" not in get()
    assert get()["ETag"]


# --- the address ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_revoked_address_is_gone_for_good(get, kind):
    FeedToken.objects.update(revoked_at=timezone.now())
    answer = get(kind)
    assert answer.status_code == 410
    assert b"2605" not in answer.content


def test_an_unknown_address_is_not_there(client, db):
    assert client.get(reverse("feed", args=["wrong", "all", "atom"])).status_code == 404


def test_an_unknown_kind_is_not_there(get):
    assert get("xml").status_code == 404


def test_the_address_of_a_reader_who_is_gone_is_not_there(get):
    User.objects.update(is_active=False)
    assert get().status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_no_cookie_is_set(get, kind):
    assert not get(kind).cookies


def test_nothing_between_keeps_or_indexes_a_feed(get):
    answer = get()
    assert answer["Cache-Control"].startswith("private")
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_a_visit_is_noted_once_an_hour(get):
    get()
    first = FeedToken.objects.get().last_used_at
    get()
    assert FeedToken.objects.get().last_used_at == first
    FeedToken.objects.update(last_used_at=first - timedelta(hours=2))
    get()
    assert FeedToken.objects.get().last_used_at > first


def test_a_feed_needs_no_digest_row_of_today(get):
    Digest.objects.all().delete()
    assert read(get()).entries == []
