"""A model of NLLB-200-distilled-600M's exact shape with random weights, for speed and memory only.

Made with CTranslate2's own specification of the Transformer: no download, no torch. Its vocabulary has
as many tokens as NLLB's, and as many of each kind as NLLB's plausibly has (they are made up): what a
batch costs depends on their number, not on their spelling.

    python -m tests.benchmarks.shapes FOLDER [--layers 12]
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np

DIMENSION, HEADS, FEED_FORWARD, VOCABULARY, POSITIONS = 1024, 16, 4096, 256_206, 1026
LANGUAGES, LATIN, HAN = 202, 40_000, 12_000
"""Of the made-up pieces so many are Latin (frequent ones, of 1 to 4 letters) and Han."""
DEMO = Path(__file__).resolve().parents[2] / "worker" / "demo" / "model"


def vocabulary(size: int = VOCABULARY) -> list[str]:
    """The demonstration model's pieces (its SentencePiece model cuts the text), then made-up ones: Latin,
    Han, and of other scripts; last the languages."""
    tokens = [t for t in json.loads((DEMO / "shared_vocabulary.json").read_text()) if not t.endswith("_Latn")]
    tokens = [t for t in tokens if not t.endswith("_Hans")]
    known = set(tokens)
    latin = (f"▁{_word(n)}" for n in range(2 * LATIN))
    han = (chr(0x4E00 + n % 20_000) + "的" * (n // 20_000) for n in range(2 * HAN))
    other = (chr(0x1200 + n % 300) + _word(n) for n in range(size))
    for kind, most in ((latin, LATIN), (han, HAN), (other, size)):
        fresh = [t for t in kind if t not in known]
        tokens += fresh[: min(most, size - LANGUAGES - len(tokens))]
    tokens += ["eng_Latn", "zho_Hans", *(f"{_code(n)}_Xxxx" for n in range(LANGUAGES - 2))]
    assert len(tokens) == len(set(tokens)) == size
    return tokens


def _word(number: int) -> str:
    letters = ""
    while True:
        letters = chr(97 + number % 26) + letters
        number = number // 26 - 1
        if number < 0:
            return letters


def _code(number: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in (2, 1, 0))


def build(folder: Path, layers: int = 12, size: int = VOCABULARY, seed: int = 7) -> Path:
    """Write the model as int8; returns its folder. About 2 minutes and 3 GB of memory for all layers."""
    from ctranslate2.specs import common_spec, transformer_spec

    spec = transformer_spec.TransformerSpec.from_config(
        (layers, layers),
        HEADS,
        pre_norm=True,
        activation=common_spec.Activation.RELU,
    )
    random = np.random.default_rng(seed)
    spec.encoder.scale_embeddings = spec.decoder.scale_embeddings = True
    embeddings = random.standard_normal((size, DIMENSION), dtype=np.float32) * 0.02
    positions = random.standard_normal((POSITIONS, DIMENSION), dtype=np.float32) * 0.02
    for side in (spec.encoder, spec.decoder):
        each = side.embeddings if isinstance(side.embeddings, list) else [side.embeddings]
        for embedding in each:
            embedding.weight = embeddings
        side.position_encodings.encodings = positions
        _norm(side.layer_norm)
        for layer in side.layer:
            _fill(layer, random)
    spec.decoder.projection.weight = embeddings
    tokens = vocabulary(size)
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.config.decoder_start_token = "</s>"
    spec.config.add_source_bos = spec.config.add_source_eos = False
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    shutil.copy(DEMO / "sentencepiece.bpe.model", folder)
    return folder


def _fill(layer: object, random: np.random.Generator) -> None:
    for name in ("self_attention", "attention"):
        attention = getattr(layer, name, None)
        if attention is None:
            continue
        _norm(attention.layer_norm)
        shapes = {2: [3 * DIMENSION, DIMENSION], 3: [DIMENSION, 2 * DIMENSION, DIMENSION]}
        for linear, rows in zip(attention.linear, shapes[len(attention.linear)], strict=True):
            _linear(linear, rows, DIMENSION, random)
    _norm(layer.ffn.layer_norm)  # type: ignore[attr-defined]
    _linear(layer.ffn.linear_0, FEED_FORWARD, DIMENSION, random)  # type: ignore[attr-defined]
    _linear(layer.ffn.linear_1, DIMENSION, FEED_FORWARD, random)  # type: ignore[attr-defined]


def _linear(linear: object, rows: int, columns: int, random: np.random.Generator) -> None:
    linear.weight = random.standard_normal((rows, columns), dtype=np.float32) * 0.02  # type: ignore[attr-defined]
    linear.bias = np.zeros(rows, dtype=np.float32)  # type: ignore[attr-defined]


def _norm(norm: object) -> None:
    norm.gamma = np.ones(DIMENSION, dtype=np.float32)  # type: ignore[attr-defined]
    norm.beta = np.zeros(DIMENSION, dtype=np.float32)  # type: ignore[attr-defined]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--layers", type=int, default=12)
    arguments = parser.parse_args()
    print(json.dumps({"folder": str(build(arguments.folder, arguments.layers))}))
