"""digest/showing.py: rows become pictures, with as many queries however many rows there are."""

from datetime import timedelta

import pytest

from digest.following import follow, pause
from digest.models import Digest, Match, Segment, Sentence, Subscription, Translation
from digest.picture import DigestPicture, PaperPicture
from digest.showing import digest_picture, labels_of, terms_of, translations_of
from tests.conftest import announced
from tests.documents import Document
from tests.engines import FakeEngine
from tests.pictures import translated
from tests.steps import MODEL, choose, match, publish, translate, walk
from worker.publish import publish_due


@pytest.fixture
def row(bob, document) -> Digest:
    document.add(
        "2605.90001",
        title="A Robot",
        abstract="The robot walks on $n$ legs. It falls.",
        authors="Ada Example, Bo Sample",
        categories=("cs.RO", "cs.LG"),
        announce_type="cross",
    )
    return publish(bob, document, "Robots", "walk")


@pytest.fixture
def picture(row) -> DigestPicture:
    return digest_picture(row)


@pytest.fixture
def paper(picture) -> PaperPicture:
    return picture.papers[0]


def test_the_picture_is_of_the_digests_day_and_language(picture, row, now):
    assert (picture.announced, picture.language, picture.generated_at) == (row.day, "zh-Hans", now)


def test_the_picture_names_the_model(picture):
    assert picture.model == MODEL


def test_the_picture_carries_the_proof(picture):
    assert picture.proof == ({"category": "cs.LG", "state": "complete", "declared": 1, "stored": 1},)


def test_every_section_is_a_group_also_an_empty_one(picture):
    assert [(group.keyword, len(group.papers)) for group in picture.groups] == [("Robots", 1), ("walk", 0)]


def test_a_paper_is_as_arxiv_announced_it(paper):
    assert (paper.versioned_id, paper.title, paper.announce_type) == ("2605.90001v1", "A Robot", "cross")
    assert paper.authors == ("Ada Example", "Bo Sample")
    assert paper.categories == ("cs.RO", "cs.LG")


def test_a_paper_has_all_the_readers_keywords_that_it_mentions(paper):
    assert paper.keywords == ["Robots", "walk"]


def test_a_paper_has_every_place_of_its_keywords(paper):
    assert [(m.field, getattr(paper, m.field)[m.start : m.end]) for m in paper.matched] == [
        ("title", "Robot"),
        ("abstract", "robot"),
        ("abstract", "walks"),
    ]


def test_a_translated_paper_is_in_both_languages(paper):
    assert paper.translation == "complete"
    assert "译" in paper.title_translated
    assert "$n$" in paper.abstract_translated


def test_a_paper_has_its_sentences_side_by_side(paper):
    assert [sentence.source for sentence in paper.sentences] == ["The robot walks on $n$ legs.", "It falls."]
    assert all(sentence.target for sentence in paper.sentences)


def test_a_picture_takes_as_many_queries_however_many_papers_there_are(bob, django_assert_num_queries):
    document = Document()
    for _ in range(20):
        document.add(title="A Robot")
    digest = publish(bob, document, "robot")
    with django_assert_num_queries(8):
        assert digest_picture(digest).count == 20


# --- what is not translated -------------------------------------------------------------------


def test_without_a_translation_the_paper_stands_in_english(bob, announce, document, now):
    follow(bob, "robot")
    announce(document.add(title="A Robot"))
    match()
    publish_due(now)
    (paper,) = digest_picture(bob.digests.get()).papers
    assert (paper.translation, paper.title_translated, paper.abstract_translated) == ("none", "", "")


def test_an_unfinished_translation_is_not_shown(row):
    Translation.objects.update(finished_at=None)
    assert digest_picture(row).papers[0].translation == "none"


def test_a_failed_translation_shows_nothing_and_names_its_model(bob, document):
    row = publish_with(bob, document, FakeEngine(lambda _: ""))
    (paper,) = digest_picture(row).papers
    assert (paper.translation, paper.abstract_translated, paper.model) == ("none", "", MODEL)


def publish_with(user, document, engine) -> Digest:
    """A digest whose engine makes mistakes."""
    choose("fake")
    follow(user, "robot")
    announced(document.add(title="A Robot", abstract="It walks on the ground. It flies in the air."))
    walk(engine=engine)
    return user.digests.get()


