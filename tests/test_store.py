"""worker/store.py: a document becomes rows once, with the proof that it is whole."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from digest.models import Announcement, Category, Listing, Paper, PaperVersion
from tests.documents import Document
from worker.arxiv.entries import Entry
from worker.arxiv.feeds import parse
from worker.papers import merge, store_papers
from worker.store import _Seen, store

MONDAY, TUESDAY = date(2026, 5, 11), date(2026, 5, 12)


def proof(announcement: Announcement) -> tuple[str, int, int, int]:
    row = Announcement.objects.get(pk=announcement.pk)
    return (row.state, row.declared, row.parsed, row.stored)


def entry(**fields) -> Entry:
    known = Entry(
        "2605.90001", 1, "new", "A Title", "An abstract.", ("Ada Example",), ("cs.LG",), "a licence"
    )
    return replace(known, **fields)


# --- the proof of completeness ----------------------------------------------------------------


def test_a_document_whose_papers_are_all_stored_is_complete(announce, document):
    assert proof(announce(document.add().add())) == ("complete", 2, 2, 2)


def test_a_document_with_an_unreadable_paper_is_partial(announce, document):
    assert proof(announce(document.add().add(announce_type="retracted"))) == ("partial", 2, 1, 1)


def test_the_note_of_a_partial_announcement_names_what_was_left_out(announce, document):
    announcement = announce(document.add().add("2605.90007", announce_type="retracted"))
    assert "2605.90007v1: announce type 'retracted'" in announcement.note


def test_the_readable_papers_of_a_partial_document_are_stored(announce, document):
    announce(document.add("2605.90001").add("2605.90007", announce_type="retracted"))
    assert list(Paper.objects.values_list("arxiv_id", flat=True)) == ["2605.90001"]


def test_a_document_none_of_whose_papers_can_be_read_is_partial(announce, document):
    assert proof(announce(document.add(announce_type="retracted"))) == ("partial", 1, 0, 0)


def test_a_document_that_declares_no_paper_is_empty_and_not_complete(announce, document):
    assert proof(announce(document)) == ("empty", 0, 0, 0)


def test_a_paper_that_the_document_has_twice_is_counted_twice_and_listed_once(announce, document):
    announcement = announce(document.add("2605.90001", announce_type="cross").add("2605.90001"))
    assert proof(announcement) == ("complete", 2, 2, 2)
    assert announcement.listings.get().announce_type == "new"


def test_more_papers_than_one_chunk_are_all_stored(announce, document, monkeypatch):
    monkeypatch.setattr("worker.store._CHUNK", 3)
    for _ in range(8):
        document.add()
    assert proof(announce(document)) == ("complete", 8, 8, 8)


# --- the same day again -----------------------------------------------------------------------


def test_the_same_document_again_makes_no_second_row(announce, document, now):
    document.add().add()
    announce(document)
    announce(document, now + timedelta(hours=1))
    assert [m.objects.count() for m in (Announcement, Listing, Paper, PaperVersion)] == [1, 2, 2, 2]


def test_the_first_time_it_was_seen_stays(announce, document, now):
    announce(document.add())
    again = announce(document, now + timedelta(hours=1))
    assert (again.first_seen_at, again.fetched_at) == (now, now + timedelta(hours=1))


def test_a_partial_announcement_becomes_complete(announce, document):
    announce(document.add().add(announce_type="retracted"))
    document.items[1].announce_type = "cross"
    assert proof(announce(document)) == ("complete", 2, 2, 2)


def test_an_announcement_that_has_become_complete_says_nothing_is_missing(announce, document):
    announce(document.add().add(announce_type="retracted"))
    document.items[1].announce_type = "cross"
    assert announce(document).note == ""


def test_an_empty_document_becomes_complete_when_the_papers_come(announce, document):
    announce(document)
    assert proof(announce(document.add())) == ("complete", 1, 1, 1)


def test_papers_that_come_later_the_same_day_are_added(announce, document):
    announce(document.add())
    assert proof(announce(document.add())) == ("complete", 2, 2, 2)


def test_a_whole_announcement_stays_whole_when_its_document_comes_empty(announce, document):
    announce(document.add().add())
    assert proof(announce(Document())) == ("complete", 2, 2, 2)


def test_a_whole_announcement_stays_whole_when_its_document_comes_partial(announce, document):
    announce(document.add().add())
    assert proof(announce(Document().add().add(announce_type="retracted"))) == ("complete", 2, 2, 2)


def test_a_partial_announcement_keeps_its_count_when_its_document_comes_empty(announce, document):
    announce(document.add().add(announce_type="retracted"))
    assert proof(announce(Document())) == ("partial", 2, 1, 1)


def test_a_partial_announcement_keeps_its_count_when_yesterdays_document_comes(announce, document):
    yesterday = Document(day=MONDAY).add("2605.80009")
    announce(yesterday)
    announce(document.add().add(announce_type="retracted"))
    assert proof(announce(replace(yesterday, day=TUESDAY))) == ("partial", 2, 1, 1)


# --- yesterday's papers under today's date ----------------------------------------------------


@pytest.fixture
def stale(announce) -> Announcement:
    yesterday = Document(day=MONDAY).add().add()
    announce(yesterday)
    return announce(replace(yesterday, day=TUESDAY))


def test_yesterdays_document_under_todays_date_is_stale(stale):
    assert proof(stale) == ("stale", 0, 0, 0)
    assert [(d["state"], d["declared"], d["stored"]) for d in stale.seen] == [("stale", 2, 0)]


def test_nothing_of_a_stale_document_is_listed(stale):
    assert stale.listings.count() == 0


def test_a_stale_announcement_is_not_settled(stale):
    assert not stale.settled


def test_the_right_document_after_a_stale_one_is_complete(stale, announce):
    assert proof(announce(Document().add("2605.90100"))) == ("complete", 1, 1, 1)


def test_one_new_paper_among_yesterdays_makes_a_document_of_today(announce):
    announce(Document(day=MONDAY).add("2605.90001"))
    assert proof(announce(Document().add("2605.90001").add("2605.90002"))) == ("complete", 2, 2, 2)


def test_a_new_version_of_yesterdays_paper_is_of_today(announce):
    announce(Document(day=MONDAY).add("2605.90001"))
    assert announce(Document().add("2605.90001", version=2, announce_type="replace")).settled


def test_papers_of_another_category_do_not_make_a_document_stale(announce):
    announce(Document("cs.CL", MONDAY).add("2605.90001"))
    assert announce(Document("cs.LG").add("2605.90001", announce_type="cross")).settled


# --- several categories -----------------------------------------------------------------------


def test_a_paper_of_two_categories_is_one_paper_with_two_listings(announce):
    announce(Document("cs.CL").add("2605.90001"))
    announce(Document("cs.LG").add("2605.90001", announce_type="cross"))
    assert Paper.objects.count() == PaperVersion.objects.count() == 1
    assert list(Listing.objects.order_by("id").values_list("announce_type", flat=True)) == ["new", "cross"]


def test_merged_entries_are_one_a_paper_in_the_order_of_their_first_coming():
    merged = merge([entry(arxiv_id="2605.90002"), entry(), entry(arxiv_id="2605.90002")])
    assert [e.arxiv_id for e in merged] == ["2605.90002", "2605.90001"]


@pytest.mark.parametrize(
    ("types", "strongest"),
    [
        (("cross", "new"), "new"),
        (("new", "cross"), "new"),
        (("replace-cross", "replace"), "replace"),
        (("replace", "cross"), "cross"),
        (("replace-cross", "replace", "cross", "new"), "new"),
    ],
)
def test_merged_entries_have_the_strongest_announce_type(types, strongest):
    assert merge([entry(announce_type=kind) for kind in types])[0].announce_type == strongest


def test_merged_entries_have_the_highest_version():
    merged = merge([entry(), entry(version=3, title="Third"), entry(version=2, title="Second")])
    assert (merged[0].version, merged[0].title) == (3, "Third")


# --- papers and their versions ----------------------------------------------------------------


def test_a_second_version_is_a_second_text_of_the_same_paper(db, now):
    store_papers([entry()], now)
    store_papers([entry(version=2, title="A Better Title")], now)
    assert [(v.number, v.title) for v in Paper.objects.get().versions.all()] == [
        (1, "A Title"),
        (2, "A Better Title"),
    ]


def test_the_text_of_a_version_never_changes(db, now):
    store_papers([entry()], now)
    store_papers([entry(title="Another Title", abstract="Another.")], now)
    assert PaperVersion.objects.get().title == "A Title"


def test_the_metadata_of_a_paper_follows_its_newest_version(db, now):
    store_papers([entry()], now)
    store_papers([entry(version=2, authors=("Ada Example", "Bo Sample"), categories=("cs.LG", "cs.AI"))], now)
    paper = Paper.objects.get()
    assert (paper.authors, paper.categories) == (["Ada Example", "Bo Sample"], ["cs.LG", "cs.AI"])


def test_the_metadata_of_the_same_version_is_refreshed(db, now):
    store_papers([entry()], now)
    store_papers([entry(doi="10.1/x", journal_ref="J. 1")], now)
    assert Paper.objects.values_list("doi", "journal_ref").get() == ("10.1/x", "J. 1")


def test_a_page_that_cuts_lists_takes_nothing_away(db, now):
    store_papers([entry(authors=("Ada Example", "Bo Sample"), categories=("cs.SY", "eess.SY"))], now)
    store_papers(
        [entry(authors=("Ada Example",), categories=("eess.SY",), comments="9 pages", abridged=True)], now
    )
    paper = Paper.objects.get()
    assert (paper.authors, paper.categories) == (["Ada Example", "Bo Sample"], ["cs.SY", "eess.SY"])
    assert paper.comments == "9 pages"


def test_a_withdrawn_paper_is_one_by_its_comments(db, now):
    store_papers([entry()], now)
    store_papers([entry(version=2, comments="This paper has been withdrawn by the authors")], now)
    assert Paper.objects.get().withdrawn


def test_an_older_version_does_not_change_the_metadata(db, now):
    store_papers([entry(version=2)], now)
    store_papers([entry(version=1, authors=("Nobody",))], now)
    assert Paper.objects.get().authors == ["Ada Example"]


def test_metadata_that_a_document_leaves_out_stays(db, now):
    store_papers([entry(doi="10.1/x")], now)
    store_papers([entry(version=2, license="", doi="")], now)
    assert Paper.objects.values_list("doi", "license").get() == ("10.1/x", "a licence")


def test_every_entry_gets_the_version_it_names(db, now):
    store_papers([entry(), entry(arxiv_id="2605.90002", version=4)], now)
    versions = store_papers([entry(), entry(arxiv_id="2605.90002", version=2)], now)
    assert {key: version.number for key, version in versions.items()} == {"2605.90001": 1, "2605.90002": 2}


def test_two_stores_of_the_same_papers_agree_on_the_rows(db, now):
    one = store_papers([entry(), entry(arxiv_id="2605.90002")], now)
    other = store_papers([entry(arxiv_id="2605.90002"), entry()], now)
    assert one == other


def test_new_versions_wait_to_be_matched(db, now):
    store_papers([entry()], now)
    assert PaperVersion.objects.unmatched().count() == 1


def test_a_paper_with_an_old_identifier_is_stored(announce):
    announce(Document("hep-th").add("hep-th/9901001", categories=("hep-th",)))
    assert Paper.objects.get().arxiv_id == "hep-th/9901001"


@pytest.mark.django_db
def test_a_very_long_field_is_cut_to_what_its_column_holds(now):
    store_papers([entry(license="l" * 999, doi="d" * 999)], now)
    category = Category.objects.create(code="cs.LG")
    announcement = store(category, parse(Document().add().rss()), "s" * 999, now)
    assert (len(Paper.objects.get(arxiv_id="2605.90001").doi), len(announcement.source)) == (500, 500)


@pytest.mark.parametrize(
    ("first", "then", "kept"),
    [
        ("cross", "new", "new"),
        ("new", "cross", "new"),
        ("replace-cross", "replace", "replace"),
        ("replace", "cross", "cross"),
    ],
)
def test_of_the_types_that_two_sources_tell_of_a_paper_the_strongest_holds(announce, first, then, kept):
    announce(Document().add("2605.90001", announce_type=first).add("2605.90002"))
    announce(Document().add("2605.90001", announce_type=then).add("2605.90002"))
    kinds = Listing.objects.values_list("paper__arxiv_id", "announce_type")
    assert dict(kinds) == {"2605.90001": kept, "2605.90002": "new"}


def test_a_lease_that_was_taken_or_ended_while_a_document_was_stored_stays_so(
    announce, document, now, monkeypatch
):
    """A feed and a catch-up page may come at once: each writes what it knows, and not the other's lease."""
    row = announce(document)
    token = uuid4()

    conclude = _Seen.conclude

    def concluded(self, stored, outcome) -> None:
        Announcement.objects.filter(pk=row.pk).update(lease=token, leased_until=now, tries=3)
        conclude(self, stored, outcome)

    monkeypatch.setattr(_Seen, "conclude", concluded)
    announce(document.add())
    kept = Announcement.objects.get()
    assert (kept.lease, kept.tries, kept.state) == (token, 3, "complete")
