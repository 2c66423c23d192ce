"""worker/memory.py: what is wanted becomes sentences once, and finished sentences become translations."""

from datetime import timedelta

import pytest

from digest.models import PaperVersion, Segment, Sentence, Translation
from tests.steps import MODEL
from worker.memory import assemble, key, plan

LANGUAGE = "zh-Hans"


@pytest.fixture
def stored(announce, document):
    """Stores a paper with this abstract; returns its version."""

    def stored(abstract: str, title: str = "A Title") -> PaperVersion:
        announce(document.add(title=title, abstract=abstract))
        return PaperVersion.objects.latest("id")

    return stored


def planned(*versions: PaperVersion, language: str = LANGUAGE, model: str = MODEL) -> list[Translation]:
    return plan(versions, language, model)


def answer(now, **by_source: str) -> None:
    """Finish every sentence: with the given text, or with its own source in brackets."""
    for sentence in Sentence.objects.pending():
        sentence.text = by_source.get(sentence.source, f"【{sentence.source}】")
        sentence.verdict, sentence.finished_at = Sentence.OK, now
        sentence.save()


def finished(now) -> Translation:
    assemble(now)
    return Translation.objects.get()


# --- plan -------------------------------------------------------------------------------------


def test_a_plan_has_a_sentence_for_the_title_and_each_of_the_abstract(stored):
    planned(stored("First we look. Then we leap."))
    assert list(Segment.objects.values_list("field", "order", "source").order_by("-field", "order")) == [
        ("title", 0, "A Title"),
        ("abstract", 0, "First we look."),
        ("abstract", 1, "Then we leap."),
    ]


def test_a_planned_translation_is_unfinished(stored):
    (translation,) = planned(stored("We look."))
    assert (translation.finished_at, translation.state) == (None, "")


def test_equal_sentences_are_one_row(stored):
    planned(stored("We look. We leap."), stored("We leap. We look."))
    assert sorted(Sentence.objects.values_list("source", flat=True)) == ["A Title", "We leap.", "We look."]


def test_sentences_that_differ_in_their_formulas_only_are_one_row(stored):
    planned(stored("The cost is $O(n)$ here. The cost is $O(n^2)$ here."))
    assert Sentence.objects.exclude(source="A Title").get().source == "The cost is <v0> here."


def test_every_place_keeps_its_own_formula(stored):
    planned(stored("The cost is $O(n)$ here. The cost is $O(n^2)$ here."))
    held = Segment.objects.filter(field="abstract").values_list("held", flat=True)
    assert list(held) == [["$O(n)$"], ["$O(n^2)$"]]


def test_the_same_sentence_in_another_language_is_another_row(stored):
    version = stored("We look.")
    planned(version)
    planned(version, language="ja")
    assert Sentence.objects.filter(source="We look.").count() == 2


def test_the_same_sentence_by_another_model_is_another_row(stored):
    version = stored("We look.")
    planned(version)
    planned(version, model="better#00000002")
    assert Sentence.objects.filter(source="We look.").count() == 2


def test_a_formula_alone_is_no_sentence(stored):
    planned(stored("$E = mc^2$."))
    assert Segment.objects.get(field="abstract").sentence is None


def test_a_second_plan_makes_nothing(stored):
    version = stored("We look. We leap.")
    planned(version)
    before = Segment.objects.count(), Sentence.objects.count()
    assert planned(version) == []
    assert (Segment.objects.count(), Sentence.objects.count()) == before


def test_a_finished_sentence_is_taken_from_the_memory(stored, now):
    planned(stored("We look.", title="We look."))
    answer(now)
    planned(stored("We look.", title="We look."))
    assert not Sentence.objects.pending().exists()


def test_more_versions_than_one_chunk_are_all_planned(stored, monkeypatch):
    monkeypatch.setattr("worker.memory._CHUNK", 2)
    assert len(planned(*(stored(f"We look {n} times.") for n in range(5)))) == 5


