"""digest/corrections.py: what a person writes is shown before any model's text, and outlives it."""

from datetime import timedelta

import pytest

from digest.corrections import LONGEST, CorrectionError, as_units, correct, of, protected, store, withdraw
from digest.models import Correction, PaperVersion, Segment, Sentence, Translation
from digest.showing import translations_of
from tests.documents import Document
from tests.engines import FakeEngine
from tests.steps import choose, match, translate
from worker.memory import assemble, corrections_of, key, plan
from worker.text.protection import restore

# --- what may be typed ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "held", "text"),
    [
        pytest.param("机器人行走。", [], "机器人行走。", id="plain"),
        pytest.param("  机器人\r\n行走。 ", [], "机器人 行走。", id="white space"),
        pytest.param("代价是$n$。", ["$n$"], "代价是<v0>。", id="a formula"),
        pytest.param("从$b$到$a$。", ["$a$", "$b$"], "从<v1>到<v0>。", id="another order"),
        pytest.param("$n$和$n$。", ["$n$", "$n$"], "<v0>和<v1>。", id="the same one twice"),
        pytest.param(
            "见 https://a.org/b 和 https://a.org 。",
            ["https://a.org", "https://a.org/b"],
            "见 <v1> 和 <v0> 。",
            id="one begins as the other",
        ),
        pytest.param(
            "我们写<v7>为$n$。", ["<v7>", "$n$"], "我们写<v0>为<v1>。", id="the source has one typed"
        ),
        pytest.param("用 $a +\n b$ 的机器人", ["$a +  b$"], "用 <v0> 的机器人", id="spaces in a formula"),
        pytest.param(
            "<script>alert(1)</script>", [], "<script>alert(1)</script>", id="script: shown, not run"
        ),
        pytest.param("价格为 5 美元", [], "价格为 5 美元", id="numbers"),
        pytest.param("a\u200cb می\u200cخواهیم", [], "a\u200cb می\u200cخواهیم", id="joiners of Persian"),
        pytest.param("字" * LONGEST, [], "字" * LONGEST, id="long"),
    ],
)
def test_a_correction_has_placeholders_where_formulas_stand(typed, held, text):
    assert protected(typed, held) == text
    shown = restore(text, held)
    assert "".join(shown.split()) == "".join(typed.split())


@pytest.mark.parametrize(
    ("typed", "held", "why"),
    [
        pytest.param("", [], "is empty", id="nothing"),
        pytest.param(" \n\t ", [], "is empty", id="white space"),
        pytest.param(
            "字" * 100_000, [], "at most 5000 characters; this one has 100000", id="100,000 characters"
        ),
        pytest.param("代价。", ["$n$"], "“\\$n\\$” has to stand .* 1×", id="a formula lost"),
        pytest.param("代价$n$$n$。", ["$n$"], "1×", id="a formula doubled"),
        pytest.param("代价$n$。", ["$n$", "$n$"], "2×", id="one of two lost"),
        pytest.param("代价$m$。", ["$n$"], "1×", id="a formula changed"),
        pytest.param("代价<v0>。", ["$n$"], "1×", id="a placeholder for a formula"),
        pytest.param("代价$n$<v0>。", ["$n$"], "stand for formulas", id="a placeholder typed"),
        pytest.param("代价<v0>。", [], "stand for formulas", id="a placeholder typed, no formula"),
        pytest.param("代价＜ V 0 ＞。", [], "stand for formulas", id="a wide placeholder"),
        pytest.param("代价〈v12〉。", [], "stand for formulas", id="another placeholder"),
        pytest.param("代\x00价", [], "control", id="NUL"),
        pytest.param("代\x1b[31m价", [], "control", id="escape"),
        pytest.param("代\u202e价", [], "control", id="text turned around"),
        pytest.param("代\U000f0000价", [], "control", id="private use"),
        pytest.param("$n$", ["$n$"], "no words", id="a formula alone"),
        pytest.param("。。。", [], "no words", id="signs alone"),
    ],
)
def test_what_is_no_correction_is_refused(typed, held, why):
    with pytest.raises(CorrectionError, match=why):
        protected(typed, held)


