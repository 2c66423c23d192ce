"""worker/text/checks/numerals.py: the values of numbers in words."""

from decimal import Decimal

import pytest

from worker.text.checks.numerals import english_values, han_values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三", "3"),
        ("十", "10"),
        ("十二", "12"),
        ("三十", "30"),
        ("三十二", "32"),
        ("一百零五", "105"),
        ("两千", "2000"),
        ("一万两千", "12000"),
        ("三千五百万", "35000000"),
        ("一億二千萬", "120000000"),
        ("二〇二四", "2024"),
        ("三点五", "3.5"),
        ("十二點零五", "12.05"),
    ],
)
def test_a_chinese_numeral_has_its_value(text: str, value: str):
    assert han_values(f"共{text}个") == {Decimal(value)}


def test_a_half_is_a_half_or_fifty_of_a_hundred():
    assert han_values("一半") >= {Decimal("0.5"), Decimal(50)}


def test_several_numerals_have_several_values():
    assert han_values("三个模型和十二个任务") == {Decimal(3), Decimal(12)}


def test_text_without_numerals_has_no_values():
    assert han_values("我们提出了新的方法。") == set()


@pytest.mark.parametrize("sign", "一万億百半")
def test_no_numeral_is_too_long(sign: str):
    """int() refuses more than 4,300 digits."""
    assert han_values(sign * 5000)
    assert han_values(f"一点{sign * 5000}")


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("two", 2),
        ("Third", 3),
        ("twelfth", 12),
        ("twentieth", 20),
        ("tenfold", 10),
        ("twenty-two", 22),
        ("two hundred", 200),
        ("dozens", 12),
        ("May", 5),
        ("VII", 7),
        ("quarter", 25),
    ],
)
def test_an_english_number_word_has_its_value(words: str, value: int):
    assert Decimal(value) in english_values(words.split())


def test_ordinary_words_have_no_values():
    assert english_values("We propose a novel method for robots".split()) == set()
