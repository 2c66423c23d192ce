"""How well abstracts are cut into sentences: precision and recall on `data/gold/sentences.txt`, by kind of quirk.

``python -m tests.gold`` prints what is measured, every error, and how sentencex does alone on the same text.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import sentencex

from digest import tex
from worker.text.protection import spans
from worker.text.segments import pieces

GOLD = Path(__file__).parent / "data" / "gold" / "sentences.txt"
Splitter = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Abstract:
    """One block of the gold set: its kinds of quirk, and its sentences with their marks."""

    kinds: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def announced(self) -> str:
        """The abstract as a feed has it: one line per paragraph."""
        text = self.lines[0]
        for line in self.lines[1:]:
            if line.startswith("  "):
                text += "\n" + line[2:]
            else:
                text += line[1:] if line.startswith("+") else " " + line
        return text

    @property
    def sentences(self) -> list[str]:
        return [tex.readable(line.removeprefix("+").strip()) for line in self.lines]


@dataclass(frozen=True, slots=True)
class Score:
    """Boundaries inside abstracts (the end of an abstract is none): right, cut too much, cut too little."""

    right: int
    wrong: Counter[str]
    missed: Counter[str]
    errors: tuple[str, ...]

    @property
    def precision(self) -> float:
        return self.right / (self.right + len([e for e in self.errors if e.startswith("cut")]))

    @property
    def recall(self) -> float:
        return self.right / (self.right + len([e for e in self.errors if e.startswith("missed")]))

    def __str__(self) -> str:
        kinds = sorted({*self.wrong, *self.missed})
        rows = [f"  {kind:20} cut {self.wrong[kind]:3}  missed {self.missed[kind]:3}" for kind in kinds]
        head = f"precision {self.precision:.4f}  recall {self.recall:.4f}  ({self.right} right)"
        return "\n".join([head, *rows, *(f"  {error}" for error in self.errors)])


def abstracts(path: Path = GOLD) -> list[Abstract]:
    """The gold set; `ValueError` names a block without a heading or with a single sentence."""
    found = []
    for block in path.read_text("utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if not lines:
            continue
        if not lines[0].startswith("= ") or len(lines) < 3:
            raise ValueError(f"not an abstract: {block!r}")
        found.append(Abstract(tuple(lines[0][2:].split(", ")), tuple(lines[1:])))
    return found


def boundaries(sentences: Iterable[str]) -> set[int]:
    """Where sentences end, counted in characters that are no white space; the last end left out."""
    ends = list(accumulate(len("".join(sentence.split())) for sentence in sentences))
    return set(ends[:-1])


def ours(announced: str) -> list[str]:
    return [piece.text for piece in pieces(announced)]


def sentencex_alone(announced: str) -> list[str]:
    """Its cuts in the same masked text."""
    out = []
    for paragraph in tex.readable(announced).split("\n"):
        masked, held = tex.mask(paragraph, spans(paragraph))
        out += [tex.unmask(sentence, held) for sentence in sentencex.segment("en", masked)]
    return out


def score(splitter: Splitter, gold: Iterable[Abstract]) -> Score:
    """How a splitter's boundaries agree with the gold set's."""
    right, errors = 0, []
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for abstract in gold:
        wanted, got = boundaries(abstract.sentences), boundaries(splitter(abstract.announced))
        right += len(wanted & got)
        text = "".join(" ".join(abstract.sentences).split())
        for kinds, verb, ends in ((wrong, "cut", got - wanted), (missed, "missed", wanted - got)):
            for kind in abstract.kinds:
                kinds[kind] += len(ends)
            for end in sorted(ends):
                errors.append(f"{verb:6} …{text[max(0, end - 30) : end]} ¦ {text[end : end + 20]}…")
    return Score(right, +wrong, +missed, tuple(errors))


def main() -> None:
    """Print both reports."""
    gold = abstracts()
    print(f"{len(gold)} abstracts, {sum(len(boundaries(a.sentences)) for a in gold)} boundaries")
    for name, splitter in (("paperglot", ours), ("sentencex alone", sentencex_alone)):
        print(f"\n{name}: {score(splitter, gold)}")


if __name__ == "__main__":
    main()
