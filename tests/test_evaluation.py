"""How well an engine translates: a good one, and ones that make every engine's mistakes."""

import re
import subprocess
import sys
from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from digest.languages import Language, find
from digest.terms import Glossary, Term
from tests.engines import FakeEngine, drop_placeholders, loop, say_nothing
from tests.house import CHECKOUT
from worker.engine import EngineError
from worker.evaluation import EvaluationError, Report, Scorer, Share, evaluate
from worker.examples import Example
from worker.ladder import Ladder, Options

CHINESE = find("zh-Hans")
LINES = [
    "We reduce the loss by $x^2$ in 48 steps of the optimizer.",
    "The policy improves over all of the known baselines.",
    "A reward model is trained first. Its code is at https://example.org/code and free.",
]


def answered(line: str, engine: FakeEngine | None = None) -> str:
    """What the fake engine makes of a line, as it is published."""
    return report_of(engine or FakeEngine(), [Example(line, "一")]).answers[0]


def report_of(engine: FakeEngine, examples: list[Example], **how) -> Report:
    options = Options(terms=how.pop("terms", "check"))
    ladder = Ladder(engine, CHINESE, how.pop("glossary", Glossary(())), options)
    return evaluate(ladder, examples, Scorer(CHINESE), **how)


@pytest.fixture
def examples() -> list[Example]:
    """With the references that the fake engine gives where it makes no mistake."""
    return [Example(line, answered(line)) for line in LINES]


def change_numbers(text: str) -> str:
    return re.sub(r"(?<!v)(?<!\d)\d+", lambda number: str(int(number[0]) + 1), text)


# --- a good engine ----------------------------------------------------------------------------


def test_an_engine_that_says_what_the_reference_says_is_perfect(examples):
    report = report_of(FakeEngine(), examples)
    assert report.scores == pytest.approx({"chrF": 100, "BLEU": 100})
    assert report.verdicts == {"ok": 4}
    assert report.refused == Share(0, 4)
    assert report.spans == Share(2, 2)
    assert report.numbers == Share(1, 1)
    assert report.rungs == {"greedy": 4}


def test_a_line_goes_the_way_of_an_abstract(examples):
    engine = FakeEngine()
    report = report_of(engine, examples)
    assert "Its code is at <v0> and free." in engine.heard
    assert "$x^2$" in report.answers[0]
    assert "https://example.org/code" in report.answers[2]
    assert ". " not in report.answers[2], "two Chinese sentences are joined without a space"


def test_the_reference_may_be_written_in_tex():
    assert report_of(FakeEngine(), [Example("$x$", r"$x$ \textbf{$y$}")]).scores["chrF"] < 100
    line = r"Erd\H{o}s numbers of all of the authors are small."
    plain = answered(line)
    assert report_of(FakeEngine(), [Example(line, rf"\emph{{{plain}}}")]).scores["chrF"] == pytest.approx(100)


def test_equal_sentences_are_translated_once_and_counted_each_time(examples):
    engine = FakeEngine()
    report = report_of(engine, examples * 3)
    assert report.sentences == 12
    assert engine.heard.count(LINES[1]) == 1


def test_a_line_without_words_is_not_sent_to_the_engine():
    report = report_of(FakeEngine(), [Example("$x^2$", "$x^2$")])
    assert (report.sentences, report.answers) == (0, ("$x^2$",))
    assert report.refused.percent is None


def test_the_lines_may_be_many(examples):
    many = [Example(f"Case number {n} is another one.", "一") for n in range(200)]
    told: list[int] = []
    report = report_of(FakeEngine(), many, told=told.append)
    assert told == [128, 72]
    assert report.answers[150] == answered("Case number 150 is another one.")


def test_speed_is_told_in_source_tokens(examples):
    report = report_of(FakeEngine(), examples)
    assert report.tokens == sum(len(line.split()) for line in LINES)
    assert report.speed > 0


# --- the vocabulary ---------------------------------------------------------------------------


def test_the_engine_fits_its_vocabulary_to_the_lines(examples):
    engine = FakeEngine()
    report_of(engine, examples)
    assert LINES[1] in engine.fitted


def test_unless_it_shall_use_the_whole(examples):
    engine = FakeEngine()
    report_of(engine, examples, restricted=False)
    assert engine.fitted == []


class Telling(FakeEngine):
    """An engine that can tell what its vocabulary lacks: one of ten tokens."""

    asked: list[str] = []

    def removed(self, sources: Sequence[str], language: Language) -> SimpleNamespace:
        self.asked = list(sources)
        return SimpleNamespace(tokens=len(sources), of_tokens=10 * len(sources))


