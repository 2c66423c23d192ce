"""How well a converted demonstration model translates: exact matches, the engine's own way.

``python -m worker.demo.evaluate`` measures the shipped model on the sample day. It needs only
``ctranslate2`` and ``sentencepiece``, and calls them exactly as for a real NLLB model.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import ctranslate2
import sentencepiece

from worker.demo.sample import references

SOURCE, TARGET, END = "eng_Latn", "zho_Hans", "</s>"
TOKENIZER = "sentencepiece.bpe.model"


@dataclass(frozen=True)
class Score:
    """Exact matches in one set of sentences, and what went wrong in the others."""

    name: str
    right: int
    total: int
    wrong: list[tuple[str, str, str]]  # English, reference, what the model said

    def __str__(self) -> str:
        return f"{self.name}: {self.right}/{self.total} = {100 * self.right / self.total:.1f} %"


def translate(folder: Path, sentences: list[str], *, beam_size: int = 1) -> list[str]:
    """The sentences (formulas masked) in Chinese."""
    processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / TOKENIZER))
    translator = ctranslate2.Translator(str(folder), device="cpu", inter_threads=2, intra_threads=1)
    source = [[SOURCE, *processor.encode(text, out_type=str), END] for text in sentences]
    results = translator.translate_batch(
        source,
        target_prefix=[[TARGET]] * len(source),
        beam_size=beam_size,
        max_batch_size=2048,
        batch_type="tokens",
        max_decoding_length=200,
    )
    return [processor.decode(result.hypotheses[0][1:]) for result in results]


def score(folder: Path, name: str, pairs: dict[str, str]) -> Score:
    """Exact matches of the model in this folder on English-Chinese pairs."""
    answers = translate(folder, list(pairs))
    wrong = [
        (english, chinese, answer)
        for (english, chinese), answer in zip(pairs.items(), answers, strict=True)
        if answer != chinese
    ]
    return Score(name, len(pairs) - len(wrong), len(pairs), wrong)


def main() -> None:
    """Print the score on the sample day and every sentence that differs."""
    parser = argparse.ArgumentParser(description="Measure a demonstration model on the sample day.")
    parser.add_argument("--model", type=Path, default=Path(__file__).parent / "model")
    result = score(parser.parse_args().model, "sample day", references())
    for english, chinese, answer in result.wrong:
        print(f"{english}\n  reference  {chinese}\n  model      {answer}")
    print(result)


if __name__ == "__main__":
    main()
