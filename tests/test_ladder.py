"""worker/ladder.py: a sentence that fails its checks is tried another way, and only then left in English."""

import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.languages import Language, find
from digest.terms import Glossary, Term
from tests import engines
from tests.engines import FakeEngine
from worker.engine import GREEDY, Decoding, EngineError, Output
from worker.ladder import Ladder, Options, Rendered
from worker.text.protection import ANGLE, RestoreError, restore
from worker.text.segments import pieces

CHINESE, GERMAN = find("zh-Hans"), find("de")
SENTENCE = "We train a robot with <v0> steps on the wet ground of the garden."
TERMS = Glossary([Term("robot", ("机器人", "机械人")), Term("reward model", ("奖励模型",)), Term("PPO", ())])
Way = Callable[[str, str, Decoding], str]


class Scripted(FakeEngine):
    """An engine that answers well, except where `way` (source, good answer, decoding) says otherwise."""

    def __init__(self, way: Way) -> None:
        super().__init__()
        self.way = way

    def translate(
        self, sources: Sequence[str], language: Language, decoding: Decoding = GREEDY
    ) -> list[Output]:
        good = super().translate(sources, language, decoding)
        return [
            Output(self.way(source, output.text, decoding), output.score)
            for source, output in zip(sources, good, strict=True)
        ]


def climb(engine: FakeEngine, source: str = SENTENCE, **how: object) -> Rendered:
    """What one sentence becomes."""
    options = how.pop("options", Options())
    return Ladder(engine, CHINESE, options=options, **how).climb([source])[0]  # type: ignore[arg-type]


# --- which way --------------------------------------------------------------------------------


def test_a_good_answer_is_taken_as_it_comes():
    engine = FakeEngine()
    rendered = climb(engine)
    assert (rendered.verdict, rendered.rung, rendered.notes) == ("ok", "greedy", ())
    assert engine.heard == [SENTENCE]


def test_only_what_was_flagged_is_asked_again():
    engine = Scripted(lambda source, good, how: "" if "bad" in source and how.beam == 1 else good)
    sources = [
        "The good robot walks far away.",
        "The bad robot walks far away.",
        "A third one walks far away.",
    ]
    rendered = Ladder(engine, CHINESE).climb(sources)
    assert [each.rung for each in rendered] == ["greedy", "beam", "greedy"]
    assert engine.heard == [*sources, sources[1]]


def test_a_loop_is_broken_by_penalties():
    engine = Scripted(lambda _, good, how: good if how.no_repeat_ngram_size else engines.loop(good))
    rendered = climb(engine)
    assert (rendered.verdict, rendered.rung) == ("ok", "penalties")


def test_a_dropped_number_is_asked_for_with_a_penalty_on_gaps():
    source = "The robot walks past 35 people on the wet ground of the garden."
    engine = Scripted(lambda _, good, how: good if how.coverage_penalty else good.replace("35", ""))
    rendered = climb(engine, source)
    assert (rendered.verdict, rendered.rung) == ("ok", "penalties")


def test_a_lost_placeholder_is_shown_in_another_form():
    engine = Scripted(lambda source, good, _: good if "XZ" in source else engines.drop_placeholders(good))
    engine.placeholder = ANGLE
    rendered = climb(engine)
    assert (rendered.verdict, rendered.rung) == ("ok", "placeholders")
    assert ANGLE.found.findall(rendered.text) == ["0"]


def test_where_every_form_is_lost_the_parts_around_it_are_translated():
    def lose(_source: str, good: str, _how: Decoding) -> str:
        return re.sub(r"XZ\d|<v\d>", "", good)

    rendered = climb(Scripted(lose))
    assert (rendered.verdict, rendered.rung) == ("ok", "placeholders")
    assert ANGLE.found.findall(rendered.text) == ["0"]


