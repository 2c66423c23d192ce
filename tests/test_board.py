"""digest/board.py: the ledger's rows as plain data, in few queries whatever their number."""

from datetime import date, datetime, timedelta

import pytest

from digest import board, taxonomy
from digest.almanac import Almanac, Day
from digest.arxiv_days import feeds_turn
from digest.following import follow
from digest.models import Announcement, Category, Download, Match, Run
from tests.ledgers import MONDAY, TUESDAY, category, row
from tests.steps import choose, queries, sentence

BARE = Almanac({})


def lines(*days: date) -> dict[str, list[str]]:
    found = board.grid([Day(day) for day in days])
    return {line.code: [f"{cell.word} {cell.counts}".strip() for cell in line.cells] for line in found}


# --- the grid ---------------------------------------------------------------------------------


def test_every_followed_category_is_a_line_of_the_days(db):
    row("cs.LG", count=1101)
    row("cs.LG", MONDAY, "partial", declared=10, stored=7)
    category("cs.AI")
    assert lines(TUESDAY, MONDAY) == {
        "cs.AI": ["no row", "no row"],
        "cs.LG": ["complete 1101", "partial 7/10"],
    }


def test_on_a_holiday_there_need_be_no_row(db):
    category("cs.LG")
    cell = board.grid([Day(TUESDAY, "holiday", "May Day")])[0].cells[0]
    assert (cell.word, cell.settled) == ("holiday", True)


def test_a_category_that_is_not_followed_has_no_line(db):
    row("cs.LG")
    Category.objects.update(followed=False)
    assert lines(TUESDAY) == {}


def test_every_state_has_a_sign_and_a_word():
    for state in Announcement.State:
        cell = board.Cell("cs.LG", TUESDAY, state)
        assert cell.sign != "?"
        assert cell.word == state.label


def test_what_is_settled_is_what_the_rows_call_so():
    assert {"complete", "holiday", "weekend"} == board.SETTLED
    assert board.Cell("cs.LG", TUESDAY, "early").here
    assert not board.Cell("cs.LG", TUESDAY, "stale").here
    assert not board.Cell("cs.LG", TUESDAY).settled


def test_documents_are_read_only_where_they_are_asked_for(db):
    row("cs.LG", seen=[{"source": "rss"}])
    assert board.grid([Day(TUESDAY)])[0].cells[0].seen == []
    assert board.grid([Day(TUESDAY)], seen=True)[0].cells[0].seen == [{"source": "rss"}]
    assert board.cell(Category.objects.get(), TUESDAY).seen == [{"source": "rss"}]


def test_all_of_arxiv_takes_as_many_queries_as_one_category(db):
    days = BARE.columns(TUESDAY, 14)
    row("cs.LG", count=3)
    few = queries(lambda: board.grid(days))
    codes = [c.code for c in taxonomy.active() if c.code != "cs.LG"]
    known = Category.objects.bulk_create(Category(code=code, followed=True) for code in codes)
    Announcement.objects.bulk_create(
        Announcement(category=each, day=day.day, state="complete") for each in known for day in days
    )
    assert len(board.grid(days)) > 150
    assert queries(lambda: board.grid(days)) == few == 2


def test_the_board_begins_with_the_newest_day_that_has_been_announced(db, now):
    assert board.default_until(BARE, now) == TUESDAY
    row("cs.LG", MONDAY)
    row("cs.LG", TUESDAY + timedelta(days=1), "expected")
    assert board.default_until(BARE, now) == TUESDAY


def test_where_there_is_nothing_but_the_sample_the_board_shows_it(db, now):
    row("cs.LG", date(2026, 11, 17))
    assert board.default_until(BARE, now) == date(2026, 11, 17)


# --- the runs of a cell -----------------------------------------------------------------------


def run(verb: str, subject: str, at: datetime, **fields: object) -> Run:
    return Run.objects.create(verb=verb, subject=subject, began_at=at, **fields)


def test_a_cell_has_the_runs_that_asked_for_it(db):
    turned = feeds_turn(TUESDAY)
    failed = run("fetch", "cs.LG", turned, error="away")
    told = run("fetch", "cs.LG", turned + timedelta(minutes=1), counts={"day": "2026-05-12"})
    healed = run("heal", "cs.LG 2026-05-12", turned + timedelta(days=9))
    late = run("fetch", "cs.LG", turned + timedelta(days=3), counts={"day": "2026-05-12"})
    run("fetch", "cs.LG", turned, counts={"day": "2026-05-11"})
    run("fetch", "cs.LG", turned + timedelta(days=1))
    run("fetch", "cs.AI", turned)
    run("heal", "cs.LG 2026-05-11", turned)
    run("match", "cs.LG", turned)
    assert board.runs_of("cs.LG", TUESDAY, BARE) == [healed, late, told, failed]


