"""digest/feeds: the feed of a public lab, for everybody; of another, for nobody."""

import feedparser
import pytest
from django.urls import reverse

from digest import labs
from digest.models import Lab
from tests.documents import Document
from tests.steps import publish


@pytest.fixture
def lab(bob) -> Lab:
    lab = labs.found(bob, "Robot <& arms>")
    lab.public = True
    lab.save()
    lab.reader.interface_language = "en"
    lab.reader.save()
    publish(lab.reader, Document().add("2605.90001", title="A Robot", abstract="It walks."), "robot")
    return lab


def get(client, lab: Lab, kind: str = "atom", **headers: str):
    return client.get(reverse("lab-feed", args=[lab.slug, kind]), headers=headers)


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_everybody_reads_a_public_labs_feed(client, lab, kind):
    feed = feedparser.parse(get(client, lab, kind).content)
    assert feed.feed.title == "arXiv: Robot <& arms>"
    assert [entry.link for entry in feed.entries] == ["https://arxiv.org/abs/2605.90001"]
    assert feed.feed.link.endswith(f"/labs/{lab.slug}/")


def test_json_feed_too(client, lab):
    assert get(client, lab, "json").json()["items"][0]["url"] == "https://arxiv.org/abs/2605.90001"


def test_what_has_not_changed_is_not_sent_again(client, lab):
    first = get(client, lab)
    assert first["Cache-Control"].startswith("public")
    assert get(client, lab, If_None_Match=first["ETag"]).status_code == 304


def test_a_lab_that_is_not_public_has_none(client, lab, bob):
    lab.public = False
    lab.save()
    client.force_login(bob)
    assert get(client, lab).status_code == 404


def test_a_feed_names_no_member(client, lab):
    assert "bob" not in get(client, lab).content.decode()


def test_a_kind_that_is_none_is_not_there(client, lab):
    assert get(client, lab, "xml").status_code == 404


def test_the_public_page_leads_to_its_feed(client, lab):
    text = client.get(reverse("lab", args=[lab.slug])).content.decode()
    assert (
        f'type="application/atom+xml" title="Robot &lt;&amp; arms&gt;" href="/labs/{lab.slug}/feed.atom"'
        in text
    )
