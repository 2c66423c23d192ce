"""digest/keywords/names.py: what is typed for an author, and who is meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.keywords.names import UnnamedError, form, key, meant, words


def is_meant(typed: str, author: str) -> bool:
    return meant(form(typed), words(author))


@pytest.mark.parametrize(
    ("typed", "author"),
    [
        ("bengio", "Yoshua Bengio"),
        ("yoshua", "Yoshua Bengio"),
        ("Yoshua Bengio", "Yoshua Bengio"),
        ("Bengio, Yoshua", "Yoshua Bengio"),
        ("Bengio, Yoshua", "Y. Bengio"),
        ("bengio_y", "Yoshua Bengio"),
        ("Y. Bengio", "Yoshua Bengio"),
        ("bengio_yoshua", "Bengio Yoshua"),
        ("Geoffrey Hinton", "Geoffrey E. Hinton"),
        ("Geoffrey E. Hinton", "Geoffrey Hinton"),
        ("Geoffrey Everest Hinton", "G. E. Hinton"),
        ("Hector Garcia-Molina", "Héctor García-Molina"),
        ("garcia-molina", "Héctor García-Molina"),
        ("van der Maaten, Laurens", "Laurens van der Maaten"),
        ("Laurens van der Maaten", "Laurens van der Maaten"),
        ("del_maestro", "Adrian Del Maestro"),
        ("Fei-Fei Li", "Li Fei-Fei"),
        ("Wei-Lun Chao", "Weilun Chao"),
        ("O'Brien", "Conan O’Brien"),
        (r"Schr\"odinger", "Erwin Schrödinger"),
        ("Robert Downey Jr.", "Robert Downey"),
        ("ATLAS Collaboration", "ATLAS Collaboration"),
        ("王小明", "王小明"),
    ],
)
def test_an_author_is_meant(typed: str, author: str):
    assert is_meant(typed, author)


@pytest.mark.parametrize(
    ("typed", "author"),
    [
        ("Yoshua Bengio", "Samy Bengio"),
        ("bengio_y", "Samy Bengio"),
        ("Bengio, Yoshua", "Bengio"),
        ("beng", "Yoshua Bengio"),
        ("Geoffrey A. Hinton", "Geoffrey E. Hinton"),
        ("Li", "Chenlin Liu"),
        ("garcia-molina", "Molina García"),
    ],
)
def test_an_author_is_not_meant(typed: str, author: str):
    assert not is_meant(typed, author)


@pytest.mark.parametrize("typed", ["", ",", "12", "?!", "_"])
def test_a_name_has_letters(typed: str):
    with pytest.raises(UnnamedError, match="A name has letters"):
        form(typed)


@given(st.text(alphabet=st.sampled_from([*"ab ,_-.'é\\1", "王"]), max_size=15))
def test_a_form_is_its_own(typed: str):
    try:
        found = form(typed)
    except UnnamedError:
        return
    assert form(found) == found
    assert key(found)
