"""Train the demonstration model: a tiny NLLB-style translator for the language of ``corpus.py``.

One command, ``python -m worker.demo.train --output worker/demo/model``, writes everything the
engine needs. It is the only code that uses torch and transformers; nothing imports it at run time.
"""

import argparse
import math
import random
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from worker.demo.corpus import Grammar, Pair, bare
from worker.demo.sample import references, sample_templates

try:
    import ctranslate2.converters.transformers as converters
    import sentencepiece
    import torch
    from transformers import M2M100Config, M2M100ForConditionalGeneration

    from worker.demo import report
    from worker.demo.evaluate import END, SOURCE, TARGET, TOKENIZER, score
except ImportError as missing:
    sys.exit(f"{missing}: training needs more packages, run: pip install -e '.[train]'")

BEGIN, PAD, UNKNOWN = "<s>", "<pad>", "<unk>"
BEGIN_ID, PAD_ID, END_ID, UNKNOWN_ID = range(4)  # the order of NLLB's own vocabulary
CUT = "\x1f"
PARTICLES = "([的了在和与将对是并从中为以我们其该上下用于可，。：；、（）])"
ROUND = 20_000  # sentence pairs drawn at a time
UNSEEN, HELD_OUT = 1000, 500


class Tokenizer:
    """SentencePiece plus the two language tokens that stand after its pieces."""

    def __init__(self, model: Path) -> None:
        self.pieces = sentencepiece.SentencePieceProcessor(model_file=str(model))
        size = self.pieces.get_piece_size()
        self.tokens = [self.pieces.id_to_piece(i) for i in range(size)] + [SOURCE, TARGET]
        self.source_id, self.target_id = size, size + 1

    def encode(self, pair: Pair) -> tuple[list[int], list[int]]:
        """Source as the engine sends it, and the decoder's input with the end it must find."""
        english, chinese = self.pieces.encode([pair.english, pair.chinese])
        return [self.source_id, *english, END_ID], [END_ID, self.target_id, *chinese, END_ID]


def cut(chinese: str) -> str:
    """Chinese with the marks that no piece crosses, at the particles that link its words."""
    return CUT + re.sub(PARTICLES, rf"{CUT}\1{CUT}", chinese)


def train_tokenizer(pairs: list[Pair], vocabulary: int, model: Path) -> Tokenizer:
    """Learn the pieces. Identity, not NFKC, or full-width punctuation would become ASCII."""
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(text for pair in pairs for text in (pair.english, cut(pair.chinese))),
        pretokenization_delimiter=CUT,
        model_prefix=str(model.with_suffix("")),
        vocab_size=vocabulary,
        model_type="bpe",
        character_coverage=1.0,
        split_digits=True,
        normalization_rule_name="identity",
        user_defined_symbols=[f"<v{number}>" for number in range(10)],
        bos_id=BEGIN_ID,
        pad_id=PAD_ID,
        eos_id=END_ID,
        unk_id=UNKNOWN_ID,
        bos_piece=BEGIN,
        pad_piece=PAD,
        eos_piece=END,
        unk_piece=UNKNOWN,
        minloglevel=2,
        num_threads=1,  # the same pieces on every machine
    )
    model.with_suffix(".vocab").unlink()  # the same pieces once more, as text
    return Tokenizer(model)


def build_network(arguments: argparse.Namespace, tokens: int) -> Any:
    """NLLB's architecture (M2M100), a thousandth of its size."""
    width = arguments.width
    return M2M100ForConditionalGeneration(
        M2M100Config(
            vocab_size=tokens,
            d_model=width,
            encoder_layers=arguments.encoder_layers,
            decoder_layers=arguments.decoder_layers,
            encoder_attention_heads=4,
            decoder_attention_heads=4,
            encoder_ffn_dim=4 * width,
            decoder_ffn_dim=4 * width,
            max_position_embeddings=256,
            scale_embedding=True,
            dropout=0.0,  # the text is fresh in every batch, there is nothing to overfit
            attention_dropout=0.0,
            activation_dropout=0.0,
            encoder_layerdrop=0.0,
            decoder_layerdrop=0.0,
            activation_function="relu",
            decoder_start_token_id=END_ID,
            pad_token_id=PAD_ID,
            bos_token_id=BEGIN_ID,
            eos_token_id=END_ID,
        )
    )


def batches(
    tokenizer: Tokenizer, grammar: Grammar, tokens: int, kept_out: set[str]
) -> Iterator[tuple[Any, Any]]:
    """Fresh text for ever, in batches of sentences of like length; never a test sentence."""
    order = random.Random(1)
    while True:
        pairs = grammar.pairs(ROUND)
        assert kept_out.isdisjoint(bare(pair.english) for pair in pairs), "a test sentence in training"
        encoded = sorted(map(tokenizer.encode, pairs), key=lambda p: max(map(len, p)))
        chunks: list[list[tuple[list[int], list[int]]]] = [[]]
        for pair in encoded:
            if (len(chunks[-1]) + 1) * max(map(len, pair)) > tokens:
                chunks.append([])
            chunks[-1].append(pair)
        order.shuffle(chunks)
        for chunk in chunks:
            source, target = zip(*chunk, strict=True)
            yield padded(source), padded(target)


