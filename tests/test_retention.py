"""digest/retention.py: what is old and in no digest goes, batch by batch; what anybody may need stays."""

from datetime import date, datetime, timedelta
from itertools import islice

import pytest
from django.db.models import ProtectedError

from digest import retention
from digest.following import follow
from digest.models import (
    Announcement,
    Correction,
    Digest,
    Entry,
    GlossaryTerm,
    Keyword,
    Listing,
    Match,
    Paper,
    PaperVersion,
    Section,
    Segment,
    Sentence,
    State,
    Translation,
)
from digest.retention import Choice, Counts, count, prune
from tests.conftest import NOW, announced
from tests.documents import Document
from tests.steps import MODEL, choose, match, translate
from worker import memory
from worker.arxiv.entries import Entry as Announced
from worker.publish import publish_due
from worker.store import store_papers

OLD, BEFORE, YOUNG = date(2026, 5, 12), date(2026, 6, 1), date(2026, 6, 2)
CHOICE = Choice(BEFORE)


def at(day: date) -> datetime:
    return NOW + (day - OLD)


def on(day: date, *papers: str, category: str = "cs.LG", **fields) -> None:
    """A day with these papers, matched and translated; nobody has a digest of it yet."""
    document = Document(category, day=day)
    for arxiv_id in papers:
        document.add(
            arxiv_id, **{"title": f"Robot {arxiv_id}", "abstract": "The robot walks. We look.", **fields}
        )
    announced(document, at(day))
    match(at(day))
    translate(now=at(day))


@pytest.fixture
def followed(bob) -> None:
    choose("fake")
    follow(bob, "robot")


@pytest.fixture
def two(followed) -> None:
    """An old paper and a young one, translated; no digest has them."""
    on(OLD, "2605.90001", abstract="The robot walks. We look.")
    on(YOUNG, "2606.90002", abstract="The robot learns. We look.")


def papers() -> list[str]:
    return sorted(Paper.objects.values_list("arxiv_id", flat=True))


def pruned(choice: Choice = CHOICE) -> dict[str, int]:
    gone: dict[str, int] = {}
    for what, number in prune(choice):
        gone[what] = gone.get(what, 0) + number
    return gone


# --- what goes --------------------------------------------------------------------------------


def test_an_old_paper_goes_with_all_that_hangs_on_it(two):
    assert pruned() == {"papers": 1, "sentences": 2}
    assert papers() == ["2606.90002"]
    for model in (PaperVersion, Listing, Match, Translation):
        assert model.objects.count() == 1


def test_what_is_counted_is_what_goes(two):
    assert count(CHOICE) == Counts(digests=0, papers=1, versions=1, translations=1, sentences=2)
    pruned()
    assert not count(CHOICE)


def test_nothing_goes_by_being_counted(two):
    count(CHOICE)
    assert len(papers()) == 2


def test_a_sentence_goes_that_nothing_uses_any_more_and_one_that_is_shared_stays(two):
    pruned()
    assert set(Sentence.objects.values_list("source", flat=True)) == {
        "Robot 2606.90002",
        "The robot learns.",
        "We look.",
    }


def test_a_sentence_goes_that_nothing_used_before(two):
    Translation.objects.filter(version__paper__arxiv_id="2606.90002").delete()
    assert count(CHOICE).sentences == 5
    assert pruned()["sentences"] == 5


def test_with_nothing_old_nothing_goes(followed):
    on(YOUNG, "2606.90002")
    assert not count(CHOICE)
    assert pruned() == {}


# --- what is old ------------------------------------------------------------------------------


def test_a_paper_is_as_old_as_its_newest_listing(two):
    on(YOUNG, "2605.90001", category="cs.RO", version=2, announce_type="replace")
    assert count(CHOICE).papers == 0


def test_the_day_itself_is_not_before_it(followed):
    on(OLD, "2605.90001")
    assert [count(Choice(OLD + timedelta(days=n))).papers for n in (0, 1)] == [0, 1]


def test_a_paper_that_was_never_announced_here_is_as_old_as_its_newest_version(db):
    paper = Announced("2605.90001", 1, "new", "A Robot", "It walks.", ("Ada Example",), ("cs.LG",))
    store_papers([paper], at(OLD))
    assert [count(Choice(OLD + timedelta(days=n))).papers for n in (0, 1)] == [0, 1]


# --- what stays -------------------------------------------------------------------------------


def test_a_paper_in_anybodys_digest_stays_with_its_translation(two, bob):
    publish_due(at(OLD))
    publish_due(at(YOUNG))
    digest = Digest.objects.create(
        user=bob, day=OLD, language="zh-Hans", published_at=at(OLD), changed_at=at(OLD)
    )
    section = Section.objects.create(digest=digest, keyword=Keyword.objects.get(), label="robot")
    version = PaperVersion.objects.get(paper__arxiv_id="2605.90001")
    Entry.objects.create(
        digest=digest, section=section, paper=version.paper, version=version, guid="g", added_at=at(OLD)
    )
    assert not count(CHOICE)
    assert pruned() == {}
    assert (len(papers()), Translation.objects.count()) == (2, 2)


def test_announcements_stay_with_what_they_declared(two):
    before = list(Announcement.objects.order_by("pk").values())
    pruned()
    assert list(Announcement.objects.order_by("pk").values()) == before


