"""digest/again.py: a step's rows go back to where the step takes them up, and no others do."""

import re
from datetime import date, timedelta
from unittest.mock import Mock

import pytest
from django.urls import reverse

from digest import again
from digest.following import pause
from digest.models import (
    Announcement,
    Category,
    Digest,
    FeedToken,
    Installation,
    PaperVersion,
    Sentence,
    Translation,
)
from tests.steps import match
from worker.publish import publish_due

DAY = date(2026, 5, 12)


def test_a_feed_is_asked_for_whole(bobs_digest, now):
    Category.objects.update(etag='"x"', next_fetch_at=now + timedelta(hours=5))
    assert again.fetch(Category.objects.all(), now) == 1
    assert Category.objects.values_list("next_fetch_at", "etag").get() == (now, "")


def test_what_nobody_follows_is_not_asked_for(bobs_digest, now):
    Category.objects.update(followed=False, next_fetch_at=None)
    assert again.fetch(Category.objects.all(), now) == 0
    assert Category.objects.get().next_fetch_at is None


def test_a_day_is_due_at_another_source_and_keeps_what_it_has(bobs_digest, now):
    Announcement.objects.update(tries=7)
    assert again.catch_up_day(Category.objects.get(), DAY, now) == 1
    row = Announcement.objects.get()
    assert (row.state, row.stored, row.next_try_at, row.tries) == ("complete", 2, now, 0)
    assert list(Announcement.objects.due(now)) == [row]


def test_a_day_without_a_row_is_expected_and_due(bobs_digest, now):
    assert again.catch_up_day(Category.objects.get(), DAY - timedelta(days=5), now) == 1
    row = Announcement.objects.get(day=DAY - timedelta(days=5))
    assert (row.state, row.next_try_at, row.tries) == ("expected", now, 0)


def test_a_day_that_nobody_follows_is_not_asked_for(bobs_digest, now):
    Category.objects.update(followed=False)
    assert again.catch_up(Announcement.objects.all(), now) == 0
    assert again.catch_up_day(Category.objects.get(), DAY - timedelta(days=5), now) == 0
    assert Announcement.objects.get().next_try_at is None


def test_versions_are_held_against_the_keywords(bobs_digest):
    one = PaperVersion.objects.order_by("pk")[:1]
    assert again.match(PaperVersion.objects.filter(pk__in=one.values("pk"))) == 1
    assert list(PaperVersion.objects.unmatched()) == list(one)


def test_translations_wait_and_stand(bobs_digest, now):
    assert again.translate(Translation.objects.all(), now) == 2
    assert Sentence.objects.pending().count() == Sentence.objects.count()
    assert not Translation.objects.unfinished().exists()


def test_what_another_model_translated_stays(bobs_digest, now):
    Installation.objects.update(model="better")
    assert again.translate(Translation.objects.all(), now) == 0
    assert not Sentence.objects.pending().exists()


# --- digests ----------------------------------------------------------------------------------


def state(digest: Digest) -> list[tuple[object, ...]]:
    """What readers and their feed readers know of its papers."""
    return list(digest.entries.order_by("pk").values_list("pk", "guid", "added_at", "section__label"))


def feed(client, user) -> list[str]:
    """The guids in a feed of the reader's."""
    _row, secret = FeedToken.make(user)
    text = client.get(reverse("feed", args=[secret, "all", "rss"])).content.decode()
    return re.findall(r"<guid[^>]*>([^<]+)</guid>", text)


def test_a_digest_stands_until_it_is_made_again(bobs_digest, now):
    before = state(bobs_digest)
    assert again.publish(Digest.objects.filter(day=DAY), now) == 1
    assert state(bobs_digest) == before


def test_what_a_reader_marked_is_kept_and_nothing_comes_twice(bobs_digest, bob, client, now):
    before, guids = state(bobs_digest), feed(client, bob)
    again.publish(Digest.objects.filter(day=DAY), now)
    later = now + timedelta(minutes=1)
    assert [publish_due(later), publish_due(later)] == [1, 0]
    assert state(bobs_digest) == before
    assert feed(client, bob) == guids
    assert len(set(guids)) == len(guids) == 2
    bobs_digest.refresh_from_db()
    assert (bobs_digest.again_at, bobs_digest.published_at, bobs_digest.changed_at) == (None, now, later)


def test_a_digest_is_made_again_by_what_its_reader_follows_now(bobs_digest, bob, now):
    robot = bob.subscriptions.get(label="Robot")
    bob.subscriptions.filter(pk=robot.pk).update(label="My robots", order=9)
    bob.subscriptions.get(label="graph neural network").delete()
    again.publish(Digest.objects.filter(day=DAY), now)
    publish_due(now)
    found = bobs_digest.entries.values_list("paper__arxiv_id", "section__label")
    assert dict(found) == {"2605.90001": "My robots", "2605.90002": "diffusion policy"}
    assert [section.label for section in bobs_digest.sections.all()] == ["diffusion policy", "My robots"]


def test_a_paper_that_no_keyword_brings_any_more_goes(bobs_digest, bob, now):
    pause(bob.subscriptions.get(label="Robot"))
    again.publish(Digest.objects.filter(day=DAY), now)
    publish_due(now)
    assert [entry.paper.arxiv_id for entry in bobs_digest.entries.all()] == ["2605.90002"]


def test_a_paper_that_has_gone_comes_back_under_the_same_guid(bobs_digest, now):
    guids = {guid for _pk, guid, *_ in state(bobs_digest)}
    bobs_digest.entries.all()[0].delete()
    again.publish(Digest.objects.filter(day=DAY), now)
    publish_due(now)
    assert {guid for _pk, guid, *_ in state(bobs_digest)} == guids


def test_while_its_papers_are_matched_again_a_digest_stands(bobs_digest, now):
    before = state(bobs_digest)
    again.match(PaperVersion.objects.all())
    again.publish(Digest.objects.filter(day=DAY), now)
    assert publish_due(now) == 0
    assert state(bobs_digest) == before
    match()
    assert publish_due(now) == 1


def test_a_worker_that_is_killed_in_between_loses_nothing(bobs_digest, now, monkeypatch):
    before = state(bobs_digest)
    again.publish(Digest.objects.filter(day=DAY), now)
    with monkeypatch.context() as patched:
        patched.setattr("worker.publish._add", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish_due(now)
    assert state(bobs_digest) == before
    assert publish_due(now) == 1


def test_a_digest_of_another_day_is_left(bobs_digest, now):
    assert again.publish(Digest.objects.filter(day=DAY - timedelta(days=1)), now) == 0
    assert not Digest.objects.exclude(again_at=None).exists()
