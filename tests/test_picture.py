"""digest/picture.py: what every door shows of a digest."""

import pytest

from digest.picture import GroupPicture, Matched, grouped
from tests.pictures import digest, paper, translated


def matched(*keywords: str) -> tuple[Matched, ...]:
    return tuple(Matched(keyword, "title", 0, 1) for keyword in keywords)


def shape(papers, keywords) -> dict[str, list[str]]:
    return {group.keyword: [p.arxiv_id for p in group.papers] for group in grouped(papers, keywords)}


def test_addresses_are_built_from_the_id():
    assert paper("2605.90001", version=2).abs_url == "https://arxiv.org/abs/2605.90001"
    assert paper("2605.90001", version=2).pdf_url == "https://arxiv.org/pdf/2605.90001v2"


def test_an_id_of_before_2007_has_its_address():
    assert paper("hep-th/9901001").abs_url == "https://arxiv.org/abs/hep-th/9901001"


def test_subjects_have_their_names_in_the_order_of_the_paper():
    labels = [s.label for s in paper(categories=("cs.RO", "cs.LG", "cs.ZZ")).subjects]
    assert labels == ["Robotics (cs.RO)", "Machine Learning (cs.LG)", "cs.ZZ"]


def test_a_keyword_that_stands_at_two_places_is_named_once():
    assert paper().keywords == ["robot"]


def test_papers_stand_under_the_first_of_their_keywords():
    one, two = (
        paper("2605.00001", matched=matched("arm", "robot")),
        paper("2605.00002", matched=matched("arm")),
    )
    assert shape([one, two], ["robot", "arm"]) == {"robot": ["2605.00001"], "arm": ["2605.00002"]}


def test_keywords_stand_in_the_given_order_whether_they_brought_something_or_not():
    assert list(shape([], ["c", "a", "b"])) == ["c", "a", "b"]


def test_papers_keep_their_order_under_a_keyword():
    papers = [paper(f"2605.0000{n}") for n in (3, 1, 2)]
    assert shape(papers, ["robot"]) == {"robot": ["2605.00003", "2605.00001", "2605.00002"]}


def test_a_paper_of_none_of_the_keywords_is_left_out():
    assert shape([paper(matched=matched("arm"))], ["robot"]) == {"robot": []}


def test_every_paper_counts_once():
    assert digest().count == 2


@pytest.mark.parametrize(
    ("model", "demonstration"), [("demo#12345678", True), ("nllb#1", False), ("", False)]
)
def test_a_digest_says_whether_a_demonstration_model_translated_it(model: str, demonstration: bool):
    groups = grouped([paper(), translated(model=model)], ["robot"])
    assert digest(*groups).demonstration is demonstration


def test_a_digest_counts_what_is_translated_and_what_is_not():
    partial = translated("2605.90009", translation="partial")
    made = digest(GroupPicture("robot", (paper(), translated(), partial)))
    assert (made.complete, made.partial, made.english) == (1, 1, 1)