def test_the_key_of_a_sentence_is_its_sha256():
    assert key("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


# --- assemble ---------------------------------------------------------------------------------


def test_a_translation_waits_for_all_its_sentences(stored, now):
    planned(stored("We look."))
    assert assemble(now) == []


def test_a_translation_is_complete_when_all_its_sentences_are_good(stored, now):
    planned(stored("We look. We leap."))
    answer(now)
    translation = finished(now)
    assert (translation.state, translation.finished_at) == ("complete", now)
    assert (translation.title, translation.abstract) == ("【A Title】", "【We look.】【We leap.】")


def test_a_sentence_that_failed_stays_in_english(stored, now):
    planned(stored("We look. We leap. We land."))
    answer(now)
    Sentence.objects.filter(source="We leap.").update(verdict="loop", text="来自来自来自")
    translation = finished(now)
    assert translation.abstract == "【We look.】 We leap. 【We land.】"
    assert translation.state == "partial"


def test_a_sentence_that_failed_has_no_text_of_its_own(stored, now):
    planned(stored("We look. We leap."))
    answer(now)
    Sentence.objects.filter(source="We leap.").update(verdict="loop", text="来自来自来自")
    finished(now)
    assert list(Segment.objects.filter(field="abstract").values_list("text", flat=True)) == [
        "【We look.】",
        "",
    ]


def test_a_translation_without_a_good_sentence_is_failed_and_shows_nothing(stored, now):
    planned(stored("We look."))
    answer(now)
    Sentence.objects.update(verdict="loop")
    translation = finished(now)
    assert (translation.state, translation.title, translation.abstract) == ("failed", "", "")


def test_a_title_that_failed_stays_in_english(stored, now):
    planned(stored("We look."))
    answer(now)
    Sentence.objects.filter(source="A Title").update(verdict="echo")
    translation = finished(now)
    assert (translation.title, translation.state) == ("A Title", "partial")


def test_formulas_and_addresses_come_back_as_they_were(stored, now):
    planned(stored(r"See https://example.org/a_b for $\sum_{i<n} x_i$ and \emph{all} of it."))
    answer(now)
    assert finished(now).abstract == r"【See https://example.org/a_b for $\sum_{i<n} x_i$ and all of it.】"


def test_formulas_follow_their_placeholders_wherever_the_engine_puts_them(stored, now):
    planned(stored("From $a$ to $b$ we go."))
    answer(now, **{"From <v0> to <v1> we go.": "到＜ v1 ＞从< v0 >去。"})
    assert finished(now).abstract == "到$b$从$a$去。"


@pytest.mark.parametrize(
    "text", ["从去。", "从<v0>去<v0>。", "从<v0>去<v7>。"], ids=["lost", "doubled", "invented"]
)
def test_a_text_whose_placeholders_do_not_fit_is_not_shown(stored, now, text):
    planned(stored("From $a$ we go."))
    answer(now, **{"From <v0> we go.": text})
    assert finished(now).abstract == "From $a$ we go."


def test_paragraphs_are_kept(stored, now):
    planned(stored("We look.\n  We leap. We land."))
    answer(now)
    assert finished(now).abstract == "【We look.】\n【We leap.】【We land.】"


def test_a_formula_alone_is_the_same_in_every_language(stored, now):
    planned(stored("We look. $E = mc^2$."))
    answer(now)
    translation = finished(now)
    assert (translation.abstract, translation.state) == ("【We look.】$E = mc^2$.", "complete")


def test_a_language_with_spaces_has_them_between_its_sentences(stored, now):
    planned(stored("We look. We leap."), language="fr")
    answer(now)
    assert finished(now).abstract == "【We look.】 【We leap.】"


def test_a_finished_translation_is_not_finished_again(stored, now):
    planned(stored("We look."))
    answer(now)
    assemble(now)
    assert assemble(now + timedelta(hours=1)) == []
    assert Translation.objects.get().finished_at == now


def test_no_more_are_finished_at_once_than_the_limit(stored, now):
    planned(*(stored(f"We look {n} times.") for n in range(3)))
    answer(now)
    assert [len(assemble(now, limit=2)) for _ in range(3)] == [2, 1, 0]
