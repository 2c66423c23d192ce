"""digest/templatetags/citations.py: what a page says to machines that look for citations."""

from html.parser import HTMLParser
from urllib.parse import parse_qs

import pytest

from digest.citations import Cited
from digest.templatetags.citations import coins, meta_elements
from tests.pictures import HOSTILE_TEXTS, paper


def elements(markup: str) -> list[tuple[str, dict[str, str | None]]]:
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attrs)))

    Reader().feed(markup)
    return found


@pytest.mark.parametrize("hostile", [*HOSTILE_TEXTS, '"><img src=x onerror=alert(1)>'])
def test_a_coins_is_one_empty_element_whatever_a_title_says(hostile):
    ((tag, attributes),) = elements(coins(paper(title=hostile, authors=(hostile,))))
    assert (tag, attributes["class"], set(attributes)) == ("span", "Z3988", {"class", "title"})


def test_a_coins_is_made_of_a_picture_alone_too():
    ((_, attributes),) = elements(coins(paper()))
    assert parse_qs(attributes["title"] or "")["rft.date"] == ["2026-05"]


def test_a_known_doi_is_in_it():
    assert "urn%3Adoi%3A10.1000%2Fx" in coins(Cited(paper(), "10.1000/x"))


def test_meta_elements_are_names_and_contents():
    assert ("citation_arxiv_id", "2605.90001") in meta_elements(Cited(paper()))
