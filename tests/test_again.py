"""digest/again.py: a step's rows go back to where the step takes them up, and no others do."""

from datetime import date, timedelta

from digest import again
from digest.models import (
    Announcement,
    Category,
    Digest,
    Entry,
    Installation,
    PaperVersion,
    Sentence,
    Translation,
)

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


def test_a_digest_is_emptied_and_keeps_its_date(bobs_digest):
    assert again.publish(Digest.objects.filter(day=DAY)) == 1
    assert not Entry.objects.exists()
    assert Digest.objects.get().published_at == bobs_digest.published_at


def test_a_digest_of_another_day_is_left(bobs_digest):
    assert again.publish(Digest.objects.filter(day=DAY - timedelta(days=1))) == 0
    assert Entry.objects.count() == 2
