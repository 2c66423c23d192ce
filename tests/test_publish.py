"""worker/publish.py: a digest is published once, when it is ready; what is late is added."""

from datetime import date, timedelta

import pytest

from digest.arxiv_days import feeds_turn
from digest.following import follow, pause
from digest.models import Category, Digest, Entry, Run, Subscription, Translation, User
from tests.documents import Document
from tests.steps import choose, match, translate, walk
from worker.publish import publish_due

MONDAY, TUESDAY, WEDNESDAY = date(2026, 5, 11), date(2026, 5, 12), date(2026, 5, 13)
DEADLINE = timedelta(hours=6)


def entries(digest: Digest) -> list[tuple[str, str]]:
    """Label of the section and arXiv id of every paper, as they stand in the digest."""
    rows = digest.entries.select_related("section", "paper").order_by("section__order", "order")
    return [(entry.section.label, entry.paper.arxiv_id) for entry in rows]


def papers(digest: Digest) -> list[str]:
    return [arxiv_id for _, arxiv_id in entries(digest)]


@pytest.fixture
def reader(bob) -> User:
    """Bob, who follows `robot`."""
    follow(bob, "robot")
    return bob


@pytest.fixture
def robots(announce, document, reader):
    """Two papers about robots are announced and matched."""
    announce(document.add("2605.90001", title="A Robot").add("2605.90002", title="Two Robots"))
    match()


def published(user: User, day: date = TUESDAY) -> Digest:
    return user.digests.get(day=day)


# --- when -------------------------------------------------------------------------------------


def test_a_digest_is_published_when_all_is_in(robots, reader, now):
    assert publish_due(now) == 1
    assert papers(published(reader)) == ["2605.90001", "2605.90002"]


def test_where_nothing_was_announced_nothing_is_published(reader, announce, document, now):
    announce(document)
    match()
    assert publish_due(now + 2 * DEADLINE) == 0


def test_a_digest_waits_for_a_category_that_is_not_in(robots, now):
    Category.objects.create(code="cs.AI", followed=True, next_fetch_at=now)
    assert publish_due(now) == 0


def test_a_digest_waits_for_a_category_that_is_not_whole(robots, reader, announce, now):
    announce(Document("cs.AI").add().add(announce_type="retracted"))
    match()
    assert publish_due(now) == 0


def test_at_the_deadline_a_digest_is_published_without_the_category_that_is_missing(robots, reader, now):
    Category.objects.create(code="cs.AI", followed=True, next_fetch_at=now)
    assert publish_due(now + DEADLINE) == 1
    assert papers(published(reader)) == ["2605.90001", "2605.90002"]


def test_a_category_that_is_never_asked_for_is_not_waited_for(robots, now):
    Category.objects.create(code="cs.AI", followed=True, next_fetch_at=None)
    assert publish_due(now) == 1


def test_a_category_that_is_not_followed_is_not_waited_for(robots, now):
    Category.objects.create(code="cs.AI", followed=False, next_fetch_at=now)
    assert publish_due(now) == 1


def test_a_digest_waits_until_its_papers_are_matched(announce, document, reader, now):
    announce(document.add(title="A Robot"))
    assert publish_due(now + 2 * DEADLINE) == 0


def test_a_digest_waits_until_a_new_keyword_is_applied(robots, reader, now):
    follow(reader, "diffusion policy")
    assert publish_due(now + 2 * DEADLINE) == 0


def test_a_new_keyword_of_another_reader_is_not_waited_for(robots, charlie, now):
    follow(charlie, "diffusion policy")
    assert publish_due(now) == 1


def test_a_digest_waits_for_its_translations(robots, now):
    choose("fake")
    assert publish_due(now) == 0
    translate()
    assert publish_due(now) == 1


def test_at_the_deadline_a_digest_is_published_untranslated(robots, now):
    choose("fake")
    assert publish_due(now + DEADLINE) == 1


def test_a_translation_that_failed_is_not_waited_for(robots, now):
    choose("fake")
    translate()
    Translation.objects.update(state="failed")
    assert publish_due(now) == 1


def test_without_a_model_no_translation_is_waited_for(robots, now):
    choose("")
    assert publish_due(now) == 1


def test_a_digest_waits_for_its_readers_hour(robots, reader, now):
    User.objects.update(time_zone="Asia/Shanghai", delivery_hour=18)  # 10:00 UTC
    at_ten = now.replace(hour=10)
    assert publish_due(at_ten - timedelta(seconds=1)) == 0
    assert publish_due(at_ten) == 1


def test_the_reason_stands_in_the_run(robots, now):
    publish_due(now)
    run = Run.objects.get(verb="publish")
    assert run.subject == "bob 2026-05-12"
    assert run.counts == {"papers": 2, "new": True, "reason": "all is in"}


# --- for whom ---------------------------------------------------------------------------------


def test_who_follows_nothing_gets_no_digest(robots, charlie, now):
    publish_due(now)
    assert not charlie.digests.exists()


