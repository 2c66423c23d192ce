"""digest/taxonomy.py: arXiv's categories as arXiv names them."""

import pytest

from digest import taxonomy
from digest.taxonomy import UnknownCategoryError, find


def test_arxiv_has_155_active_categories():
    assert len(taxonomy.active()) == 155


def test_archives_that_arxiv_has_closed_are_known_too():
    assert not taxonomy.categories()["alg-geom"].active


def test_a_category_has_its_archive_and_its_group():
    category = find("hep-th")
    assert (category.archive, category.group_name) == ("hep-th", "Physics")


def test_a_label_is_as_on_arxivs_pages():
    assert find("cs.LG").label == "Machine Learning (cs.LG)"


@pytest.mark.parametrize("typed", ["cs.LG", "CS.lg", " cs.lg ", "cs.lg\n"])
def test_a_code_is_found_however_it_is_typed(typed: str):
    assert find(typed).code == "cs.LG"


@pytest.mark.parametrize(
    ("code", "other"), [("math-ph", "math.MP"), ("cs.IT", "math.IT"), ("eess.SY", "cs.SY")]
)
def test_an_alias_names_the_other_code_of_the_category(code: str, other: str):
    assert other in (taxonomy.categories()[code].alias, code) or taxonomy.categories()[other].alias == code


def test_every_alias_is_a_category():
    known = taxonomy.categories()
    assert all(category.alias in known for category in known.values() if category.alias)


def test_a_closed_archive_says_where_its_papers_are():
    with pytest.raises(UnknownCategoryError, match=r"closed by arXiv; its papers are in math\.AG"):
        find("alg-geom")


def test_an_archive_is_no_category_and_names_those_in_it():
    with pytest.raises(UnknownCategoryError, match=r"Did you mean cs\.AI, .*cs\.LG"):
        find("cs")


@pytest.mark.parametrize("typed", ["cs.LH", "CS.LH", "csLG"])
def test_a_slip_gets_near_codes(typed: str):
    with pytest.raises(UnknownCategoryError, match=r"Did you mean .*cs\.LG"):
        find(typed)


@pytest.mark.parametrize("typed", ["", "the weather", "../../etc/passwd", "x" * 10_000])
def test_what_is_near_nothing_gets_the_list(typed: str):
    with pytest.raises(UnknownCategoryError, match=r"See https://arxiv\.org/category_taxonomy"):
        find(typed)


def test_an_unknown_code_in_a_document_is_its_own_name():
    assert taxonomy.subject("cs.ZZ").label == "cs.ZZ"


def test_a_known_code_in_a_document_has_its_name():
    assert taxonomy.subject("cs.CL").name == "Computation and Language"
