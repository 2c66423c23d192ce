"""worker/text/checks/numbers.py: a number keeps its value, however a language writes it."""

import pytest

from tests.pairs import found

SAME = [
    ("The model has 125M parameters.", "该模型有1.25亿个参数。"),
    ("The model has 125M parameters.", "该模型有125M参数。"),
    ("We train on 1.5 billion tokens.", "我们在15亿个词元上训练。"),
    ("We train on 1.3 trillion tokens.", "我们在1.3万亿个词元上训练。"),
    ("The corpus has 48,000 documents.", "该语料库有4.8万篇文档。"),
    ("The corpus has 48,000 documents.", "该语料库有4万8000篇文档。"),
    ("The corpus has 48,000 documents.", "该语料库有48000篇文档。"),
    ("The corpus has 48,000 documents.", "该语料库有４８，０００篇文档。"),
    ("The corpus has 10k documents.", "该语料库有一万篇文档。"),
    ("We train a 7B-parameter model.", "我们训练了一个70亿参数的模型。"),
    ("We evaluate 3 models on 12 tasks.", "我们在十二个任务上评估了三个模型。"),
    ("We evaluate two models on six tasks.", "我们在6个任务上评估了2个模型。"),
    ("It is the 2nd most cited paper of 2024.", "它是2024年被引用次数第二多的论文。"),
    ("The data were collected in May 2024.", "数据于2024年5月收集。"),
    ("The field began in the 1990s.", "该领域始于20世纪90年代。"),
    ("The field grew in the 2010s.", "该领域在21世纪10年代发展起来。"),
    ("The field began in the 1990s.", "该领域始于1990年代。"),
    ("We use version 1.2.3 of the library.", "我们使用该库的1.2.3版本。"),
    ("The error is below .05 for all models.", "所有模型的误差都低于0.05。"),
    ("It is 2.5x faster than the baseline.", "它比基线快2.5倍。"),
    ("Scores lie between 0.5 and 0.75.", "得分介于0.5和0.75之间。"),
    ("It needs half of the memory.", "它只需要50%的内存。"),
    ("We track 3D objects in 2D images.", "我们在二维图像中跟踪三维物体。"),
    ("It was trained on a dozen languages.", "它在12种语言上进行了训练。"),
    ("We sample 1,000 points from <v0>.", "我们从<v0>中采样一千个点。"),
    ("It supports twenty-two languages.", "它支持22种语言。"),
    ("It shortens the sequence twofold.", "它将序列缩短到原来的1/2。"),
    ("It costs one cent per query.", "每次查询花费1美分。"),
    ("As shown in [3, 5], attention is not enough.", "如[3, 5]所示，注意力是不够的。"),
    ("The reaction needs 100 steps.", "该反应需要一百步。"),
]
ELSEWHERE = [
    ("ja", "The corpus has 48,000 documents.", "このコーパスには4万8千の文書がある。"),
    ("ja", "We evaluate 3 models.", "三つのモデルを評価する。"),
    ("ko", "The model has 125M parameters.", "이 모델은 1억 2500만 개의 매개변수를 가진다."),
    ("ko", "We evaluate 3 models on images.", "우리는 이미지에서 세 가지 모델을 평가한다."),
    ("zh-Hant", "The model has 1.5 billion parameters.", "該模型有15億個參數。"),
    ("fr", "The corpus has 48,000 documents.", "Le corpus comprend 48\u202f000 documents."),
    ("fr", "We train on 1.5 billion tokens.", "Nous entraînons sur 1,5 milliard de jetons."),
    ("de", "The corpus has 48,000 documents.", "Das Korpus umfasst 48.000 Dokumente."),
    ("de", "The error is 3.5 on average.", "Der Fehler beträgt im Mittel 3,5."),
    ("de", "We evaluate 3 models on images.", "Wir bewerten drei Modelle auf Bildern."),
    ("es", "The corpus has 48,000 documents.", "El corpus tiene 48 mil documentos."),
    ("ru", "The error is 3.5 on average.", "Ошибка составляет в среднем 3,5."),
    ("ar", "The error is 3.5 on 120 images.", "الخطأ هو ٣٫٥ على ١٢٠ صورة."),
    ("fa", "The error is measured on 120 images.", "خطا روی ۱۲۰ تصویر اندازه‌گیری می‌شود."),
    ("ar", "We evaluate 12 LLMs with 7B parameters.", "نقيّم 12 نموذجًا لغويًا كبيرًا بسبعة مليارات معلمة."),
    ("hi", "The corpus has 10 million documents.", "इस संग्रह में 1 करोड़ दस्तावेज़ हैं।"),
]
CHANGED = [
    ("The model has 125M parameters.", "该模型有12.5亿个参数。"),
    ("The model has 125M parameters.", "该模型有125个参数。"),
    ("We train on 1.5 billion tokens.", "我们在15亿万个词元上训练。"),
    ("We train on 1.5 billion tokens.", "我们在1.5亿个词元上训练。"),
    ("The corpus has 48,000 documents.", "该语料库有48万篇文档。"),
    ("The corpus has 48,000 documents.", "该语料库有许多文档。"),
    ("We evaluate 3 models on 12 tasks.", "我们在十二个任务上评估了五个模型。"),
    ("We evaluate 3 models on images.", "我们在图像上评估了3个模型和4个数据集。"),
    ("The error falls from 3.5 to 2.1.", "误差从3.5降到2.7。"),
    ("We use version 1.2.3 of the library.", "我们使用该库的1.2.4版本。"),
    ("The data were collected in May 2024.", "数据于2023年5月收集。"),
    ("It was released in 2024.", "它于二零二三年发布。"),
    ("The field began in the 1990s.", "该领域始于20世纪80年代。"),
    ("The field began in the 1990s.", "该领域始于19世纪90年代。"),
    ("We propose a method for robots.", "我们为7个机器人提出了一种方法。"),
    ("The error is below .05 for all models.", "所有模型的误差都低于0.5。"),
]
CHANGED_ELSEWHERE = [
    ("ja", "The corpus has 48,000 documents.", "このコーパスには48万の文書がある。"),
    ("ko", "The model has 125M parameters.", "이 모델은 125만 개의 매개변수를 가진다."),
    ("fr", "The corpus has 48,000 documents.", "Le corpus comprend 48\u202f500 documents."),
    ("de", "The error is 3.5 on average.", "Der Fehler beträgt im Mittel 35."),
    ("ru", "The error is 3.5 on average.", "Ошибка составляет в среднем 4,5."),
    ("ar", "The error is 3.5 on 120 images.", "الخطأ هو ٣٫٥ على ١٣٠ صورة."),
]
PERCENT_KEPT = [
    ("zh-Hans", "Accuracy reaches 95.2% on average.", "准确率平均达到95.2%。"),
    ("zh-Hans", "Accuracy reaches 95.2% on average.", "准确率平均达到９５．２％。"),
    ("zh-Hans", "Errors fall by 12 percent.", "错误减少了百分之十二。"),
    ("zh-Hans", "Errors fall by 12 percent.", "错误减少了12%。"),
    ("zh-Hans", "It uses 30% of the labels.", "它使用了三成的标签。"),
    ("zh-Hans", "It uses 50% of the labels.", "它使用了一半的标签。"),
    ("zh-Hans", "Accuracy rises from 89% to 92%.", "准确率从89%提高到92%。"),
    ("zh-Hans", "Accuracy rises by 5-10%.", "准确率提高了5-10%。"),
    ("zh-Hans", "It improves accuracy by 3.1 percentage points.", "它将准确率提高了3.1个百分点。"),
    ("zh-Hans", "It cuts cost by 20% and latency by 35%.", "它将成本降低20%，延迟降低35%。"),
    ("ja", "Accuracy reaches 95.2% on average.", "精度は平均で95.2パーセントに達する。"),
    ("ko", "Accuracy reaches 95.2% on average.", "정확도는 평균 95.2%에 도달한다."),
    ("de", "Accuracy reaches 95.2% on average.", "Die Genauigkeit erreicht im Mittel 95,2 Prozent."),
    ("de", "It scores 89% and 92% on them.", "Es erreicht darauf 89 und 92 %."),
    ("fr", "Accuracy reaches 95.2% on average.", "La précision atteint 95,2\u202f% en moyenne."),
    ("ru", "Accuracy reaches 95.2% on average.", "Точность достигает в среднем 95,2 процента."),
    ("ar", "Accuracy reaches 95.2% on average.", "تصل الدقة إلى ٩٥٫٢٪ في المتوسط."),
    ("tr", "Accuracy reaches 95.2% on average.", "Doğruluk ortalama %95,2'ye ulaşır."),
]
PERCENT_LOST = [
    ("zh-Hans", "Accuracy reaches 95.2% on average.", "准确率平均达到95.2。"),
    ("zh-Hans", "Errors fall by 12 percent.", "错误减少了12个。"),
    ("zh-Hans", "Accuracy rises from 89% to 92%.", "准确率从89提高了许多，达到92%。"),
    ("zh-Hans", "The score reaches 95.2 on average.", "得分平均达到95.2%。"),
    ("ja", "Accuracy reaches 95.2% on average.", "精度は平均で95.2に達する。"),
    ("de", "Accuracy reaches 95.2% on average.", "Die Genauigkeit erreicht im Mittel 95,2 Punkte."),
    ("ar", "Accuracy reaches 95.2% on average.", "تصل الدقة إلى ٩٥٫٢ في المتوسط."),
]


@pytest.mark.parametrize(("source", "answer"), SAME)
def test_the_same_number_may_be_written_otherwise(source: str, answer: str):
    assert found(source, answer) == []


@pytest.mark.parametrize(("language", "source", "answer"), ELSEWHERE)
def test_every_language_writes_numbers_its_way(language: str, source: str, answer: str):
    assert found(source, answer, language) == []


@pytest.mark.parametrize(("source", "answer"), CHANGED)
def test_a_changed_lost_or_invented_number_is_found(source: str, answer: str):
    assert found(source, answer) == ["numbers"]


@pytest.mark.parametrize(("language", "source", "answer"), CHANGED_ELSEWHERE)
def test_a_changed_number_is_found_in_every_language(language: str, source: str, answer: str):
    assert found(source, answer, language) == ["numbers"]


@pytest.mark.parametrize(("language", "source", "answer"), PERCENT_KEPT)
def test_a_percentage_stays_one(language: str, source: str, answer: str):
    assert found(source, answer, language) == []


@pytest.mark.parametrize(("language", "source", "answer"), PERCENT_LOST)
def test_a_percentage_that_lost_its_sign_is_found(language: str, source: str, answer: str):
    assert found(source, answer, language) == ["percent"]
