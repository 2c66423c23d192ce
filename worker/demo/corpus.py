"""The demonstration language: English-Chinese sentences drawn from a grammar.

The grammar is data under ``corpus/``: ``fillers.txt`` (words), ``templates.txt`` (sentences with
slots) and ``sample_day.txt`` (the sample day's papers, whose sentences are templates too once
their fillers are taken out). Everything is drawn from one ``random.Random``: a seed fixes the text.
"""

import itertools
import random
import re
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from worker.demo.invented import INVENTED

HERE = Path(__file__).parent / "corpus"
SLOT = re.compile(r"\[([a-z]+)(\d?)(?:\.([as]))?(?::([^\]]+))?\]")
PLACEHOLDER = re.compile(r"<v(\d)>")
SPAN = re.compile(  # what the real masker protects, as far as the sample day has it
    r"\$\$.+?\$\$|\\\(.+?\\\)|\$[^$]+\$|https?://\S*\w|\w+@[\w.]*\w", re.S
)
SMALL_WORDS = frozenset("a an and as at by for from in of on or over the to under via with".split())
NOUNS = frozenset(  # what a formula may follow: "the step size <v0>"
    "cost data err estimate issue matrix model obj part problem prop qty signal task".split()
)
HELD_OUT_PERCENT = 6
BALANCED = 0.35  # the share of sentences drawn by filler, so that rare words are seen as well
SAMPLE_WEIGHT = 2  # the sample day's sentences are the longest and have the fewest slots


@dataclass(frozen=True)
class Filler:
    """One entry of a slot type, in both languages."""

    english: str
    chinese: str
    plural: str


@dataclass(frozen=True)
class Template:
    """A sentence pair with slots; ``own`` holds the sample day's fillers by slot label."""

    english: str
    chinese: str
    is_title: bool = False
    own: tuple[tuple[str, str], ...] = ()

    @property
    def labels(self) -> list[str]:
        """The slot labels (type and number) in the order in which English has them."""
        return list(dict.fromkeys(kind + number for kind, number, *_ in SLOT.findall(self.english)))


@dataclass(frozen=True)
class Pair:
    """A sentence and its translation; ``combination`` is what the held-out set is chosen by."""

    english: str
    chinese: str
    combination: str = ""

    @property
    def held_out(self) -> bool:
        """Whether this pair of words is kept from training (a fixed share, by checksum)."""
        return bool(self.combination) and (zlib.crc32(self.combination.encode()) % 100 < HELD_OUT_PERCENT)


def data_lines(name: str) -> Iterator[str]:
    """The lines of a data file without comments and empty lines."""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("# ") and line != "#":
            yield line


@cache
def fillers() -> dict[str, list[Filler]]:
    """The word lists by slot type."""
    lists: dict[str, list[Filler]] = {}
    for line in data_lines("fillers.txt"):
        if line.startswith("["):
            current = lists.setdefault(line.strip("[]"), [])
            continue
        english, chinese = line.split(" = ")
        singular, _, plural = english.partition(" / ")
        current.append(Filler(singular, chinese, plural or singular + "s"))
    return lists


@cache
def general_templates() -> list[Template]:
    """The templates beside those of the sample day."""
    templates, lines = [], data_lines("templates.txt")
    for english, chinese in zip(lines, lines, strict=True):
        is_title = english.startswith("T:")
        english = english.removeprefix("T:")
        templates.append(Template(counted(english), counted(chinese), is_title=is_title))
    return templates


def counted(text: str) -> str:
    """The text with its bare ``<v>`` numbered in their order."""
    count = itertools.count()
    return re.sub("<v>", lambda _: f"<v{next(count)}>", text)


def template_of(raw: str, chinese: str, *, is_title: bool) -> Template:
    """The template of one annotated sentence of the sample day (see ``sample_day.txt``)."""
    own: dict[str, str] = {}

    def strip(match: re.Match[str]) -> str:
        kind, number, form, words = match.groups()
        if words:
            own[kind + number] = words.replace(" // ", " ")
        return f"[{kind}{number}{'.' + form if form else ''}]"

    english = SLOT.sub(strip, masked(raw))
    return Template(english, chinese, is_title, tuple(own.items()))


def masked(raw: str) -> str:
    """Raw TeX as the translator sees it: protected spans masked, plain mark-up undone."""
    text = counted(SPAN.sub("<v>", raw))
    text = re.sub(r"\\(?:emph|textbf|textit)\{([^{}]*)\}", r"\1", text)
    return text.replace(r"\%", "%").replace(" // ", " ")


def fill(template: Template, words: dict[str, Filler]) -> tuple[str, str]:
    """Both languages of the template with these words, English as it would be printed."""

    def english(match: re.Match[str]) -> str:
        kind, number, form, _ = match.groups()
        filler = words[kind + number]
        if form == "s":
            return filler.plural
        return with_article(filler.english) if form == "a" else filler.english

    def chinese(match: re.Match[str]) -> str:
        return words[match[1] + match[2]].chinese

    text = SLOT.sub(english, template.english)
    return text[:1].upper() + text[1:], SLOT.sub(chinese, template.chinese)


