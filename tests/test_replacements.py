"""Replacements, through every room: whoever wants a keyword's papers again gets their new versions."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from digest.following import follow, pause, want_replacements
from digest.models import Category, Digest, Entry, Match, Sentence, Subscription, Translation, User
from tests.conftest import NOW, announced
from tests.documents import Document
from tests.engines import FakeEngine
from tests.steps import MODEL, choose, match, translate, walk
from worker.publish import publish_due
from worker.translate import plan_wanted

MONDAY, TUESDAY, WEDNESDAY = date(2026, 5, 11), date(2026, 5, 12), date(2026, 5, 13)
AT = {MONDAY: NOW - timedelta(days=1), TUESDAY: NOW, WEDNESDAY: NOW + timedelta(days=1)}


@pytest.fixture
def reader(bob) -> User:
    """Bob, who follows `robot` and wants its papers again when they are replaced."""
    want_replacements(follow(bob, "robot"), True)
    return bob


def on(day: date, category: str = "cs.LG", arxiv_id: str = "2605.90001", **fields) -> None:
    """A day with this paper, walked through."""
    fields = {"title": "A Robot", **fields}
    announced(Document(category, day=day).add(arxiv_id, **fields), AT[day])
    walk(AT[day])


def replaced(day: date = TUESDAY, version: int = 2, **fields) -> None:
    on(day, version=version, **{"announce_type": "replace", **fields})


def versions(user: User, day: date) -> list[str]:
    rows = Entry.objects.filter(digest__user=user, digest__day=day).select_related("version__paper")
    return [str(entry.version) for entry in rows.order_by("order")]


# --- who gets them ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["replace", "replace-cross"])
def test_a_paper_comes_again_when_it_is_replaced(reader, kind):
    on(MONDAY)
    replaced(announce_type=kind)
    assert [versions(reader, day) for day in (MONDAY, TUESDAY)] == [["2605.90001v1"], ["2605.90001v2"]]
    assert Entry.objects.get(digest__day=TUESDAY).announce_type == kind


def test_a_paper_does_not_come_again_to_who_has_not_asked_for_it(reader, alice):
    follow(alice, "robot")
    on(MONDAY)
    replaced()
    assert versions(alice, TUESDAY) == []
    assert versions(reader, TUESDAY) == ["2605.90001v2"]


def test_the_switch_is_of_a_keyword_and_not_of_a_reader(reader):
    follow(reader, "policy")
    replaced(title="A Policy")
    replaced(WEDNESDAY, arxiv_id="2605.90002", title="A Robot's Policy")
    assert versions(reader, TUESDAY) == []
    entry = Entry.objects.select_related("section").get(digest__day=WEDNESDAY)
    assert (str(entry.version), entry.section.label) == ("2605.90002v2", "robot")


def test_a_replacement_stands_under_the_keyword_that_wants_it_and_not_under_an_earlier_one(bob):
    follow(bob, "policy")
    want_replacements(follow(bob, "robot"), True)
    replaced(title="A Policy of a Robot")
    assert Entry.objects.get().section.label == "robot"


def test_a_replaced_paper_comes_that_the_reader_never_had(reader):
    replaced()
    assert versions(reader, TUESDAY) == ["2605.90001v2"]


def test_a_paused_keyword_brings_no_replacement(reader):
    follow(reader, "policy")
    pause(Subscription.objects.get(label="robot"))
    on(MONDAY)
    replaced()
    assert versions(reader, TUESDAY) == []


def test_a_new_version_comes_also_where_it_has_lost_the_words_that_brought_the_paper(reader):
    on(MONDAY, title="A Walk", abstract="The robot walks.")
    replaced(title="A Walk", abstract="This paper has been withdrawn.")
    assert versions(reader, TUESDAY) == ["2605.90001v2"]
    assert Match.objects.count() == 1


def test_a_new_version_that_has_found_the_words_comes(reader):
    on(MONDAY, title="A Walk")
    replaced(title="A Robot's Walk")
    assert [versions(reader, day) for day in (MONDAY, TUESDAY)] == [[], ["2605.90001v2"]]


# --- once -------------------------------------------------------------------------------------


def test_each_version_comes_once_whatever_categories_announce_it(reader):
    on(MONDAY)
    replaced()
    replaced(WEDNESDAY, category="cs.RO", announce_type="replace-cross")
    assert versions(reader, WEDNESDAY) == []
    replaced(WEDNESDAY, version=3)
    assert versions(reader, WEDNESDAY) == ["2605.90001v3"]


def test_an_older_version_does_not_come_after_a_newer_one(reader):
    on(MONDAY, arxiv_id="2605.90009")
    on(WEDNESDAY, announce_type="replace", version=3)
    replaced(TUESDAY)
    assert versions(reader, TUESDAY) == []


def test_a_paper_that_is_new_and_replaced_on_one_day_comes_once_as_new(reader):
    Category.objects.create(code="cs.RO", followed=True)
    announced(Document("cs.LG").add("2605.90001", title="A Robot", announce_type="replace", version=2))
    announced(Document("cs.RO").add("2605.90001", title="A Robot", announce_type="cross", version=2))
    walk()
    assert Entry.objects.get().announce_type == "cross"


def test_a_cross_listing_of_a_replaced_paper_that_the_reader_had_is_left_out(reader):
    replaced()
    on(WEDNESDAY, category="cs.RO", announce_type="cross", version=2)
    assert versions(reader, WEDNESDAY) == []


def test_publishing_again_publishes_nothing(reader):
    on(MONDAY)
    replaced()
    assert publish_due(AT[TUESDAY] + timedelta(minutes=1)) == 0


# --- the switch -------------------------------------------------------------------------------


def test_the_replacements_of_the_last_days_come_when_the_switch_is_turned_on(bob):
    follow(bob, "robot")
    on(MONDAY)
    replaced()
    assert versions(bob, TUESDAY) == []
    want_replacements(bob.subscriptions.get(), True)
    walk(AT[TUESDAY] + timedelta(hours=1))
    assert versions(bob, TUESDAY) == ["2605.90001v2"]


def test_what_has_come_stays_when_the_switch_is_turned_off(reader):
    on(MONDAY)
    replaced()
    want_replacements(reader.subscriptions.get(), False)
    replaced(WEDNESDAY, version=3)
    assert [versions(reader, day) for day in (TUESDAY, WEDNESDAY)] == [["2605.90001v2"], []]


# --- in a feed --------------------------------------------------------------------------------


def test_a_replacement_has_a_guid_of_its_own_so_that_feed_readers_show_it(reader):
    on(MONDAY)
    replaced()
    first, second = Entry.objects.order_by("digest__day").values_list("guid", flat=True)
    assert first.endswith(f":reader/{reader.pk}/2605.90001")
    assert second == f"{first}v2"


def test_a_digest_that_is_made_again_has_the_same_guids(reader):
    on(MONDAY)
    replaced()
    before = set(Entry.objects.values_list("guid", flat=True))
    Entry.objects.all().delete()
    publish_due(AT[TUESDAY] + timedelta(minutes=1))
    assert set(Entry.objects.values_list("guid", flat=True)) == before


# --- translated -------------------------------------------------------------------------------


def test_a_digest_waits_for_the_translation_of_a_replacement(reader):
    choose("fake")
    on(MONDAY)
    announced(Document(day=TUESDAY).add(title="A Robot", announce_type="replace", version=2), NOW)
    match(NOW)
    assert publish_due(NOW) == 0
    translate()
    assert publish_due(NOW) == 1


def test_of_a_new_version_only_the_sentences_that_changed_are_translated(reader):
    choose("fake")
    on(MONDAY, abstract="The robot walks. It falls. We look.")
    engine = FakeEngine()
    announced(
        Document().add(title="A Robot", announce_type="replace", version=2,
                       abstract="The robot walks. It stands up again. We look.")
    )  # fmt: skip
    walk(engine=engine)
    assert engine.heard == ["It stands up again."]
    (translation,) = Translation.objects.filter(version__number=2)
    assert translation.state == "complete"
    assert Sentence.objects.count() == 5


def test_a_replacement_that_nobody_wants_is_not_planned(reader, alice):
    follow(alice, "policy")
    User.objects.filter(pk=alice.pk).update(content_language="ja")
    announced(Document().add("2605.90001", title="A Robot's Policy", announce_type="replace", version=2))
    match()
    assert plan_wanted(MODEL, NOW) == 1
    assert Translation.objects.get().language == "zh-Hans"


def test_a_replacement_is_planned_whose_first_version_alone_brought_the_keyword(reader):
    choose("fake")
    on(MONDAY)
    replaced(title="A Walk", abstract="Withdrawn.")
    assert Translation.objects.filter(version__number=2).count() == 1


# --- on the page ------------------------------------------------------------------------------


def test_the_digest_says_that_a_paper_was_replaced_and_leads_to_what_changed(client, reader):
    on(MONDAY)
    replaced(title="A Fast Robot")
    client.force_login(reader)
    text = client.get(reverse("digest", args=[TUESDAY])).content.decode()
    assert '<span class="badge">replaced, version 2</span>' in text
    assert '<a href="/papers/2605.90001/?v=2#changes">what changed</a>' in text
    picture_path = "/papers/2605.90001/?v=2"
    assert 'id="changes"' in client.get(picture_path).content.decode()


def test_a_paper_that_is_new_is_not_said_to_be_replaced(client, bobs_digest: Digest, bob):
    client.force_login(bob)
    text = client.get("/").content.decode()
    assert "what changed" not in text
    assert '<span class="badge">cross</span>' in text
