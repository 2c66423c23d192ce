"""digest/citations: the formats, and papers as Markdown and JSON."""

import json
from datetime import date

import pytest
from markdown_it import MarkdownIt

from digest.citations import FORMATS, Cited, as_json, as_markdown
from tests.pictures import HOSTILE_TEXTS, paper, translated


def test_every_format_can_be_had():
    assert list(FORMATS) == ["bib", "ris", "csl", "md", "json"]


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_file_of_no_papers_is_one(fmt):
    assert isinstance(FORMATS[fmt].write([]), str)


def test_json_is_a_digests_paper_and_what_citations_need():
    told = json.loads(
        as_json([Cited(translated(comments="12 pages"), "10.1000/x", "Phys. Rev. D 76", date(2026, 5, 12))])
    )
    assert told["count"] == 1
    (one,) = told["papers"]
    assert one["title_translated"] == "一个机器人"
    assert one["doi"] == "10.1000/x"
    assert one["journal_ref"] == "Phys. Rev. D 76"
    assert one["comments"] == "12 pages"
    assert one["announced"] == "2026-05-12"


def test_markdown_has_both_languages_and_the_links():
    text = as_markdown([Cited(translated())])
    for part in ["## A Robot\n", "**一个机器人**", "Ada Example", "https://arxiv.org/abs/2605.90002",
                 "We build a robot. It walks.", "我们造了一个机器人。它会走。"]:  # fmt: skip
        assert part in text


def test_markdown_tells_where_a_paper_was_published():
    text = as_markdown([Cited(paper(), "10.1000/x(1)", "Phys. Rev. *D* 76")])
    assert "- **DOI:** [10.1000/x(1)](https://doi.org/10.1000/x%281%29)\n" in text
    assert "- **Published as:** Phys. Rev. \\*D\\* 76\n" in text


@pytest.mark.parametrize("hostile", [text for text in HOSTILE_TEXTS if text])
def test_a_hostile_text_makes_neither_link_nor_heading(hostile):
    assert tags(hostile) == tags("innocent")


def tags(text: str) -> set[tuple[str, str]]:
    """What a Markdown reader makes of a paper with this text wherever a text can be."""
    bad = translated(
        title=text, abstract=text, authors=(text,), title_translated=text, abstract_translated=text
    )
    found = set()
    for token in MarkdownIt("commonmark").parse(as_markdown([Cited(bad, text, text)])):
        for each in [token, *(token.children or [])]:
            if each.type not in (
                "text",
                "text_special",
                "softbreak",
                "paragraph_open",
                "paragraph_close",
                "inline",
            ):
                found.add((each.type, str(each.attrGet("href"))))
    return found
