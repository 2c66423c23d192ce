"""The lines and glossaries that people evaluate with: what is taken from their files, and what is refused."""

from pathlib import Path

import pytest

from digest.terms import FOLDER
from worker.examples import Example, ExampleError, read_examples, read_glossary


@pytest.fixture
def write(tmp_path):
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refused(*paths: Path) -> str:
    with pytest.raises(ExampleError) as error:
        read_examples(*paths)
    return str(error.value)


def test_two_files_are_read_line_for_line(write):
    source, reference = write("en.txt", "One.\nTwo.\n"), write("zh.txt", "一。\n二。")
    assert read_examples(source, reference) == [Example("One.", "一。"), Example("Two.", "二。")]


def test_one_file_has_both_with_a_tab_between(write):
    assert read_examples(write("pairs.tsv", "One.\t一。\nTwo.\t二。\n")) == [
        Example("One.", "一。"),
        Example("Two.", "二。"),
    ]


def test_a_file_from_windows_is_the_same(write):
    source, reference = write("en.txt", b"\xef\xbb\xbfOne.\r\nTwo.\r\n"), write("zh.txt", "一。\r\n二。\r\n")
    assert read_examples(source, reference) == [Example("One.", "一。"), Example("Two.", "二。")]


def test_only_a_newline_ends_a_line(write):
    source, reference = write("en.txt", "One\u2028and\x0bmore.\nTwo.\n"), write("zh.txt", "一。\n二。\n")
    assert len(read_examples(source, reference)) == 2


def test_a_line_that_is_empty_in_both_is_left_out(write):
    source, reference = write("en.txt", "One.\n\nTwo.\n\n"), write("zh.txt", "一。\n\n二。\n \n")
    assert len(read_examples(source, reference)) == 2
    assert len(read_examples(write("pairs.tsv", "One.\t一。\n\nTwo.\t二。\n"))) == 2


@pytest.mark.parametrize(
    ("source", "reference", "told"),
    [
        ("One.\nTwo.\n", "一。\n", "en.txt has 2 lines and {folder}/zh.txt has 1: "),
        ("One.\n", "", "en.txt has 1 lines and {folder}/zh.txt has 0: "),
        ("", "", "en.txt is empty."),
        ("\n\n", "\n\n", "en.txt is empty."),
        ("One.\nTwo.\n", "一。\n\n", "Line 2: the reference is empty."),
        ("One.\n\n", "一。\n二。\n", "Line 2: the source is empty."),
        (b"One.\n\xe9t\xe9\n", "一。\n二。\n", "en.txt is not UTF-8 (at byte 5)."),
        ("One.\n", "一。\n".encode("utf-16"), "zh.txt is not UTF-8 (at byte 0)."),
    ],
)
def test_two_files_that_do_not_fit_are_refused(write, tmp_path, source, reference, told):
    assert told.format(folder=tmp_path) in refused(write("en.txt", source), write("zh.txt", reference))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "pairs.tsv is empty."),
        ("One.\t一。\nTwo.\n", "pairs.tsv, line 2: 1 column(s)."),
        ("One.\t一。\tcs.LG\n", "pairs.tsv, line 1: 3 column(s)."),
        ("One.\t\n", "Line 1: the reference is empty."),
    ],
)
def test_one_file_that_is_not_pairs_is_refused(write, content, told):
    assert told in refused(write("pairs.tsv", content))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refused(tmp_path / "en.txt") == f"{tmp_path}/en.txt: No such file or directory."
    assert refused(tmp_path) == f"{tmp_path}: Is a directory."


# --- glossaries -------------------------------------------------------------------------------


def test_the_glossaries_that_paperglot_ships_can_be_read():
    glossary = read_glossary(FOLDER / "zh-Hans.tsv")
    assert len(glossary.terms) > 100
    assert glossary.terms[0].field


def test_a_glossary_needs_neither_a_header_nor_fields(write):
    terms = read_glossary(write("terms.tsv", "policy\t策略|政策\nCLIP\t=\n")).terms
    assert [(term.text, term.renderings) for term in terms] == [("policy", ("策略", "政策")), ("CLIP", ())]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "has no term."),
        ("term\trenderings\tfield\n", "has no term."),
        ("policy\n", "line 1: not a term, a tab and its renderings."),
        ("policy\t策略\nx\t未知数\n", "line 2: “x” is one letter: "),
        ("policy\t策略|\n", "line 1: A rendering has letters; "),
        ("policy\t策略\npolicy\t\n", "line 2: not a term, a tab and its renderings."),
    ],
)
def test_what_is_no_glossary_is_refused(write, content, told):
    with pytest.raises(ExampleError) as error:
        read_glossary(write("terms.tsv", content))
    assert told in str(error.value)
