"""digest/glossary_use.py: a change of the glossary touches the sentences that have the term, and no others."""

import time
from uuid import uuid4

import pytest
from django.utils import timezone

from digest.glossary_use import retranslate, touched, touched_by_change
from digest.models import GlossaryTerm, Installation, Sentence
from tests.engines import FakeEngine
from tests.steps import MODEL, choose, pending, sentence, translate_by
from worker import translate as verb

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_shipped_glossary(db):
    GlossaryTerm.objects.all().delete()


def term(text: str, renderings: str = "词", **fields: object) -> GlossaryTerm:
    return GlossaryTerm.objects.create(term=text, renderings=renderings, **fields)


def done(source: str, language: str = "zh-Hans", **fields: object) -> Sentence:
    return sentence(
        source, language, **{"finished_at": timezone.now(), "verdict": "ok", "text": "好。", **fields}
    )


def sources(row: GlossaryTerm) -> list[str]:
    return [found.source for found in touched(row)]


# --- what a term touches ----------------------------------------------------------------------


def test_sentences_with_the_term_are_touched_the_newest_first():
    for source in ("A policy.", "A robot.", "Two policies."):
        done(source)
    assert sources(term("policy")) == ["Two policies.", "A policy."]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Schrödinger equation", "The Schrödinger equation."),
        ("Schrodinger equation", "The Schrödinger equation."),
        ("naive", "It is naïve."),
        ("ΛCDM", "By ΛCDM we mean it."),
        ("Teichmüller", "TEICHMÜLLER it is."),
        ("losses", "A loss."),
        ("studies", "A study."),
        ("random matrix", "Random matrices."),
        ("fine-tuning", "Fine tuning it is."),
        ("GAN", "Of GANs."),
        ("C++", "In C++ we write."),
        ("100%", "It is 100% of them."),
        ("x_i", "The x_i of them."),
        ("强化学习", "We call it 强化学习."),
        ("optimization", "An optimisation."),
    ],
)
def test_a_term_touches_all_its_forms(text, source):
    done(source)
    done("We see a robot.")
    assert sources(term(text, "=" if text == "GAN" else "词")) == [source]


@pytest.mark.parametrize(
    ("text", "renderings", "source"),
    [
        ("CLIP", "=", "We clip it."),
        ("agent", "智能体", "Reagents."),
        ("on-policy", "同策略", "An effect on policy."),
    ],
)
def test_a_term_does_not_touch_what_is_not_it(text, renderings, source):
    done(source)
    assert sources(term(text, renderings)) == []


def test_a_term_does_not_touch_where_a_longer_one_stands():
    term("public policy")
    done("A public policy.")
    done("A policy.")
    assert sources(term("policy")) == ["A policy."]


def test_a_longer_one_that_is_not_active_hides_nothing():
    term("public policy", active=False)
    done("A public policy.")
    assert sources(term("policy")) == ["A public policy."]


def test_sentences_in_another_language_are_not_touched():
    done("A policy.", "ja")
    assert sources(term("policy")) == []


def test_a_term_that_can_not_be_found_touches_nothing():
    done("A policy.")
    assert sources(term("+++")) == []


# --- a change ---------------------------------------------------------------------------------


@pytest.fixture
def sentences() -> dict[str, int]:
    return {source: done(source).pk for source in ("A policy.", "An agent.", "A robot.")}


