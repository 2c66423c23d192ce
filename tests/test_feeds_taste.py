"""digest/feeds/taste.py: languages and formulas of a feed as its reader has chosen them in the profile."""

import html
import re

import pytest
from django.urls import reverse

from digest.models import FeedToken, User
from digest.templatetags.feeds import formulas_as


@pytest.fixture
def feed(client, bob, bobs_digest):
    _token, secret = FeedToken.make(bob)

    def read(**taste: str) -> str:
        User.objects.filter(pk=bob.pk).update(**taste)
        return client.get(reverse("feed", args=[secret, "all", "atom"])).content.decode()

    return read


def body(text: str) -> str:
    """The first item's."""
    return html.unescape(re.search(r"<content[^>]*>(.*?)</content>", text, re.DOTALL)[1])


def languages(text: str) -> list[str]:
    return re.findall(r'<div lang="([^"]+)"', body(text))


@pytest.mark.parametrize(
    ("display", "order"),
    [
        ("both", ["en", "zh-Hans", "zh-Hans", "en"]),
        ("translation-first", ["zh-Hans", "en", "zh-Hans", "en"]),
        ("original", ["en", "en"]),
        ("translation", ["zh-Hans", "zh-Hans"]),
    ],
)
def test_languages_stand_as_they_were_chosen(feed, display, order):
    assert languages(feed(display=display)) == order


def test_what_is_not_translated_stands_in_english_whatever_was_chosen(feed, bob):
    assert languages(feed(display="translation", content_language="ja")) == ["en", "en"]


def test_the_title_of_an_item_is_in_the_language_that_is_read(feed):
    assert "<title>A Robot of Order O(n^2)</title>" in feed(display="original")
    assert "<title>A Robot of Order" not in feed(display="translation")


def test_formulas_are_unicode_by_default(feed):
    assert "n<4" in html.unescape(body(feed(display="original")))
    assert "<math" not in body(feed(display="original"))


def test_formulas_can_be_mathml(feed):
    text = body(feed(display="original", formulas="mathml"))
    assert text.count("<math") == 2  # one in the title, one in the abstract
    assert "&lt;" in text or "&#x3C;" in text or "&#x0003C;" in text


def test_formulas_can_be_tex(feed):
    text = feed(display="original", formulas="tex")
    assert "$O(n^2)$" in body(text)
    assert "<title>A Robot of Order $O(n^2)$</title>" in text


def test_a_change_of_taste_reaches_a_reader_that_asks_by_etag(feed, client, bob):
    _token, secret = FeedToken.make(bob)
    where = reverse("feed", args=[secret, "all", "atom"])
    etag = client.get(where)["ETag"]
    assert client.get(where, headers={"If-None-Match": etag}).status_code == 304
    User.objects.filter(pk=bob.pk).update(formulas="tex")
    assert client.get(where, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("formulas", ["unicode", "mathml", "tex"])
@pytest.mark.parametrize(
    "hostile", ["<script>x</script>", r"$\href{javascript:x}{y}$<b>", "$<script>x</script>$"]
)
def test_hostile_text_is_text(formulas, hostile):
    shown = formulas_as(hostile, formulas, True)
    assert "<script" not in shown
    assert "<b>" not in shown
    assert "href=" not in shown


def test_paragraphs_stay():
    assert formulas_as("one\n\ntwo", "unicode", True).count("<p>") == 2
