"""digest/following.py: subscriptions begin, pause and end in one place."""

import pytest

from digest.following import edit, follow, pause, resume, suggested
from digest.keywords import LONGEST, KeywordError
from digest.models import FeedToken, Keyword, Subscription


def labels(user) -> list[str]:
    return [subscription.label for subscription in user.subscriptions.all()]


def test_a_keyword_keeps_the_label_that_its_reader_gave_it(bob):
    assert follow(bob, "  Vision-Language \n Model ").label == "Vision-Language Model"


def test_a_keyword_is_stored_in_its_canonical_form(bob):
    assert follow(bob, "Vision-Language Model").keyword.canonical == "vision language model"


def test_new_keywords_go_to_the_end(bob):
    for phrase in ("robot", "graph", "diffusion"):
        follow(bob, phrase)
    assert labels(bob) == ["robot", "graph", "diffusion"]


def test_a_keyword_after_one_was_removed_still_goes_to_the_end(bob):
    for phrase in ("robot", "graph", "diffusion"):
        follow(bob, phrase)
    bob.subscriptions.get(label="graph").delete()
    follow(bob, "algebra")
    assert labels(bob) == ["robot", "diffusion", "algebra"]


def test_following_twice_is_following_once(bob):
    assert follow(bob, "robot") == follow(bob, "Robot")
    assert labels(bob) == ["robot"]


def test_two_readers_share_a_keyword_and_not_its_label(alice, bob):
    follow(alice, "Robot")
    follow(bob, "ROBOT")
    assert Keyword.objects.count() == 1
    assert (labels(alice), labels(bob)) == (["Robot"], ["ROBOT"])


def test_a_new_subscription_applies_the_keyword_anew(alice, bob, now):
    follow(alice, "robot")
    Keyword.objects.update(applied_at=now)
    follow(bob, "robot")
    assert Keyword.objects.get().applied_at is None


def test_following_what_one_follows_already_applies_nothing_anew(bob, now):
    follow(bob, "robot")
    Keyword.objects.update(applied_at=now)
    follow(bob, "robot")
    assert Keyword.objects.get().applied_at == now


def test_a_paused_keyword_is_paused(bob):
    pause(follow(bob, "robot"))
    assert Subscription.objects.get().paused


def test_a_resumed_keyword_is_applied_anew(bob, now):
    subscription = follow(bob, "robot")
    Keyword.objects.update(applied_at=now)
    pause(subscription)
    resume(subscription)
    assert not Subscription.objects.get().paused
    assert Keyword.objects.get().applied_at is None


def test_following_a_paused_keyword_takes_it_up_again(bob):
    pause(follow(bob, "robot"))
    follow(bob, "robot")
    assert not Subscription.objects.get().paused


@pytest.mark.parametrize("phrase", ["", "  ", "?!", "x" * 10_000])
def test_a_phrase_that_is_no_keyword_leaves_nothing_behind(bob, phrase):
    with pytest.raises(KeywordError):
        follow(bob, phrase)
    assert Keyword.objects.count() == Subscription.objects.count() == 0


@pytest.mark.parametrize(
    "phrase", ["e\u0301" * 150, "\ufdfa" * 150, "e" * LONGEST], ids=["accents", "ligatures", "long"]
)
def test_what_is_stored_of_a_keyword_fits_its_columns(bob, phrase):
    try:
        follow(bob, phrase)
    except KeywordError:
        return
    for row in (Keyword.objects.get(), Subscription.objects.get()):
        row.clean_fields()


def test_a_feed_of_a_keyword_goes_on_when_its_rule_is_changed(bob):
    subscription = follow(bob, "robot")
    others, _secret = FeedToken.make(bob, "keyword", follow(bob, "graph").keyword)
    feed, _secret = FeedToken.make(bob, "keyword", subscription.keyword)
    edit(subscription, "robot -survey")
    feed.refresh_from_db()
    assert feed.keyword == subscription.keyword
    others.refresh_from_db()
    assert others.keyword.canonical == "graph"


def test_a_lab_is_nobody_whose_keywords_are_suggested(alice, bob, charlie):
    from digest import labs

    follow(alice, "stealthy robots")
    follow(labs.found(alice, "Secret").reader, "stealthy robots")
    assert suggested(bob, "stealthy") == []
    follow(charlie, "stealthy robots")
    assert [count for _rule, count in suggested(bob, "stealthy")] == [2]


def test_control_characters_suggest_nothing_and_are_in_no_label(bob):
    assert suggested(bob, "ro\x00bot") == []
    assert follow(bob, "robot", label="Ro\x00bots").label == "Robots"
