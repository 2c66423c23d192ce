"""worker/text/typography.py: the marks of English become those of the target language, and nothing else changes."""

import re
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.languages import find, languages
from worker.text.checks import OK, verdict
from worker.text.protection import ANGLE, Placeholder
from worker.text.typography import SPACING, polish

SIGNS = [
    *",;:?!.()\"'[]“”«»„「」『』，。；：？！（）、…-—% \n\t\u00a0\u2009\u202f\u3000\ue000\ue001\ue002\uf8ff\x00",
    *("汉", "语", "か", "ж", "мы", "ن", "و", "한", "é", "a", "GPT-4", "the model", "is good", "n!", "🙂"),
    *("3.5", "1,000", "10:30", "1 : 1", "95 %", "1. ", "...", "et al.", "e.g.", "Fig. 3", " - ", "&amp;"),
    *("<v0>", "< v1 >", "＜v2＞", "https://a.org/b", "a@b.org", "`x, y`"),
]
TEXTS = st.lists(st.sampled_from(SIGNS), max_size=24).map("".join) | st.text(max_size=60)
LANGUAGES = st.sampled_from(list(languages().values()))
SPACINGS = st.sampled_from(list(SPACING))


def simplified(text: str, spacing: str = "none") -> str:
    return polish(text, find("zh-Hans"), spacing=spacing)


@pytest.mark.parametrize(
    ("answer", "printed"),
    [
        pytest.param("我们提出一种模型,它很好.", "我们提出一种模型，它很好。", id="comma and full stop"),
        pytest.param("方法: 先训练; 再测试.", "方法：先训练；再测试。", id="colon and semicolon"),
        pytest.param("为什么? 因为有效!", "为什么？因为有效！", id="question and exclamation"),
        pytest.param(
            "我们评估了速度, 精度 和 成本.", "我们评估了速度，精度和成本。", id="no spaces between Han"
        ),
        pytest.param("我们使用 GPT-4.", "我们使用GPT-4。", id="full stop behind a name"),
        pytest.param("平均值为 3.5.", "平均值为3.5。", id="full stop behind a number"),
        pytest.param("误差为 <v0>.", "误差为<v0>。", id="full stop behind a formula"),
        pytest.param("误差 (见表 2).", "误差（见表2）。", id="full stop behind a bracket"),
        pytest.param("优于 GPT-4. 我们还发现", "优于GPT-4。我们还发现", id="full stop in the middle"),
        pytest.param("我们使用 BERT, GPT-4 和 T5.", "我们使用BERT，GPT-4和T5。", id="comma between names"),
        pytest.param("对于 <v0>, <v1> 和 <v2>, 有", "对于<v0>，<v1>和<v2>，有", id="comma between formulas"),
        pytest.param("CREDO: 一种新框架", "CREDO：一种新框架", id="colon of a title"),
        pytest.param("我们,, 他们。.", "我们，他们。", id="doubled marks"),
        pytest.param("结果 — 很好 - 真的", "结果——很好——真的", id="dashes"),
        pytest.param("提升 +5% 至 -3.2", "提升+5%至-3.2", id="signs of numbers"),
        pytest.param("等等...", "等等……", id="ellipsis"),
        pytest.param("我们… 他们", "我们……他们", id="short ellipsis"),
        pytest.param("已经是。中文，了", "已经是。中文，了", id="already right"),
    ],
)
def test_chinese_has_full_width_marks(answer: str, printed: str):
    assert simplified(answer) == printed


