"""Text as SentencePiece cuts it: the pieces of a sentence, and of all the ways in which a word may be copied.

Here the placeholders of the memory become those that the model is shown, and come back.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from worker.text.protection import ANGLE, Placeholder, rewritten

_WORD = re.compile(r"[^\W_]+")
_OTHER_SCRIPT = "的"
"""Behind it a word has no mark of its beginning, as in a Chinese sentence."""


class Pieces:
    """A model's SentencePiece. Raises RuntimeError or OSError where the file is none."""

    def __init__(self, path: Path, placeholder: Placeholder = ANGLE) -> None:
        import sentencepiece

        self.placeholder = placeholder
        self._model: Any = sentencepiece.SentencePieceProcessor()
        self._model.load(str(path))

    def of(self, sources: Sequence[str]) -> list[list[str]]:
        """The pieces of each source; blanks have none."""
        # One by one: for a list SentencePiece starts threads, which costs more than it gains.
        shown = (rewritten(source, ANGLE, self.placeholder) for source in sources)
        return [self._model.encode(s, out_type=str) if s.strip() else [] for s in shown]

    def count(self, source: str) -> int:
        return len(self._model.encode(rewritten(source, ANGLE, self.placeholder)))

    def text(self, tokens: Sequence[str]) -> str:
        decoded: str = self._model.decode(list(tokens))
        return rewritten(decoded.strip(), self.placeholder, ANGLE)

    def known(self, piece: str) -> bool:
        """Whether the model has this piece; a sign that it has never seen stands for `<unk>`."""
        return not self._model.is_unknown(self._model.piece_to_id(piece))

    def of_copies(self, sources: Iterable[str]) -> set[str]:
        """The pieces of the sources' words as a translation may write them: in another case, in the singular,
        or straight behind a sign of another script. "Transformers" comes back as `Transformer` or
        `▁T ransformer`, and neither is a piece of the source."""
        words = {word for source in sources for word in _WORD.findall(source)}
        words |= {word[:-1] for word in words if len(word) > 2 and word.endswith("s")}
        forms = {form for word in words for form in (word, word.lower(), word.capitalize(), word.upper())}
        rows = self.of([f"{form} {_OTHER_SCRIPT}{form}" for form in sorted(forms)])
        return {piece for row in rows for piece in row}