def test_who_has_paused_everything_gets_no_digest(robots, now):
    Subscription.objects.update(paused=True)
    assert publish_due(now) == 0


def test_who_is_gone_gets_no_digest(robots, now):
    User.objects.update(is_active=False)
    assert publish_due(now) == 0


def test_every_reader_gets_their_own(robots, alice, reader, announce, now):
    announce(Document("cs.RO").add("2605.90003", title="Diffusion Policy"))
    follow(alice, "diffusion policy")
    match()
    publish_due(now)
    assert papers(published(alice)) == ["2605.90003"]
    assert papers(published(reader)) == ["2605.90001", "2605.90002"]


def test_a_new_reader_begins_with_the_newest_day(announce, reader, now):
    announce(Document(day=MONDAY).add("2605.90001", title="A Robot"))
    announce(Document(day=TUESDAY).add("2605.90002", title="A Robot"))
    match()
    publish_due(now)
    assert [digest.day for digest in reader.digests.all()] == [TUESDAY]


def test_a_day_that_was_missed_is_caught_up_on(announce, reader, now):
    announce(Document(day=MONDAY).add("2605.90001", title="A Robot"))
    match()
    publish_due(now - timedelta(days=1))
    announce(Document(day=TUESDAY).add("2605.90002", title="A Robot"))
    announce(Document(day=WEDNESDAY).add("2605.90003", title="A Robot"))
    match()
    publish_due(now + timedelta(days=1))
    assert [digest.day for digest in reader.digests.all()] == [WEDNESDAY, TUESDAY, MONDAY]


# --- once -------------------------------------------------------------------------------------


def test_a_digest_is_published_once_however_often_it_is_asked_for(robots, reader, now):
    publish_due(now)
    before = published(reader)
    assert [publish_due(now + timedelta(minutes=n)) for n in range(1, 4)] == [0, 0, 0]
    after = published(reader)
    assert (after.changed_at, after.entries.count()) == (before.changed_at, 2)
    assert Run.objects.filter(verb="publish").count() == 1


def test_a_digest_that_brought_nothing_is_published_once_too(announce, document, reader, now):
    announce(document.add(title="A Title"))
    match()
    assert [publish_due(now), publish_due(now)] == [1, 0]
    assert papers(published(reader)) == []


def test_a_digest_of_no_papers_has_its_sections(announce, document, reader, now):
    announce(document.add(title="A Title"))
    match()
    publish_due(now)
    assert [s.label for s in published(reader).sections.all()] == ["robot"]


# --- what -------------------------------------------------------------------------------------


def test_replacements_are_left_out(announce, document, reader, now):
    announce(
        document.add("2605.90001", title="A Robot")
        .add("2605.90002", title="A Robot", announce_type="cross")
        .add("2605.90003", title="A Robot", announce_type="replace")
        .add("2605.90004", title="A Robot", announce_type="replace-cross")
    )
    walk()
    assert papers(published(reader)) == ["2605.90001", "2605.90002"]


def test_a_paper_of_two_categories_comes_once_with_the_strongest_type(announce, reader):
    announce(Document("cs.AI").add("2605.90001", title="A Robot", announce_type="cross"))
    announce(Document("cs.LG").add("2605.90001", title="A Robot", announce_type="new"))
    walk()
    assert published(reader).entries.get().announce_type == "new"


def test_a_paper_of_an_earlier_day_is_not_repeated(announce, reader, now):
    announce(Document(day=MONDAY).add("2605.90001", title="A Robot"))
    walk(now - timedelta(days=1))
    announce(
        Document("cs.AI", day=TUESDAY)
        .add("2605.90001", title="A Robot", announce_type="cross")
        .add("2605.90002", title="A Robot")
    )
    announce(Document(day=TUESDAY).add("2605.90003", title="A Robot"))
    walk(now)
    assert papers(published(reader, TUESDAY)) == ["2605.90002", "2605.90003"]


def test_a_paper_of_a_category_that_nobody_follows_any_more_is_left_out(robots, announce, reader, now):
    announce(Document("cs.AI").add("2605.90009", title="A Robot"))
    match()
    Category.objects.filter(code="cs.AI").update(followed=False, next_fetch_at=None)
    publish_due(now)
    assert papers(published(reader)) == ["2605.90001", "2605.90002"]


def test_a_paper_that_another_readers_keyword_brings_is_left_out(robots, reader, charlie, announce, now):
    follow(charlie, "diffusion policy")
    announce(Document("cs.AI").add("2605.90009", title="Diffusion Policy"))
    match()
    publish_due(now)
    assert papers(published(reader)) == ["2605.90001", "2605.90002"]


