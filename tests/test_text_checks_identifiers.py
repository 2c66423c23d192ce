"""worker/text/checks/identifiers.py: what is a name in English text."""

import pytest

from worker.text.checks.identifiers import find, namelike


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We use GPT-4o and LLaMA-3.1-70B.", ["GPT-4o", "LLaMA-3.1-70B"]),
        ("We pretrain on ImageNet-1k.", ["ImageNet-1k"]),
        ("We present CREDO.", ["CREDO"]),
        ("LLMs and CNNs are compared.", ["LLM", "CNN"]),
        ("A CNN-based and a CLIP-ViT model", ["CNN", "CLIP", "ViT"]),
        ("We train word2vec.", ["word2vec"]),
        ("We compare Llama-3 with Qwen-2.5.", ["Llama-3", "Qwen-2.5"]),
        ("Questions (Q&A) for R&D", ["Q&A", "R&D"]),
        ("A YOLOv8 detector", ["YOLOv8"]),
        ("Survivors of COVID-19", ["COVID-19"]),
        ("Vision-Language models of Type-2 and Top-5", []),
        ("It is NOT the case, and part III shows it.", []),
        ("It needs 5 GB at 2.4 GHz.", []),
        ("We propose a novel method for robots.", []),
        ("WE PROPOSE A NOVEL METHOD FOR ROBOTS.", []),
        ("", []),
    ],
)
def test_names_are_found_in_a_sentence(text: str, names: list[str]):
    assert [name.text for name in find(text)] == names


def test_a_name_spans_its_token():
    name = find("All LLMs fail.")[0]
    assert (name.start, name.end) == (4, 8)


@pytest.mark.parametrize("word", ["BERT", "GPT4", "ImageNet", "iPhone", "word2vec", "mAP", "Q&A"])
def test_an_acronym_or_identifier_looks_like_a_name(word: str):
    assert namelike(word)


@pytest.mark.parametrize("word", ["method", "Method", "We", "A", "I", "III", "NOT", "GHz", "top1", "3", ""])
def test_an_ordinary_word_does_not(word: str):
    assert not namelike(word)
