"""Days that were missed, in one digest: for readers who chose so, the newest day's digest makes up for them."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from digest import again
from digest.following import follow
from digest.models import Announcement, Category, CaughtUp, Digest, Entry, Run, User
from digest.proof import line
from tests.conftest import NOW
from tests.documents import Document
from tests.steps import choose, match, translate, walk
from worker import ledger, publish
from worker.ledger import expect
from worker.publish import publish_due

FRIDAY, MONDAY, TUESDAY, WEDNESDAY = (date(2026, 5, day) for day in (8, 11, 12, 13))
BACK = NOW + timedelta(days=1)
"""Wednesday, two hours after the feeds turned: the machine is on again."""
DEADLINE = timedelta(hours=6)


@pytest.fixture
def reader(bob, announce) -> User:
    """Bob, who follows `robot`, wants one digest, and had Friday's before the machine was off."""
    follow(bob, "robot")
    bob.catch_up = User.CatchUp.ONE
    bob.save()
    announce(Document(day=FRIDAY).add("2605.80001", title="A Robot"), NOW - timedelta(days=4))
    walk(NOW - timedelta(days=4))
    return bob


@pytest.fixture
def missed(reader, announce) -> None:
    """Monday to Wednesday come at once, the newest first; papers are matched."""
    for day, arxiv_id in ((WEDNESDAY, "2605.90003"), (TUESDAY, "2605.90002"), (MONDAY, "2605.90001")):
        announce(Document(day=day).add(arxiv_id, title="A Robot"), BACK)
    match(BACK)


def digests(user: User) -> list[date]:
    return list(user.digests.values_list("day", flat=True))


def papers(user: User, day: date = WEDNESDAY) -> list[tuple[str, date | None]]:
    rows = Entry.objects.filter(digest__user=user, digest__day=day).order_by("order", "pk")
    return list(rows.values_list("paper__arxiv_id", "announced_on"))


ALL = [("2605.90001", MONDAY), ("2605.90002", TUESDAY), ("2605.90003", None)]


# --- by the reader's choice ---------------------------------------------------------------------


def test_missed_days_come_in_the_newest_days_digest_marked_with_their_day(missed, reader):
    assert publish_due(BACK) == 1
    assert digests(reader) == [WEDNESDAY, FRIDAY]
    assert papers(reader) == ALL


def test_who_wants_each_day_has_a_digest_for_each(missed, reader):
    User.objects.update(catch_up=User.CatchUp.EACH)
    assert publish_due(BACK) == 3
    assert digests(reader) == [WEDNESDAY, TUESDAY, MONDAY, FRIDAY]
    assert not CaughtUp.objects.exists()
    assert papers(reader) == [("2605.90003", None)]


def test_both_have_every_paper_once(missed, reader, charlie):
    follow(charlie, "robot")
    Digest.objects.create(user=charlie, day=FRIDAY, language="x", published_at=NOW, changed_at=NOW)
    match(BACK)
    for _ in range(3):
        publish_due(BACK)
    had = {
        user: sorted(
            Entry.objects.filter(digest__user=user, digest__day__gt=FRIDAY).values_list(
                "paper__arxiv_id", flat=True
            )
        )
        for user in (reader, charlie)
    }
    assert had[reader] == had[charlie] == ["2605.90001", "2605.90002", "2605.90003"]


def test_the_proof_of_every_day_is_carried(missed, reader):
    publish_due(BACK)
    assert [line(proof) for proof in reader.digests.get(day=WEDNESDAY).proof] == [
        "cs.LG: 1 of 1 papers",
        "2026-05-11 cs.LG: 1 of 1 papers",
        "2026-05-12 cs.LG: 1 of 1 papers",
    ]


def test_a_new_reader_has_missed_nothing(missed, alice):
    follow(alice, "robot")
    User.objects.update(catch_up=User.CatchUp.ONE)
    match(BACK)
    publish_due(BACK)
    assert papers(alice) == [("2605.90003", None)]


def test_without_an_outage_every_day_has_its_digest(reader, announce):
    for number, day in enumerate((MONDAY, TUESDAY, WEDNESDAY)):
        then = BACK - timedelta(days=2 - number)
        announce(Document(day=day).add(f"2605.9000{number}", title="A Robot"), then)
        match(then)
        publish_due(then)
    assert digests(reader) == [WEDNESDAY, TUESDAY, MONDAY, FRIDAY]


# --- when ---------------------------------------------------------------------------------------