def padded(rows: tuple[list[int], ...]) -> Any:
    """Rows of ids as one tensor."""
    width = max(map(len, rows))
    return torch.tensor([row + [PAD_ID] * (width - len(row)) for row in rows])


def rate(step: int, arguments: argparse.Namespace) -> float:
    """The learning rate: a short rise, then half a cosine down to nothing."""
    rise = min(1.0, (step + 1) / 200)
    fall = (1 + math.cos(math.pi * step / arguments.steps)) / 2
    return float(arguments.rate * rise * max(0.01, fall))


def train(network: Any, stream: Iterator[tuple[Any, Any]], arguments: argparse.Namespace) -> float:
    """Run the steps; returns the seconds they took."""
    optimizer = torch.optim.AdamW(network.parameters(), betas=(0.9, 0.98), weight_decay=0.01)
    begin, mean = time.monotonic(), 0.0
    network.train()
    for step in range(arguments.steps):
        for group in optimizer.param_groups:
            group["lr"] = rate(step, arguments)
        source, target = next(stream)
        logits = network(
            input_ids=source,
            attention_mask=(source != PAD_ID).long(),
            decoder_input_ids=target[:, :-1],
        ).logits
        loss = torch.nn.functional.cross_entropy(
            logits.flatten(0, 1),
            target[:, 1:].flatten(),
            ignore_index=PAD_ID,
            label_smoothing=0.03,
        )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        mean += (loss.item() - mean) / min(step + 1, 50)
        if (step + 1) % 100 == 0:
            seconds = time.monotonic() - begin
            left = seconds / (step + 1) * (arguments.steps - step - 1)
            print(
                f"step {step + 1}/{arguments.steps}  loss {mean:.3f}  {seconds / 60:.1f} min, "
                f"about {left / 60:.1f} min left",
                flush=True,
            )
    return time.monotonic() - begin


def convert(network: Any, tokens: list[str], output: Path) -> None:
    """Write the network as an int8 CTranslate2 model through the stock M2M100 loader."""
    specification = converters.M2M100Loader().get_model_spec(network.eval())
    specification.register_source_vocabulary(tokens)
    specification.register_target_vocabulary(tokens)
    settings = specification.config
    settings.bos_token, settings.eos_token, settings.unk_token = BEGIN, END, UNKNOWN
    settings.decoder_start_token = END
    settings.add_source_bos = settings.add_source_eos = False
    specification.validate()
    specification.optimize(quantization="int8")
    specification.save(str(output))


def parse(argv: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Train the demonstration model (CPU, 2 cores).")
    add = parser.add_argument
    add("--output", type=Path, required=True, help="folder for the model, worker/demo/model")
    add("--steps", type=int, default=2600, help="training steps, about a second each")
    add("--tokens", type=int, default=4000, help="tokens in a batch, padding counted")
    add("--rate", type=float, default=2e-3, help="highest learning rate")
    add("--width", type=int, default=192, help="width of the network")
    add("--encoder-layers", type=int, default=3, help="layers of the encoder")
    add("--decoder-layers", type=int, default=2, help="layers of the decoder")
    add("--vocabulary", type=int, default=4800, help="SentencePiece pieces")
    add("--threads", type=int, default=2, help="threads for torch")
    add("--seed", type=int, default=1, help="seed of the text and of the network")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> None:
    """Draw the text, train, convert, measure, and say what came of it."""
    arguments = parse(argv)
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    arguments.output.mkdir(parents=True, exist_ok=True)
    # The registry's manifest hashes the files of the model that was here; it makes a new one.
    (arguments.output / "paperglot.json").unlink(missing_ok=True)
    sample, templates = references(), sample_templates()
    tests = Grammar(arguments.seed + 1000, templates, set(map(bare, sample)))
    unseen, held_out = tests.pairs(UNSEEN), tests.pairs(HELD_OUT, held_out=True)
    kept_out = {bare(pair.english) for pair in unseen + held_out} | set(map(bare, sample))
    grammar = Grammar(arguments.seed, templates, kept_out)
    tokenizer = train_tokenizer(grammar.pairs(ROUND), arguments.vocabulary, arguments.output / TOKENIZER)
    network = build_network(arguments, len(tokenizer.tokens))
    parameters = sum(p.numel() for p in network.parameters())
    print(f"{parameters:,} parameters, {len(tokenizer.tokens):,} tokens", flush=True)
    seconds = train(network, batches(tokenizer, grammar, arguments.tokens, kept_out), arguments)
    convert(network, tokenizer.tokens, arguments.output)
    scores = [
        score(arguments.output, "unseen sentences", as_dict(unseen)),
        score(arguments.output, "held-out combinations", as_dict(held_out)),
        score(arguments.output, "sample day", sample),
    ]
    report.write(arguments, parameters, seconds, scores)


def as_dict(pairs: list[Pair]) -> dict[str, str]:
    """English to Chinese."""
    return {pair.english: pair.chinese for pair in pairs}


if __name__ == "__main__":
    main()