def changed(row: GlossaryTerm, **fields: object) -> set[int]:
    before = GlossaryTerm.objects.get(pk=row.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return touched_by_change(before, row)


def test_a_new_term_touches_what_has_it(sentences):
    assert touched_by_change(None, term("policy")) == {sentences["A policy."]}


def test_another_rendering_touches_what_has_the_term(sentences):
    assert changed(term("policy"), renderings="策略") == {sentences["A policy."]}


def test_another_word_touches_what_had_the_old_one_too(sentences):
    assert changed(term("policy"), term="agent") == {sentences["A policy."], sentences["An agent."]}


@pytest.mark.parametrize(("was", "becomes"), [(True, False), (False, True)])
def test_switching_a_term_on_or_off_touches_what_has_it(sentences, was, becomes):
    assert changed(term("policy", active=was), active=becomes) == {sentences["A policy."]}


def test_a_deleted_term_touches_what_had_it(sentences):
    row = term("policy")
    row.delete()
    assert touched_by_change(row, None) == {sentences["A policy."]}


@pytest.mark.parametrize("fields", [{"field": "rl"}, {"renderings": " 词 "}, {}])
def test_what_says_the_same_touches_nothing(sentences, fields):
    assert changed(term("policy"), **fields) == set()


def test_a_term_that_was_never_active_touches_nothing(sentences):
    row = term("policy", active=False)
    assert touched_by_change(None, row) == set()
    assert changed(row, renderings="策略") == set()


def test_where_the_glossary_is_not_used_nothing_is_touched(sentences):
    Installation.current()
    Installation.objects.update(glossary="off")
    assert touched_by_change(None, term("policy")) == set()


# --- translating once more --------------------------------------------------------------------


def test_just_those_are_translated_once_more(sentences):
    assert retranslate(touched_by_change(None, term("policy", "策略"))) == 1
    engine = FakeEngine()
    translate_by(engine)
    assert {source.replace("<v0>", "policy") for source in engine.heard} == {"A policy."}
    assert "策略" in Sentence.objects.get(source="A policy.").text


def test_readers_keep_the_old_text_until_then(sentences):
    retranslate(touched_by_change(None, term("policy")))
    row = Sentence.objects.get(source="A policy.")
    assert (row.text, row.verdict) == ("好。", "ok")
    assert row.finished_at


def test_more_than_a_database_takes_at_once():
    keys = {done(f"A policy of {n}.").pk for n in range(1_200)}
    assert retranslate(keys) == 1_200
    assert pending().count() == 1_200


def test_an_answer_from_before_the_change_is_not_stored():
    """A translator has the sentence in hand with the glossary as it was."""
    row = sentence("A policy.", lease=uuid4(), leased_until=timezone.now(), attempts=1)
    assert retranslate(touched_by_change(None, term("policy"))) == 0
    row.refresh_from_db()
    assert (row.lease, row.finished_at) == (None, None)


def test_a_translator_at_work_takes_the_glossary_as_it_is_now(monkeypatch):
    """The term is added while the first of two batches is translated."""
    monkeypatch.setattr(verb, "_FIRST", 1)
    sentence("A policy walks here.")
    sentence("A policy stands there.")
    engine = FakeEngine()
    translate_by(engine, told=lambda _: term("policy", "策略") if not GlossaryTerm.objects.exists() else None)
    assert ["策略" in row.text for row in Sentence.objects.order_by("-id")] == [False, True]


def test_one_term_among_five_thousand_is_changed_in_seconds():
    GlossaryTerm.objects.bulk_create(
        GlossaryTerm(term=f"invented term {n}", renderings="词") for n in range(5_000)
    )
    choose("fake")
    Sentence.objects.bulk_create(
        Sentence(
            key=f"{n:064}", source=f"The robot walks {n} times by a policy.", language="zh-Hans", model=MODEL
        )
        for n in range(2_000)
    )
    done("An invented term 4999 here.")
    row = GlossaryTerm.objects.get(term="invented term 4999")
    began = time.perf_counter()
    assert len(changed(row, renderings="甲")) == 1
    assert time.perf_counter() - began < 5


def test_only_the_newest_sentences_are_looked_at_when_a_term_changes(monkeypatch):
    monkeypatch.setattr("digest.glossary_use.LOOKED_AT", 1)
    done("An old policy.")
    newest = done("A new policy.")
    assert touched_by_change(None, term("policy")) == {newest.pk}