def test_a_paper_stands_under_the_first_of_the_keywords_that_brought_it(announce, document, bob):
    follow(bob, "graph")
    follow(bob, "diffusion")
    follow(bob, "robot")
    announce(document.add("2605.90001", title="A Robot by Diffusion").add("2605.90002", title="A Robot"))
    walk()
    assert entries(published(bob)) == [("diffusion", "2605.90001"), ("robot", "2605.90002")]


def test_sections_stand_in_the_readers_order(announce, document, bob):
    for keyword in ("robot", "diffusion", "graph"):
        follow(bob, keyword)
    Subscription.objects.filter(label="graph").update(order=0)
    Subscription.objects.filter(label="robot").update(order=9)
    announce(document.add(title="A Title"))
    walk()
    assert [s.label for s in published(bob).sections.all()] == ["graph", "diffusion", "robot"]


def test_papers_stand_in_the_order_in_which_arxiv_announced_them(announce, document, reader):
    for arxiv_id in ("2605.90003", "2605.90001", "2605.90002"):
        document.add(arxiv_id, title="Robot")
    announce(document)
    walk()
    assert papers(published(reader)) == ["2605.90003", "2605.90001", "2605.90002"]


def test_a_paused_keyword_has_no_section(robots, reader, now):
    pause(follow(reader, "diffusion policy"))
    publish_due(now)
    assert [s.label for s in published(reader).sections.all()] == ["robot"]


# --- late -------------------------------------------------------------------------------------


def test_late_papers_are_added(robots, reader, announce, now):
    publish_due(now)
    announce(Document("cs.AI").add("2605.90003", title="A Robot"))
    match()
    assert publish_due(now + timedelta(hours=1)) == 1
    assert papers(published(reader)) == ["2605.90001", "2605.90002", "2605.90003"]


def test_a_late_paper_moves_the_date_of_change_and_not_the_date_of_publication(robots, reader, announce, now):
    publish_due(now)
    announce(Document("cs.AI").add("2605.90003", title="A Robot"))
    match()
    publish_due(now + timedelta(hours=1))
    digest = published(reader)
    assert (digest.published_at, digest.changed_at) == (now, now + timedelta(hours=1))


def test_a_late_paper_leaves_the_others_as_they_were(robots, reader, announce, now):
    publish_due(now)
    before = list(Entry.objects.order_by("pk").values())
    announce(Document("cs.AI").add("2605.90003", title="A Robot"))
    match()
    publish_due(now + timedelta(hours=1))
    assert list(Entry.objects.order_by("pk").values())[:2] == before


def test_a_new_keyword_adds_its_papers_to_the_newest_digest(announce, document, reader, now):
    announce(document.add("2605.90001", title="A Robot").add("2605.90002", title="Diffusion Policy"))
    walk(now)
    follow(reader, "diffusion policy")
    walk(now + timedelta(hours=1))
    assert entries(published(reader)) == [("robot", "2605.90001"), ("diffusion policy", "2605.90002")]


def test_a_paper_that_a_later_day_has_already_is_not_added_to_an_earlier_one(announce, reader, now):
    """Its category was not followed on the day on which it was new there."""
    announce(Document("cs.RO", day=MONDAY).add("2605.90009", title="A Title"))
    announce(Document("cs.AI", day=MONDAY).add("2605.90001", title="A Robot"))
    Category.objects.filter(code="cs.AI").update(followed=False)
    walk(now - timedelta(days=1))
    announce(Document("cs.RO", day=TUESDAY).add("2605.90001", title="A Robot", announce_type="cross"))
    walk(now)
    Category.objects.filter(code="cs.AI").update(followed=True, next_fetch_at=None)
    assert publish_due(now + timedelta(hours=1)) == 0
    assert papers(published(reader, TUESDAY)) == ["2605.90001"]


# --- proof ------------------------------------------------------------------------------------


def test_the_proof_says_of_every_followed_category_what_is_here(robots, reader, announce, now):
    announce(Document("cs.AI").add().add(announce_type="retracted"))
    announce(Document("cs.CL"))
    Category.objects.create(code="cs.CV", followed=True, next_fetch_at=now)
    Category.objects.create(code="cs.DB", followed=False)
    match()
    publish_due(now + DEADLINE)
    assert published(reader).proof == [
        {"category": "cs.AI", "state": "partial", "declared": 2, "stored": 1},
        {"category": "cs.CL", "state": "empty", "declared": 0, "stored": 0},
        {"category": "cs.CV", "state": "missing", "declared": None, "stored": 0},
        {"category": "cs.LG", "state": "complete", "declared": 2, "stored": 2},
    ]


def test_a_weekend_has_no_digest(announce, reader):
    saturday = date(2026, 5, 16)
    announce(Document(day=saturday), feeds_turn(saturday))
    walk(feeds_turn(saturday) + 2 * DEADLINE)
    assert not reader.digests.exists()


def test_every_guid_is_its_own(robots, reader, alice, now):
    follow(alice, "robot")
    match()
    publish_due(now)
    assert Entry.objects.values("guid").distinct().count() == Entry.objects.count() == 4
