"""digest/views/keywords.py: a reader's own keywords."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from digest.following import follow
from digest.models import Keyword, Subscription
from tests.steps import queries


def add(client, phrase: str) -> str:
    answer = client.post(reverse("keywords"), {"phrase": phrase}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def change(client, subscription: Subscription, what: str) -> int:
    return client.post(reverse("keyword-change", args=[subscription.pk, what])).status_code


def labels(user) -> list[str]:
    return [subscription.label for subscription in user.subscriptions.all()]


# --- add --------------------------------------------------------------------------------------


def test_a_keyword_is_added_and_said(as_bob, bob):
    assert "You follow “Diffusion Policy”." in add(as_bob, "  Diffusion  Policy ")
    assert labels(bob) == ["Diffusion Policy"]


def test_a_keyword_of_10_000_characters_gets_a_clear_message(as_bob, bob):
    assert "at most 200 characters; this one has 10,000" in add(as_bob, "robot " + "x" * 9994)
    assert labels(bob) == []


@pytest.mark.parametrize("phrase", ["?!", "--", "…"])
def test_a_keyword_without_a_letter_gets_a_clear_message(as_bob, bob, phrase):
    assert "at least one letter or digit" in add(as_bob, phrase)
    assert labels(bob) == []


@pytest.mark.parametrize("phrase", ["", "   "])
def test_no_keyword_gets_a_clear_message(as_bob, bob, phrase):
    assert "This field is required." in add(as_bob, phrase)


@pytest.mark.parametrize("phrase", ["ro\x00bot", "ro\x07bot"])
def test_a_control_character_gets_a_clear_message(as_bob, bob, phrase):
    assert "characters" in add(as_bob, phrase)
    assert labels(bob) == []


def test_a_message_shows_what_was_typed_and_does_not_do_it(as_bob):
    text = add(as_bob, "<script>alert(1)</script>" + "x" * 300)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_a_keyword_with_markup_is_shown_and_does_nothing(as_bob):
    text = add(as_bob, "<b>robot</b>")
    assert "<b>robot" not in text
    assert "&lt;b&gt;robot&lt;/b&gt;" in text


def test_a_duplicate_is_followed_once_under_its_first_label(as_bob, bob):
    add(as_bob, "Vision-Language Model")
    assert "You follow “Vision-Language Model”." in add(as_bob, "vision language  MODEL")
    assert labels(bob) == ["Vision-Language Model"]


def test_a_message_is_said_once(as_bob):
    add(as_bob, "robot")
    assert "You follow" not in as_bob.get(reverse("keywords")).content.decode().replace("You follow none", "")


# --- change -----------------------------------------------------------------------------------


@pytest.fixture
def three(bob) -> list[Subscription]:
    return [follow(bob, phrase) for phrase in ("one", "two", "three")]


def test_a_keyword_is_paused_and_taken_up_again(as_bob, three, now):
    Keyword.objects.update(applied_at=now)
    assert change(as_bob, three[0], "pause") == 302
    assert Subscription.objects.get(label="one").paused
    assert change(as_bob, three[0], "resume") == 302
    assert not Subscription.objects.get(label="one").paused
    assert Keyword.objects.get(canonical="one").applied_at is None


def test_a_paused_keyword_is_marked(as_bob, three):
    change(as_bob, three[0], "pause")
    assert as_bob.get(reverse("keywords")).content.decode().count('class="paused"') == 1


def test_a_keyword_brings_new_versions_or_does_not(as_bob, three):
    assert change(as_bob, three[0], "replacements") == 302
    assert list(Subscription.objects.filter(replacements=True)) == [three[0]]
    text = as_bob.get(reverse("keywords")).content.decode()
    assert text.count('<span class="badge">with new versions</span>') == 1
    assert (text.count("Without new versions"), text.count("With new versions")) == (1, 2)
    change(as_bob, three[0], "no-replacements")
    assert not Subscription.objects.filter(replacements=True).exists()


def test_a_keyword_is_removed(as_bob, bob, three):
    change(as_bob, three[1], "remove")
    assert labels(bob) == ["one", "three"]
    assert "You no longer follow “two”." in as_bob.get(reverse("keywords")).content.decode()


def test_what_a_removed_keyword_has_brought_stays(as_bob, bobs_digest):
    change(as_bob, Subscription.objects.get(label="Robot"), "remove")
    assert bobs_digest.entries.count() == 2
    assert "2605.90001v1" in as_bob.get("/").content.decode()


@pytest.mark.parametrize(
    ("which", "where", "after"),
    [
        (0, "down", ["two", "one", "three"]),
        (2, "up", ["one", "three", "two"]),
        (0, "up", ["one", "two", "three"]),
        (2, "down", ["one", "two", "three"]),
    ],
)
def test_a_keyword_moves_by_one_place(as_bob, bob, three, which, where, after):
    change(as_bob, three[which], where)
    assert labels(bob) == after


def test_keywords_move_where_their_order_has_gaps_and_ties(as_bob, bob, three):
    Subscription.objects.update(order=7)
    change(as_bob, three[2], "up")
    assert labels(bob) == ["one", "three", "two"]


def test_an_unknown_change_changes_nothing(as_bob, bob, three):
    assert change(as_bob, three[0], "explode") == 404
    assert labels(bob) == ["one", "two", "three"]


@pytest.mark.parametrize("what", ["pause", "resume", "replacements", "remove", "up", "down"])
def test_a_change_needs_a_post(as_bob, three, what):
    assert as_bob.get(reverse("keyword-change", args=[three[0].pk, what])).status_code == 405
    assert Subscription.objects.filter(paused=False).count() == 3


@pytest.mark.parametrize("what", ["pause", "resume", "replacements", "remove", "up", "down"])
def test_a_keyword_of_another_reader_is_not_there(client, charlie, bob, three, what):
    client.force_login(charlie)
    assert change(client, three[0], what) == 404
    assert labels(bob) == ["one", "two", "three"]
    assert not Subscription.objects.filter(paused=True).exists()
    assert not Subscription.objects.filter(replacements=True).exists()


def test_a_form_from_another_site_is_refused(bob, three):
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob)
    assert change(client, three[0], "remove") == 403
    assert labels(bob) == ["one", "two", "three"]


# --- charts -----------------------------------------------------------------------------------


def test_a_keyword_has_a_chart_of_what_it_brought(as_bob, bobs_digest, time_machine, now):
    time_machine.move_to(now)
    as_bob.force_login(bobs_digest.user)
    text = as_bob.get(reverse("keywords")).content.decode()
    assert text.count("<svg") == 3
    assert "2 papers in sixty days" in text
    assert "<title>2026-05-12: 2</title>" in text
    assert "style=" not in text


def test_many_keywords_take_as_many_queries_as_one(as_bob, bob):
    follow(bob, "robot")
    few = queries(lambda: as_bob.get(reverse("keywords")))
    for number in range(20):
        follow(bob, f"keyword {number}")
    assert queries(lambda: as_bob.get(reverse("keywords"))) == few


def test_of_two_tabs_that_change_one_rule_the_later_is_told_and_has_to_insist(as_bob, bob):
    row = follow(bob, "ti:linen", label="Linen")
    address = reverse("keyword-edit", args=[row.pk])
    (before,) = re.findall(r'name="before" value="([^"]+)"', as_bob.get(address).content.decode())
    typed = {"phrase": "ti:towel", "label": "Linen", "kind": "follow", "before": html.unescape(before)}
    as_bob.post(address, {**typed, "phrase": "ti:cloth"})
    answer = as_bob.post(address, typed)
    row.refresh_from_db()
    assert (answer.status_code, row.typed) == (200, "ti:cloth")
    assert "ti:cloth" in answer.context["form"].non_field_errors()[0]
    as_bob.post(address, {**typed, "before": answer.context["before"]})
    row.refresh_from_db()
    assert row.typed == "ti:towel"