def with_article(words: str) -> str:
    """English words with the indefinite article that their first sound asks for."""
    consonant_vowel = words.startswith(("uni", "use", "U"))
    return ("an " if words[0] in "aeiouAEIO" and not consonant_vowel else "a ") + words


def bare(english: str) -> str:
    """A sentence without capitals and placeholders: two that differ only there are the same."""
    return re.sub(r" ?<v\d>", "", english).lower()


def kind_of(label: str) -> str:
    """The slot type of a label: model for model2."""
    return label.rstrip("0123456789")


def title_case(text: str) -> str:
    """A title in Title Case; words with capitals or placeholders stay as they are."""
    words = text.split(" ")
    for index, word in enumerate(words):
        after_break = index == 0 or words[index - 1].endswith(":")
        kept = word[1:] != word[1:].lower() or "<v" in word
        if kept or (word in SMALL_WORDS and not after_break):
            continue
        parts = word.split("-")
        words[index] = "-".join(
            part if part in SMALL_WORDS and position else part[:1].upper() + part[1:]
            for position, part in enumerate(parts)
        )
    return " ".join(words)


class Grammar:
    """Draws sentence pairs; ``excluded`` holds ``bare`` sentences that are never drawn."""

    def __init__(self, seed: int, sample: Iterable[Template] = (), excluded: Collection[str] = ()) -> None:
        self.random = random.Random(seed)
        self.excluded = excluded
        self.templates = general_templates() + SAMPLE_WEIGHT * list(sample)
        self.every_filler = [(kind, filler) for kind, list_ in fillers().items() for filler in list_]
        self.uses: dict[str, list[tuple[Template, str]]] = {}
        for template in self.templates:
            for label in template.labels:
                self.uses.setdefault(kind_of(label), []).append((template, label))

    def pairs(self, number: int, *, held_out: bool = False) -> list[Pair]:
        """Different pairs, all within or all without the held-out combinations."""
        found: dict[str, Pair] = {}
        while len(found) < number:
            pair = self.draw()
            if pair.held_out == held_out and bare(pair.english) not in self.excluded:
                found[pair.english] = pair
        return list(found.values())

    def draw(self) -> Pair:
        """One filling of a template, now and then with a further formula or citation."""
        words: dict[str, Filler] = {}
        template = self.random.choice(self.templates)
        if self.random.random() < BALANCED:
            kind, filler = self.random.choice(self.every_filler)
            template, label = self.random.choice(self.uses[kind])
            words[label] = filler
        words = self.words(template, words)
        listed = [words[label].english for label in template.labels if kind_of(label) in fillers()]
        combination = "|".join(listed[:2]) if len(listed) > 1 else ""
        if self.random.random() < 0.06:
            words = self.with_formula(template, words)
        english, chinese = fill(template, words)
        if template.is_title:
            english = title_case(english) if self.random.random() < 0.65 else english
        elif self.random.random() < 0.04:
            mark = self.random.choice(("<v9>", f"[{self.random.randint(1, 99)}]"))
            english, chinese = f"{english[:-1]} {mark}.", f"{chinese[:-1]}{mark}。"
        return Pair(*renumbered(english, chinese), combination)

    def words(self, template: Template, words: dict[str, Filler]) -> dict[str, Filler]:
        """A filler for every other slot, different ones for slots of the same type."""
        for label in template.labels:
            if label in words:
                continue
            choices = fillers().get(kind_of(label))
            while True:
                filler = self.random.choice(choices) if choices else self.invent(kind_of(label))
                if filler not in words.values():
                    break
            words[label] = filler
        return words

    def invent(self, kind: str) -> Filler:
        """A number or a name, the same in both languages."""
        text = INVENTED[kind](self.random)
        return Filler(text, text, text)

    def with_formula(self, template: Template, words: dict[str, Filler]) -> dict[str, Filler]:
        """One noun followed by a placeholder, if the template has a noun just once."""
        nouns = [
            label
            for label in template.labels
            if kind_of(label) in NOUNS
            and len(re.findall(rf"\[{label}[.\]]", template.english)) == 1
            and template.chinese.count(f"[{label}]") == 1
        ]
        if not nouns:
            return words
        label = self.random.choice(nouns)
        old = words[label]
        marked = Filler(f"{old.english} <v8>", f"{old.chinese}<v8>", f"{old.plural} <v8>")
        return words | {label: marked}


def renumbered(english: str, chinese: str) -> tuple[str, str]:
    """Placeholders numbered from 0 in the order in which English has them."""
    order = {number: str(index) for index, number in enumerate(PLACEHOLDER.findall(english))}

    def rename(match: re.Match[str]) -> str:
        return f"<v{order[match[1]]}>"

    return PLACEHOLDER.sub(rename, english), PLACEHOLDER.sub(rename, chinese)