# --- what is being done -----------------------------------------------------------------------


def test_work_tells_what_runs_waits_and_comes(db, now):
    choose("fake")
    began = run("translate", "", now - timedelta(minutes=1))
    run(
        "translate",
        "",
        now - timedelta(minutes=9),
        ended_at=now - timedelta(minutes=8),
        counts={"sentences": 60},
    )
    for number in range(150):
        sentence(f"Sentence {number}.")
    Download.objects.create(model="big", requested_at=now, done_bytes=1, total_bytes=4)
    Download.objects.create(model="small", requested_at=now, finished_at=now)
    work = board.work(now)
    assert work.running == [began]
    assert (work.pending, work.pace, work.minutes) == (150, 1.0, 2)
    assert [download.percent for download in work.downloads] == [25]


def test_sentences_of_another_model_wait_for_nobody(db, now):
    sentence("A.")
    choose("better")
    assert board.work(now).pending == 0


def test_each_verb_was_last_heard_when_it_last_began(db, now):
    run("fetch", "cs.LG", now - timedelta(hours=2))
    run("fetch", "cs.AI", now - timedelta(hours=1))
    run("heal", "cs.AI 2026-05-12", now - timedelta(days=30))
    run("alert", "", now)
    heard = dict(board.work(now).heard)
    assert list(heard) == [*board.VERBS, "alert"]
    assert (heard["fetch"], heard["heal"]) == (now - timedelta(hours=1), None)


@pytest.mark.parametrize(
    ("runs", "pace"),
    [
        pytest.param([], None, id="none"),
        pytest.param([(0, 10, 100)], 10.0, id="one"),
        pytest.param([(0, 10, 100), (50, 60, 300)], 20.0, id="with a pause between"),
        pytest.param([(0, 10, 100), (0, 10, 100)], 20.0, id="two at once"),
        pytest.param([(0, 10, 100), (5, 15, 200)], 20.0, id="overlapping"),
        pytest.param([(0, 20, 100), (5, 10, 100)], 10.0, id="one within another"),
        pytest.param([(0, 10, 0)], None, id="nothing done"),
        pytest.param([(0, 0, 5)], None, id="no time"),
    ],
)
def test_pace_is_what_all_translators_did_together(runs, pace, now):
    at = [now + timedelta(seconds=n) for n in range(100)]
    rows = [Run(began_at=at[a], ended_at=at[b], counts={"sentences": n}) for a, b, n in runs]
    assert board.pace([*rows, Run(began_at=now)]) == pace


# --- papers a day -----------------------------------------------------------------------------


def test_a_category_has_a_bar_for_each_day_and_none_where_it_is_not_whole(db):
    row("cs.LG", count=9)
    row("cs.LG", MONDAY, "stale")
    bars = board.bars_of_category(Category.objects.get(), BARE, TUESDAY)
    assert [bar.count for bar in bars[-3:]] == [None, None, 9]
    assert len(bars) == 42
    assert bars[0].day > TUESDAY - board.CHARTED


def test_a_keyword_has_the_papers_that_it_brought(bobs_digest, bob, now):
    keywords = [subscription.keyword_id for subscription in bob.subscriptions.all()]
    bars = board.bars_of_keywords(keywords, BARE, now)
    assert [bars[keyword][-1].count for keyword in keywords] == [2, 0, 1]
    assert bars[keywords[0]][-2].count is None  # nothing is known of Monday


def test_a_paper_in_two_categories_is_one(bobs_digest, bob, now):
    other = row("cs.RO", count=1)
    listing = Match.objects.filter(keyword__canonical="robot").first().version.listings.get()
    other.listings.create(paper=listing.paper, version=listing.version, announce_type="cross")
    keyword = bob.subscriptions.first().keyword_id
    assert board.bars_of_keywords([keyword], BARE, now)[keyword][-1].count == 2


def test_replacements_are_not_counted(bobs_digest, bob, now):
    Announcement.objects.get().listings.update(announce_type="replace")
    keyword = bob.subscriptions.first().keyword_id
    assert board.bars_of_keywords([keyword], BARE, now)[keyword][-1].count == 0


def test_many_keywords_take_two_queries(bobs_digest, bob, now):
    keywords = [follow(bob, f"keyword {number}").keyword_id for number in range(30)]
    assert queries(lambda: board.bars_of_keywords(keywords, BARE, now)) == 2


def test_a_chart_is_told_in_words():
    bars = [board.Bar(MONDAY, 3), board.Bar(TUESDAY, 5)]
    text = board.chart(bars, "x", "Papers <i>")
    assert "2026-05-11 to 2026-05-12: 8 papers; the most, 5, on 2026-05-12." in text
    assert "Papers &lt;i&gt;" in text