@pytest.mark.parametrize(
    ("answer", "printed"),
    [
        pytest.param("包括 1,000 个样本和 3.5 倍", "包括1,000个样本和3.5倍", id="numbers"),
        pytest.param("从 10:30 开始, 比例 1:1", "从10:30开始，比例1:1", id="times and ratios"),
        pytest.param("按 3 : 1 的比例", "按3 : 1的比例", id="ratio with spaces"),
        pytest.param("达到 95.5 % 和 20 ms", "达到95.5 %和20 ms", id="units"),
        pytest.param("使用 GPT-4.1 和 node.js", "使用GPT-4.1和node.js", id="versions and names"),
        pytest.param("见文件 config.json 或 数据.csv", "见文件config.json或数据.csv", id="file names"),
        pytest.param("命名空间 std::vector 的", "命名空间std::vector的", id="namespaces"),
        pytest.param("见 https://a.org/b?c=1:2, 或", "见https://a.org/b?c=1:2，或", id="addresses"),
        pytest.param("见 https://a.org.", "见https://a.org。", id="address at the end"),
        pytest.param("写信给 ada.b@a.org.", "写信给ada.b@a.org。", id="mail"),
        pytest.param("调用 `f(x, y)`, 然后", "调用`f(x, y)`，然后", id="code"),
        pytest.param("Smith et al. 提出了, e.g. 这样", "Smith et al.提出了，e.g.这样", id="abbreviations"),
        pytest.param("由 J. Smith 编写, 见 Fig. 3.", "由J. Smith编写，见Fig. 3。", id="initials, figures"),
        pytest.param("区间 [0, 1] 内, 文献 [3, 5].", "区间[0, 1]内，文献[3, 5]。", id="square brackets"),
        pytest.param("复杂度为 O(n log n) 时", "复杂度为O(n log n)时", id="brackets of functions"),
        pytest.param("共有 n! 个排列", "共有n!个排列", id="factorial"),
        pytest.param("取 1, 2, ..., n 个", "取1，2，...，n个", id="dots of a series"),
        pytest.param("1. 我们提出; 2. 我们", "1. 我们提出；2. 我们", id="items of a list"),
        pytest.param("Adam's 方法和 users' 数据", "Adam's方法和users'数据", id="apostrophes"),
        pytest.param(
            "题为 Attention, please: a new model 的论文",
            "题为Attention, please: a new model的论文",
            id="English phrases",
        ),
    ],
)
def test_marks_of_numbers_names_and_code_stay(answer: str, printed: str):
    assert simplified(answer) == printed


@pytest.mark.parametrize(
    ("answer", "printed"),
    [
        pytest.param("卷积神经网络 (CNN), 然后", "卷积神经网络（CNN），然后", id="acronym"),
        pytest.param("优化器 (SGD, Adam) 的", "优化器（SGD, Adam）的", id="Latin list inside"),
        pytest.param("优化器 (例如, Adam) 的", "优化器（例如，Adam）的", id="Chinese inside"),
        pytest.param("RAG (检索增强生成) 是", "RAG（检索增强生成）是", id="Chinese inside, name before"),
        pytest.param("GPT(生成式模型)是", "GPT（生成式模型）是", id="Chinese inside, glued to a name"),
        pytest.param("LLM (large language model) 是", "LLM（large language model）是", id="English inside"),
        pytest.param("(1) 我们; (2) 他们", "（1）我们；（2）他们", id="numbering"),
        pytest.param("结果 (提高 (2.3%)) 好", "结果（提高（2.3%））好", id="nested"),
        pytest.param(
            "FPN(Feature Pyramid Network)是", "FPN（Feature Pyramid Network）是", id="name spelt out"
        ),
        pytest.param("使用f(x, y)和softmax(z)的", "使用f(x, y)和softmax(z)的", id="functions"),
        pytest.param("第一) 我们", "第一)我们", id="closed but not opened"),
    ],
)
def test_chinese_has_full_width_brackets(answer: str, printed: str):
    assert simplified(answer) == printed


@pytest.mark.parametrize(
    ("spacing", "printed"),
    [
        ("none", "我们在3个GPU上训练GPT-4，精度为95%，即<v0>。"),
        ("space", "我们在 3 个 GPU 上训练 GPT-4，精度为 95%，即 <v0>。"),
        ("thin", "我们在\u20093\u2009个\u2009GPU\u2009上训练\u2009GPT-4，精度为\u200995%，即\u2009<v0>。"),
    ],
)
@pytest.mark.parametrize(
    "answer",
    [
        "我们在 3 个 GPU 上训练 GPT-4, 精度为 95%, 即 <v0>.",
        "我们在3个GPU上训练GPT-4,精度为95%,即<v0>.",
    ],
)
def test_the_space_between_han_and_latin_is_a_setting(answer: str, spacing: str, printed: str):
    assert simplified(answer, spacing) == printed


