"""How fast translation is, against what a user of a small NLLB server gets, in one run on one machine.

    python -m tests.benchmarks.translate [--model FOLDER] [--abstracts 30] [--paths sentence,abstract,ours]

The model has NLLB-200-distilled-600M's exact shape and random weights (tests/benchmarks/shapes.py): its answers
are nonsense, so their length is fixed at the source's, the same number of tokens on every path. Ours runs
through Paperglot's own code, database included; since nonsense would fail every check, each answer is
replaced by the right one before it is checked. `--flagged` lets a share of them fail
once, as a real model's do, and adds the cost of trying those again.

Rates are source tokens a second, by the clock and by the processor (tokens x cores / CPU seconds: what
the clock would say were the machine doing nothing else). Memory is the process's peak.
"""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from tests.benchmarks.shapes import build

CORES = len(os.sched_getaffinity(0))
SENTENCES = 9  # in an abstract: the median of 2026 has 8


Day = list[dict[str, str]]
"""Abstracts: each one's sentences with their translations."""


def abstracts(count: int, seed: int = 7) -> Day:
    """Abstracts in the style of the sample day, their sentences as long as real ones (9 to 70 pieces)."""
    from worker.demo import corpus

    random = Random(seed)
    pairs = corpus.Grammar(seed).pairs(count * SENTENCES * 3)
    plain = [tuple(re.sub(r"<v\d>", "x", text) for text in (pair.english, pair.chinese)) for pair in pairs
             if pair.english.endswith(".")]  # fmt: skip
    made = []
    for _ in range(count):
        sentences: dict[str, str] = {}
        while len(sentences) < SENTENCES:
            english, chinese = plain.pop()
            if random.random() < 0.45:  # arXiv's sentences are longer than the sample's
                more, rest = plain.pop()
                english, chinese = f"{english[:-1]}, and {more}", f"{chinese[:-1]}，{rest}"
            sentences[english] = chinese
        made.append(sentences)
    return made


class Fixed:
    """Answers of a fixed length: random weights never end a sentence."""

    @staticmethod
    def lengths(tokens: int) -> dict[str, int]:
        return {"max_decoding_length": tokens, "min_decoding_length": tokens}


def pieces_of(folder: Path) -> Any:
    import sentencepiece

    return sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.bpe.model"))


def raw_translator(folder: Path, threads: int) -> tuple[Any, Any]:
    import ctranslate2

    return ctranslate2.Translator(str(folder), inter_threads=1, intra_threads=threads), pieces_of(folder)


def one_call(translator: Any, rows: Sequence[list[str]], **how: Any) -> None:
    mean = round(sum(map(len, rows)) / len(rows))
    translator.translate_batch(
        [["eng_Latn", *row, "</s>"] for row in rows],
        target_prefix=[["zho_Hans"]] * len(rows),
        beam_size=1,
        **Fixed.lengths(mean + 1),
        **how,
    )


def by_sentence(folder: Path, day: Day) -> Callable[[], None]:
    translator, pieces = raw_translator(folder, CORES)

    def run() -> None:
        for abstract in day:
            for sentence in abstract:
                one_call(translator, [pieces.encode(sentence, out_type=str)])

    return run


def by_abstract(folder: Path, day: Day) -> Callable[[], None]:
    translator, pieces = raw_translator(folder, CORES)

    def run() -> None:
        for abstract in day:
            rows = [pieces.encode(sentence, out_type=str) for sentence in abstract]
            one_call(translator, rows, no_repeat_ngram_size=3)

    return run


