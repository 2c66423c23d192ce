"""digest/public.py, its page and its feeds: a keyword for everybody, where it is wanted, and nobody in it."""

import feedparser
import pytest
from django.core.cache import cache
from django.urls import reverse

from digest import public
from digest.following import follow, pause
from digest.models import Keyword, Match
from tests.documents import Document
from tests.steps import publish

LABEL = "my-own-label"


@pytest.fixture
def robot(bobs_digest, bob, charlie, settings) -> Keyword:
    """A keyword that bob and charlie follow, where two are enough."""
    settings.PUBLIC_KEYWORDS = 2
    follow(charlie, "robot", label=LABEL)
    cache.clear()
    return Keyword.objects.get(canonical="robot")


def page(client, keyword: Keyword):
    return client.get(reverse("public", args=[public.slug(keyword.canonical)]))


def feed(client, keyword: Keyword, kind: str = "atom", **headers: str):
    return client.get(reverse("public-feed", args=[public.slug(keyword.canonical), kind]), headers=headers)


def test_everybody_sees_what_a_keyword_brings(client, robot):
    text = page(client, robot).content.decode()
    assert "2605.90001v1" in text
    assert 'lang="zh-Hans"' in text
    assert '<h1 lang="en">robot</h1>' in text


def test_nobody_who_follows_it_is_named_nor_what_they_call_it(client, robot):
    texts = [page(client, robot), *(feed(client, robot, kind) for kind in ("atom", "rss", "json"))]
    for answer in texts:
        text = answer.content.decode()
        assert not any(word in text for word in ("bob", "charlie", LABEL, "/papers/", "reader/"))


def test_without_the_setting_there_are_none(client, robot, settings):
    Keyword.objects.update(public=True)
    settings.PUBLIC_KEYWORDS = 0
    assert page(client, robot).status_code == 404
    assert feed(client, robot).status_code == 404


@pytest.mark.parametrize("how", ["removed", "excluded", "inactive", "three are wanted"])
def test_what_too_few_follow_is_not_there(client, robot, charlie, settings, how):
    if how == "removed":
        charlie.subscriptions.all().delete()
    elif how == "excluded":
        charlie.subscriptions.update(excluded=True)
    elif how == "inactive":
        charlie.is_active = False
        charlie.save()
    else:
        settings.PUBLIC_KEYWORDS = 3
    assert page(client, robot).status_code == 404


def test_what_one_person_follows_is_not_there_whatever_the_setting_says(client, robot, charlie, settings):
    charlie.subscriptions.all().delete()
    settings.PUBLIC_KEYWORDS = 1
    assert page(client, robot).status_code == 404


def test_an_administrator_makes_one_public_and_takes_it_back_at_once(client, robot, alice):
    from tests.test_admin import act

    keyword = Keyword.objects.get(canonical="diffusion policy")
    client.force_login(alice)
    assert page(client, keyword).status_code == 404
    act(client, Keyword, "make_public", keyword)
    assert page(client, keyword).status_code == 200
    act(client, Keyword, "make_private", keyword)
    assert page(client, keyword).status_code == 404


def test_the_page_is_rendered_once_in_ten_minutes(client, robot):
    page(client, robot)
    Match.objects.all().delete()
    assert "2605.90001v1" in page(client, robot).content.decode()


def test_search_engines_are_kept_away_unless_they_are_wanted(client, robot, settings):
    assert page(client, robot)["X-Robots-Tag"] == "noindex"
    assert feed(client, robot)["X-Robots-Tag"] == "noindex"
    assert 'name="robots"' in page(client, robot).content.decode()
    settings.PUBLIC_INDEXED = True
    assert "X-Robots-Tag" not in page(client, robot)
    assert 'name="robots"' not in page(client, robot).content.decode()


def test_the_page_leads_to_its_feeds(client, robot):
    text = page(client, robot).content.decode()
    for kind in ("atom", "rss", "json"):
        assert f'href="{reverse("public-feed", args=[public.slug("robot"), kind])}"' in text
    assert text.count('rel="alternate"') == 3


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_the_feed_has_the_papers_under_guids_of_its_own(client, robot, bob, kind):
    found = feedparser.parse(feed(client, robot, kind).content)
    assert not found.bozo
    assert sorted(entry.link for entry in found.entries) == [
        "https://arxiv.org/abs/2605.90001", "https://arxiv.org/abs/2605.90002",
    ]  # fmt: skip
    assert all(f"public/{public.slug('robot')}/2605.9" in entry.id for entry in found.entries)


def test_json_feed_too(client, robot):
    assert len(feed(client, robot, "json").json()["items"]) == 2


def test_what_has_not_changed_is_not_sent_again(client, robot):
    first = feed(client, robot)
    assert first["Cache-Control"].startswith("public")
    assert feed(client, robot, If_None_Match=first["ETag"]).status_code == 304
    assert client.head(reverse("public-feed", args=[public.slug("robot"), "atom"])).content == b""


def test_a_feed_sets_no_cookie(client, robot):
    assert not feed(client, robot).cookies


def test_a_kind_or_a_name_that_is_none_is_not_there(client, robot):
    assert feed(client, robot, "xml").status_code == 404
    assert client.get("/k/robot/").status_code == 404


def test_rules_that_are_written_alike_have_addresses_of_their_own():
    assert public.slug('ti:"robot arm"') != public.slug("robot AND arm")
    assert public.slug("机器人").strip("-")


def test_a_replacement_is_no_new_paper(client, robot, bob):
    document = Document().add(
        "2605.80001", version=2, title="A Robot Again", abstract="It walks.", announce_type="replace"
    )
    publish(bob, document, "robot")
    cache.clear()
    assert "2605.80001" not in page(client, robot).content.decode()


def test_who_has_paused_it_still_follows_it(client, robot, charlie):
    pause(charlie.subscriptions.get())
    assert page(client, robot).status_code == 200
