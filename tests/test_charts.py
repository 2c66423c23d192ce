"""digest/charts.py: bars as SVG that needs neither a script nor a style of its own."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from digest.charts import Bar, papers_a_day, top


def bars(*counts: int | None) -> list[Bar]:
    return [Bar(date(2026, 5, 1) + timedelta(days=n), count) for n, count in enumerate(counts)]


def drawn(
    *counts: int | None, title: str = "Papers a day", about: str = "From May on."
) -> ElementTree.Element:
    return ElementTree.fromstring(papers_a_day(bars(*counts), "robot", title, about, "not complete"))


@pytest.mark.parametrize(
    ("counts", "end"), [([], 2), ([0], 2), ([3], 5), ([5], 5), ([6], 10), ([11, 4], 20), ([1101], 2000)]
)
def test_the_scale_ends_at_a_round_number(counts, end):
    assert top(counts) == end


def test_a_bar_is_as_high_as_its_count():
    heights = [float(bar.get("height")) for bar in drawn(5, 10, 0).findall("rect")]
    assert heights[0] * 2 == pytest.approx(heights[1], abs=0.2)
    assert heights[2] == 0


def test_every_bar_says_its_day_and_count():
    said = [bar.findtext("title") for bar in drawn(5, 0).findall("rect")]
    assert said == ["2026-05-01: 5", "2026-05-02: 0"]


def test_a_day_of_which_nothing_is_known_is_not_one_without_papers():
    unknown, none = drawn(None, 0).findall("rect")
    assert (unknown.get("class"), none.get("class")) == ("gap", "bar")
    assert unknown.findtext("title") == "2026-05-01: not complete"


def test_it_is_told_to_those_who_do_not_see_it():
    chart = drawn(5)
    named = chart.get("aria-labelledby").split()
    assert chart.get("role") == "img"
    assert [chart.findtext("title"), chart.findtext("desc")] == ["Papers a day", "From May on."]
    assert named == [chart.find("title").get("id"), chart.find("desc").get("id")]


def test_the_scale_and_the_days_are_labelled():
    labels = [text.text for text in drawn(*range(11)).findall("text")]
    assert labels == ["0", "5", "10", "05-01", "05-03", "05-05", "05-07", "05-09", "05-11"]


def test_the_policy_of_the_pages_forbids_nothing_in_it():
    text = papers_a_day(bars(1, None, 3), "robot", "A title", "About", "not complete")
    assert not re.search(r"style|script|\son\w+=|href|url\(", text)


def test_what_a_reader_typed_is_text():
    chart = drawn(1, title='<script>alert(1)</script> & "x"', about="<b>")
    assert chart.findtext("title") == '<script>alert(1)</script> & "x"'
    assert not list(chart.iter("script"))


@pytest.mark.parametrize("counts", [(), (None,), (0,), (7,)])
def test_few_days_are_drawn_too(counts):
    assert len(drawn(*counts).findall("rect")) == len(counts)


def test_nothing_stands_outside_the_picture():
    for text in drawn(*range(43)).iter():
        assert 0 <= float(text.get("x", 0)) <= 640
