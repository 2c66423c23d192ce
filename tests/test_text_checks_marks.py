"""worker/text/checks/marks.py: brackets, quotation marks and the mark at the end."""

import pytest

from tests.pairs import found

GOOD = [
    ("zh-Hans", "We use attention (see above) in <v0>.", "我们在<v0>中使用注意力（见上文）。"),
    ("zh-Hans", "We use attention (see above) in <v0>.", "我们在<v0>中使用注意力(见上文)。"),
    ("zh-Hans", "We see two gains: 1) speed and 2) memory.", "我们看到两个好处：1）速度，2）内存。"),
    ("zh-Hans", "Values lie in (0, 1] for all inputs.", "对所有输入，取值都在(0, 1]内。"),
    ("zh-Hans", "The paper Attention Is All You Need is cited.", "论文《注意力就是你所需要的一切》被引用。"),
    ("zh-Hans", 'We call it "slow thinking" here.', "我们在此称之为“慢思考”。"),
    ("zh-Hans", "We call it ``slow thinking'' here.", "我们在此称之为“慢思考”。"),
    ("zh-Hans", 'The screen measures 6" in width.', "屏幕宽度为6英寸。"),
    ("zh-Hans", "Does it scale to larger models?", "它能扩展到更大的模型吗？"),
    ("zh-Hans", "The bound is <v0>.", "上界为<v0>。"),
    ("zh-Hans", "The bound is (at most) <v0>.", "上界（至多）为<v0>。"),
    ("zh-Hans", "It scales (see the appendix.)", "它可以扩展（见附录）。"),
    ("zh-Hans", "We follow the work of Smith et al.", "我们沿用了史密斯等人的工作"),
    ("zh-Hans", "A benchmark for walking robots", "行走机器人的基准"),
    ("zh-Hans", "Robots, humans, and so on...", "机器人、人类等等"),
    ("zh-Hant", 'We call it "slow thinking" here.', "我們在此稱之為「慢思考」。"),
    ("ja", 'We call it "slow thinking" here.', "ここではそれを「遅い思考」と呼ぶ。"),
    ("de", 'We call it "slow thinking" here.', "Wir nennen es hier „langsames Denken“."),
    ("fr", 'We call it "slow thinking" here.', "Nous l'appelons ici « pensée lente »."),
    ("sv", 'We call it "slow thinking" here.', "Vi kallar det här ”långsamt tänkande”."),
    ("ar", "Does it scale to larger models?", "هل يتوسع ليشمل نماذج أكبر؟"),
    ("hi", "It is a fast method.", "यह एक तेज़ विधि है।"),
    ("el", "Does it scale to larger models?", "Κλιμακώνεται σε μεγαλύτερα μοντέλα;"),
    ("th", "It is a fast method.", "เป็นวิธีที่รวดเร็ว"),
    ("am", "It is a fast method.", "ፈጣን ዘዴ ነው።"),
]
BAD = [
    ("brackets", "We use attention (see above) in <v0>.", "我们在<v0>中使用注意力（见上文。"),
    ("brackets", "We use attention (see above) in <v0>.", "我们在<v0>中使用注意力见上文）。"),
    ("brackets", "We use attention (see above) in <v0>.", "我们在<v0>中使用注意力）见上文（。"),
    ("brackets", "We use attention as in [3] for speed.", "我们像[3一样使用注意力以提高速度。"),
    ("brackets", "The paper is cited by many authors.", "这篇论文《被许多作者引用。"),
    ("quotes", 'We call it "slow thinking" here.', "我们在此称之为“慢思考。"),
    ("quotes", "We call it slow thinking here.", "我们在此称之为”慢思考。"),
    ("end", "The method is fast and accurate.", "该方法快速而准确"),
    ("end", "The method is fast and accurate.", "该方法快速而准确，"),
    ("end", "Does it scale to larger models?", "它能扩展到更大的模型吗"),
    ("end", "The bound is <v0>.", "上界为<v0>"),
    ("end", "It scales (see the appendix).", "它可以扩展（见附录）"),
]


@pytest.mark.parametrize(("language", "source", "answer"), GOOD)
def test_good_marks_are_let_pass(language: str, source: str, answer: str):
    assert found(source, answer, language) == []


@pytest.mark.parametrize(("reason", "source", "answer"), BAD)
def test_a_missing_mark_is_suspect(reason: str, source: str, answer: str):
    assert found(source, answer) == [reason]
