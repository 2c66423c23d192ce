"""digest/languages.py: BCP 47 for people, FLORES-200 for NLLB."""

import re

import pytest

from digest import languages
from digest.languages import UnknownLanguageError, find

ALL = languages.languages()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("zh-Hans", "zh-Hans"),
        ("zh-hans", "zh-Hans"),
        ("zh_CN", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zho_Hans", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("pt-BR", "pt"),
        ("no", "nb"),
        (" de ", "de"),
        ("tgl_Latn", "fil"),
    ],
)
def test_a_language_is_found_however_it_is_typed(typed: str, code: str):
    assert find(typed).code == code


@pytest.mark.parametrize("typed", ["", "en", "klingon", "zh-Hans-x"])
def test_an_unknown_language_gets_the_list(typed: str):
    with pytest.raises(UnknownLanguageError, match="It knows: zh-Hans, zh-Hant, ja"):
        find(typed)


def test_every_language_has_a_flores_code_of_its_own():
    codes = [language.flores for language in ALL.values()]
    assert all(re.fullmatch(r"[a-z]{3}_[A-Z][a-z]{3}", code) for code in codes)
    assert len(set(codes)) == len(codes)


def test_every_language_has_its_names():
    assert all(language.name and language.own_name for language in ALL.values())


def test_every_language_is_found_by_both_of_its_codes():
    assert all(find(one.code) is one and find(one.flores) is one for one in ALL.values())


@pytest.mark.parametrize(
    ("code", "spaceless"), [("zh-Hans", True), ("ja", True), ("th", True), ("ko", False), ("de", False)]
)
def test_sentences_follow_one_another_with_or_without_a_space(code: str, spaceless: bool):
    assert find(code).spaceless is spaceless


@pytest.mark.parametrize(("code", "right_to_left"), [("ar", True), ("he", True), ("fa", True), ("zh", False)])
def test_a_language_is_written_in_its_direction(code: str, right_to_left: bool):
    assert find(code).right_to_left is right_to_left


def test_all_of_nllbs_languages_are_known():
    assert len(ALL) + len(languages.by_code()) == 201  # 202 with English


@pytest.mark.parametrize("typed", ["xho_Latn", "xho-latn", "XHO-Latn"])
def test_a_language_without_a_name_here_is_found_by_its_code(typed: str):
    assert find(typed) == languages.Language("xho-Latn", "xho_Latn", "xho-Latn", "xho-Latn")


@pytest.mark.parametrize("flores", ["kas_Arab", "kas_Deva", "taq_Tfng"])
def test_a_language_of_two_scripts_is_two(flores: str):
    assert find(flores).flores == flores
