"""worker/engine/pieces.py: text as SentencePiece cuts it."""

from pathlib import Path

import pytest

from digest.model_choices import SENTENCEPIECE
from worker.engine.pieces import Pieces
from worker.registry import DEMO_FOLDER
from worker.text.protection import ANGLE, FORMS


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return Pieces(DEMO_FOLDER / SENTENCEPIECE)


@pytest.mark.parametrize("text", ["We train a transformer.", "<v0> of <v1>", "CREDO", "a b", "42.5 %"])
def test_text_comes_back(pieces: Pieces, text: str):
    assert pieces.text(pieces.of([text])[0]) == text


@pytest.mark.parametrize("blank", ["", " ", "\n\t ", "\u3000"])
def test_blanks_have_no_pieces(pieces: Pieces, blank: str):
    assert pieces.of([blank, "a", blank]) == [[], ["▁a"], []]


def test_pieces_are_counted(pieces: Pieces):
    text = "We train a transformer."
    assert pieces.count(text) == len(pieces.of([text])[0]) > 3


def test_a_sign_that_the_model_has_never_seen_is_not_known(pieces: Pieces):
    assert pieces.of(["🤖"]) == [["▁", "🤖"]]
    assert [pieces.known(piece) for piece in ("▁", "🤖", "Transformer", "<v0>")] == [True, False, True, True]


@pytest.mark.parametrize(
    "source", ["transformers", "Transformers are", "a (transformer)", "TRANSFORMER-based"]
)
def test_a_copy_may_be_in_the_singular_or_in_another_case(pieces: Pieces, source: str):
    own = pieces.of_copies([source])
    assert {"Transformer", "▁T", "ransformer"} <= own  # behind a Chinese sign, and behind a space


def test_nothing_has_no_copies(pieces: Pieces):
    assert pieces.of_copies([]) == set()


def test_what_is_no_model_is_an_error(tmp_path: Path):
    (tmp_path / "page").write_text("<html>")
    for path in (tmp_path / "page", tmp_path / "nothing"):
        with pytest.raises((RuntimeError, OSError)):
            Pieces(path)


# --- the model's own placeholders -------------------------------------------------------------


@pytest.mark.parametrize(("name", "shown"), [("angle", "<v1>"), ("word", "XZ1"), ("braces", "{v1}")])
def test_a_model_is_shown_the_placeholders_of_its_profile(name: str, shown: str):
    pieces = Pieces(DEMO_FOLDER / "sentencepiece.bpe.model", FORMS[name])
    (row,) = pieces.of(["It has <v1> legs."])
    assert shown in "".join(row).replace("▁", " ")


@pytest.mark.parametrize("name", FORMS)
def test_they_come_back_in_the_memorys_own_form(name: str):
    pieces = Pieces(DEMO_FOLDER / "sentencepiece.bpe.model", FORMS[name])
    (row,) = pieces.of(["It has <v1> legs."])
    assert ANGLE.found.findall(pieces.text(row)) == ["1"]
