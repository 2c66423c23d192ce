"""worker/text/checks/foreign.py: the answer is in the language that was asked for."""

import pytest

from digest.languages import languages
from tests.pairs import found, pair
from worker.text.checks.foreign import echo, script, untranslated

SOURCE = "We propose a method that lets robots learn from videos of human hands."
ANSWERS = {
    "zh-Hans": "我们提出了一种让机器人从人手视频中学习的方法。",
    "zh-Hant": "我們提出了一種讓機器人從人手影片中學習的方法。",
    "ja": "人間の手の動画からロボットが学習できる手法を提案する。",
    "ko": "우리는 로봇이 사람 손의 영상에서 학습하게 하는 방법을 제안한다.",
    "es": "Proponemos un método que permite a los robots aprender de vídeos de manos humanas.",
    "de": "Wir stellen eine Methode vor, mit der Roboter aus Videos menschlicher Hände lernen.",
    "ru": "Мы предлагаем метод, позволяющий роботам учиться по видео человеческих рук.",
    "el": "Προτείνουμε μια μέθοδο με την οποία τα ρομπότ μαθαίνουν από βίντεο ανθρώπινων χεριών.",
    "ar": "نقترح طريقة تتيح للروبوتات التعلم من مقاطع فيديو لأيدٍ بشرية.",
    "he": "אנו מציעים שיטה המאפשרת לרובוטים ללמוד מסרטונים של ידיים אנושיות.",
    "hi": "हम एक ऐसी विधि प्रस्तावित करते हैं जिससे रोबोट मानव हाथों के वीडियो से सीखते हैं।",
    "th": "เราเสนอวิธีการที่ช่วยให้หุ่นยนต์เรียนรู้จากวิดีโอของมือมนุษย์",
    "vi": "Chúng tôi đề xuất một phương pháp cho phép robot học từ video về bàn tay con người.",
}


@pytest.mark.parametrize(("language", "answer"), ANSWERS.items())
def test_an_answer_in_its_language_is_let_pass(language: str, answer: str):
    assert found(SOURCE, answer, language) == []


@pytest.mark.parametrize(
    ("language", "other"),
    [
        ("zh-Hans", "zh-Hant"),
        ("zh-Hans", "ja"),
        ("zh-Hans", "ko"),
        ("zh-Hans", "es"),
        ("zh-Hant", "zh-Hans"),
        ("ja", "zh-Hans"),
        ("ko", "zh-Hans"),
        ("ko", "ja"),
        ("de", "zh-Hans"),
        ("ru", "de"),
        ("ru", "zh-Hans"),
        ("ar", "he"),
        ("el", "ru"),
        ("hi", "ar"),
        ("th", "vi"),
    ],
)
def test_another_script_is_found(language: str, other: str):
    assert script(pair(SOURCE, ANSWERS[other], language)) == "script"


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("We compare BERT, RoBERTa, DeBERTa and ELECTRA.", "我们比较了BERT、RoBERTa、DeBERTa和ELECTRA。"),
        ("We use PyTorch and TensorFlow with CUDA on Linux.", "我们在Linux上使用PyTorch、TensorFlow和CUDA。"),
        ("Mixture of experts and the Adam optimizer help.", "混合专家和Adam优化器有所帮助。"),
        ("The Transformer of Vaswani and others is used.", "使用了Vaswani等人的Transformer。"),
        ("Datasets: MMLU, GSM8K, HumanEval and MATH.", "数据集：MMLU、GSM8K、HumanEval和MATH。"),
        ("The word in Japanese is written so: <v0>.", "这个词在日语中写作：<v0>，即ロボ。"),
    ],
)
def test_names_do_not_make_an_answer_foreign(source: str, answer: str):
    assert found(source, answer) == []


@pytest.mark.parametrize("language", languages())
def test_english_is_an_echo_in_every_language(language: str):
    assert "echo" in found(SOURCE, SOURCE, language)


@pytest.mark.parametrize(
    "answer",
    [
        "We propose a method that lets robots learn from videos of human hands。",
        "we propose a method that lets robots learn from videos",
        "我们 propose a method that lets robots learn from videos of human hands。",
    ],
)
def test_half_an_echo_is_one(answer: str):
    assert echo(pair(SOURCE, answer)) == "echo"


@pytest.mark.parametrize(
    ("language", "source", "answer"),
    [
        ("de", "GPT-4, LLaMA and Mistral", "GPT-4, LLaMA und Mistral"),
        ("fr", "Adam, Adagrad, RMSprop, Momentum", "Adam, Adagrad, RMSprop, Momentum"),
        ("zh-Hans", "It is <v0>.", "它是<v0>。"),
        ("id", "Normal distribution, Gaussian process", "Distribusi normal, proses Gaussian"),
    ],
)
def test_a_list_of_names_is_no_echo(language: str, source: str, answer: str):
    assert found(source, answer, language) == []


@pytest.mark.parametrize(
    ("language", "answer"),
    [
        ("zh-Hans", "我们提出了一种方法，让机器人学习 videos of human hands。"),
        ("zh-Hans", "我们提出了一种让机器人 learn from 人手视频的方法。"),
        ("ja", "ロボットが学習できる手法 from videos of human hands を提案する。"),
        ("ru", "Мы предлагаем метод, позволяющий роботам учиться from videos of human hands."),
        ("de", "Wir stellen eine Methode vor, mit der Roboter learn from videos of human hands."),
    ],
)
def test_english_that_was_left_is_suspect(language: str, answer: str):
    assert found(SOURCE, answer, language) == ["untranslated"]


@pytest.mark.parametrize(
    ("language", "answer"),
    [
        ("zh-Hans", "我们提出了一种让机器人从人手视频（human hands）中学习的方法。"),
        ("zh-Hans", "我们提出了一种让robots从人手视频中学习的方法。"),
        ("nl", "Wij stellen een methode voor waarmee robots leren van video's van menselijke handen."),
    ],
)
def test_a_word_or_two_may_stay(language: str, answer: str):
    assert untranslated(pair(SOURCE, answer, language)) is None