def test_the_digest_waits_for_the_missed_days_until_its_deadline(reader, announce):
    expect(Category.objects.get(), [MONDAY, TUESDAY], BACK)
    announce(Document(day=WEDNESDAY).add("2605.90003", title="A Robot"), BACK)
    match(BACK)
    assert publish_due(BACK) == 0
    announce(Document(day=TUESDAY).add("2605.90002", title="A Robot"), BACK)
    match(BACK)
    assert publish_due(BACK) == 0
    assert publish_due(BACK + DEADLINE) == 1
    assert papers(reader) == ALL[1:]


def test_what_comes_later_still_is_added_to_it(reader, announce):
    expect(Category.objects.get(), [MONDAY, TUESDAY], BACK)
    announce(Document(day=WEDNESDAY).add("2605.90003", title="A Robot"), BACK)
    match(BACK)
    publish_due(BACK + DEADLINE)
    for day, arxiv_id in ((TUESDAY, "2605.90002"), (MONDAY, "2605.90001")):
        announce(Document(day=day).add(arxiv_id, title="A Robot"), BACK + DEADLINE)
        match(BACK)
        assert publish_due(BACK + DEADLINE) == 1
    assert sorted(papers(reader)) == ALL
    assert digests(reader) == [WEDNESDAY, FRIDAY]


def test_a_day_that_no_source_has_is_not_waited_for(reader, announce):
    expect(Category.objects.get(), [TUESDAY], BACK)
    Announcement.objects.filter(day=TUESDAY).update(state="missing", next_try_at=None)
    announce(Document(day=WEDNESDAY).add("2605.90003", title="A Robot"), BACK)
    match(BACK)
    assert publish_due(BACK) == 1


def test_the_digest_waits_for_the_translations_of_the_missed_days(missed, reader):
    choose("fake")
    assert publish_due(BACK) == 0
    translate(now=BACK)
    assert publish_due(BACK) == 1
    assert papers(reader) == ALL


def test_a_late_paper_of_a_missed_day_is_added_with_its_day(missed, reader, announce):
    publish_due(BACK)
    announce(Document("cs.AI", day=TUESDAY).add("2605.90009", title="A Robot"), BACK)
    match(BACK)
    assert publish_due(BACK) == 1
    assert papers(reader) == [*ALL, ("2605.90009", TUESDAY)]


def test_the_next_day_has_a_digest_of_its_own_again(missed, reader, announce):
    publish_due(BACK)
    thursday = WEDNESDAY + timedelta(days=1)
    announce(Document(day=thursday).add("2605.90004", title="A Robot"), BACK + timedelta(days=1))
    match(BACK)
    publish_due(BACK + timedelta(days=1))
    assert digests(reader) == [thursday, WEDNESDAY, FRIDAY]
    assert papers(reader, thursday) == [("2605.90004", None)]


# --- once ---------------------------------------------------------------------------------------


def test_a_paper_of_two_missed_days_comes_once_as_it_was_announced_first(reader, announce):
    announce(Document(day=MONDAY).add("2605.90001", title="A Robot"), BACK)
    announce(Document("cs.AI", day=WEDNESDAY).add("2605.90001", title="A Robot", announce_type="cross"), BACK)
    announce(Document("cs.LG", day=WEDNESDAY).add("2605.90003", title="A Robot"), BACK)
    Category.objects.filter(code="cs.AI").update(next_fetch_at=None)  # nobody waits for its Monday
    match(BACK)
    assert [publish_due(BACK) for _ in range(3)] == [1, 0, 0]
    assert papers(reader) == [("2605.90001", MONDAY), ("2605.90003", None)]


@pytest.mark.parametrize("killed_at", [1, 2, 3])
def test_a_worker_that_is_killed_between_the_days_publishes_nothing_twice(
    missed, reader, monkeypatch, killed_at
):
    add, calls = publish._add, []

    def dies(*args: object) -> int:
        calls.append(args)
        if len(calls) == killed_at:
            raise KeyboardInterrupt
        return add(*args)

    monkeypatch.setattr(publish, "_add", dies)
    with pytest.raises(KeyboardInterrupt):
        publish_due(BACK)
    assert digests(reader) == [FRIDAY]
    assert not CaughtUp.objects.exists()
    assert [publish_due(BACK), publish_due(BACK)] == [1, 0]
    assert papers(reader) == ALL


def test_who_changes_their_mind_gets_nothing_twice(missed, reader):
    publish_due(BACK)
    User.objects.update(catch_up=User.CatchUp.EACH)
    assert publish_due(BACK) == 0
    User.objects.update(catch_up=User.CatchUp.ONE)
    assert publish_due(BACK) == 0
    assert digests(reader) == [WEDNESDAY, FRIDAY]


