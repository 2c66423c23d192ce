"""digest/views/board.py: the day board, its cells, and what can be done again from there."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from digest import taxonomy
from digest.models import (
    Alert,
    Announcement,
    Category,
    Digest,
    Download,
    Entry,
    Holiday,
    PaperVersion,
    Run,
    Sentence,
)
from tests.ledgers import MONDAY, TUESDAY, category, row, seen
from tests.steps import choose, queries, sentence

STEPS = ["fetch", "catch-up", "match", "translate", "publish"]


@pytest.fixture
def as_alice(client, alice, time_machine, now):
    time_machine.move_to(now, tick=False)
    client.force_login(alice)
    return client


def board(client, **asked: object) -> str:
    answer = client.get(reverse("board"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def cell(client, code: str = "cs.LG", day: date = TUESDAY) -> str:
    answer = client.get(reverse("board-cell", args=[code, day]))
    assert answer.status_code == 200
    return answer.content.decode()


def again(client, what: str, code: str = "cs.LG", day: date = TUESDAY) -> str:
    answer = client.post(reverse("board-again", args=[code, day, what]), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


# --- who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["board", "board-work", "board-cell"])
def test_a_reader_has_no_board(client, bob, name):
    row("cs.LG")
    client.force_login(bob)
    arguments = ["cs.LG", TUESDAY] if name == "board-cell" else []
    assert client.get(reverse(name, args=arguments)).status_code == 403


@pytest.mark.parametrize("what", STEPS)
def test_a_reader_does_nothing_again(client, bob, bobs_digest, what):
    client.force_login(bob)
    before = Category.objects.values().get()
    assert client.post(reverse("board-again", args=["cs.LG", TUESDAY, what])).status_code == 403
    assert Category.objects.values().get() == before
    assert not PaperVersion.objects.unmatched().exists()
    assert Entry.objects.count() == 2


def test_nobody_is_sent_to_the_log_in(client, db):
    assert client.get(reverse("board")).url.startswith(reverse("login"))


def test_staff_has_the_board(client, bob):
    bob.is_staff = True
    bob.save()
    client.force_login(bob)
    assert "Day board" in board(client)


def test_only_who_may_has_the_link(client, bob, as_alice):
    link = f'href="{reverse("board")}"'
    assert link in as_alice.get(reverse("keywords")).content.decode()
    client.force_login(bob)
    assert link not in client.get(reverse("keywords")).content.decode()


@pytest.mark.parametrize("what", STEPS)
def test_a_step_needs_a_post(as_alice, bobs_digest, what):
    assert as_alice.get(reverse("board-again", args=["cs.LG", TUESDAY, what])).status_code == 405


def test_a_form_from_another_site_is_refused(alice, bobs_digest):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(reverse("board-again", args=["cs.LG", TUESDAY, "publish"])).status_code == 403
    assert Entry.objects.count() == 2


# --- the grid ---------------------------------------------------------------------------------


def test_a_cell_has_its_state_in_words_and_its_counts(as_alice):
    row("cs.LG", count=1101)
    row("cs.AI", state="partial", declared=10, stored=7)
    text = board(as_alice)
    assert '<td class="complete">' in text
    assert "complete<br>1101" in text
    assert "partial<br>7/10" in text
    assert reverse("board-cell", args=["cs.AI", TUESDAY]) in text
    assert "✓ 1/2" in text


def test_there_are_fourteen_days_with_an_announcement_and_the_holidays_between(as_alice):
    category("cs.LG")
    Holiday.objects.create(evening=date(2026, 5, 5), reason="May Day")
    text = board(as_alice)
    assert text.count('scope="col"') == 1 + 14 + 1
    assert "holiday: May Day" in text


@pytest.mark.parametrize(
    ("asked", "days"),
    [("5", 5), ("90", 90), ("1000", 90), ("0", 1), ("-3", 14), ("x", 14), ("٣", 14), ("", 14)],
)
def test_days_are_asked_for_up_to_ninety(as_alice, asked, days):
    category("cs.LG")
    Holiday.objects.all().delete()
    assert board(as_alice, days=asked).count('scope="col"') == 1 + days


@pytest.mark.parametrize("until", ["2026-13-45", "x", "", "0001-01-01", "9999-12-31"])
def test_whatever_until_is_there_is_a_board(as_alice, until):
    category("cs.LG")
    assert 'scope="col"' in board(as_alice, until=until, days=90)


def test_one_pages_back_and_forth(as_alice):
    category("cs.LG")
    text = board(as_alice, days=3)
    assert "Newer" not in text
    assert "?until=2026-05-07&amp;days=3" in text
    text = board(as_alice, days=3, until="2026-05-07")
    assert 'href="?until=2026-05-12&amp;days=3"' in text


def test_an_alert_that_is_open_is_a_banner(as_alice, now):
    Alert.objects.create(day=TUESDAY, text="cs.LG is late.", raised_at=now)
    Alert.objects.create(day=MONDAY, text="cs.AI was late.", raised_at=now, closed_at=now)
    text = board(as_alice)
    assert "cs.LG is late." in text
    assert "cs.AI was late." not in text


def test_holidays_that_are_not_known_are_asked_for(as_alice):
    assert "are not known here yet" not in board(as_alice)
    Holiday.objects.all().delete()
    assert "holidays of 2026 are not known" in board(as_alice)


def test_all_of_arxiv_over_fourteen_days_takes_few_queries(as_alice, now):
    known = Category.objects.bulk_create(
        Category(code=each.code, followed=True) for each in taxonomy.active()
    )
    days = [TUESDAY - timedelta(days=n) for n in range(20)]
    Announcement.objects.bulk_create(
        Announcement(category=each, day=day, state="complete", stored=9, declared=9)
        for each in known
        for day in days
    )
    assert len(known) > 150
    board(as_alice)  # the installation's row is made by whoever asks for it first
    assert queries(lambda: board(as_alice)) == 22  # two are the session's, one the second factor's


def test_what_arxiv_answered_is_not_run(as_alice):
    category("cs.LG", failures=1, last_error='<script>alert(1)</script>"')
    row("cs.LG", note="<script>alert(2)</script>", source="<script>alert(3)</script>")
    assert "<script>alert" not in board(as_alice) + cell(as_alice)


# --- what is being done -----------------------------------------------------------------------


def test_work_is_shown_with_what_is_left(as_alice, now):
    choose("fake")
    Run.objects.create(verb="translate", began_at=now)
    Run.objects.create(
        verb="translate", began_at=now - timedelta(seconds=90), ended_at=now, counts={"sentences": 90}
    )
    for number in range(300):
        sentence(f"Sentence {number}.")
    Download.objects.create(model="big", requested_at=now, done_bytes=1, total_bytes=4)
    text = as_alice.get(reverse("board-work")).content.decode()
    assert "300 sentences wait for the translator" in text
    assert "1.0 a second" in text
    assert "about 5 minutes left" in text
    assert '<progress max="100" value="25">' in text
    assert "No translator has been seen for a minute: nothing is translated." in text


def test_an_installation_that_has_done_nothing_yet_has_a_board(as_alice):
    text = board(as_alice)
    assert "No category is followed yet." in text
    assert "nothing in two weeks" in text


# --- a cell -----------------------------------------------------------------------------------


def test_a_cell_opens_its_documents_runs_and_times(as_alice, now):
    documents = [seen(now, "stale", note="Of yesterday."), seen(now + timedelta(hours=1), source="catchup")]
    row("cs.LG", count=3, seen=documents, first_seen_at=now, complete_at=now, next_try_at=now, tries=2)
    Run.objects.create(verb="heal", subject="cs.LG 2026-05-12", began_at=now, error="FetchError: away")
    text = cell(as_alice)
    assert text.index("catchup") < text.index("Of yesterday.")
    assert "heal cs.LG 2026-05-12" in text
    assert "FetchError: away" in text
    assert "2026-05-12 06:00" in text
    assert "2026-05-12 02:00 US Eastern" in text
    assert "2 tries so far" in text
    assert "<svg" in text
    assert "style=" not in text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", None])
def test_an_address_that_is_none_is_no_link(as_alice, now, url):
    row("cs.LG", seen=[seen(now, url=url), {"at": "2026-99-99", "state": "odd"}, {}])
    assert "javascript:" not in cell(as_alice)


def test_a_day_without_a_row_can_be_looked_at_and_one_to_come_can_not(as_alice):
    category("cs.LG")
    assert "no row" in cell(as_alice, day=MONDAY)
    for code, day in (
        ("cs.LG", "2026-05-13"),
        ("cs.AI", "2026-05-12"),
        ("cs.LG", "1990-01-01"),
        ("cs.LG", "2026-13-45"),
    ):
        assert as_alice.get(f"/board/{code}/{day}/").status_code == 404


def test_a_holiday_is_named(client, alice, time_machine):
    category("cs.LG")
    time_machine.move_to("2026-11-30T12:00:00Z")
    client.force_login(alice)
    assert "holiday: Thanksgiving" in cell(client, day=date(2026, 11, 27))


# --- again ------------------------------------------------------------------------------------


def test_a_feed_is_fetched_again(as_alice, bobs_digest, now):
    Category.objects.update(etag='"x"', next_fetch_at=now + timedelta(hours=5))
    assert "cs.LG is due now." in again(as_alice, "fetch")
    assert Category.objects.values_list("next_fetch_at", "etag").get() == (now, "")


def test_a_day_is_taken_from_catch_up_even_where_there_is_no_row(as_alice, now):
    category("cs.LG")
    again(as_alice, "catch-up", day=MONDAY)
    made = Announcement.objects.get()
    assert (made.day, made.state, made.next_try_at) == (MONDAY, "expected", now)


@pytest.mark.parametrize("day", ["2026-05-10", "2026-05-13", "2026-01-12", "2026-01-20"])
def test_a_day_that_catch_up_does_not_have_is_not_asked_for(as_alice, day):
    category("cs.LG")
    assert as_alice.post(f"/board/cs.LG/{day}/catch-up/").status_code == 404
    assert not Announcement.objects.exists()


@pytest.mark.parametrize("what", ["fetch", "catch-up"])
def test_for_what_is_not_followed_nobody_asks(as_alice, bobs_digest, what):
    Category.objects.update(followed=False, next_fetch_at=None)
    assert "is not followed" in again(as_alice, what)
    assert Category.objects.get().next_fetch_at is None
    assert Announcement.objects.get().next_try_at is None


def test_the_days_papers_are_matched_again(as_alice, bobs_digest):
    assert "2 versions" in again(as_alice, "match")
    assert PaperVersion.objects.unmatched().count() == 2


def test_the_days_papers_are_translated_again(as_alice, bobs_digest):
    assert "2 translations are waiting" in again(as_alice, "translate")
    assert Sentence.objects.pending().count() == Sentence.objects.count()


def test_the_days_digests_are_made_again(as_alice, bobs_digest):
    assert "1 digests" in again(as_alice, "publish")
    assert Digest.objects.exclude(again_at=None).exists()


@pytest.mark.parametrize("what", ["match", "translate", "publish"])
def test_what_is_of_another_day_stays(as_alice, bobs_digest, what):
    row("cs.LG", MONDAY)
    assert "0 " in again(as_alice, what, day=MONDAY)
    assert not PaperVersion.objects.unmatched().exists()
    assert not Sentence.objects.pending().exists()
    assert not Digest.objects.exclude(again_at=None).exists()


def test_an_unknown_step_is_not_there(as_alice, bobs_digest):
    assert as_alice.post(reverse("board-again", args=["cs.LG", TUESDAY, "explode"])).status_code == 404
    assert as_alice.post(reverse("board-again", args=["cs.XX", TUESDAY, "fetch"])).status_code == 404
