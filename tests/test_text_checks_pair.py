"""worker/text/checks/pair.py: a sentence and its answer, in the forms that the checks look at."""

import pytest

from tests.pairs import pair


def test_placeholders_are_not_in_the_bare_texts():
    both = pair("We use <v0> and <v1>.", "我们使用＜ v1 ＞和<v0>。")
    assert both.bare_source == "We use   and  ."
    assert both.bare == "我们使用 和 。"


@pytest.mark.parametrize(
    ("answer", "plain"),
    [
        ("准确率为９５．２％。", "准确率为95.2%。"),
        ("٩٥٫٢٪", "95.2%"),
        ("۱۲۰", "120"),
        ("१२०", "120"),
        ("48\u202f000", "48 000"),
        ("−3", "-3"),
    ],
)
def test_digits_and_signs_of_every_width_and_script_are_plain(answer: str, plain: str):
    assert pair("", answer).plain == plain


def test_names_are_no_prose():
    both = pair("We fine-tune GPT-4o and CLIP.", "Wir verfeinern GPT-4o und CLIP.", "de")
    assert {"we", "fine-tune", "and"} <= set(both.prose)
    assert {"gpt", "clip"}.isdisjoint(both.prose)
    assert both.words[-1] == "CLIP"


def test_names_are_blanked_and_other_numbers_stay():
    both = pair("GPT-4 solves 5 tasks.", "GPT-4解决了5个任务。")
    assert both.unnamed.replace("\x00", "") == " solves 5 tasks."
    assert len(both.unnamed) == len(both.plain_source)
    assert both.unnamed_answer.replace("\x00", "") == "解决了5个任务。"


def test_a_name_within_a_longer_one_is_blanked_after_it():
    both = pair("GPT-4 and GPT-4o", "GPT-4o和GPT-4")
    assert both.unnamed_answer.replace("\x00", "") == "和"


def test_a_compact_answer_has_no_separators():
    assert pair("", "CIFAR-10 和 GPT‑4").compact == "CIFAR10和GPT4"
