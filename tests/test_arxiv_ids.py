"""digest/arxiv_ids.py: arXiv's numbers as people write them."""

import pytest

from digest.arxiv_ids import found_in


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2605.90001", "2605.90001"),
        ("0704.0001v12", "0704.0001"),
        ("arXiv:2605.90001v2 [cs.LG]", "2605.90001"),
        ("ARXIV:2605.90001", "2605.90001"),
        ("https://arxiv.org/pdf/2605.90001v1.pdf", "2605.90001"),
        ("http://export.arxiv.org/abs/2605.90001?context=cs", "2605.90001"),
        ("https://arxiv.org/html/2605.90001v3#S1", "2605.90001"),
        ("https://doi.org/10.48550/arXiv.2605.90001", "2605.90001"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("HEP-TH/9901001", "hep-th/9901001"),
        ("math.AG/0309136", "math/0309136"),
        ("arXiv:Math.ag/0309136v1", "math/0309136"),
        ("https://arxiv.org/abs/cond-mat/9901001v2", "cond-mat/9901001"),
        ("https://arxiv.org/pdf/HEP-TH/9901001v1", "hep-th/9901001"),
    ],
)
def test_a_number_is_found_and_written_as_arxiv_does(typed, number):
    assert found_in(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "robots", "2605.1", "260590001", "2605.900011", "hep-th/99", "1/2605", "\x00"]
)
def test_what_is_none_is_none(typed):
    assert found_in(typed) is None
