"""worker/text/checks/broken.py: answers that are no text."""

import pytest

from tests.pairs import found, pair
from worker.text.checks.broken import loop, repeats

SOURCE = "We propose a method <v0> that lets robots learn from <v1> videos of human hands."
ANSWER = "我们提出了一种方法<v0>，让机器人从<v1>段人手视频中学习。"
VERY = "It is a very, very, very, very large corpus of text."


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        (SOURCE, ANSWER),
        (SOURCE, ANSWER.replace("<v0>", "＜ v0 ＞").replace("<v1>", " 〈V1〉")),
        (SOURCE, "让机器人从<v1>段人手视频中学习的方法<v0>由我们提出。"),
        ("<v0> and <v1> coincide.", "<v1>与<v0>重合。"),
        ("The token <unk> stands for rare words.", "词元<unk>代表罕见词。"),
        ("We translate from eng_Latn.", "我们从eng_Latn翻译。"),
        (VERY, "这是一个非常、非常、非常、非常大的文本语料库。"),
        ("Ha ha ha ha is laughter.", "哈哈哈哈是笑声。"),
        ("DNA reads as ACACACACAC in this region.", "DNA在该区域读作ACACACACAC。"),
        ("The key has 1000000000000 states.", "该密钥有1000000000000个状态。"),
        ("Step by step, models learn layer by layer.", "模型一步一步、一层一层地学习。"),
        (
            "Models of language, models of vision and models of speech differ in size.",
            "语言模型、视觉模型和语音模型的大小各不相同。",
        ),
    ],
)
def test_sound_text_is_let_pass(source: str, answer: str):
    assert found(source, answer) == []


@pytest.mark.parametrize("answer", ["", " ", "。", "……", "<v0> <v1>", "<v0>，<v1>。", "（）"])
def test_an_answer_without_letters_is_empty_and_nothing_else(answer: str):
    assert found(SOURCE, answer) == ["empty"]


@pytest.mark.parametrize(
    "sign",
    ["⁇", "\ufffd", "▁", "<unk>", "<s>", "</s>", "<pad>", "<mask>", "eng_Latn", "zho_Hans", "ell_Grek"],
)
def test_a_special_token_is_found(sign: str):
    assert found(SOURCE, ANSWER.replace("人手", f"人{sign}")) == ["unknown"]
    assert found(SOURCE, sign + ANSWER) == ["unknown"]


def test_a_special_token_of_the_source_does_not_excuse_another():
    source = "The token <unk> stands for rare words."
    assert found(source, "词元<unk>代表罕见⁇。") == ["unknown"]


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER.replace("<v0>", ""),
        ANSWER.replace("<v0>", "<v1>"),
        ANSWER.replace("<v1>", "<v1><v1>"),
        ANSWER.replace("<v1>", "<v2>"),
        ANSWER.replace("<v0>", "<v0>和<v2>"),
        ANSWER.replace("<v0>", "<v00000000>"),
    ],
)
def test_a_placeholder_comes_back_exactly_once(answer: str):
    assert found(SOURCE, answer) == ["placeholders"]


@pytest.mark.parametrize("torn", ["<v0", "v0>", "<v", "< v0", "＜v0"])
def test_a_torn_placeholder_is_found(torn: str):
    assert "placeholders" in found(SOURCE, ANSWER.replace("<v0>", torn))
    assert "placeholders" in found(SOURCE, ANSWER.replace("<v0>", f"<v0>{torn}"))


@pytest.mark.parametrize(
    ("language", "answer"),
    [
        ("zh-Hans", "我们提出了一种方法<v0>，让机器人从<v1>段人手视频中学习学习学习学习。"),
        ("zh-Hans", "我们提出了一种方法<v0>，人手的视频，人手的视频，人手的视频，从<v1>段中学习。"),
        ("zh-Hans", "我们提出了一种方法<v0>，让机器人从<v1>段视频中学习" + "的" * 9 + "。"),
        ("ja", "人間の手の<v1>動画から、人間の手の動画から、人間の手の動画から、人間の手の動画から学習する手法<v0>。"),
        ("ko", "우리는 로봇이 <v1> 영상에서 배우는 방법 <v0>을 제안한다 제안한다 제안한다 제안한다."),
        ("de", "Wir schlagen eine Methode <v0> vor, die Roboter aus <v1> Videos Videos Videos Videos lernen lässt."),
        ("ru", "Мы предлагаем метод <v0>, который учит роботов по <v1> видео рук, видео рук, видео рук, видео рук."),
    ],
)  # fmt: skip
def test_a_loop_is_found(language: str, answer: str):
    assert loop(pair(SOURCE, answer, language)) == "loop"


def test_a_loop_that_is_longer_than_the_source_s_is_one():
    assert (
        loop(pair(VERY, "这是一个非常、非常、非常、非常、非常、非常、非常、非常大的文本语料库。")) == "loop"
    )


def test_going_round_in_circles_is_a_loop():
    circles = "方法的视频的机器的视频的方法的机器的视频的方法的视频的机器的方法的视频的机器的视频。"
    assert loop(pair("We propose a method that learns from videos.", circles)) == "loop"


def test_a_clause_that_comes_twice_is_suspect():
    source = (
        "The method lets robots learn from videos of human hands, and in our experiments it is faster than "
        "every earlier approach while it asks for less memory."
    )
    answer = (
        "该方法让机器人从人手视频中学习，该方法让机器人从人手视频中学习，在我们的实验里它比以前所有做法都更快，"
        "同时占用更少内存。"
    )
    assert found(source, answer) == ["repeats"]


def test_a_clause_that_the_source_has_twice_may_come_twice():
    source = "Models trained on small data forget, and models trained on large data remember."
    answer = "在小数据上训练的语言模型会遗忘，在大数据上训练的语言模型会记住。"
    assert repeats(pair(source, answer)) is None
