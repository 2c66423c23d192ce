"""worker/engine/restriction.py: which tokens a language and a text can need."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.languages import by_code, find, languages
from worker.engine.folder import vocabulary
from worker.engine.restriction import Removed, candidates, restrictable, restricted_folder
from worker.registry import DEMO_FOLDER

CHINESE, RUSSIAN, JAPANESE = find("zh-Hans"), find("ru"), find("ja")
RESTRICTABLE = [x for x in (*languages().values(), *by_code().values()) if restrictable(x)]


def kept(*tokens: str, language=CHINESE, own: tuple[str, ...] = ()) -> list[str]:
    return candidates(tokens, [language], own)


# --- what a language writes -------------------------------------------------------------------


@pytest.mark.parametrize(
    "token", ["方法", "▁我", "的", "々", "〇", "龘", "Ａ", "，", "。", "《", "（", "·", "——"]
)
def test_pieces_of_the_script_are_kept(token: str):
    assert kept(token) == [token]


@pytest.mark.parametrize(
    "token", ["0", "▁2026", "3.14", "%", "▁", "▁(", "...", "→", "²", "½", "≤", "∇", "🤖", "€"]
)
def test_digits_marks_and_symbols_are_kept(token: str):
    assert kept(token) == [token]


@pytest.mark.parametrize("token", ["a", "▁of", "▁GPT", "km", "μ", "▁α", "Δx", "s.", "▁(e", "3D", "x1"])
def test_short_latin_and_greek_pieces_are_kept(token: str):
    assert kept(token) == [token]


@pytest.mark.parametrize("token", ["▁with", "tion", "Transformer", "▁vision-", "x1y2z3w"])
def test_long_latin_pieces_are_not(token: str):
    assert kept(token) == []


@pytest.mark.parametrize(
    "token", ["▁и", "метод", "▁の", "テ", "방", "▁ال", "क", "ไทย", "é", "▁für", "방a", "a이"]
)
def test_pieces_of_other_scripts_are_not(token: str):
    assert kept(token) == []


def test_another_language_keeps_its_own():
    assert kept("метод", "方法", "▁with", "▁если", language=RUSSIAN) == ["метод", "▁если"]
    assert kept("の", "テスト", "方法", "метод", language=JAPANESE) == ["の", "テスト", "方法"]


def test_two_languages_keep_the_tokens_of_both():
    assert candidates(["方法", "метод", "방", "zho_Hans", "rus_Cyrl"], [CHINESE, RUSSIAN], []) == [
        "方法", "метод", "zho_Hans", "rus_Cyrl"]  # fmt: skip


def test_only_the_languages_asked_for_keep_their_codes():
    assert kept("eng_Latn", "zho_Hans", "zho_Hant", "jpn_Jpan") == ["zho_Hans"]


def test_special_tokens_are_kept():
    special = ["<unk>", "<s>", "</s>", "<pad>", "<mask>", "<v0>"]
    assert kept(*special) == special


@pytest.mark.parametrize("language", RESTRICTABLE, ids=lambda language: language.flores)
def test_a_language_can_write_its_own_name(language):
    letters = [c for c in language.own_name if c.isalpha()]
    assert candidates(letters, [language], []) == letters


def test_every_script_of_nllb_but_the_latin_tells_its_pieces():
    free = {x.flores for x in (*languages().values(), *by_code().values()) if not restrictable(x)}
    assert {code for code in free if not code.endswith("_Latn")} == {"sat_Beng"}
    assert restrictable(CHINESE)
    assert not restrictable(find("de"))


# --- what a text needs ------------------------------------------------------------------------


def test_the_pieces_of_the_text_are_kept_with_and_without_their_beginning():
    tokens = ["▁ImageNet", "ImageNet", "▁Erdős", "Erdős", "▁Imagine"]
    assert kept(*tokens, own=("▁ImageNet", "Erdős")) == tokens[:4]


def test_a_piece_of_the_text_that_the_model_has_not_is_no_candidate():
    assert kept("方法", own=("🤖", "▁nowhere")) == ["方法"]


def test_candidates_are_in_the_order_of_the_vocabulary():
    assert kept("b", "▁with", "a", "的", own=("▁with",)) == ["b", "▁with", "a", "的"]


@given(st.lists(st.text(max_size=6), unique=True, max_size=30), st.sets(st.text(max_size=6), max_size=10))
def test_candidates_are_tokens_that_a_map_can_name(tokens: list[str], own: set[str]):
    chosen = candidates(tokens, [CHINESE], own)
    assert set(chosen) <= set(tokens)
    assert all(" ".join([token, token]).split(" ") == [token, token] and token for token in chosen)
    assert not {"\t", "\n", "\r"} & set("".join(chosen))
    assert not [t for t in own & set(tokens) - set(chosen) if t and not set(t) & set(" \t\r\n")]


# --- the demonstration model's vocabulary -----------------------------------------------------


@pytest.fixture(scope="module")
def tokens() -> list[str]:
    return vocabulary(DEMO_FOLDER)


def test_nothing_with_a_han_sign_is_left_out(tokens: list[str]):
    left = set(tokens) - set(candidates(tokens, [CHINESE], []))
    assert not [t for t in left if any("CJK" in unicodedata.name(c, "") for c in t)]


def test_what_is_left_out_is_long_latin_and_english(tokens: list[str]):
    left = set(tokens) - set(candidates(tokens, [CHINESE], [])) - {"eng_Latn"}
    assert {"▁with", "▁learning", "ransformer"} <= left
    assert all(
        sum(c.isalpha() for c in token) > 3 and token.isascii() for token in {t.strip("▁") for t in left}
    )


# --- the model's folder while it is loaded ----------------------------------------------------


def test_the_map_is_one_line_of_what_is_always_allowed():
    with restricted_folder(DEMO_FOLDER, ["的", "▁a", "</s>"]) as folder:
        assert (folder / "vmap.txt").read_bytes().decode() == "\t的 ▁a </s>\n"


def test_the_folder_is_the_model_for_as_long_as_it_is_loaded():
    with restricted_folder(DEMO_FOLDER, ["a"]) as folder:
        names = {path.name for path in folder.iterdir()}
        assert names == {path.name for path in DEMO_FOLDER.iterdir()} | {"vmap.txt"}
        assert (folder / "model.bin").samefile(DEMO_FOLDER / "model.bin")
        assert json.loads((folder / "config.json").read_text())
    assert not folder.exists()
    assert (DEMO_FOLDER / "model.bin").is_file()


def test_the_folder_goes_when_loading_fails():
    with pytest.raises(RuntimeError), restricted_folder(DEMO_FOLDER, ["a"]) as folder:
        raise RuntimeError
    assert not folder.exists()


def test_a_map_of_the_models_own_is_not_ours(tmp_path: Path):
    (tmp_path / "vmap.txt").write_text("theirs")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "model.bin").symlink_to("weights")
    (tmp_path / "weights").write_text("weights")
    with restricted_folder(tmp_path, ["a"]) as folder:
        assert (folder / "vmap.txt").read_text() == "\ta\n"
        assert (folder / "model.bin").read_text() == "weights"
        assert sorted(path.name for path in folder.iterdir()) == ["model.bin", "vmap.txt", "weights"]
    assert (tmp_path / "vmap.txt").read_text() == "theirs"


def test_what_was_removed_can_be_read():
    assert str(Removed(2, 900, 1, 40)) == "2 of 900 tokens in 1 of 40 sentences"