def test_corrections_and_the_glossary_stay(two, alice):
    sentence = Sentence.objects.get(source="The robot walks.")
    Correction.objects.create(
        key=sentence.key, language="zh-Hans", source=sentence.source, text="机器人走。", by=alice, at=NOW
    )
    terms = GlossaryTerm.objects.count()
    pruned()
    assert not Sentence.objects.filter(source="The robot walks.").exists()
    assert Correction.objects.count() == 1
    assert GlossaryTerm.objects.count() == terms > 0


def test_a_correction_is_shown_again_when_its_sentence_comes_again(two, alice):
    key = memory.key("The robot walks.")
    Correction.objects.create(
        key=key, language="zh-Hans", source="The robot walks.", text="机器人走。", at=NOW
    )
    pruned()
    on(date(2026, 6, 3), "2606.90003")
    assert "机器人走。" in Translation.objects.get(version__paper__arxiv_id="2606.90003").abstract


def test_what_a_keyword_brought_stays_where_that_is_asked_for(two):
    on(OLD, "2605.90007", category="cs.RO", title="A Title", abstract="Nothing.")
    choice = Choice(BEFORE, keep_matched=True)
    assert count(choice).papers == 1
    pruned(choice)
    assert papers() == ["2605.90001", "2606.90002"]


# --- digests ----------------------------------------------------------------------------------


@pytest.fixture
def old_digest(followed, bob) -> Digest:
    """Bob's old digest of two papers."""
    on(OLD, "2605.90001", "2605.90002")
    publish_due(at(OLD))
    return bob.digests.get()


def test_digests_go_only_where_that_is_asked_for(old_digest):
    assert not count(CHOICE)
    choice = Choice(BEFORE, digests=True)
    assert count(choice) == Counts(digests=1, papers=2, versions=2, translations=2, sentences=4)
    assert pruned(choice) == {"digests": 1, "papers": 2, "sentences": 4}
    assert (Digest.objects.count(), Entry.objects.count(), papers()) == (0, 0, [])


@pytest.mark.parametrize("kept", [{"saved_at": NOW}, {"note": "Read again."}])
def test_a_digest_in_which_a_paper_was_saved_stays_whole(old_digest, bob, kept):
    State.objects.create(user=bob, paper=Paper.objects.get(arxiv_id="2605.90001"), **kept)
    assert not count(Choice(BEFORE, digests=True))
    assert pruned(Choice(BEFORE, digests=True)) == {}
    assert old_digest.entries.count() == 2


def test_a_young_digest_stays(old_digest):
    assert not count(Choice(OLD, digests=True))


def test_an_old_paper_stays_that_stands_in_a_young_digest_too(old_digest, alice):
    young = Digest.objects.create(user=alice, day=YOUNG, language="zh-Hans", published_at=NOW, changed_at=NOW)
    section = Section.objects.create(digest=young, keyword=Keyword.objects.get(), label="robot")
    version = PaperVersion.objects.get(paper__arxiv_id="2605.90001")
    Entry.objects.create(
        digest=young, section=section, paper=version.paper, version=version, guid="g", added_at=NOW
    )
    choice = Choice(BEFORE, digests=True)
    assert (count(choice).digests, count(choice).papers) == (1, 1)
    pruned(choice)
    assert papers() == ["2605.90001"]


def test_a_keyword_that_only_an_old_digest_used_stays(old_digest):
    pruned(Choice(BEFORE, digests=True))
    assert Keyword.objects.count() == 1


# --- in batches -------------------------------------------------------------------------------


@pytest.fixture
def small_batches(monkeypatch) -> None:
    for name in ("_PAPERS", "_DIGESTS", "_SENTENCES"):
        monkeypatch.setattr(retention, name, 2)


@pytest.mark.parametrize("batches", range(6))
def test_it_may_be_stopped_after_any_batch_and_begun_again(two, small_batches, batches):
    on(OLD, *(f"2605.8000{n}" for n in range(5)), category="cs.RO")
    for _ in islice(prune(CHOICE), batches):
        pass
    pruned()
    assert papers() == ["2606.90002"]
    assert Sentence.objects.count() == Segment.objects.count() == 3
    assert not count(CHOICE)


def test_a_paper_that_is_announced_again_meanwhile_stays(two, small_batches):
    on(OLD, *(f"2605.8000{n}" for n in range(5)), category="cs.RO")
    going = prune(CHOICE)
    next(going)
    left = Paper.objects.exclude(arxiv_id="2606.90002").order_by("-pk")[0].arxiv_id
    on(YOUNG, left, category="cs.RO", version=2, announce_type="replace")
    list(going)
    assert papers() == [left, "2606.90002"]


def test_a_sentence_that_is_taken_from_the_memory_meanwhile_stays(two, small_batches):
    going = prune(CHOICE)
    next(going)  # the paper has gone, its sentences have not
    assert Sentence.objects.filter(source="The robot walks.").exists()
    on(date(2026, 6, 3), "2606.90003", abstract="The robot walks.")
    list(going)
    assert Sentence.objects.filter(source="The robot walks.", model=MODEL).exists()


def test_a_sentence_that_a_translation_has_can_not_go(two):
    with pytest.raises(ProtectedError):
        Sentence.objects.filter(source="We look.").delete()


def test_a_batch_takes_as_many_queries_however_many_batches_there_are(two, django_assert_max_num_queries):
    on(OLD, *(f"2605.8{n:04d}" for n in range(40)), category="cs.RO")
    with django_assert_max_num_queries(60):
        pruned()