def test_a_sentence_that_is_only_understood_in_pieces_is_translated_in_pieces():
    source = (
        "We train a robot that walks on the wet ground, and we show that it can find its way back home again."
    )
    engine = Scripted(lambda heard, good, _: good if len(heard.split()) < 15 else good[:2])
    rendered = climb(engine, source, options=Options(longest=60))
    assert rendered.verdict == "ok"
    assert rendered.rung in ("pieces", "free")


def test_the_last_way_is_the_whole_vocabulary():
    engine = Scripted(lambda heard, good, how: "" if how.restricted or "," not in heard else good)
    rendered = climb(engine, "First of all, a robot walks.")
    assert (rendered.verdict, rendered.rung) in [("ok", "free"), ("ok", "pieces")]
    assert engine.decodings[-1].restricted is False


def test_what_no_way_helps_stays_in_english_with_the_reason():
    rendered = climb(FakeEngine(engines.say_nothing))
    assert (rendered.verdict, rendered.text) == ("empty", "")


def test_of_two_bad_answers_the_one_with_fewer_findings_is_kept():
    def worse_at_first(_source: str, good: str, how: Decoding) -> str:
        return good.replace("<v0>", "") if how.beam > 1 else engines.loop(good.replace("<v0>", ""))

    engine = Scripted(worse_at_first)
    source = "A robot of <v0> walks on the wet ground of the garden."
    assert "loop" not in (climb(engine, source).verdict, *climb(engine, source).notes)


def test_a_beam_by_choice_is_not_searched_twice():
    engine = FakeEngine(engines.say_nothing)
    climb(engine, options=Options(beam=5))
    assert [how for how in engine.decodings if how == Decoding(beam=5)] == [Decoding(beam=5)]


def test_a_low_score_of_the_model_is_a_note_and_no_verdict():
    rendered = climb(FakeEngine(), options=Options(least_score=-0.01))
    assert (rendered.verdict, rendered.notes) == ("ok", ("unsure",))


def test_an_engine_that_does_not_answer_is_an_error():
    with pytest.raises(EngineError):
        climb(FakeEngine(crashes="robot"))


def test_answers_are_in_the_order_of_their_sources_whatever_way_they_went():
    engine = Scripted(lambda source, good, how: good if how.beam > 1 or "3" not in source else "")
    sources = [f"The robot walks past {number} people on the ground." for number in range(40)]
    rendered = Ladder(engine, CHINESE).climb(sources)
    assert [re.findall(r"\d+", each.text) for each in rendered] == [[str(n)] for n in range(40)]


# --- long sentences ---------------------------------------------------------------------------


LONG = (
    "We train a robot with <v0> legs that walks on the wet ground of the garden, which is <v1> metres long; "
    "we then show that it finds its way back home, although nobody has told it where <v2> is to be found."
)


def test_a_long_sentence_is_translated_in_clauses():
    engine = FakeEngine()
    rendered = climb(engine, LONG, options=Options(longest=15))
    assert rendered.verdict == "ok"
    assert len(engine.heard) > 1
    assert max(map(engine.length, engine.heard)) <= 20


def test_every_clause_has_placeholders_of_its_own_from_nought():
    engine = FakeEngine()
    rendered = climb(engine, LONG, options=Options(longest=15))
    assert all("<v0>" in heard for heard in engine.heard if "<v" in heard)
    assert ANGLE.found.findall(rendered.text) == ["0", "1", "2"]


def test_clauses_are_joined_as_one_sentence():
    rendered = climb(FakeEngine(), LONG, options=Options(longest=15))
    assert rendered.text.count("。") == 1
    assert rendered.text.endswith("。")
    assert "；" in rendered.text


def test_clauses_of_a_language_with_spaces_have_one_between_them():
    engine = Scripted(lambda source, *_: " ".join(re.findall(r"<v\d>|[A-Za-z]+", source))[::1] + ".")
    rendered = Ladder(engine, GERMAN, options=Options(longest=15)).climb([LONG])[0]
    assert "  " not in rendered.text
    assert "garden which" in rendered.text


