"""digest/terms.py: where a term stands, whether it is rendered, and the glossary that is shipped."""

import re
import time
from collections import Counter
from pathlib import Path

import pytest

from digest.keywords import LONGEST, Matcher, canonical
from digest.terms import (
    FOLDER,
    PLACEHOLDER,
    Glossary,
    Term,
    TermError,
    check,
    compiled,
    forms,
    parse_renderings,
    starting_glossary,
    stems,
)
from worker.text.protection import ANGLE

HAN = re.compile(r"[\u4e00-\u9fff]")
SHIPPED = starting_glossary("zh-Hans")


def term(text: str, *renderings: str) -> Term:
    return Term(text, renderings or ("词",))


def found(sentence: str, *terms: Term) -> list[str]:
    return [sentence[hit.start : hit.end] for hit in Glossary(terms).find(sentence)]


# --- where a term stands ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence", "stands"),
    [
        pytest.param("policy", "A policy and policies.", ["policy", "policies"], id="plural"),
        pytest.param("Policy", "A policy.", ["policy"], id="case"),
        pytest.param("fine-tuning", "Fine tuning, fine-tuning.", ["Fine tuning", "fine-tuning"], id="hyphen"),
        pytest.param("fine-tuning", "By fine\u2011tuning.", ["fine\u2011tuning"], id="another hyphen"),
        pytest.param("reward model", "A reward\n  model.", ["reward\n  model"], id="line break"),
        pytest.param("agent", "The agent's and agents' turn.", ["agent", "agents"], id="possessive"),
        pytest.param("random matrix", "Random matrices.", ["Random matrices"], id="matrices"),
        pytest.param("supernova", "Two supernovae.", ["supernovae"], id="supernovae"),
        pytest.param("corpus", "Parallel corpora.", ["corpora"], id="corpora"),
        pytest.param(
            "active galactic nucleus", "Active galactic nuclei.", ["Active galactic nuclei"], id="nuclei"
        ),
        pytest.param("null hypothesis", "Null hypotheses.", ["Null hypotheses"], id="hypotheses"),
        pytest.param("spectrum", "All spectra.", ["spectra"], id="spectra"),
        pytest.param("Young tableau", "Young tableaux.", ["Young tableaux"], id="tableaux"),
        pytest.param("criterion", "Two criteria.", ["criteria"], id="criteria"),
        pytest.param("optimization", "An optimisation.", ["optimisation"], id="British"),
        pytest.param("topic modeling", "Topic modelling.", ["Topic modelling"], id="British, doubled"),
        pytest.param(
            "center of mass energy", "The centre-of-mass energy.", ["centre-of-mass energy"], id="centre"
        ),
        pytest.param(
            "Schrödinger equation", "A Schrodinger equation.", ["Schrodinger equation"], id="accent"
        ),
        pytest.param("C++", "In C++ we write.", ["C++"], id="regex signs"),
        pytest.param("A*", "We run A* and A.", ["A*"], id="a star"),
        pytest.param("(a|b)+", "It is (a|b)+ here, ab there.", ["(a|b)+"], id="a regex"),
        pytest.param("强化学习", "We call it 强化学习 here.", ["强化学习"], id="another script"),
        pytest.param("агент", "An Агент of theirs.", ["Агент"], id="Cyrillic"),
    ],
)
def test_a_term_is_found(text, sentence, stands):
    assert found(sentence, term(text)) == stands


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("agent", "Reagents and agency.", id="inside a word"),
        pytest.param("reward model", "A reward, model it.", id="across a comma"),
        pytest.param("imaging", "An image.", id="another form of the verb"),
        pytest.param("on-policy", "The effect on policy is small.", id="a preposition before a noun"),
        pytest.param("in-distribution", "A shift in distribution.", id="another preposition"),
        pytest.param("v0", "We see <v0> here.", id="in a placeholder"),
    ],
)
def test_a_term_is_not_found(text, sentence):
    assert found(sentence, term(text)) == []


def test_a_term_beside_a_placeholder_is_found():
    assert found("The policy<v0> and <v1>policy.", term("policy")) == ["policy", "policy"]


def test_with_its_hyphen_it_is_meant():
    assert found("On-policy and in-distribution.", term("on-policy"), term("in-distribution")) == [
        "On-policy",
        "in-distribution",
    ]


def test_the_longest_wins_whatever_the_order():
    terms = [term("policy"), term("public policy"), term("public")]
    for some in (terms, terms[::-1]):
        assert found("A public policy is a policy.", *some) == ["public policy", "policy"]


def test_terms_do_not_lie_across_each_other():
    stands = found(
        "deep reinforcement learning rate", term("deep reinforcement learning"), term("learning rate")
    )
    assert stands == ["deep reinforcement learning"]