def ours(folder: Path, day: Day, flagged: float, batch_tokens: int) -> Callable[[], dict]:
    """Through rows: papers are stored, planned, translated and put together."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from digest.languages import find
    from digest.models import Installation, Sentence, Translation
    from worker import memory
    from worker.arxiv.entries import Entry
    from worker.engine import GREEDY, NLLB, Output, Settings
    from worker.papers import store_papers
    from worker.translate import translate_pending

    call_command("migrate", verbosity=0)
    Installation.objects.update_or_create(pk=1, defaults={"longest_sentence": 200, "glossary": "check"})
    random, spent = Random(1), {"engine": 0.0, "again": 0}
    good = {english: chinese for abstract in day for english, chinese in abstract.items()}
    good |= {f"Paper {n}": f"论文{n}" for n in range(len(day))}

    class Bench(NLLB):
        def _lengths(self, longest: int) -> dict[str, int]:
            return Fixed.lengths(longest - 1)

        def translate(self, sources: Any, language: Any, decoding: Any = GREEDY) -> list[Output]:
            began = time.perf_counter()
            super().translate(sources, language, decoding)
            spent["engine"] += time.perf_counter() - began
            answers = [Output(good[source], -0.05) for source in sources]
            if decoding.beam > 1:
                spent["again"] += len(sources)
                return answers
            return [Output("", None) if random.random() < flagged else answer for answer in answers]

    engine = Bench(folder, Settings(batch_tokens=batch_tokens))
    engine.fit([sentence for abstract in day for sentence in abstract], [find("zh-Hans")])

    def run() -> dict:
        began = time.perf_counter()
        entries = [
            Entry(f"2605.{90000 + n}", 1, "new", f"Paper {n}", " ".join(abstract), ("A",), ("cs.LG",))
            for n, abstract in enumerate(day)
        ]
        versions = store_papers(entries, timezone.now())
        memory.plan(versions.values(), "zh-Hans", "bench#1")
        while translate_pending(lambda: engine, Sentence.objects.pending()):
            pass
        memory.assemble(timezone.now())
        whole = time.perf_counter() - began
        done = Translation.objects.exclude(finished_at=None).count()
        return {
            "outside_engine": (whole - spent["engine"]) / spent["engine"],
            "translations": done,
            "again": spent["again"],
        }

    return run


def by_transformers(folder: Path, day: Day) -> Callable[[], None]:
    """Transformers in float32, one sentence a call, where torch is there: the same shape, random weights."""
    import torch
    from transformers import M2M100Config, M2M100ForConditionalGeneration

    pieces = pieces_of(folder)
    shape = M2M100Config(vocab_size=256_206, d_model=1024, encoder_layers=12, decoder_layers=12,
                         encoder_attention_heads=16, decoder_attention_heads=16, encoder_ffn_dim=4096,
                         decoder_ffn_dim=4096)  # fmt: skip
    model = M2M100ForConditionalGeneration(shape).eval()
    torch.set_num_threads(CORES)

    @torch.inference_mode()
    def run() -> None:
        for abstract in day:
            for sentence in abstract:
                ids = torch.tensor([pieces.encode(sentence)])
                model.generate(ids, min_new_tokens=ids.shape[1], max_new_tokens=ids.shape[1], num_beams=1,
                               do_sample=False)  # fmt: skip

    return run


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """One path in this process."""
    day = abstracts(arguments.abstracts)
    make: dict[str, Callable[[], Callable[[], Any]]] = {
        "sentence": lambda: by_sentence(arguments.model, day),
        "abstract": lambda: by_abstract(arguments.model, day),
        "ours": lambda: ours(arguments.model, day, 0.0, arguments.batch_tokens),
        "ours-flagged": lambda: ours(arguments.model, day, arguments.flagged, arguments.batch_tokens),
        "transformers": lambda: by_transformers(arguments.model, day),
    }
    pieces = pieces_of(arguments.model)
    tokens = sum(len(pieces.encode(sentence)) for abstract in day for sentence in abstract)
    run = make[arguments.only]()
    clock, cpu = time.perf_counter(), time.process_time()
    extra = run() or {}
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    return {
        "tokens": tokens,
        "clock": tokens / clock,
        "cpu": tokens * CORES / cpu,
        "seconds_an_abstract": clock / len(day),
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        **extra,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, help="a folder to keep the model in (a temporary one)")
    parser.add_argument("--abstracts", type=int, default=30)
    parser.add_argument("--paths", default="sentence,abstract,ours,ours-flagged")
    parser.add_argument("--flagged", type=float, default=0.06, help="share of answers that fail at first")
    parser.add_argument("--batch-tokens", type=int, default=2048)
    parser.add_argument("--only", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        print(json.dumps(measure(arguments)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.model or Path(temporary) / "nllb"
        if not (folder / "model.bin").is_file():
            build(folder)
        table(arguments, folder, Path(temporary))


def table(arguments: argparse.Namespace, folder: Path, temporary: Path) -> None:
    """Each path in a process of its own, one after another; then the ratios."""
    results: dict[str, dict[str, Any]] = {}
    print(f"{CORES} cores; {arguments.abstracts} abstracts of {SENTENCES} sentences\n")
    print(
        "| path | tokens/s by the clock | by the processor | s an abstract | peak GB |\n|---|---|---|---|---|"
    )
    for path in arguments.paths.split(","):
        data = temporary / path
        shutil.rmtree(data, ignore_errors=True)
        env = {**os.environ, "PAPERGLOT_DATA": str(data), "DJANGO_SETTINGS_MODULE": "digest.settings",
               "PAPERGLOT_LOG_LEVEL": "ERROR"}  # fmt: skip
        command = [sys.executable, "-m", "tests.benchmarks.translate", "--only", path, "--model", str(folder),
                   "--abstracts", str(arguments.abstracts), "--flagged", str(arguments.flagged),
                   "--batch-tokens", str(arguments.batch_tokens)]  # fmt: skip
        done = subprocess.run(command, env=env, text=True, stdout=subprocess.PIPE, check=True)
        row = results[path] = json.loads(done.stdout.splitlines()[-1])
        print(f"| {path} | {row['clock']:.0f} | {row['cpu']:.0f} | {row['seconds_an_abstract']:.2f} "
              f"| {row['peak_gb']:.2f} |", flush=True)  # fmt: skip
    for path in ("ours", "ours-flagged"):
        for other in ("sentence", "abstract", "transformers"):
            if path in results and other in results:
                times = {by: results[path][by] / results[other][by] for by in ("clock", "cpu")}
                print(
                    f"{path} / {other}: {times['clock']:.1f} by the clock, {times['cpu']:.1f} by the processor"
                )
        if path in results:
            row = results[path]
            print(f"{path}: {row['outside_engine']:.1%} of the engine's time outside it; "
                  f"{row['translations']} translations, {row['again']} sentences tried again")  # fmt: skip


if __name__ == "__main__":
    main()