# --- what is corrected ------------------------------------------------------------------------


@pytest.fixture
def papers(announce, now) -> list[Translation]:
    """Two translated papers that share a sentence."""
    choose("fake")
    announce(Document().add("2605.90001", title="One", abstract="The cost is $O(n)$ here. We look."))
    announce(Document("cs.RO").add("2605.90002", title="Two", abstract="We leap. The cost is $O(n^2)$ here."))
    plan(PaperVersion.objects.order_by("id"), "zh-Hans", "fake#00000001")
    translate()
    return list(Translation.objects.order_by("version_id"))


def place(text: str, nth: int = 0) -> Segment:
    return Segment.objects.filter(source__contains=text).order_by("pk")[nth]


def abstracts() -> list[str]:
    return list(Translation.objects.order_by("version_id").values_list("abstract", flat=True))


def test_a_correction_says_who_and_when(papers, alice):
    correct(place("The cost"), "代价为$O(n)$。", alice)
    row = Correction.objects.get()
    assert (row.source, row.text, row.language, row.by) == (
        "The cost is <v0> here.",
        "代价为<v0>。",
        "zh-Hans",
        alice,
    )
    assert row.at
    assert row.key == key(row.source)


def test_it_is_shown_wherever_the_sentence_stands_with_the_formula_of_the_place(papers, alice, now):
    correct(place("The cost"), "代价为$O(n)$。", alice)
    assemble(now)
    first, second = abstracts()
    assert first.startswith("代价为$O(n)$。")
    assert second.endswith("代价为$O(n^2)$。")


def test_no_model_is_asked_for_it(papers, alice, now):
    correct(place("The cost"), "代价为$O(n)$。", alice)
    assert not Sentence.objects.pending().exists()
    assert {t.pk for t in assemble(now)} == {t.pk for t in papers}
    assert assemble(now) == []


def test_readers_have_the_old_text_until_then(papers, alice):
    correct(place("The cost"), "代价为$O(n)$。", alice)
    assert len(translations_of([t.version_id for t in papers], "zh-Hans")) == 2


def test_where_it_was_typed_it_is_shown_at_once(papers, alice):
    correct(place("The cost"), "代价为$O(n)$。", alice)
    assert place("The cost").text == "代价为$O(n)$。"


def test_a_title_is_corrected(papers, alice, now):
    correct(place("One"), "其一", alice)
    assemble(now)
    assert Translation.objects.order_by("version_id")[0].title == "其一"


def test_a_sentence_that_stayed_in_english_is_corrected(papers, alice, now):
    Sentence.objects.update(verdict="loop", text="来来来")
    Translation.objects.update(stale=True)
    assemble(now)
    assert abstracts() == ["", ""]
    correct(place("The cost"), "代价为$O(n)$。", alice)
    assemble(now)
    assert abstracts()[0] == "代价为$O(n)$。 We look."
    assert Translation.objects.order_by("version_id")[0].state == "partial"


def test_it_survives_that_the_sentence_is_translated_again(papers, alice, now):
    correct(place("The cost"), "代价为$O(n)$。", alice)
    Sentence.objects.all().again(now)
    translate()
    assert abstracts()[0].startswith("代价为$O(n)$。")
    assert Correction.objects.count() == 1


def test_it_is_there_for_another_model(papers, alice, now):
    correct(place("The cost"), "代价为$O(n)$。", alice)
    (better, *_) = plan(PaperVersion.objects.order_by("id"), "zh-Hans", "better#00000002")
    translate(model="better#00000002")
    better.refresh_from_db()
    assert better.abstract.startswith("代价为$O(n)$。")


def test_it_is_there_for_a_paper_of_tomorrow(papers, alice, announce):
    correct(place("The cost"), "代价为$O(n)$。", alice)
    announce(Document("cs.AI").add("2605.90003", title="Three", abstract="The cost is $7$ here."))
    (third,) = plan(PaperVersion.objects.order_by("id"), "zh-Hans", "fake#00000001")
    translate()
    third.refresh_from_db()
    assert third.abstract == "代价为$7$。"