@pytest.mark.parametrize(
    ("code", "answer", "printed"),
    [
        ("zh-Hans", "所谓的 \"链式思考\" 和 '规则'.", "所谓的“链式思考”和‘规则’。"),
        ("zh-Hans", '题为 "Attention, please" 的论文', "题为“Attention, please”的论文"),
        ("zh-Hans", '题为 "Attention is all you need."', "题为“Attention is all you need.”"),
        ("zh-Hans", 'C++ 的 "20+ 个" 库', "C++的“20+个”库"),
        ("zh-Hans", '屏幕为 5" 大, 称为', '屏幕为5"大，称为'),
        ("zh-Hant", "所謂的 \"鏈式思考\" 和 '規則'.", "所謂的「鏈式思考」和『規則』。"),
        ("zh-Hant", "所謂的“鏈式思考”, 即", "所謂的「鏈式思考」，即"),
        ("ja", 'いわゆる "思考の連鎖" です.', "いわゆる「思考の連鎖」です。"),
    ],
)
def test_quotation_marks_of_the_east(code: str, answer: str, printed: str):
    assert polish(answer, find(code)) == printed


@pytest.mark.parametrize(
    ("code", "answer", "printed"),
    [
        ("zh-Hant", "我們提出 GPT-4 (見表 2), 效果為 3.5.", "我們提出GPT-4（見表2），效果為3.5。"),
        ("ja", "本研究では, BERT (Base) を用いる.", "本研究では、BERT（Base）を用いる。"),
        ("ja", "精度は 95.5% で, 1,000 件のデータ: 有効か?", "精度は95.5%で、1,000件のデータ：有効か？"),
        ("ja", "データベース を 作る。", "データベースを作る。"),
        ("ko", "우리는 BERT , GPT-4 를  제안한다 .", "우리는 BERT, GPT-4 를 제안한다."),
        ("ko", '이른바 "사고의 연쇄" (CoT): 왜?', '이른바 "사고의 연쇄" (CoT): 왜?'),
        ("fr", "Pourquoi? Voici: un test; oui!", "Pourquoi\u202f? Voici\u00a0: un test\u202f; oui\u202f!"),
        ("fr", "Pourquoi ? Voici : un test", "Pourquoi\u202f? Voici\u00a0: un test"),
        ("fr", 'Le "modèle" est bon.', "Le «\u202fmodèle\u202f» est bon."),
        ("fr", "Le «modèle» et « lui »", "Le «\u202fmodèle\u202f» et «\u202flui\u202f»"),
        ("fr", "À 10:30, 1:1 et 3 : 1, soit 95 %.", "À 10:30, 1:1 et 3 : 1, soit 95 %."),
        ("fr", "Voir https://a.org/b?c=1 et n! cas.", "Voir https://a.org/b?c=1 et n! cas."),
        ("de", 'Das "Modell" ist gut , mit 3,5 %.', "Das „Modell“ ist gut, mit 3,5 %."),
        ("de", "Das “Modell” ist gut.", "Das „Modell“ ist gut."),
        ("es", '¿Es "bueno" el modelo ?', "¿Es «bueno» el modelo?"),
        ("pt", 'O "modelo" é bom .', "O “modelo” é bom."),
        ("pl", 'Tak zwany "model".', "Tak zwany „model”."),
        ("sv", 'Den så kallade "modellen".', "Den så kallade ”modellen”."),
        ("ru", 'BERT - это "модель", от 3 - 5 слоёв.', "BERT — это «модель», от 3 - 5 слоёв."),
        ("ru", "Мы предлагаем <v0> - <v1> модель.", "Мы предлагаем <v0> - <v1> модель."),
        ("ar", "النموذج جيد, ولكن؛ هل هو سريع?", "النموذج جيد، ولكن؛ هل هو سريع؟"),
        ("ar", "نموذج (SGD, Adam) مع 1,000 عينة; جيد", "نموذج (SGD, Adam) مع 1,000 عينة؛ جيد"),
        ("ar", 'يسمى "النموذج" (LLM), وهو', "يسمى «النموذج» (LLM)، وهو"),
        ("fa", "مدل خوب است, اما", "مدل خوب است، اما"),
        ("he", 'המודל של צה"ל , והוא "טוב".', 'המודל של צה"ל, והוא "טוב".'),
        ("hi", 'यह "मॉडल" अच्छा है ।', "यह “मॉडल” अच्छा है ।"),
        ("vi", "Mô hình  này ( BERT ) tốt , nhanh.", "Mô hình này (BERT) tốt, nhanh."),
    ],
)
def test_every_language_has_its_own_marks(code: str, answer: str, printed: str):
    assert polish(answer, find(code)) == printed


