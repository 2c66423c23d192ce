"""One abstract walks through the whole house: from arXiv's bytes to page and feed, in both languages."""

import json
import re
from pathlib import Path

import feedparser
import pytest
import time_machine
from django.apps import apps
from django.core import serializers
from django.urls import reverse

from digest.following import follow
from digest.models import Category, Digest, FeedToken, Run, Sentence, Translation
from tests.conftest import NOW
from tests.documents import Document
from tests.engines import FakeEngine
from tests.replica import Replica, Reply
from tests.steps import choose
from worker import translate as translating
from worker.fetch import fetch
from worker.match import match
from worker.publish import publish
from worker.registry import InstalledModel
from worker.sweep import sweep
from worker.translate import translate

TITLE = r"A \emph{Robot} for Schr\"odinger's Cat: $O(n^2)$"
ABSTRACT = (
    "We train a robot with $n<4$ legs (50\\% of a cat). Code is at https://example.org/robot_cat.\n"
    "  It walks, by $\\sum_i x_i$, on the ground."
)


@pytest.fixture
def arxiv(settings):
    with Replica() as replica:
        settings.ARXIV_URL = replica.url
        document = Document().add(
            "2605.90001", title=TITLE, abstract=ABSTRACT, authors="Jos\\'e A, Bo B (MIT)"
        )
        document.add("2605.90002", title="Algebra")
        replica.answers("/rss/cs.LG", Reply(document.rss()))
        yield replica


@pytest.fixture
def house(arxiv, bob, engine, monkeypatch):
    """Bob follows `robot`, the installation cs.LG and a fake model; the clock stands at Tuesday's papers."""
    follow(bob, "robot")
    Category.objects.create(code="cs.LG", followed=True, next_fetch_at=NOW)
    choose("fake")
    model = InstalledModel("fake", Path("absent"), "fake#00000001", {})
    monkeypatch.setattr(translating, "chosen_model", lambda: model)
    monkeypatch.setattr(translating, "engine_for", lambda _: lambda: engine)
    with time_machine.travel(NOW, tick=True):
        yield


def walk() -> None:
    for verb in (fetch, match, translate, publish, sweep):
        verb()


def rows() -> str:
    """Every row of the record, as it stands."""
    models = [model for model in apps.get_app_config("digest").get_models() if model is not Run]
    return json.dumps(
        [serializers.serialize("python", model.objects.order_by("pk")) for model in models], default=str
    )


@pytest.fixture
def walked(house) -> Digest:
    walk()
    return Digest.objects.get()


def halves(client, bob) -> dict[str, str]:
    """The abstract on the page by language."""
    client.force_login(bob)
    text = client.get("/").content.decode()
    found = re.findall(r'<div class="(?:original|translation)" lang="([\w-]+)"[^>]*>(.*?)</div>', text, re.S)
    return dict(found)


def test_the_paper_is_in_the_digest(walked):
    assert [entry.paper.arxiv_id for entry in walked.entries.all()] == ["2605.90001"]


def test_nothing_failed_on_the_way(walked):
    assert not Run.objects.exclude(error="").exists()
    assert set(Run.objects.values_list("verb", flat=True)) == {"fetch", "match", "translate", "publish"}


def test_the_page_has_both_languages(walked, client, bob):
    assert set(halves(client, bob)) == {"en", "zh-Hans"}


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_formulas_are_whole_in_both_languages(walked, client, bob, language):
    half = halves(client, bob)[language]
    assert re.findall(r'<span class="math">(.*?)</span>', half) == ["$n&lt;4$", r"$\sum_i x_i$"]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_addresses_are_whole_in_both_languages(walked, client, bob, language):
    assert 'href="https://example.org/robot_cat"' in halves(client, bob)[language]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_paragraphs_are_paragraphs_in_both_languages(walked, client, bob, language):
    assert halves(client, bob)[language].count("<p>") == 2


def test_the_prose_is_read_as_a_person_reads_it(walked, client, bob):
    text = halves(client, bob)["en"]
    assert "(50% of a cat)" in text
    page = client.get("/").content.decode()
    assert "Schrödinger&#x27;s Cat" in page
    assert "José A, Bo B (MIT)" in page


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_the_feed_has_both_languages_with_formulas_and_addresses(walked, client, bob, kind):
    secret = FeedToken.make(bob)[1]
    feed = feedparser.parse(
        client.get(reverse("feed", args=[secret, "all", kind])).content, sanitize_html=False
    )
    (entry,) = feed.entries
    body = entry.content[0].value
    for language in ("en", "zh-Hans"):
        half = re.findall(f'<div [^>]*lang="{language}"[^>]*>(.*?)</div>', body, re.S)[1]
        assert "n&lt;4" in half
        assert "∑" in half
        assert "https://example.org/robot_cat" in half


def test_every_verb_again_changes_nothing(walked, arxiv, engine):
    before, asked, heard = rows(), len(arxiv.requests), len(engine.heard)
    walk()
    assert rows() == before
    assert (len(arxiv.requests), len(engine.heard)) == (asked, heard)


@pytest.mark.parametrize("verb", [fetch, match, translate, publish, sweep], ids=lambda verb: verb.name)
def test_each_verb_twice_is_as_once(house, verb):
    for step in (fetch, match, translate, publish, sweep):
        step()
        if step is verb:
            between = rows()
            step()
            assert rows() == between
    assert Digest.objects.get().entries.count() == 1


def test_verbs_in_any_order_come_to_the_same(house):
    for _ in range(3):
        for verb in (publish, translate, match, fetch, sweep):
            verb()
    publish()
    assert Digest.objects.get().entries.count() == 1
    assert Translation.objects.get().state == "complete"


def test_only_what_somebody_waits_for_is_translated(walked):
    assert Sentence.objects.count() == 4
    assert not Sentence.objects.filter(source__contains="Algebra").exists()


def test_without_anything_to_do_every_verb_ends(db, settings):
    settings.ARXIV_URL = "http://127.0.0.1:9"
    walk()
    assert not Run.objects.exists()


def test_an_engine_that_fails_at_first_ends_in_the_same_digest(house, engine, monkeypatch):
    monkeypatch.setattr(translating, "engine_for", lambda _: lambda: FakeEngine(crashes="walks"))
    walk()
    monkeypatch.setattr(translating, "engine_for", lambda _: lambda: engine)
    Sentence.objects.update(leased_until=None)  # its rest is over
    walk()
    assert Digest.objects.get().entries.count() == 1
    assert Translation.objects.get().state in ("complete", "partial")
