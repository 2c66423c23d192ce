"""Pictures of papers and digests, written by tests."""

from datetime import UTC, date, datetime
from typing import Any

from digest.picture import DigestPicture, GroupPicture, Matched, PaperPicture, SentencePicture

MODEL = "nllb-200-distilled-600M#ed1beaf7"


def paper(arxiv_id: str = "2605.90001", **fields: Any) -> PaperPicture:
    """A paper that `robot` brought, in English only."""
    defaults: dict[str, Any] = {
        "version": 1,
        "announce_type": "new",
        "title": "A Robot",
        "abstract": "We build a robot. It walks.",
        "authors": ("Ada Example", "Bo Sample (MIT, CSAIL)"),
        "categories": ("cs.RO", "cs.LG"),
        "matched": (Matched("robot", "title", 2, 7), Matched("robot", "abstract", 11, 16)),
    }
    return PaperPicture(arxiv_id=arxiv_id, **(defaults | fields))


def translated(arxiv_id: str = "2605.90002", **fields: Any) -> PaperPicture:
    """The same, in Chinese too."""
    defaults: dict[str, Any] = {
        "translation": "complete",
        "title_translated": "一个机器人",
        "abstract_translated": "我们造了一个机器人。它会走。",
        "model": MODEL,
        "language": "zh-Hans",
        "sentences": (
            SentencePicture(0, "We build a robot.", "我们造了一个机器人。"),
            SentencePicture(0, "It walks.", "它会走。"),
        ),
    }
    return paper(arxiv_id, **(defaults | fields))


def digest(*groups: GroupPicture, **fields: Any) -> DigestPicture:
    """Of Tuesday 2026-05-12, made at 14:00 in Beijing; without groups, one of two papers and one of none."""
    both = GroupPicture("robot", (paper(), translated()))
    defaults: dict[str, Any] = {
        "announced": date(2026, 5, 12),
        "generated_at": datetime(2026, 5, 12, 6, 0, tzinfo=UTC),
        "language": "zh-Hans",
        "model": MODEL,
        "groups": groups or (both, GroupPicture("diffusion policy", ())),
    }
    return DigestPicture(**(defaults | fields))


HOSTILE_TEXTS = [
    "} @misc{evil, title = {x}",
    "{{{ unclosed",
    r"\} \{ \\",
    r"a \input{/etc/passwd} \write18{rm}",
    "a\nER  - \nTY  - JOUR\nTI  - evil",
    "a\r\nAU  - Evil\u2028KW  - evil\x85DO  - 10.1/evil\x0b\x0c\x1c\x1d\x1e",
    "@article{x, @string{y = {z}} @comment{",
    "50% & #1 _x_ ^y~ $5",
    "$x_{1$ and $\\{y$ and $z}$",
    "$a % b$ $\\(x\\)$ $$y$$ \\[z\\]",
    "\"quoted\" 'it' “so”",
    "强化学习：方法、理论与应用",
    "<script>alert(1)</script>",
    "# heading [link](javascript:alert(1))",
    "a\x00b\x07c\x7f",
    "",
]
"""Titles, names and labels that would break a file, were they written as they are."""