def test_of_two_that_are_one_after_folding_the_first_counts():
    assert (
        Glossary([term("Fine-Tuning", "微调"), term("fine tuning", "细调")]).missing("Fine tuning.", "微调。")
        == []
    )


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sentence", "stands"),
    [
        ("CLIP", "CLIP, CLIPs, to clip and Clip.", ["CLIP", "CLIPs"]),
        ("GPT-4", "GPT-4 and GPT 4 and gpt-4.", ["GPT-4"]),
        ("softmax", "A softmax. Softmax layers.", ["softmax", "Softmax"]),
    ],
)
def test_a_name_is_found_only_as_it_is_written(name, sentence, stands):
    assert found(sentence, Term(name, ())) == stands


def test_a_name_is_put_in_as_it_is_written():
    assert Term("CLIP", ()).preferred == "CLIP"


def test_a_name_that_was_translated_is_missing():
    glossary = Glossary([Term("CLIP", ())])
    assert glossary.missing("We use CLIP.", "我们使用夹子。")
    assert not glossary.missing("We use CLIP.", "我们使用 CLIP。")


# --- renderings -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "renderings"),
    [("策略", ("策略",)), ("策略|方针", ("策略", "方针")), (" 策略 | ", ("策略",)), ("=", ()), (" = ", ())],
)
def test_renderings_are_read(cell, renderings):
    assert parse_renderings(cell) == renderings


@pytest.mark.parametrize("answer", ["Q 学习", "Ｑ学习", "q-学习", "这是Q学习。"])
def test_case_width_spaces_and_hyphens_do_not_matter(answer):
    assert not Glossary([term("Q-learning", "Q学习")]).missing("By Q-learning.", answer)


def test_any_accepted_rendering_will_do():
    glossary = Glossary([term("dataset", "数据集", "资料集")])
    assert not glossary.missing("A dataset.", "资料集。")
    assert [hit.term.text for hit in glossary.missing("A dataset.", "数据。")] == ["dataset"]


# --- what is no term --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "renderings", "why"),
    [
        pytest.param("a", "一", "one letter", id="one letter"),
        pytest.param(" R ", "=", "one letter", id="one letter and spaces"),
        pytest.param("", "甲", "at least one letter or digit", id="nothing"),
        pytest.param("+*?", "甲", "at least one letter or digit", id="signs"),
        pytest.param("x" * (LONGEST + 1), "甲", "at most", id="too long"),
        pytest.param("po\x00licy", "甲", "control characters", id="control character"),
        pytest.param("policy", "策\x00略", "control characters", id="control character in the rendering"),
        pytest.param("<v0>", "甲", "stand for formulas", id="a placeholder"),
        pytest.param("policy", "策略＜v1＞", "stand for formulas", id="a placeholder in the rendering"),
        pytest.param("policy", "", "has letters", id="no rendering"),
        pytest.param("policy", " | ", "has letters", id="no rendering, twice"),
        pytest.param("policy", "策略|", "has letters", id="an empty rendering"),
        pytest.param("policy", "-", "has letters", id="a rendering that is in every answer"),
    ],
)
def test_what_is_no_term_is_refused(text, renderings, why):
    with pytest.raises(TermError, match=why):
        check(text, renderings)


@pytest.mark.parametrize("text", ["C++", "A*", "of", "强化", "p-adic", "3D reconstruction"])
def test_odd_terms_are_terms(text):
    check(text, "甲|乙")
    check(text, "=")


def test_what_can_not_be_found_does_not_stop_the_others():
    assert found("A policy.", term("+++"), term("policy")) == ["policy"]


def test_a_placeholder_is_the_same_on_both_sides():
    assert PLACEHOLDER.pattern == ANGLE.pattern


# --- narrowing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["policy", "policies", "losses", "loss", "random matrix", "corpus", "GAN", "is", "AI", "Hölder", "C++", "gas",
     "series", "box", "optimization", "k-nearest neighbor", "Young tableau"],
)  # fmt: skip
def test_every_form_of_a_term_holds_one_of_its_stems(text):
    singular_and_plural = Matcher(forms(text))
    for form in forms(text):
        for written in (
            form,
            form + "s",
            form + "es",
            form[:-1] + "ies",
            form[:-1],
            form[:-2],
            form[:-3] + "y",
        ):
            if singular_and_plural.find(written):
                assert any(stem in canonical(written) for stem in stems(text)), written


def test_what_can_not_be_found_has_no_forms():
    assert (forms("+++"), stems("+++")) == ([], set())


# --- speed ------------------------------------------------------------------------------------


def test_five_thousand_terms_are_fast():
    terms = tuple(term(f"invented term number{n}") for n in range(5_000))
    began = time.perf_counter()
    glossary = compiled(terms)
    sentence = (
        "We compare an invented term number4999 with every other baseline of the robot in the laboratory."
    )
    for _ in range(500):
        assert len(glossary.find(sentence)) == 1
    assert time.perf_counter() - began < 3