# --- the glossary -----------------------------------------------------------------------------


PPO = "The robot learns by PPO and a reward model on the wet ground."
ROBOT = "The robot walks home over the wet ground."


def test_a_term_that_is_rendered_as_accepted_costs_nothing():
    engine = Scripted(lambda _, good, __: good + "机器人PPO奖励模型。")
    rendered = climb(engine, PPO, glossary=TERMS)
    assert (rendered.rung, rendered.notes) == ("greedy", ())


def test_a_second_accepted_rendering_is_as_good():
    engine = Scripted(lambda _, good, __: good + "机械人PPO奖励模型。")
    assert climb(engine, PPO, glossary=TERMS).rung == "greedy"


def test_a_term_that_is_missing_is_put_in():
    rendered = climb(FakeEngine(), PPO, glossary=TERMS)
    assert (rendered.verdict, rendered.rung, rendered.notes) == ("ok", "terms", ())
    assert all(term in rendered.text for term in ("机器人", "奖励模型", "PPO"))


def test_terms_stand_beside_formulas():
    rendered = climb(FakeEngine(), "The robot of <v0> follows a reward model of <v1>.", glossary=TERMS)
    assert rendered.rung == "terms"
    assert ANGLE.found.findall(rendered.text) == ["0", "1"]


def test_by_choice_a_missing_term_is_only_noted():
    rendered = climb(FakeEngine(), ROBOT, glossary=TERMS, options=Options(terms="check"))
    assert (rendered.verdict, rendered.notes) == ("ok", ("terms",))
    assert "机器人" not in rendered.text


def test_by_choice_the_glossary_is_not_used():
    assert climb(FakeEngine(), ROBOT, glossary=TERMS, options=Options(terms="off")).notes == ()


def test_where_forcing_a_term_breaks_the_sentence_the_answer_without_it_is_kept():
    engine = Scripted(lambda source, good, _: "" if "<v" in source else good)
    rendered = climb(engine, "The robot walks on the wet ground.", glossary=TERMS)
    assert (rendered.verdict, rendered.notes) == ("ok", ("terms",))


# --- whatever the engine does -----------------------------------------------------------------


MISTAKES = [
    engines.drop_placeholders,
    engines.double_placeholders,
    engines.space_placeholders,
    engines.loop,
    engines.truncate,
    engines.say_nothing,
    lambda text: text.replace("<v", "<v1"),
    lambda text: text.replace("<v0>", "<v1>"),
    lambda text: text[::-1],
    lambda text: text + "<v99999999999>",
]
WORDS = st.sampled_from(
    [
        "We train",
        "a robot",
        "$x_1$",
        "<v0>",
        "https://a.org/b",
        "which",
        ", and",
        ";",
        "12",
        "95.2%",
        "GPT-4o",
        "(i)",
    ]
)


@settings(max_examples=150)
@given(
    st.lists(WORDS, min_size=1, max_size=30).map(" ".join), st.lists(st.sampled_from(MISTAKES), max_size=2)
)
def test_no_span_is_ever_lost_doubled_or_altered(text: str, mistakes: list):
    class Damaging(FakeEngine):
        def _answer(self, source: str) -> str:
            answer = super()._answer(source)
            for mistake in mistakes:
                answer = mistake(answer)
            return answer

    sentences = [piece for piece in pieces(text) if piece.translatable]
    ladder = Ladder(Damaging(), CHINESE, glossary=TERMS, options=Options(longest=12))
    for piece, rendered in zip(sentences, ladder.climb([p.source for p in sentences]), strict=True):
        if rendered.verdict != "ok":
            continue
        try:
            shown = restore(rendered.text, list(piece.held))
        except RestoreError as error:
            raise AssertionError(f"{piece} was published as {rendered}") from error
        assert sorted(span for span in piece.held) == sorted(
            span for span in piece.held if shown.count(span) >= piece.held.count(span)
        )
