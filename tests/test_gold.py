"""The gold set of sentence boundaries: is it sound, and how well do we cut it? (`python -m tests.gold`)"""

import pytest

from digest import tex
from tests.gold import Abstract, abstracts, boundaries, ours, score, sentencex_alone

GOLD = abstracts()


@pytest.mark.parametrize("abstract", GOLD, ids=lambda abstract: ", ".join(abstract.kinds))
def test_the_sentences_of_a_gold_abstract_read_alone_as_they_read_together(abstract: Abstract):
    together = "".join(tex.readable(abstract.announced).split())
    assert together == "".join("".join(abstract.sentences).split())


def test_the_gold_set_holds_more_than_300_boundaries_of_many_kinds():
    assert sum(len(boundaries(abstract.sentences)) for abstract in GOLD) >= 300
    assert len({kind for abstract in GOLD for kind in abstract.kinds}) >= 20


def test_nearly_every_boundary_of_the_gold_set_is_found_and_nearly_none_invented():
    measured = score(ours, GOLD)
    assert measured.precision >= 0.99, measured
    assert measured.recall >= 0.98, measured


def test_our_rules_cut_better_than_the_general_splitter_alone():
    general = score(sentencex_alone, GOLD)
    measured = score(ours, GOLD)
    assert measured.precision > general.precision
    assert measured.recall > general.recall