def test_a_glossary_is_compiled_once():
    terms = (term("policy"),)
    assert compiled(terms) is compiled(terms)


def test_a_sentence_of_terms_takes_no_time():
    glossary = Glossary([term("policy"), term("agent")])
    began = time.perf_counter()
    assert len(glossary.find("policy agent " * 500)) == 1000
    assert time.perf_counter() - began < 2


# --- what is shipped --------------------------------------------------------------------------


def test_the_glossary_has_more_than_four_hundred_terms_of_many_fields():
    assert len(SHIPPED) > 1_500
    fields = Counter(term.field for term in SHIPPED)
    assert {"ml", "rl", "nlp", "cv", "stats", "physics", "math", "quantum", "astro"} <= set(fields)
    assert min(fields.values()) >= 50


@pytest.mark.parametrize("path", sorted(Path(FOLDER).glob("*.tsv")), ids=lambda path: path.stem)
def test_no_shipped_term_stands_twice_in_whatever_form(path):
    places = Counter(form for term in starting_glossary(path.stem) for form in set(forms(term.text)))
    assert [form for form, count in places.items() if count > 1] == []


def test_every_shipped_term_is_one():
    for row in SHIPPED:
        check(row.text, "|".join(row.renderings) or "=")
        assert len(row.text) <= 120, row
        assert len("|".join(row.renderings)) <= 300, row


def test_every_shipped_term_is_rendered_in_chinese_or_kept():
    assert [row.text for row in SHIPPED if row.renderings and not any(map(HAN.search, row.renderings))] == []


def test_no_rendering_stands_twice():
    assert [row.text for row in SHIPPED if len(set(row.renderings)) != len(row.renderings)] == []


def test_shipped_terms_are_in_the_singular():
    """The plural of a shipped term is found by itself; these are plural by nature."""
    plural = {row.text for row in SHIPPED if re.search(r"(?<!ic)(?<![siu])s$", row.text) and not row.kept}
    assert plural == {
        "alternating direction method of multipliers",
        "collider bias",
        "density of states",
        "difference-in-differences",
        "inductive bias",
        "Internet of Things",
        "law of large numbers",
        "metalens",
        "mixture of experts",
        "quantum chaos",
        "reinforcement learning with verifiable rewards",
        "ring of integers",
        "time series",
    }


def test_words_that_mean_too_much_are_not_forced():
    general = {"state", "model", "action", "environment", "method", "learning", "network", "field", "group", "ring",
               "features", "feature", "loss", "weight", "return", "value", "module", "kernel", "class"}  # fmt: skip
    assert not general & {canonical(row.text) for row in SHIPPED}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("reinforcement learning", "强化学习"),
        ("policy", "策略"),
        ("reward", "奖励"),
        ("agent", "智能体"),
        ("episode", "回合"),
        ("credit assignment", "信用分配"),
        ("rollout", "推演"),
        ("fine-tuning", "微调"),
        ("fine-tuned", "微调"),
        ("large language model", "大语言模型"),
        ("transformer", "Transformer"),
        ("manifold", "流形"),
        ("sheaf", "层"),
        ("eigenvalue", "特征值"),
        ("martingale", "鞅"),
        ("confidence interval", "置信区间"),
        ("Hamiltonian", "哈密顿量"),
        ("entanglement", "纠缠"),
        ("redshift", "红移"),
        ("on-policy", "同策略"),
        ("off-policy", "离策略"),
    ],
)
def test_shipped_terms_have_the_renderings_of_the_literature(english, chinese):
    assert {row.text: row.preferred for row in SHIPPED}[english] == chinese


@pytest.mark.parametrize(
    ("sentence", "rendered"),
    [
        ("We fine-tune pre-trained transformers.", ["微调", "预训练", "Transformer"]),
        ("Public policies are no policies.", ["公共政策", "策略"]),
        ("A power transformer and the Swin Transformer.", ["电力变压器", "Swin Transformer"]),
        ("The principal-agent problem and an agent.", ["委托代理", "智能体"]),
        ("The effect on policy.", ["策略"]),
        ("Vaccine rollouts and rollouts.", ["疫苗接种推广", "推演"]),
        ("Non-fungible tokens and tokens.", ["非同质化代币", "词元"]),
        ("A Reinforcement Learning agent\nlearns.", ["强化学习", "智能体"]),
    ],
)
def test_the_shipped_glossary_tells_one_meaning_from_another(sentence, rendered):
    assert [hit.term.preferred for hit in compiled(tuple(SHIPPED)).find(sentence)] == rendered


def test_where_none_is_shipped_there_is_none():
    assert starting_glossary("fr") == []
