"""worker/text/checks/units.py: 5 ms are not 5秒."""

import pytest

from tests.pairs import found

KEPT = [
    ("zh-Hans", "Inference takes 5 ms per image.", "每幅图像的推理耗时5毫秒。"),
    ("zh-Hans", "Inference takes 5 ms per image.", "每幅图像的推理耗时5 ms。"),
    ("zh-Hans", "Inference takes 5ms per image.", "每幅图像的推理耗时5ms。"),
    ("zh-Hans", "Training takes 90 minutes on one machine.", "在一台机器上训练需要90分钟。"),
    ("zh-Hans", "Training takes 24 hours.", "训练需要24小时。"),
    ("zh-Hans", "Training takes 24 hours.", "训练需要24个小时。"),
    ("zh-Hans", "We held a 3-day workshop.", "我们举办了为期3天的研讨会。"),
    ("zh-Hans", "The survey lasted 10 months.", "调查持续了10个月。"),
    ("zh-Hans", "The survey lasted 5 years.", "调查持续了五年。"),
    ("zh-Hans", "It samples signals at 16 kHz.", "它以16千赫的频率对信号采样。"),
    ("zh-Hans", "The band lies at 2.4 GHz.", "该频段位于2.4吉赫兹。"),
    ("zh-Hans", "The vehicle drives at 100 km/h.", "车辆以每小时100公里的速度行驶。"),
    ("zh-Hans", "The robot walks at 1.5 m/s.", "机器人以每秒1.5米的速度行走。"),
    ("zh-Hans", "It runs at 30 fps on a phone.", "它在手机上以每秒30帧的速度运行。"),
    ("zh-Hans", "It needs 16 GB of memory.", "它需要16GB内存。"),
    ("zh-Hans", "The layer is 5 nm thick.", "该层厚度为5纳米。"),
    ("zh-Hans", "The particles have 3 TeV of energy.", "这些粒子的能量为3 TeV。"),
    ("zh-Hans", "The gain is 3 dB over the baseline.", "与基线相比增益为3分贝。"),
    ("zh-Hans", "It moves 5 mm in 10 s.", "它在10秒内移动了5毫米。"),
    ("zh-Hans", "Music of the 1980s is rich.", "20世纪80年代的音乐很丰富。"),
    ("zh-Hant", "Training takes 90 minutes.", "訓練需要90分鐘。"),
    ("ja", "Inference takes 5 ms per image.", "推論には画像1枚あたり5ミリ秒かかる。"),
    ("ja", "Training takes 24 hours.", "学習には24時間かかる。"),
    ("ja", "The survey lasted 10 months.", "調査は10カ月続いた。"),
    ("ko", "Training takes 24 hours.", "학습에는 24시간이 걸린다."),
    ("de", "Inference takes 5 ms per image.", "Die Inferenz dauert 5 Millisekunden pro Bild."),
    ("de", "Training takes 24 hours.", "Das Training dauert 24 Stunden."),
    ("fr", "It needs 16 GB of memory.", "Il nécessite 16 Go de mémoire."),
    ("ru", "It samples signals at 16 kHz.", "Он дискретизирует сигналы с частотой 16 кГц."),
]
CHANGED = [
    ("zh-Hans", "Inference takes 5 ms per image.", "每幅图像的推理耗时5秒。"),
    ("zh-Hans", "Inference takes 5 ms per image.", "每幅图像的推理耗时5 s。"),
    ("zh-Hans", "Inference takes 5 ms per image.", "每幅图像的推理耗时5。"),
    ("zh-Hans", "Training takes 90 minutes.", "训练需要90小时。"),
    ("zh-Hans", "The survey lasted 10 months.", "调查持续了10年。"),
    ("zh-Hans", "It samples signals at 16 kHz.", "它以16 MHz的频率对信号采样。"),
    ("zh-Hans", "The vehicle drives at 100 km/h.", "车辆以每秒100米的速度行驶。"),
    ("zh-Hans", "It needs 16 GB of memory.", "它需要16MB内存。"),
    ("zh-Hans", "The layer is 5 nm thick.", "该层厚度为5微米。"),
    ("zh-Hans", "The particles have 3 TeV of energy.", "这些粒子的能量为3 GeV。"),
    ("ja", "Inference takes 5 ms per image.", "推論には画像1枚あたり5秒かかる。"),
    ("de", "It samples signals at 16 kHz.", "Es tastet Signale mit 16 MHz ab."),
    ("ko", "It needs 16 GB of memory.", "16 MB의 메모리가 필요하다."),
]


@pytest.mark.parametrize(("language", "source", "answer"), KEPT)
def test_a_unit_is_kept_or_translated(language: str, source: str, answer: str):
    assert found(source, answer, language) == []


@pytest.mark.parametrize(("language", "source", "answer"), CHANGED)
def test_another_unit_is_found(language: str, source: str, answer: str):
    assert found(source, answer, language) == ["units"]


def test_a_number_that_is_given_twice_has_its_unit_once():
    assert found("It takes 5 ms, or 5 steps.", "它需要5步，即5毫秒。") == []
