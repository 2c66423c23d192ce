"""worker/text/checks/: what an engine answered is shown only if it passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.languages import find, languages
from tests.engines import (
    FakeEngine,
    double_placeholders,
    drop_placeholders,
    loop,
    say_nothing,
    space_placeholders,
    truncate,
)
from tests.pairs import found, pair
from worker.text.checks import HARD, OK, SOFT, findings, verdict
from worker.text.protection import ANGLE

CHINESE = find("zh-Hans")
LONG = "We propose a novel method for robots that learn to walk with <v0> and <v1>, and it is fast."
ANSWER = "我们提出了一种新的方法，用于学习使用<v0>和<v1>行走的机器人，而且速度很快。"

ABSTRACT = [
    (
        "Large language models (LLMs) have shown strong performance on code, yet it remains unclear whether "
        "they can repair real bugs.",
        "大语言模型（LLM）在代码上表现出色，但它们能否修复真实的缺陷仍不清楚。",
    ),
    (
        "We present RepairBench, a benchmark of 1,350 bugs from 87 repositories, each with a failing test.",
        "我们提出了RepairBench，这是一个包含来自87个代码库的1350个缺陷的基准，每个缺陷都附有一个失败的测试。",
    ),
    (
        "The best model, GPT-4o, fixes only 23.4% of them within <v0> attempts, and takes 95 s on average.",
        "最好的模型GPT-4o在<v0>次尝试内仅修复了其中的23.4%，平均耗时95秒。",
    ),
    (
        "With retrieval, the rate rises to 31.9% (+8.5 points) at no extra cost.",
        "借助检索，修复率上升到31.9%（+8.5个百分点），且没有额外成本。",
    ),
    (
        "For <v0>, the bound <v1> holds almost surely, provided that <v2> is bounded away from zero.",
        "对于<v0>，只要<v2>有界且远离零，则界<v1>几乎必然成立。",
    ),
    (
        "We observed 14 dwarf galaxies at 1.4 GHz for 120 hours with FAST.",
        "我们使用FAST在1.4 GHz频段对14个矮星系进行了120小时的观测。",
    ),
    (
        'Our code and the "hard" split are available at <v0>.',
        "我们的代码和“困难”划分可在<v0>获取。",
    ),
    (
        "This is the second of two papers (Paper I: arXiv) on the 2023 outburst.",
        "这是关于2023年爆发的两篇论文中的第二篇（论文一：arXiv）。",
    ),
]
ELSEWHERE = [
    (
        "ja",
        "最良のモデルであるGPT-4oは、<v0>回の試行でそのうち23.4%しか修正できず、平均95秒かかる。",
    ),
    ("ko", "가장 좋은 모델인 GPT-4o는 <v0>번의 시도 안에 그중 23.4%만 수정하며, 평균 95초가 걸린다."),
    (
        "fr",
        "Le meilleur modèle, GPT-4o, n'en corrige que 23,4 % en <v0> tentatives et prend 95 s en moyenne.",
    ),
    (
        "de",
        "Das beste Modell, GPT-4o, behebt nur 23,4 % davon in <v0> Versuchen und braucht im Mittel 95 s.",
    ),
    (
        "ru",
        "Лучшая модель, GPT-4o, исправляет лишь 23,4 % из них за <v0> попыток и тратит в среднем 95 секунд.",
    ),
    ("ar", "أفضل نموذج، GPT-4o، يصلح ٢٣٫٤٪ منها فقط خلال <v0> محاولات، ويستغرق ٩٥ ثانية في المتوسط."),
]


@pytest.mark.parametrize(("source", "answer"), ABSTRACT)
def test_a_good_sentence_of_an_abstract_passes(source: str, answer: str):
    assert found(source, answer) == []


@pytest.mark.parametrize(("language", "answer"), ELSEWHERE)
def test_a_good_sentence_passes_in_other_languages(language: str, answer: str):
    assert found(ABSTRACT[2][0], answer, language) == []


@pytest.mark.parametrize(
    ("reason", "damage"),
    [
        ("placeholders", ("<v0>", "")),
        ("numbers", ("95", "59")),
        ("percent", ("23.4%", "23.4")),
        ("units", ("95秒", "95毫秒")),
        ("misspelt", ("GPT-4o", "GPT-4")),
        ("names", ("GPT-4o", "它")),
        ("unknown", ("最好", "⁇")),
        ("untranslated", ("平均耗时", "and耗时")),
        ("end", ("秒。", "秒")),
        ("brackets", ("最好", "（最好")),
        ("quotes", ("最好", "“最好")),
    ],
)
def test_one_damage_to_a_good_sentence_has_its_reason(reason: str, damage: tuple[str, str]):
    source, answer = ABSTRACT[2]
    assert found(source, answer.replace(*damage))[0] == reason


@pytest.mark.parametrize("source", ["3.5", "<v0> = 7", "2024", "GPT-4", "1000000 and 0000000000"])
def test_numbers_and_names_alone_are_an_answer(source: str):
    assert found(source, source.replace("and", "和")) == []


def test_hard_reasons_come_before_soft_ones():
    source, answer = ABSTRACT[2]
    reasons = found(source, answer.replace("95秒。", "（59秒").replace("GPT-4o", "它"))
    assert reasons == ["numbers", "names", "brackets", "end"]
    assert [reason in HARD for reason in reasons] == [True, False, False, False]


def test_no_reason_is_both_hard_and_soft():
    assert HARD.isdisjoint(SOFT)
    assert OK not in HARD | SOFT


def test_the_verdict_is_the_first_reason():
    assert verdict(LONG, ANSWER, CHINESE, ANGLE) == OK
    assert verdict(LONG, ANSWER.replace("<v0>", "").rstrip("。"), CHINESE, ANGLE) == "placeholders"


@pytest.mark.parametrize(
    ("score", "least", "reasons"),
    [
        (-2.0, -1.0, ["unsure"]),
        (-1.0, -1.0, []),
        (-0.5, -1.0, []),
        (None, -1.0, []),
        (-2.0, None, []),
    ],
)
def test_a_model_below_its_least_score_is_unsure(
    score: float | None, least: float | None, reasons: list[str]
):
    assert findings(pair(LONG, ANSWER, score=score), least_score=least) == reasons


@pytest.mark.parametrize(
    ("mistake", "reason"),
    [
        (drop_placeholders, "placeholders"),
        (double_placeholders, "placeholders"),
        (space_placeholders, OK),
        (loop, "loop"),
        (truncate, "placeholders"),
        (say_nothing, "empty"),
        (None, OK),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_every_mistake_of_the_fake_engine_is_found(mistake, reason: str):
    answer = FakeEngine(mistake).translate([LONG], CHINESE)[0].text
    assert verdict(LONG, answer, CHINESE, ANGLE) == reason


# --- whatever comes -----------------------------------------------------------------------------

PIECES = st.sampled_from(
    "<v0> <v1> ＜v2＞ <v < 4 4.5 1,000 .5 1.2.3 95.2% 125M 1.25亿 4万8000 三千 一点五 百分之 三成 半 5 ms 毫秒 秒 "
    "1990s GPT-4o LLMs word2vec COVID-19 U.S. A&B ( ） [ “ \" 。 . ? ； the and not without 不 无 我们 們 ⁇ </s> "
    "eng_Latn ٣٫٥ १२ ½ ² ① Ⅳ １２ \u0000 \u200f \ud7ff 의 の и é".split()
)  # fmt: skip
ANY_TEXT = st.text(max_size=120) | st.lists(PIECES | st.just(" "), max_size=30).map("".join)


@given(ANY_TEXT, ANY_TEXT, st.sampled_from(list(languages())))
def test_no_pair_of_texts_breaks_a_check(source: str, answer: str, language: str):
    reasons = found(source, answer, language)
    assert set(reasons) <= HARD | SOFT
    assert len(set(reasons)) == len(reasons)


@given(st.lists(PIECES | st.just(" "), max_size=30).map("".join), st.sampled_from(list(languages())))
def test_a_text_has_the_numbers_and_placeholders_of_itself(text: str, language: str):
    """An echo loses nothing, and a placeholder that is there twice is there twice."""
    assert {"placeholders", "unknown", "brackets", "quotes"}.isdisjoint(found(text, text, language))


@pytest.mark.parametrize(
    "piece",
    [
        "A", "a", "1", "1,", "1.", "1 ", "1万", "一", "亿", "一点", "半", "百分之一", "5%", "5 ms ", "% 5 ", "<", "< ",
        "<v", "<v1", "<v0>", "v0> ", "(", "”", "的", "的X", "not ", ", which ", "no no ", "AB1 ", "A1-", "a-", "a.",
        "GPT-4o ", "aa1A", " ", "\n", ". ", "三成", "1990s ", "-", "abc ", "的一", "\u0000", "⁇",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["zh-Hans", "de"])
def test_thousands_of_hostile_signs_are_read_once(piece: str, language: str):
    """Nothing here may take the square of the length: 5,000 signs, on both sides and on either."""
    hostile = (piece * 5000)[:5000]
    for source, answer in ((hostile, hostile + "x"), (hostile, ANSWER), (LONG, hostile)):
        assert found(source, answer, language) is not None


@pytest.mark.parametrize("language", ["zh-Hans", "de"])
def test_thousands_of_different_names_and_numbers_are_read_once(language: str):
    names = " ".join(f"Qwen{n}" for n in range(700))
    others = " ".join(f"Qwon{n}" for n in range(700))
    units = " ".join(f"{n} ms" for n in range(700))
    seconds = " ".join(f"{n} s" for n in range(700))
    assert "misspelt" in found(names, others, language)
    assert "units" in found(units, seconds, language)
    assert "loop" not in found(units, units, language)