@pytest.mark.parametrize("code", ["zh-Hans", "ja", "ko", "ru", "ar", "hi"])
def test_a_text_left_in_english_stays_as_it_is(code: str):
    text = 'We propose "GPT-4" , a model (with <v0>, <v1>) ...'
    assert polish(text, find(code)) == text


def test_a_placeholder_may_have_another_form():
    other = Placeholder("[{}.]", r"\[(\d+)\.\]")
    assert polish("对于 [0.], 我们", find("zh-Hans"), placeholder=other) == "对于[0.]，我们"


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("We use 10, 200, and 300 samples (at 10:30).", "我们使用 10, 200 和 300 个样本 (在 10:30)."),
        ("It gains 2.5%, 3.5% and 1,000 points.", "它提高了 2.5%, 3.5% 和 1,000 分."),
        ("For <v0>, <v1> the error is 3.5.", "对于 <v0>, <v1>, 误差为 3.5."),
    ],
)
def test_polished_answers_pass_the_checks(source: str, answer: str):
    chinese = find("zh-Hans")
    assert verdict(source, polish(answer, chinese), chinese, ANGLE) == OK


@given(TEXTS, LANGUAGES, SPACINGS)
@settings(max_examples=200, deadline=None)
def test_polishing_twice_is_polishing_once(text: str, language, spacing: str):
    once = polish(text, language, spacing=spacing)
    assert polish(once, language, spacing=spacing) == once


@given(TEXTS, LANGUAGES, SPACINGS)
@settings(max_examples=200, deadline=None)
def test_letters_digits_and_placeholders_are_untouched(text: str, language, spacing: str):
    polished = polish(text, language, spacing=spacing)
    assert [c for c in polished if c.isalnum()] == [c for c in text if c.isalnum()]
    assert re.findall("[\ue000-\uf8ff]", polished) == re.findall("[\ue000-\uf8ff]", text)
    assert Counter(m[0] for m in ANGLE.found.finditer(polished)) == Counter(
        m[0] for m in ANGLE.found.finditer(text)
    )


@given(st.lists(st.sampled_from([*"我们提出的模型", "BERT", "3.5", *" ,;.()"]), min_size=1).map("".join))
@settings(max_examples=200, deadline=None)
def test_no_space_is_left_before_a_full_width_mark(text: str):
    assert not re.search(r"\s[，；。（）]|[，；。（）]\s", simplified("我" + text, "space"))


@pytest.mark.parametrize("code", ["zh-Hans", "ja", "fr", "ru", "ar", "ko"])
@pytest.mark.parametrize("sign", ["(", '"', ",", "。", ".", " ", "'", "，；", "a.", "(“", "http://", "a b, "])
def test_hostile_text_takes_no_time(code: str, sign: str):
    letter = {"zh-Hans": "汉", "ja": "か", "fr": "é", "ru": "ж", "ar": "ن", "ko": "한"}[code]
    began = time.process_time()
    polish(letter + sign * 20_000 + letter, find(code))
    assert time.process_time() - began < 1
