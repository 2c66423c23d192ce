"""What the training recipe says at the end, on screen and in the model's README."""

import argparse
import shlex
import sys
from pathlib import Path

from worker.demo.evaluate import Score

README = """\
# The demonstration model

A tiny translator from English to Simplified Chinese in the shape of NLLB-200 (M2M100 layout,
`eng_Latn` and `zho_Hans`, SentencePiece, CTranslate2 int8). It knows only the language of the
sample day: the sentences that the grammar in `worker/demo/corpus.py` can form. Any other text it
translates fluently and wrongly. It is there so that tests, and a first look at Paperglot, need no
download and no licence; real papers need a real model.

Trained from nothing, on text written for Paperglot, by

    {command}

in {minutes:.0f} minutes of {threads} threads: {steps:,} steps, {parameters:,} parameters, \
{megabytes:.2f} MB.

Sentences translated exactly as the grammar does (int8, greedy):

| sentences | exact |
|---|---|
{rows}

*Unseen* sentences and the *sample day* never occur in training, but their templates do, with other
words; *held-out* ones moreover combine two words whose pair never occurs in training.
"""
EXAMPLES = 12


def write(arguments: argparse.Namespace, parameters: int, seconds: float, scores: list[Score]) -> None:
    """Print the scores with some mistakes, and write the README beside the model."""
    for score in scores:
        for english, chinese, answer in score.wrong[:EXAMPLES]:
            print(f"{english}\n  reference  {chinese}\n  model      {answer}")
        print(score)
    text = README.format(
        command=shlex.join(["python", "-m", "worker.demo.train", *sys.argv[1:]]),
        minutes=seconds / 60,
        threads=arguments.threads,
        steps=arguments.steps,
        parameters=parameters,
        megabytes=size(arguments.output) / 1e6,
        rows="\n".join(
            f"| {s.name} | {s.right} of {s.total} ({100 * s.right / s.total:.1f} %) |" for s in scores
        ),
    )
    (arguments.output / "README.md").write_text(text, encoding="utf-8")
    print(text)


def size(folder: Path) -> int:
    """Bytes of the files that the engine loads."""
    return sum(path.stat().st_size for path in folder.iterdir() if path.suffix != ".md")
