"""worker/arxiv/withdrawals.py: whether a paper says that it was withdrawn."""

import gzip
import json
import re

import pytest

from worker.arxiv.feeds import parse as parse_feed
from worker.arxiv.withdrawals import is_withdrawn

PLAIN = "We train a robot to walk."


@pytest.mark.parametrize(
    "words",
    [
        "This paper has been withdrawn by the authors.",
        "This paper has been withdrawn",
        "This papers has been withdrawn",
        "This article has been withdrawn because it has been merged",
        "This submission has been temporarily withdrawn due to an error in Lemma 8",
        "This paper (with an error in\n  Theorem 2) has been withdrawn",
        "paper withdrawn by author",
        "Withdrawn",
        "Withdrawn due to a flaw",
        "withdrawn by arXiv administrators due to plagiarism",
        "This has been withdrawn by arXiv administrators due to a dispute",
        "This paper has been removed by arXiv administrators because of plagiarism",
        "8 pages, withdrawn by the corresponding author",
        "8 pages [withdrawn]",
        "(Withdrawn: see version 1)",
        "We have withdrawn this paper.",
        "The authors withdraw this manuscript.",
    ],
)
def test_comments_say_that_a_paper_was_withdrawn(words: str):
    assert is_withdrawn(words, PLAIN)
    assert is_withdrawn(words.upper(), "")


@pytest.mark.parametrize(
    "words",
    [
        "This paper has been withdrawn by the author(s) due to a crucial error in equation 1.",
        "paper withdrawn due to the possible error in numerical eigenfunction calculation",
        "Withdrawn.",
        "[Withdrawn] We train a robot.",
        "We train a robot. This paper has been withdrawn.",
    ],
)
def test_an_abstract_says_so_too(words: str):
    assert is_withdrawn("8 pages", words)


@pytest.mark.parametrize(
    "words",
    [
        "We study withdrawal rates of drugs.",
        "Water withdrawals at generation sites, withdrawn by the authorities.",
        "The drug has been withdrawn in 2004.",
        "Skills are progressively withdrawn during training.",
        "Energy is stored; this is withdrawn from the grid.",
        "We withdraw the original performance claims.",
        "One planned to withdraw the affected paper.",
        "We collect papers that were withdrawn by the authors and learn why.",
        "This paper has not been withdrawn.",
        "Withdrawn from the market in 2004, this drug returns.",
        "We model support being withdrawn: this paper shows how.",
        "",
    ],
)
def test_a_paper_about_withdrawing_is_no_withdrawn_paper(words: str):
    assert not is_withdrawn("8 pages, 3 figures", words)


@pytest.mark.parametrize(
    "comments", ["Unintended file upload removed by arXiv admin", "Study of withdrawal", "Not withdrawn", ""]
)
def test_other_comments_say_nothing(comments: str):
    assert not is_withdrawn(comments, PLAIN)


def test_recorded_papers_are_told_apart(shared):
    path = shared / "abs" / "arxiv_browse_abs_files.jsonl.gz"
    found = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["abs"]
            comments = re.search(r"^Comments: (.*(?:\n  .*)*)", text, re.MULTILINE)
            parts = re.split(r"^\\\\\n?", text, flags=re.MULTILINE)
            if is_withdrawn(comments[1] if comments else "", parts[2] if len(parts) > 2 else ""):
                found.add(text)
                assert re.search("withdrawn", text, re.IGNORECASE)
            else:
                assert not re.search("withdr", text, re.IGNORECASE)
    assert len(found) >= 10


def test_no_announced_abstract_is_taken_for_a_withdrawal(shared):
    for path in sorted((shared / "rss" / "monthly").glob("2026-0[78]-*.xml.gz")):
        for entry in parse_feed(gzip.decompress(path.read_bytes())).entries:
            assert not is_withdrawn("", entry.abstract), entry.arxiv_id