def test_another_language_has_its_own(papers, alice):
    correct(place("The cost"), "代价为$O(n)$。", alice)
    row = Correction.objects.get()
    store(row.source, row.key, "ja", "コストは<v0>です。", alice)
    assert set(Correction.objects.values_list("language", flat=True)) == {"zh-Hans", "ja"}


def test_the_last_one_counts(papers, alice, bob):
    correct(place("We look"), "我们看。", alice)
    correct(place("We look"), "我们观察。", bob)
    assert Correction.objects.values_list("text", "by").get() == ("我们观察。", bob.pk)


def test_where_nothing_is_translated_nothing_is_corrected(papers, alice):
    Segment.objects.filter(pk=place("We look").pk).update(sentence=None)
    with pytest.raises(CorrectionError, match="nothing to translate"):
        correct(place("We look"), "看。", alice)


def test_what_is_refused_changes_nothing(papers, alice):
    before = abstracts()
    with pytest.raises(CorrectionError):
        correct(place("The cost"), "代价。", alice)
    assert not Correction.objects.exists()
    assert not Translation.objects.filter(stale=True).exists()
    assert abstracts() == before


def test_a_correction_that_is_taken_back_leaves_the_models_text(papers, alice, now):
    before = abstracts()
    correct(place("The cost"), "代价为$O(n)$。", alice)
    assemble(now)
    assert withdraw(of(place("The cost").sentence)) == 1
    assemble(now)
    assert abstracts() == before


def test_of_whoever_is_gone_the_correction_stays(papers, alice):
    correct(place("We look"), "我们看。", alice)
    alice.delete()
    assert Correction.objects.get().by is None


# --- while others work ------------------------------------------------------------------------


def test_a_correction_while_the_translation_is_put_together_is_not_lost(papers, alice, now, monkeypatch):
    """It comes after the corrections were read and before the translation is written."""

    def read_and_corrected(translations):
        found = corrections_of(translations)
        if not Correction.objects.exists():
            correct(place("The cost"), "代价为$O(n)$。", alice)
        return found

    monkeypatch.setattr("worker.memory.corrections_of", read_and_corrected)
    Translation.objects.update(stale=True)
    assemble(now)
    assemble(now)
    assert abstracts()[0].startswith("代价为$O(n)$。")


def test_a_translation_whose_sentences_are_pending_is_not_finished_by_a_correction(
    papers, alice, announce, now
):
    announce(Document("cs.AI").add("2605.90003", title="Three", abstract="We look. It is new."))
    (third,) = plan(PaperVersion.objects.order_by("id"), "zh-Hans", "fake#00000001")
    correct(place("We look"), "我们看。", alice)
    assert third.pk not in {t.pk for t in assemble(now)}
    translate()
    third.refresh_from_db()
    assert third.abstract.startswith("我们看。")


# --- a second version -------------------------------------------------------------------------


def test_a_second_version_has_only_what_changed_translated(papers, alice, announce, bob, now):
    correct(place("We look"), "我们看。", alice)
    announce(
        Document("cs.CL").add(
            "2605.90001", version=2, title="One", abstract="The cost is $O(1)$ here. We look. It is new."
        )
    )
    match(now)
    plan(PaperVersion.objects.filter(number=2), "zh-Hans", "fake#00000001")
    engine = FakeEngine()
    translate(engine)
    assert engine.heard == ["It is new."]
    second = Translation.objects.get(version__number=2).abstract
    assert "$O(1)$" in second
    assert "我们看。" in second


# --- as TMX -----------------------------------------------------------------------------------


def test_corrections_are_units(papers, alice):
    correct(place("The cost"), "代价为$O(n)$。", alice)
    row = Correction.objects.get()
    Correction.objects.create(
        key="0" * 64, language="fr", source="A.", text="Un.", at=row.at - timedelta(days=1)
    )
    units = list(as_units(Correction.objects.order_by("at")))
    assert [(u.source, u.text, u.language, u.by, u.model) for u in units] == [
        ("A.", "Un.", "fr", "", ""),
        ("The cost is <v0> here.", "代价为<v0>。", "zh-Hans", "alice", ""),
    ]
