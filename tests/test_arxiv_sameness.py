"""worker/arxiv/sameness.py: what two of arXiv's sources write differently is the same text, an edit is not."""

import gzip
import html
import random
import re

import pytest

from digest.tex import accents
from worker.arxiv.feeds import parse as parse_feed
from worker.arxiv.sameness import same_text

GREEK = {"alpha": "α", "beta": "β", "gamma": "γ", "pi": "π", "Theta": "Θ", "lambda": "λ", "omega": "ω"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("A text.", "A text.", id="the same"),
        pytest.param("One\nline.\n  Two.", "One line. Two.", id="wrapped lines"),
        pytest.param(r"Schr\"odinger's {\O}rsted", "Schrödinger's Ørsted", id="TeX accents"),
        pytest.param(r"Erd\H{o}s, \'{\i}, \c{c}", "Erdős, í, ç", id="more accents"),
        pytest.param("Jose\u0301", "José", id="combining accents"),
        pytest.param(r"$\alpha \in A$", "$α\\in A$", id="Greek with the blank swallowed"),
        pytest.param(r"$\tilde\Theta(n)$ and $\mathbf{\theta}$", "$\\tildeΘ(n)$ and $\\mathbfθ$", id="Greek"),
        pytest.param(r"of $\lambda$-calculus", "of λ-calculus", id="Greek without dollars"),
        pytest.param(r"\emph{all} of \textbf{it}", "all of it", id="fonts"),
        pytest.param(r"50\% of S\&P", "50% of S&P", id="escapes"),
        pytest.param("S&amp;P and $a&lt;b$", "S&P and $a<b$", id="HTML entities"),
        pytest.param("``so'' it's", "“so” it’s", id="quotes"),
        pytest.param("pages 3--5 --- or", "pages 3–5 — or", id="dashes"),
        pytest.param("a~b and x\u00a0y", "a b and x y", id="hard blanks"),
        pytest.param(r"and so on \ldots", "and so on …", id="ellipsis"),
        pytest.param(
            "code at github.com/a/b.", "code at http://github.com/a/b.", id="address without scheme"
        ),
        pytest.param("code at https://a.org/b.", "code at this https URL.", id="hidden address"),
        pytest.param(
            r"\href{http://a.org}{https://b.org}", r"\href{this http URL}{this https URL}", id="two hidden"
        ),
        pytest.param("(https://a.org/b), and more", "(this http URL), and more", id="hidden in brackets"),
    ],
)
def test_the_sources_ways_are_the_same_text(one: str, other: str):
    assert same_text(one, other)
    assert same_text(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("We train a robot.", "We train a robot", id="a full stop"),
        pytest.param("We train a robot.", "We train the robot.", id="a word"),
        pytest.param("We train a robot.", "We train a Robot.", id="a capital"),
        pytest.param("by 12.5%", "by 12.6%", id="a digit"),
        pytest.param(r"$\alpha$", r"$\beta$", id="a Greek letter"),
        pytest.param("$x^2$", "$x_2$", id="an index"),
        pytest.param("José", "Jose", id="an accent"),
        pytest.param("see https://a.org/b", "see https://a.org/c", id="an address"),
        pytest.param("see https://a.org/b.", "see this https URL. We thank Bo.", id="a sentence more"),
        pytest.param("see https://a.org/b. We thank.", "see this https URL.", id="a sentence less"),
        pytest.param("see below.", "see this https URL.", id="no address"),
        pytest.param("see https://a.org/b, now", "note this https URL, now", id="a word beside an address"),
        pytest.param("", "x", id="nothing"),
        pytest.param("it is not so", "it is so", id="a word less"),
    ],
)
def test_an_edit_is_another_text(one: str, other: str):
    assert not same_text(one, other)
    assert not same_text(other, one)


@pytest.mark.parametrize(
    "text", ["this https URL " * 5_000, "\\" * 50_000, "{" * 50_000, "&amp;" * 20_000, "`" * 50_000]
)
def test_hostile_texts_take_no_time(text: str):
    assert same_text(text, text + " ")
    assert not same_text(text, text + "x")


# Recorded


def as_the_api(text: str) -> str:
    """Greek letters for their macros, with the blank behind swallowed; accents; single lines."""
    text = re.sub(r"\\([A-Za-z]+)\s?", lambda m: GREEK.get(m[1], m[0]), text)
    return " ".join(accents(text).split())


def as_a_page_without_links(text: str) -> str:
    text = re.sub(r"https?://[\w./?=&%~+-]*[\w/]", "this https URL", text)
    return html.escape(accents(text))


def recorded(shared, name: str) -> list[str]:
    feed = parse_feed(gzip.decompress((shared / "rss" / "monthly" / name).read_bytes()))
    return [text for e in feed.entries for text in (e.title, e.abstract)]


def test_recorded_texts_are_the_same_in_every_source(shared):
    for text in [*recorded(shared, "2026-06-11-cs-lg.xml.gz"), *recorded(shared, "2026-06-11-cs-cl.xml.gz")]:
        assert same_text(text, as_the_api(text)), text
        assert same_text(text, as_a_page_without_links(text)), text


def test_no_word_of_a_recorded_text_can_change_unseen(shared):
    chance = random.Random(2026)
    for text in recorded(shared, "2026-06-11-cs-lg.xml.gz"):
        words = text.split(" ")
        place = chance.randrange(len(words))
        edited = " ".join([*words[:place], "zebra", *words[place + 1 :]])
        assert not same_text(text, edited)
        assert not same_text(as_the_api(text), edited)
