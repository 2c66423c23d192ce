"""Acronyms and identifiers come back as they were written, since readers look for them."""

import re
from difflib import SequenceMatcher
from itertools import pairwise

from worker.text.checks.identifiers import namelike
from worker.text.checks.pair import HAN, SEPARATORS, Pair

_TABLE = """
AI 人工智能 人工智慧 人工知能
API 接口 介面
AR 增强现实
ASR 语音识别
BCI 脑机接口
CNN 卷积神经网络 卷积网络
CO2 二氧化碳
COVID-19 新冠 新型冠状病毒
CPU 中央处理器 处理器
CT 断层
CV 计算机视觉
DNA 脱氧核糖核酸
DNN 深度神经网络
DoF 自由度
ECG 心电
EEG 脑电
EHR 病历 健康记录
EM 电磁 期望最大
EU 欧盟 歐盟 欧州
FPS 帧 幀 フレーム
GAN 对抗网络
GDP 国内生产总值
GNN 图神经网络
GP 高斯过程
GPU 图形处理器 显卡
HCI 人机交互
HPC 高性能计算
H2O 水
GUI 图形界面 图形用户界面 圖形介面
ICU 重症
IDE 集成开发环境
ID 标识 身份
IID 独立同分布
IoT 物联网 物聯網
IR 红外 信息检索
IT 信息技术
KG 知识图谱
LiDAR 激光雷达 雷射 光达
LLM 大语言模型 大型语言模型 大型語言模型 語言模型 语言模型
MCMC 马尔可夫链蒙特卡罗 蒙特卡洛
MDP 马尔可夫决策
ML 机器学习 機器學習 機械学習
MLP 多层感知
MRI 磁共振
MT 机器翻译
NLP 自然语言处理
NN 神经网络
OCR 字符识别 文字识别
ODE 常微分方程
OOD 分布外
OS 操作系统 作業系統
PC 个人电脑 计算机
PCA 主成分
PDE 偏微分方程
PhD 博士
QA 问答
Q&A 问答
R&D 研发 研究与开发 研究开发
RAG 检索增强
RL 强化学习 強化學習 強化学習
RNA 核糖核酸
RNN 循环神经网络
SAR 合成孔径
SDE 随机微分方程
seq2seq 序列到序列
SGD 随机梯度下降
SOTA 最先进 最新 最佳
SQL 结构化查询
STEM 理工
SVD 奇异值
SVM 支持向量机
TTS 语音合成 文本转语音
TV 电视 全变分
UAV 无人机 無人機
UI 界面
UK 英国 英國
UN 联合国 聯合國
US 美国 美國 米国
USA 美国 美國
UV 紫外
VAE 变分自编码
VQA 视觉问答
VR 虚拟现实
WHO 世界卫生组织 世卫
WiFi 无线
"""
TRANSLATED = {row.split()[0]: tuple(row.split()[1:]) for row in _TABLE.strip().splitlines()}
"""Acronyms that are rightly translated, with what they become in Chinese or Japanese; in other languages
they may become anything (IA, KI, ИИ), so they are not demanded there."""
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-&+.][A-Za-z0-9]+)*")
_ALIKE, _COMPACT = 0.6, 5
_MOST_COMPARED, _LONGEST_COMPARED = 30, 40
"""Every name is compared with every token, and every letter with every letter."""
_SMALL = frozenset("a an and by for from in of on the to with".split())


def names(pair: Pair) -> str | None:
    """`names` where one is lost or invented. Soft: the table of what may be translated has gaps."""
    return "names" if lost(pair) or (pair.script in HAN and _invented(pair)) else None


def misspelt(pair: Pair) -> str | None:
    """`misspelt` where a name is lost and something like it stands there instead: GPT-3 for GPT-4, CREDOR
    for CREDO. Outside Chinese and Japanese, a short acronym may become another (USSR, UdSSR)."""
    gone = [name for name in lost(pair) if pair.script in HAN or not (name.isalpha() and name.isupper())]
    gone = gone[:_MOST_COMPARED]
    if not gone:
        return None
    parts = [part.lower() for token in _TOKEN.findall(pair.plain_source) for part in SEPARATORS.split(token)]
    known = {*parts, *map(" ".join, pairwise(parts))}
    strange = [token for token in _TOKEN.findall(pair.plain) if _strange(token, known, pair)][:_MOST_COMPARED]
    return "misspelt" if any(_alike(name, token) for name in gone for token in strange) else None


def lost(pair: Pair) -> list[str]:
    """The source's names that the answer has neither as written nor in a rendering that is right."""
    names = dict.fromkeys(name.text for name in pair.names)
    return [name for name in names if not _kept(name, pair) and not _translated(name, pair)]


def _kept(name: str, pair: Pair) -> bool:
    """Whether a name is there, perhaps in the plural, inflected or with other hyphens."""
    ending = "s?" if pair.script in HAN else "[a-z]{0,4}"
    if name in pair.plain and re.search(
        rf"(?<![A-Za-z0-9]){re.escape(name)}{ending}(?![A-Za-z0-9])", pair.plain
    ):
        return True
    compact = SEPARATORS.sub("", name).removesuffix("s")
    if len(compact) < _COMPACT or compact not in pair.compact:
        return False
    if len(compact) > _LONGEST_COMPARED:
        return True
    spaced = rf"{SEPARATORS.pattern[:-1]}*".join(map(re.escape, compact))
    return bool(re.search(rf"(?<![A-Za-z0-9]){spaced}{ending}(?![A-Za-z0-9])", pair.plain))


def _translated(name: str, pair: Pair) -> bool:
    if name not in TRANSLATED:
        return False
    return pair.script not in HAN or any(word in pair.bare for word in TRANSLATED[name])


def _strange(token: str, known: set[str], pair: Pair) -> bool:
    """Whether something in a token of the answer is not from the source, and looks like a name. A number
    is from there only with what stands before it: `4` does not excuse GPT-4."""
    if not any(map(str.isalpha, token)):
        return False
    parts = SEPARATORS.split(token)
    new = [part for part in parts if not {part.lower(), part.lower().rstrip("s")} & known]
    new += [
        part for before, part in pairwise(parts) if part.isdigit() and f"{before} {part}".lower() not in known
    ]
    return any(part.isdigit() or namelike(part) or (pair.script in HAN and len(part) > 2) for part in new)


def _alike(name: str, token: str) -> bool:
    if name.lower() == token.lower():
        return False  # GPT for gpt: found by `names`, and no other thing
    name, token = name[:_LONGEST_COMPARED], token[:_LONGEST_COMPARED]
    return SequenceMatcher(None, name.lower(), token.lower()).ratio() >= _ALIKE


def _invented(pair: Pair) -> list[str]:
    """Names of the answer that the source has nowhere, not even as initials."""
    source = pair.plain_source.lower()
    tokens = (token.lstrip("0123456789") for token in _TOKEN.findall(pair.plain))
    strange = [t for t in tokens if namelike(t) and t.lower().rstrip("s") not in source]
    if not strange:
        return []
    parts = [part.lower() for word in pair.words for part in word.split("-") if part]
    initials = "".join(part[0] for part in parts)
    initials += " " + "".join(part[0] for part in parts if part not in _SMALL)  # RLHF: from human feedback
    return [token for token in strange if token.lower().rstrip("s") not in initials]
