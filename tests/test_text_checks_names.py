"""worker/text/checks/names.py: acronyms and identifiers come back as they were written."""

import pytest

from tests.pairs import found

KEPT = [
    ("zh-Hans", "We fine-tune GPT-4o on code.", "我们在代码上微调了GPT-4o。"),
    ("zh-Hans", "We fine-tune GPT-4o on code.", "我们在代码上微调了 GPT‑4o 模型。"),
    ("zh-Hans", "LLMs are costly to train.", "LLM的训练成本很高。"),
    ("zh-Hans", "LLMs are costly to train.", "大语言模型的训练成本很高。"),
    ("zh-Hans", "AI helps clinicians read MRI scans.", "人工智能帮助临床医生阅读磁共振图像。"),
    ("zh-Hans", "CNN-based detectors are fast.", "基于CNN的检测器速度很快。"),
    ("zh-Hans", "We compare Llama 3 with GPT-3.5 and GPT-4.", "我们将Llama-3与GPT-3.5和GPT-4进行了比较。"),
    ("zh-Hans", "We train seq2seq models and Qwen2.", "我们训练序列到序列模型和Qwen2。"),
    ("zh-Hans", "We pretrain on ImageNet-1k and CIFAR-10.", "我们在ImageNet-1k和CIFAR 10上进行预训练。"),
    (
        "zh-Hans",
        "We study reinforcement learning from human feedback.",
        "我们研究基于人类反馈的强化学习（RLHF）。",
    ),
    ("zh-Hans", "It runs at 30 FPS on a phone.", "它在手机上以每秒30帧的速度运行。"),
    ("zh-Hans", "COVID-19 changed how we work.", "新冠疫情改变了我们的工作方式。"),
    ("zh-Hans", "CO2 dissolves in H2O.", "二氧化碳溶于水。"),
    ("zh-Hans", "A 6-DoF arm grasps objects.", "一个六自由度机械臂抓取物体。"),
    ("zh-Hans", "The transformer is the standard model.", "Transformer是标准模型。"),
    ("zh-Hant", "AI helps clinicians.", "人工智慧幫助臨床醫生。"),
    ("ja", "We fine-tune GPT-4o on code.", "コードでGPT-4oを微調整する。"),
    ("ko", "We fine-tune GPT-4o on code.", "우리는 코드에서 GPT-4o를 미세 조정한다."),
    ("de", "AI helps clinicians read MRI scans.", "KI hilft Klinikern, MRT-Aufnahmen zu lesen."),
    ("fr", "AI helps clinicians read MRI scans.", "L'IA aide les cliniciens à lire les IRM."),
    ("ru", "We fine-tune GPT-4o on code.", "Мы дообучаем GPT-4o на коде."),
    ("hu", "We evaluate the BERT model on code.", "A BERTet kódon értékeljük ki."),
    ("ar", "We fine-tune GPT-4o on code.", "نقوم بضبط GPT-4o على الشيفرة البرمجية."),
]
LOST = [
    ("zh-Hans", "We fine-tune GPT-4o on code.", "我们在代码上微调了该模型。"),
    ("zh-Hans", "We present CREDO, a new benchmark.", "我们提出了信条，这是一个新的基准。"),
    ("zh-Hans", "We evaluate BERT on new tasks.", "我们在新任务上评估了伯特。"),
    ("zh-Hans", "We pretrain on ImageNet and fine-tune.", "我们在Imagenet上进行预训练和微调。"),
    ("zh-Hans", "We propose a method for robots.", "我们为机器人提出了一种方法NASA。"),
    ("ja", "We evaluate BERT on new tasks.", "新しいタスクでバートを評価する。"),
    ("ru", "We present CREDO, a new benchmark.", "Мы представляем новый эталон под названием Кредо."),
]
MISSPELT = [
    ("zh-Hans", "We fine-tune GPT-4o on code.", "我们在代码上微调了GPT-4。"),
    ("zh-Hans", "We fine-tune GPT-4o on code.", "我们在代码上微调了GTP-4o。"),
    ("zh-Hans", "GPT-4o solves 4 of 9 tasks.", "GPT-4解决了9个任务中的4个。"),
    ("zh-Hans", "GPT-4o reaches 23.4 points.", "GPT-4达到23.4分。"),
    ("zh-Hans", "We present CREDO, a new benchmark.", "我们提出了新的基准CREDOR。"),
    ("zh-Hans", "We pretrain on ImageNet and fine-tune.", "我们在ImagesNet上进行预训练和微调。"),
    ("ja", "We fine-tune GPT-4o on code.", "コードでGPT-4を微調整する。"),
    ("de", "We fine-tune GPT-4o on code.", "Wir passen GPT-4 an Code an."),
    ("ru", "We pretrain on ImageNet and fine-tune.", "Мы предварительно обучаем на ImagineNet и дообучаем."),
]


@pytest.mark.parametrize(("language", "source", "answer"), KEPT)
def test_a_name_is_kept_or_rightly_translated(language: str, source: str, answer: str):
    assert found(source, answer, language) == []


@pytest.mark.parametrize(("language", "source", "answer"), LOST)
def test_a_lost_or_invented_name_is_suspect(language: str, source: str, answer: str):
    assert found(source, answer, language) == ["names"]


@pytest.mark.parametrize(("language", "source", "answer"), MISSPELT)
def test_a_misspelt_name_is_found(language: str, source: str, answer: str):
    """It is lost as well."""
    assert found(source, answer, language) == ["misspelt", "names"]


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("We fine-tune GPT-4o on code.", "我们在代码上微调了GPT-3.5。"),
        ("We compare Llama-3 with others.", "我们将Llama-2与其他模型进行了比较。"),
    ],
)
def test_another_version_is_another_number_too(source: str, answer: str):
    assert found(source, answer) == ["numbers", "misspelt", "names"]


def test_what_a_name_must_not_lose_is_not_hidden_by_a_longer_one():
    assert found("We present CREDO and CREDO2.", "我们提出了CREDO2。") == ["names"]
