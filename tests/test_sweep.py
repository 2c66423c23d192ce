"""worker/sweep.py: what a death left behind is closed, what nobody needs is dropped, the rest stays."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session

from digest.following import follow
from digest.models import (
    Announcement,
    Category,
    Channel,
    Delivery,
    Digest,
    Download,
    Entry,
    Run,
    Sentence,
    Slot,
    Translation,
)
from tests.steps import MODEL, channel, choose, match, publish, translate
from worker.sweep import sweep_rows
from worker.translate import plan_wanted

HOUR = timedelta(hours=1)


@pytest.fixture
def unfinished(announce, document, bob, now) -> Translation:
    follow(bob, "robot")
    announce(document.add(title="A Robot"))
    match()
    plan_wanted(MODEL, now)
    return Translation.objects.get()


def test_the_run_of_a_dead_worker_is_closed(db, now):
    Run.objects.create(verb="fetch", began_at=now - HOUR)
    sweep_rows(now)
    assert Run.objects.values_list("ended_at").get() == (now,)
    assert "stopped or died" in Run.objects.get().error


def test_a_run_that_may_still_be_going_stays_open(db, now):
    Run.objects.create(verb="fetch", began_at=now - timedelta(minutes=5))
    sweep_rows(now)
    assert Run.objects.get().ended_at is None


def test_a_long_download_that_is_alive_stays_open(db, now):
    Download.objects.create(model="big", requested_at=now, lease=uuid4(), leased_until=now + HOUR)
    Run.objects.create(verb="download", subject="big", began_at=now - 3 * HOUR)
    sweep_rows(now)
    assert Run.objects.get().ended_at is None


def test_the_run_of_a_dead_download_is_closed(db, now):
    Download.objects.create(model="big", requested_at=now, lease=uuid4(), leased_until=now - HOUR)
    Run.objects.create(verb="download", subject="big", began_at=now - 3 * HOUR)
    sweep_rows(now)
    assert Run.objects.get().ended_at == now


def test_the_error_of_a_run_that_has_ended_stays(db, now):
    Run.objects.create(verb="fetch", began_at=now - HOUR, ended_at=now - HOUR, error="arXiv was away.")
    sweep_rows(now)
    assert Run.objects.get().error == "arXiv was away."


def test_runs_older_than_a_year_are_dropped(db, now):
    for days in (10, 399, 401):
        then = now - timedelta(days=days)
        Run.objects.create(verb="fetch", subject=str(days), began_at=then, ended_at=then)
    sweep_rows(now)
    assert sorted(Run.objects.values_list("subject", flat=True)) == ["10", "399"]


def test_sessions_that_are_over_are_dropped(db, now):
    Session.objects.create(session_key="old", session_data="", expire_date=now - HOUR)
    Session.objects.create(session_key="new", session_data="", expire_date=now + HOUR)
    sweep_rows(now)
    assert [session.session_key for session in Session.objects.all()] == ["new"]


def test_a_translation_that_nobody_finishes_is_given_up(unfinished, now):
    Translation.objects.update(created_at=now - timedelta(days=3))
    sweep_rows(now)
    assert not Translation.objects.exists()


def test_the_sentences_of_what_was_given_up_stay_in_the_memory(unfinished, now):
    Translation.objects.update(created_at=now - timedelta(days=3))
    before = Sentence.objects.count()
    sweep_rows(now)
    assert Sentence.objects.count() == before > 0


def test_a_translation_that_was_begun_lately_stays(unfinished, now):
    Translation.objects.update(created_at=now - timedelta(days=1))
    sweep_rows(now)
    assert Translation.objects.exists()


def test_what_was_given_up_is_planned_again_while_somebody_waits(unfinished, now):
    choose("fake")
    Translation.objects.update(created_at=now - timedelta(days=3))
    sweep_rows(now)
    translate()
    assert Translation.objects.get().state == "complete"


def test_nothing_of_a_published_digest_is_swept_however_old(document, bob, now):
    publish(bob, document.add(title="A Robot"), "robot")
    sweep_rows(now + timedelta(days=4000))
    assert [m.objects.count() for m in (Digest, Entry, Translation)] == [1, 1, 1]


def test_old_deliveries_and_removed_channels_go(bob, now):
    kept, removed = channel(bob), channel(bob, "chat", "", removed_at=now - timedelta(days=2))
    for days in (0, 401):
        Delivery.objects.create(
            channel=kept, kind="test", day=now.date(), created_at=now - timedelta(days=days)
        )
    sweep_rows(now)
    assert list(Channel.objects.all()) == [kept]
    assert Delivery.objects.count() == 1
    assert removed.pk


def test_a_lease_that_a_dead_worker_has_left_behind_is_ended(announce, document, now):
    """Its row may be done by somebody else meanwhile, so that nobody ever claims it again."""
    announce(document.add())
    dead, alive = now - HOUR, now + timedelta(seconds=20)
    Announcement.objects.update(lease=uuid4(), leased_until=dead)
    Category.objects.update(lease=uuid4(), leased_until=alive)
    sweep_rows(now)
    assert Announcement.objects.get().lease is None
    assert Category.objects.get().lease is not None


def test_a_turn_that_a_dead_worker_has_left_behind_is_ended(db, now):
    Slot.objects.create(name="arxiv", next_at=now, holder=uuid4(), held_until=now - HOUR)
    Slot.objects.create(name="pages", next_at=now, holder=uuid4(), held_until=now + HOUR)
    sweep_rows(now)
    assert Slot.objects.filter(holder=None).values_list("name").get() == ("arxiv",)
