"""digest/citations/marks.py: what Zotero's connector sees on a page."""

from datetime import date
from urllib.parse import parse_qs

from digest.citations import Cited
from digest.citations.marks import coins, metas
from tests.pictures import paper

KNOWN = Cited(paper(), "10.1000/x", announced=date(2026, 5, 12))


def content(cited: Cited, name: str) -> list[str]:
    return [content for known, content in metas(cited) if known == name]


def test_each_author_has_an_element():
    assert content(KNOWN, "citation_author") == ["Example, Ada", "Sample, Bo"]
    assert content(KNOWN, "DC.creator") == ["Example, Ada", "Sample, Bo"]


def test_the_elements_are_those_of_arxivs_own_pages():
    assert content(KNOWN, "citation_title") == ["A Robot"]
    assert content(KNOWN, "citation_date") == ["2026/05/12"]
    assert content(KNOWN, "citation_arxiv_id") == ["2605.90001"]
    assert content(KNOWN, "citation_pdf_url") == ["https://arxiv.org/pdf/2605.90001v1"]
    assert content(KNOWN, "citation_abstract_html_url") == ["https://arxiv.org/abs/2605.90001"]
    assert content(KNOWN, "citation_doi") == ["10.1000/x"]
    assert content(KNOWN, "citation_language") == ["en"]


def test_what_is_not_known_has_no_element():
    assert content(Cited(paper()), "citation_doi") == []
    assert all(value for _, value in metas(Cited(paper(authors=(), abstract=""))))


def test_a_coins_says_the_same():
    told = parse_qs(coins(KNOWN), strict_parsing=True)
    assert told["ctx_ver"] == ["Z39.88-2004"]
    assert told["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:dc"]
    assert told["rft.type"] == ["preprint"]
    assert told["rft.title"] == ["A Robot"]
    assert told["rft.au"] == ["Ada Example", "Bo Sample"]
    assert (told["rft.aufirst"], told["rft.aulast"]) == (["Ada"], ["Example"])
    assert told["rft.date"] == ["2026-05-12"]
    assert told["rft.identifier"] == ["urn:doi:10.1000/x", "https://arxiv.org/abs/2605.90001"]


def test_a_title_with_signs_of_addresses_is_one_value():
    told = parse_qs(coins(Cited(paper(title="A & B = 1; 100% +x&rft.title=evil"))))
    assert told["rft.title"] == ["A & B = 1; 100% +x&rft.title=evil"]
