"""digest/citations/names.py: authors taken apart."""

import pytest

from digest.citations.names import Name, folded, names, parse


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lovelace", Name("Ada", "Lovelace")),
        ("J. R. R. Tolkien", Name("J. R. R.", "Tolkien")),
        ("Ludwig van Beethoven", Name("Ludwig", "van Beethoven")),
        ("Guy Van den Broeck", Name("Guy", "Van den Broeck")),
        ("Luc Van Gool", Name("Luc", "Van Gool")),
        ("Oscar de la Hoya", Name("Oscar", "de la Hoya")),
        ("Martin L. King Jr.", Name("Martin L.", "King", "Jr.")),
        ("Sammy Davis Jr", Name("Sammy", "Davis", "Jr")),
        ("Henry Gates III", Name("Henry", "Gates", "III")),
        ("Xiao-Li Meng", Name("Xiao-Li", "Meng")),
        ("Nguyen Anh", Name("Nguyen", "Anh")),
        ("The Anh Han", Name("The Anh", "Han")),
        ('Linxi "Jim" Fan', Name('Linxi "Jim"', "Fan")),
        ("bell hooks", Name("bell", "hooks")),
        ("Mihăiţă Ørsted", Name("Mihăiţă", "Ørsted")),
    ],
)
def test_a_person_is_taken_apart(name, parts):
    assert parse(name) == parts


@pytest.mark.parametrize(
    "name",
    [
        "ATLAS Collaboration",
        "The LIGO Scientific Collaboration",
        "A. Smith for the CMS Collaboration",
        "Gemini Team",
        "NVIDIA",
        "张三",
        "Smith and Jones",
        "A Name, With Comma",
        r"Broken {\'e Name",
        "others",
        "Jr.",
    ],
)
def test_what_is_no_persons_name_is_left_whole(name):
    assert parse(name) == Name(literal=name)


def test_affiliations_are_no_part_of_a_name():
    assert names(["Bo Sample (MIT, CSAIL) (1)"]) == [Name("Bo", "Sample")]


def test_a_name_that_is_all_in_brackets_stays():
    assert names(["(unknown)"]) == [Name(literal="(unknown)")]


def test_a_suffix_that_a_comma_parted_from_its_name_is_joined_again():
    assert names(["Martin King", "Jr.", "Ada Example"]) == [
        Name("Martin", "King", "Jr."),
        Name("Ada", "Example"),
    ]


def test_an_author_without_a_name_is_none():
    assert names(["", " \n", "Ada Example"]) == [Name("Ada", "Example")]


def test_a_name_is_inverted_with_its_suffix_last():
    assert parse("Martin L. King Jr.").inverted == "King, Martin L., Jr."
    assert parse("NVIDIA").inverted == "NVIDIA"


def test_every_line_break_is_a_blank_and_control_characters_are_gone():
    assert folded(" a\r\nb\u2028c\x85d\x0be\x1cf\x00g\ud800 ") == "a b c d e fg"