def test_what_the_restriction_removes_is_asked_of_an_engine_that_can_tell(examples):
    assert report_of(Telling(), examples).removed == Share(4, 40)
    assert report_of(Telling(), examples, restricted=False).removed is None
    assert report_of(FakeEngine(), examples).removed is None


def test_of_very_many_lines_some_tell_what_the_restriction_removes():
    engine = Telling()
    report_of(engine, [Example(f"Case number {n} is another one.", "一") for n in range(1100)])
    assert 300 <= len(engine.asked) <= 500


# --- engines that make mistakes ---------------------------------------------------------------


def test_an_engine_that_drops_placeholders_needs_the_ladder(examples):
    report = report_of(FakeEngine(drop_placeholders), examples)
    assert report.rungs["placeholders"] == 2, "translated around them, at last"
    assert report.spans == Share(2, 2)


def test_an_engine_that_says_nothing_loses_what_is_protected(examples):
    report = report_of(FakeEngine(say_nothing), examples)
    assert report.spans == Share(0, 2)
    assert report.verdicts == {"empty": 4}


def test_what_the_ladder_can_not_mend_stays_in_english_and_is_scored_so(examples):
    report = report_of(FakeEngine(loop), examples)
    assert report.refused == Share(4, 4)
    assert set(report.verdicts) == {"loop"}
    assert report.answers[1] == LINES[1]
    assert report.scores["BLEU"] < 50


def test_one_refused_sentence_of_a_line_leaves_the_others_translated():
    line = "The policy improves all the time. There are 48 steps of it."
    report = report_of(FakeEngine(change_numbers), [Example(line, "一")])
    assert report.answers[0].endswith("There are 48 steps of it.")
    assert report.answers[0].startswith("译")
    assert report.refused == Share(1, 2)


def test_an_engine_that_changes_numbers_is_found_out(examples):
    report = report_of(FakeEngine(change_numbers), examples)
    assert report.numbers == Share(0, 1)
    assert report.verdicts == {"ok": 3, "numbers": 1}


def test_an_engine_that_fails_fails_the_evaluation(examples):
    with pytest.raises(EngineError):
        report_of(FakeEngine(crashes="policy"), examples)


# --- terms ------------------------------------------------------------------------------------

GLOSSARY = Glossary([Term("policy", ("策略",)), Term("reward model", ("奖励模型",))])


def test_terms_are_counted_where_nothing_is_done_for_them(examples):
    for terms in ("off", "check"):
        report = report_of(FakeEngine(), examples, glossary=GLOSSARY, terms=terms)
        assert report.terms == Share(0, 2)


def test_a_term_that_is_missing_is_a_note_if_they_are_checked(examples):
    assert report_of(FakeEngine(), examples, glossary=GLOSSARY, terms="check").notes["terms"] == 2
    assert "terms" not in report_of(FakeEngine(), examples, glossary=GLOSSARY, terms="off").notes


def test_terms_that_are_put_in_are_there(examples):
    report = report_of(FakeEngine(), examples, glossary=GLOSSARY, terms="force")
    assert report.terms == Share(2, 2)
    assert report.rungs["terms"] == 2


# --- sacrebleu --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "tokenizer"),
    [("zh-Hans", "zh"), ("zh-Hant", "zh"), ("ja", "char"), ("ko", "char"), ("th", "char"), ("de", "13a")],
)
def test_bleu_has_the_tokenizer_of_the_language(language, tokenizer):
    scorer = Scorer(find(language))
    scorer.scores(["一 a"], ["一 a"])
    assert f"tok:{tokenizer}" in scorer.signatures()["BLEU"]


def test_two_ways_that_say_the_same_do_not_differ(examples):
    references = [example.reference for example in examples]
    chances = Scorer(CHINESE).chances(LINES, LINES, references)
    assert chances == {"chrF": 1.0, "BLEU": 1.0}


def test_a_great_difference_is_hardly_chance(examples):
    references = [example.reference for example in examples] * 10
    chances = Scorer(CHINESE).chances(LINES * 10, references, references)
    assert all(chance < 0.01 for chance in chances.values())


def test_without_sacrebleu_the_next_step_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "sacrebleu.metrics.bleu", None)
    with pytest.raises(EvaluationError, match=r"Next: pip install 'paperglot\[evaluate\]'"):
        Scorer(CHINESE)


def test_sacrebleu_is_imported_only_to_score():
    code = (
        "import django; django.setup(); import worker.celery, worker.translate, worker.evaluating, sys\n"
        "import worker.management.commands.model\n"
        "print('sacrebleu' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "False"
