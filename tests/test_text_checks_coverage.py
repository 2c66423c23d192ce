"""worker/text/checks/coverage.py: the answer says as much as the source, and denies what it denies."""

import pytest

from tests.pairs import found, pair
from worker.text.checks.coverage import length, negation, omission

LONG = (
    "We show that language models trained on synthetic code transfer to real repositories, and that "
    "the gain persists when the data are filtered, although it shrinks for smaller models."
)
FULL = (
    "我们表明，在合成代码上训练的语言模型可以迁移到真实的代码仓库，并且在对数据进行过滤后增益仍然存在，"
    "尽管对于较小的模型增益会缩小。"
)
FULL_ELSEWHERE = {
    "zh-Hant": "我們表明，在合成程式碼上訓練的語言模型可以遷移到真實的程式庫，並且在過濾資料後增益仍然存在，"
    "儘管對於較小的模型增益會縮小。",
    "ja": "合成コードで学習した言語モデルが実際のリポジトリに転移すること、またデータをフィルタリングしても"
    "その効果が持続することを示す。ただし、小さなモデルではその効果は小さくなる。",
    "ko": "우리는 합성 코드로 학습한 언어 모델이 실제 저장소로 전이되며, 데이터를 필터링해도 그 이득이 "
    "지속되지만 더 작은 모델에서는 줄어든다는 것을 보인다.",
    "de": "Wir zeigen, dass auf synthetischem Code trainierte Sprachmodelle auf echte Repositorien übertragbar "
    "sind und dass der Gewinn nach dem Filtern der Daten bestehen bleibt, auch wenn er bei kleineren Modellen "
    "geringer ausfällt.",
    "fr": "Nous montrons que les modèles de langue entraînés sur du code synthétique se transfèrent à de vrais "
    "dépôts, et que le gain persiste lorsque les données sont filtrées, bien qu'il diminue pour les petits "
    "modèles.",
    "ru": "Мы показываем, что языковые модели, обученные на синтетическом коде, переносятся на реальные "
    "репозитории и что выигрыш сохраняется при фильтрации данных, хотя для меньших моделей он сокращается.",
    "ar": "نبيّن أن نماذج اللغة المدرَّبة على شيفرة اصطناعية تنتقل إلى مستودعات حقيقية، وأن المكسب يستمر عند "
    "ترشيح البيانات، مع أنه يتقلص في النماذج الأصغر.",
}
DENIED = [
    ("The method does not need labels.", "该方法无需标签。"),
    ("The method works without labels.", "该方法可以在没有标签的情况下工作。"),
    ("Such models cannot plan ahead.", "这类模型难以提前规划。"),
    ("Prior work fails to explain this.", "先前的工作未能解释这一点。"),
    ("The estimator isn't biased.", "该估计量并非有偏。"),
    ("Neither model is calibrated.", "两个模型都没有经过校准。"),
    ("Without loss of generality, the graph is connected.", "不失一般性，设该图是连通的。"),
    ("It is not only fast but also accurate.", "它既快速又准确。"),
    ("It needs no more than one pass.", "它至多需要一遍。"),
    (
        "The effect was overlooked; it was not until 2020 that it was named.",
        "该效应曾被忽视；直到2020年才得到命名。",
    ),
    ("It works whether or not labels exist.", "有标签与否，它都有效。"),
    ("Robustness holds no matter how the data are split.", "数据怎样划分，鲁棒性都成立。"),
]
NOT_DENIED = [
    ("The method does not need labels.", "该方法需要标签。"),
    ("The method does not need labels.", "该方法非常需要标签。"),
    ("The results do not hold for nonlinear systems.", "这些结果对非线性系统成立。"),
    ("Future work cannot rely on unsupervised data.", "未来的工作可以依赖无监督数据。"),
    ("The method is not robust and not cheap.", "该方法不仅鲁棒，而且便宜。"),
    ("Such models cannot plan ahead.", "这类模型可以提前规划。"),
    ("The method works without labels.", "该方法使用标签。"),
]


def test_a_full_answer_is_let_pass():
    assert found(LONG, FULL) == []


@pytest.mark.parametrize(("language", "answer"), FULL_ELSEWHERE.items())
def test_a_full_answer_is_let_pass_in_every_language(language: str, answer: str):
    assert found(LONG, answer, language) == []


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("Robots", "机器人"),
        ("It is fast.", "它很快。"),
        ("We study <v0>.", "我们研究<v0>。"),
        ("Code: <v0>", "代码：<v0>"),
        ("Convergence is proved.", "我们证明了收敛性。"),
    ],
)
def test_a_short_sentence_has_a_short_answer(source: str, answer: str):
    assert found(source, answer) == []


@pytest.mark.parametrize("language", ["zh-Hans", *FULL_ELSEWHERE])
def test_the_first_words_alone_are_short(language: str):
    answer = {"zh-Hans": FULL, **FULL_ELSEWHERE}[language]
    assert length(pair(LONG, answer[:18], language)) == "short"


@pytest.mark.parametrize("language", ["zh-Hans", *FULL_ELSEWHERE])
def test_another_paragraph_is_long(language: str):
    answer = {"zh-Hans": FULL, **FULL_ELSEWHERE}[language]
    assert length(pair("We study the transfer of models.", answer * 3, language)) == "long"


def test_a_long_answer_to_a_word_is_long():
    assert found("Robots", FULL) == ["long"]


@pytest.mark.parametrize(
    "answer",
    [
        "我们表明，在合成代码上训练的语言模型可以迁移到真实的代码仓库。",
        "我们表明，在对合成代码的数据进行过滤后增益仍然存在。",
        "增益仍然存在，尽管对于较小的模型增益会缩小。",
    ],
)
def test_a_dropped_clause_is_suspect(answer: str):
    assert found(LONG, answer) == ["omission"]


@pytest.mark.parametrize(
    ("language", "answer"),
    [
        ("ja", "合成コードで学習した言語モデルが実際のリポジトリに転移することを示す。"),
        ("ko", "우리는 합성 코드로 학습한 언어 모델이 실제 저장소로 전이된다는 것을 보인다."),
        ("de", "Wir zeigen, dass auf synthetischem Code trainierte Sprachmodelle übertragbar sind."),
        ("ru", "Мы показываем, что языковые модели переносятся на реальные репозитории."),
    ],
)  # fmt: skip
def test_a_dropped_clause_is_suspect_in_every_language(language: str, answer: str):
    assert found(LONG, answer, language) == ["omission"]


def test_placeholders_do_not_make_an_answer_longer():
    formulas = " ".join(f"<v{n}>" for n in range(20))
    assert omission(pair(f"{LONG} {formulas}", f"我们表明增益仍然存在。{formulas}")) == "omission"


@pytest.mark.parametrize(("source", "answer"), DENIED)
def test_a_denial_may_be_said_in_many_ways(source: str, answer: str):
    assert found(source, answer) == []


@pytest.mark.parametrize(("source", "answer"), NOT_DENIED)
def test_a_lost_denial_is_suspect(source: str, answer: str):
    assert found(source, answer) == ["negation"]


def test_denials_are_looked_for_only_in_chinese():
    assert negation(pair("It does not need labels.", "Die Methode braucht Labels.", "de")) is None