def test_a_title_that_stayed_in_english_is_not_shown_as_a_translation(bob, document):
    row = publish_with(bob, document, FakeEngine(lambda text: "" if len(text) < 5 else text))
    (paper,) = digest_picture(row).papers
    assert (paper.title_translated, paper.translation) == ("", "partial")
    assert paper.abstract_translated


def test_a_sentence_that_stayed_in_english_says_why(row):
    segment = Segment.objects.filter(field="abstract").first()
    Segment.objects.filter(pk=segment.pk).update(text="")
    Sentence.objects.filter(pk=segment.sentence_id).update(verdict="numbers")
    told = [(s.source, s.verdict) for s in digest_picture(row).papers[0].sentences if not s.target]
    assert told == [(segment.source, "numbers")]


def test_a_sentence_without_a_trusted_translation_has_no_target(row):
    Segment.objects.filter(source="It falls.").update(text="")
    sentences = digest_picture(row).papers[0].sentences
    assert [bool(sentence.target) for sentence in sentences] == [True, False]


# --- several models ---------------------------------------------------------------------------


@pytest.fixture
def two_models(row):
    """The same paper by the model in use, and later by another."""
    translate(model="better#00000002")
    return list(Translation.objects.values_list("version_id", flat=True)[:1])


def shown(versions, model=None) -> list[str]:
    return [translation.model for translation in translations_of(versions, "zh-Hans", model).values()]


def test_the_model_in_use_is_shown(two_models):
    assert shown(two_models) == [MODEL]


def test_after_a_change_of_models_the_new_one_is_shown(two_models):
    choose("better")
    assert shown(two_models) == ["better#00000002"]


def test_until_the_new_model_is_ready_the_one_before_is_shown(two_models):
    choose("best")
    Translation.objects.filter(model=MODEL).update(finished_at=None)
    assert shown(two_models) == ["better#00000002"]


def test_of_several_models_the_one_that_was_asked_for_is_shown(two_models):
    assert shown(two_models, "better#00000002") == ["better#00000002"]


# --- keywords ---------------------------------------------------------------------------------


def test_a_digest_shows_keywords_as_they_were_called_on_its_day(row):
    Subscription.objects.filter(label="Robots").update(label="My machines")
    assert digest_picture(row).groups[0].keyword == "Robots"


def test_a_label_of_ones_own_changes_neither_places_nor_highlights(row):
    row.sections.filter(label="Robots").update(label="???")
    (paper,) = digest_picture(row).papers
    assert paper.keywords == ["???", "walk"]
    assert paper.matcher
    assert [hit.start for hit in paper.matcher.find("a robot")] == [2]


def test_a_readers_labels_are_in_their_order_without_the_paused(bob):
    for phrase in ("robot", "graph", "diffusion"):
        follow(bob, phrase)
    pause(bob.subscriptions.get(label="graph"))
    bob.subscriptions.filter(label="diffusion").update(order=0)
    bob.subscriptions.filter(label="robot").update(order=1)
    assert list(labels_of(bob).values()) == ["diffusion", "robot"]


def test_a_keyword_that_another_reader_follows_is_not_shown(row, alice, bob, now):
    follow(alice, "falls")
    match(now + timedelta(hours=1))
    assert Match.objects.count() == 3
    assert digest_picture(row).papers[0].keywords == ["Robots", "walk"]


# --- the glossary -----------------------------------------------------------------------------


def terms(**fields: str) -> list[tuple[str, str, str]]:
    return [(t.term, t.rendering, t.wanted) for t in terms_of(translated(**fields))]


@pytest.mark.django_db
def test_the_terms_of_a_paper_are_shown_with_what_the_translation_has_for_them():
    shown = terms(
        title="Reinforcement Learning by PPO",
        title_translated="用PPO进行强化学习",
        abstract="A policy gets a reward. A policy learns.",
        abstract_translated="策略获得奖励。",
    )
    assert shown == [
        ("reinforcement learning", "强化学习", "强化学习"),
        ("PPO", "PPO", "PPO"),
        ("policy", "策略", "策略"),
        ("reward", "奖励", "奖励"),
    ]


@pytest.mark.django_db
def test_a_term_that_was_translated_otherwise_has_no_rendering():
    assert ("policy", "", "策略") in terms(title="A policy", title_translated="一个方针")


@pytest.mark.django_db
def test_a_paper_that_is_not_translated_shows_no_terms():
    assert terms(title="A policy", translation="none") == []