def test_a_day_that_got_its_own_digest_meanwhile_is_left_out(missed, reader, monkeypatch):
    """By another worker, between the look and the writing."""
    waits = publish._waits

    def meanwhile(*args: object) -> bool:
        Digest.objects.get_or_create(
            user=reader, day=MONDAY, defaults={"language": "x", "published_at": BACK, "changed_at": BACK}
        )
        return waits(*args)

    monkeypatch.setattr(publish, "_waits", meanwhile)
    publish_due(BACK)
    assert papers(reader) == ALL[1:]


def test_a_digest_that_is_made_again_has_its_missed_days_again(missed, reader):
    publish_due(BACK)
    before = dict(Entry.objects.values_list("pk", "guid"))
    assert again.publish(Digest.objects.filter(day=WEDNESDAY), BACK) == 1
    assert [publish_due(BACK), publish_due(BACK)] == [3, 0]
    assert sorted(papers(reader)) == ALL
    assert dict(Entry.objects.values_list("pk", "guid")) == before


# --- what is told -------------------------------------------------------------------------------


def test_the_run_counts_the_missed_days(missed):
    publish_due(BACK)
    run = Run.objects.filter(verb="publish").latest("pk")
    assert run.counts == {"papers": 3, "new": True, "reason": "all is in", "days": 2}


def test_the_ledger_counts_their_papers_as_published(missed):
    publish_due(BACK)
    ledger.refresh(BACK)
    rows = Announcement.objects.filter(day__gt=FRIDAY)
    assert set(rows.values_list("published", flat=True)) == {1}


def test_the_page_and_the_feed_name_the_day(missed, reader, client):
    from digest.models import FeedToken

    publish_due(BACK)
    client.force_login(reader)
    text = client.get(reverse("digest", args=[WEDNESDAY])).content.decode()
    assert '<span class="badge">announced 2026-05-11</span>' in text
    assert "2026-05-11 cs.LG: 1 of 1 papers" in text
    _row, secret = FeedToken.make(reader)
    address = reverse("feed", args=[secret, "all", "atom"])
    assert "announced 2026-05-11" in client.get(address, headers={"Accept-Language": "en"}).content.decode()


def test_the_choice_stands_on_the_account_page(reader, client):
    client.force_login(reader)
    text = client.get(reverse("account")).content.decode()
    assert "a digest for each day" in text
    assert '<option value="one" selected>one digest for all of them</option>' in text


# --- longer than a week ---------------------------------------------------------------------------


def after_two_weeks(announce, first: datetime | None = None) -> datetime:
    """The machine comes back on Friday, 2026-05-22; returns when."""
    back = NOW + timedelta(days=10)
    for day in (12, 13, 14, 20, 21, 22):
        when = first if first and day == 13 else back
        announce(Document(day=date(2026, 5, day)).add(f"2605.910{day}", title="A Robot"), when)
    match(back)
    return back


def test_days_of_an_outage_longer_than_a_week_have_their_digests_too(reader, announce):
    User.objects.update(catch_up=User.CatchUp.EACH)
    assert publish_due(after_two_weeks(announce)) == 6


def test_or_come_in_one(reader, announce):
    assert publish_due(after_two_weeks(announce)) == 1
    assert [day.day for day in CaughtUp.objects.values_list("day", flat=True)] == [12, 13, 14, 20, 21]
    assert Entry.objects.filter(digest__day=date(2026, 5, 22)).count() == 6


def test_old_days_that_came_at_their_time_are_left_alone(reader, announce):
    back = after_two_weeks(announce, NOW + timedelta(days=1))
    User.objects.update(catch_up=User.CatchUp.EACH)
    publish_due(back)
    assert date(2026, 5, 13) not in digests(reader)


def test_a_past_that_a_new_category_brings_does_not_open_old_digests(reader, announce):
    """The days were here in time, by another category."""
    for day in (12, 13):
        announce(Document(day=date(2026, 5, day)).add(f"2605.910{day}"), NOW + timedelta(days=day - 12))
    back = NOW + timedelta(days=10)
    announce(Document("cs.AI", day=date(2026, 5, 13)).add("2605.91999", title="A Robot"), back)
    announce(Document(day=date(2026, 5, 22)).add("2605.92001", title="A Robot"), back)
    match(back)
    publish_due(back)
    assert not Entry.objects.filter(paper__arxiv_id="2605.91999").exists()
