"""digest/feeds/items.py: what stands in the feeds of a keyword and of days, and what moves an item."""

import json
from datetime import timedelta

import feedparser
import pytest
from django.urls import reverse
from django.utils import timezone

from digest.models import FeedToken, PaperVersion, Translation
from tests.conftest import announced
from tests.documents import Document
from tests.steps import choose, match, publish, translate
from worker import memory
from worker.publish import publish_due


@pytest.fixture
def read(client, bob, bobs_digest):
    """One of bob's feeds, as a feed reader reads it."""
    bob.interface_language = "en"
    bob.save()

    def read(scope="all", keyword="", kind="atom"):
        row = bob.subscriptions.get(label=keyword).keyword if keyword else None
        secret = FeedToken.make(bob, scope, row)[1]
        answer = client.get(reverse("feed", args=[secret, scope, kind]))
        assert answer.status_code == 200
        return json.loads(answer.content) if kind == "json" else feedparser.parse(answer.content)

    return read


def links(feed) -> list[str]:
    return [entry.link.rpartition("/")[2] for entry in feed.entries]


def test_a_keywords_feed_has_what_the_keyword_brought_and_nothing_else(read):
    assert links(read("keyword", "diffusion policy")) == ["2605.90002"]
    assert links(read("keyword", "graph neural network")) == []


def test_a_paper_of_two_keywords_stands_in_the_feeds_of_both(read):
    assert "2605.90002" in links(read("keyword", "Robot"))
    assert "2605.90002" in links(read("keyword", "diffusion policy"))


def test_the_same_paper_has_another_guid_in_every_feed(read):
    feeds = [read(), read("keyword", "Robot"), read("keyword", "diffusion policy"), read("daily")]
    guids = [entry.id for feed in feeds for entry in feed.entries]
    assert len(guids) == len(set(guids)) == 6
    assert all(guid.startswith("tag:") for guid in guids)


def test_the_feeds_themselves_have_ids_of_their_own(read):
    feeds = [read(), read("keyword", "Robot"), read("keyword", "diffusion policy"), read("daily")]
    assert len({feed.feed.id for feed in feeds}) == 4


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_day_is_one_entry_with_all_its_papers(read, kind):
    (entry,) = read("daily", kind=kind).entries
    assert entry.title == "arXiv, 2026-05-12: 2 papers"
    body = entry.content[0].value
    assert "2605.90001" in body
    assert "2605.90002" in body
    assert "<h2>Robot (2)</h2>" in body


def test_a_day_that_grows_is_updated_in_place(read, announce):
    (before,) = read("daily").entries
    announce(Document("cs.AI").add("2605.90003", title="A Robot"))
    match()
    choose("")
    publish_due(timezone.now())
    (after,) = read("daily").entries
    assert (after.id, after.published) == (before.id, before.published)
    assert after.updated > before.updated
    assert after.title.endswith("3 papers")


def test_json_feed_says_the_same(read):
    feed = read(kind="json")
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["url"] for item in feed["items"]] == [entry.link for entry in read().entries]
    assert [item["id"] for item in feed["items"]] == [entry.id for entry in read().entries]
    assert "译" in feed["items"][0]["title"]
    assert {"name": "Ada Example"} in feed["items"][0]["authors"]


# --- what moves an item -----------------------------------------------------------------------


def updated(read) -> list[str]:
    return [entry.updated for entry in read().entries]


def test_a_translation_that_comes_late_moves_its_item(read):
    before = updated(read)
    late = timezone.now() + timedelta(hours=1)
    Translation.objects.filter(version__paper__arxiv_id="2605.90001").update(first_finished_at=late)
    first, second = updated(read)
    assert first > before[0]
    assert second == before[1]


def test_a_correction_moves_nothing(read):
    before = updated(read)
    Translation.objects.update(stale=True)
    memory.assemble(timezone.now() + timedelta(days=1))
    assert Translation.objects.filter(stale=False).exists()
    assert updated(read) == before


def test_a_translation_by_another_model_moves_nothing(read, bob):
    before = updated(read)
    choose("other")
    memory.plan(PaperVersion.objects.all(), "zh-Hans", "other#00000002")
    translate(now=timezone.now() + timedelta(days=1), model="other#00000002")
    assert Translation.objects.filter(model="other#00000002").exists()
    assert updated(read) == before


def test_a_replacement_of_a_followed_keyword_is_in_its_feed(read, bob):
    bob.subscriptions.filter(label="Robot").update(replacements=True)
    announced(Document("cs.RO").add("2605.90001", title="Nothing of it", announce_type="replace", version=2))
    publish(bob, Document("cs.AI").add("2605.90009", title="Other"))
    assert "2605.90001" in links(read("keyword", "Robot"))
