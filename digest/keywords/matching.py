"""Papers held against rules: one pass over a paper's words, however many rules there are.

Every different term of all rules has a number. A paper's title and abstract go through one Aho-Corasick automaton
of all terms, its authors and categories through dictionaries; that gives the numbers of the terms that it has. A
rule is looked at only if the paper has one of its anchors (`trees.anchors`), and then is a question about numbers.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ahocorasick_rs import AhoCorasick

from digest.keywords import names
from digest.keywords.phrases import row_of, variants, words_of
from digest.keywords.syntax import stored
from digest.keywords.trees import And, Node, Not, Or, Term, anchors, wanted

Span = dict[str, Any]
"""Where a term stands: `{"field": "title" | "abstract", "start": 0, "end": 22}` in code points of the text as given; of
"authors" and "categories" the place in their list."""
Test = Callable[[set[int]], bool]


@dataclass(frozen=True, slots=True)
class Record:
    """What a paper is matched by."""

    title: str
    abstract: str
    authors: Sequence[str] = ()
    categories: Sequence[str] = ()


@dataclass(slots=True)
class _Reading:
    """What of all terms a paper has."""

    record: Record
    has: set[int]
    found: list[tuple[int, int, int]]
    cut: int
    named: list[tuple[int, Span]]


def patterns_of(term: Term) -> list[str]:
    """What of a paper's row of words (`row_of`) has the term."""
    if term.prefix:
        return [f" {term.form}"]
    return [f" {form} " for form in variants(term.form)]


def spread(node: Node) -> Node:
    """A rule in which no term is of the field `all`."""
    if isinstance(node, Not):
        return Not(spread(node.of))
    if not isinstance(node, Term):
        return type(node)(tuple(map(spread, node.parts)))
    if node.field != "all":
        return node
    words = names.words(node.form)
    text = Term("", node.form, node.prefix)
    return Or((text, Term("au", "-".join(words), node.prefix))) if words else text


def _simple(node: Node) -> bool:
    """Whether it is a term, or that a term is absent."""
    return isinstance(node, Term) or (isinstance(node, Not) and isinstance(node.of, Term))


class Rules:
    """Rules, compiled once; `match` says which of them a paper satisfies, and where."""

    def __init__(self, forms: Iterable[str]) -> None:
        """Take canonical forms; rules are named by their places."""
        self._numbers: dict[Term, int] = {}
        self._alone: dict[int, list[int]] = defaultdict(list)
        self._reached: dict[int, list[int]] = defaultdict(list)
        self._tests: dict[int, Test] = {}
        self._wanted: list[tuple[int, ...]] = []
        self.anchors: set[Term] = set()
        for place, form in enumerate(forms):
            self._add(place, spread(stored(form)))
        self._index()

    def __len__(self) -> int:
        return len(self._wanted)

    @property
    def terms(self) -> int:
        """How many different ones there are."""
        return len(self._numbers)

    def _add(self, place: int, node: Node) -> None:
        if isinstance(node, Term):
            number = self._number(node)
            self._alone[number].append(place)
            self._wanted.append((number,))
            self.anchors.add(node)
            return
        self._wanted.append(tuple(dict.fromkeys(self._number(term) for term in wanted(node))))
        through = anchors(node) or ()  # none: it can't be typed, and would match everything
        self.anchors.update(through)
        for term in through:
            self._reached[self._number(term)].append(place)
        self._tests[place] = self._test(node)

    def _number(self, term: Term) -> int:
        return self._numbers.setdefault(term, len(self._numbers))

    def _test(self, node: Node) -> Test:
        if isinstance(node, Term):
            number = self._number(node)
            return lambda has: number in has
        if isinstance(node, Not):
            inner = self._test(node.of)
            return lambda has: not inner(has)
        there = frozenset(self._number(part) for part in node.parts if isinstance(part, Term))
        inverse = [part.of for part in node.parts if isinstance(part, Not)]
        absent = frozenset(self._number(part) for part in inverse if isinstance(part, Term))
        others = [self._test(part) for part in node.parts if not _simple(part)]
        if isinstance(node, Or):
            return lambda has: (
                not there.isdisjoint(has) or not absent <= has or any(test(has) for test in others)
            )
        if others:
            return lambda has: there <= has and absent.isdisjoint(has) and all(test(has) for test in others)
        return lambda has: there <= has and absent.isdisjoint(has)

    def _index(self) -> None:
        """By what is found in a paper, the numbers of the terms that it is."""
        title: dict[str, list[int]] = {}
        abstract: dict[str, list[int]] = {}
        self._names: dict[str, list[tuple[int, Term]]] = defaultdict(list)
        self._starts: dict[str, list[tuple[int, Term]]] = defaultdict(list)
        self._categories: dict[str, int] = {}
        for term, number in self._numbers.items():
            if term.field == "cat":
                self._categories[term.form] = number
            elif term.field == "au":
                key = names.key(term.form)
                (self._starts[key[:3]] if term.prefix else self._names[key]).append((number, term))
            else:
                for pattern in patterns_of(term):
                    title.setdefault(pattern, [])
                    abstract.setdefault(pattern, [])
                    if term.field != "abs":
                        title[pattern].append(number)
                    if term.field != "ti":
                        abstract[pattern].append(number)
        self._in_title, self._in_abstract = list(title.values()), list(abstract.values())
        self._automaton = AhoCorasick(list(title)) if title else None

    def match(self, record: Record) -> dict[int, list[Span]]:
        """The rules that a paper satisfies, each with where its terms stand; a rule has at least one place."""
        reading = self._read(record)
        has, tests, reached = reading.has, self._tests, self._reached
        satisfied: list[int] = []
        for number in has & self._alone.keys():
            satisfied += self._alone[number]
        candidates = {place for number in has & reached.keys() for place in reached[number]}
        satisfied += [place for place in candidates if tests[place](has)]
        if not satisfied:
            return {}
        wanted_of = self._wanted
        places = self._places(reading, {n for rule in satisfied for n in wanted_of[rule]})
        found: dict[int, list[Span]] = {}
        for rule in sorted(satisfied):
            numbers = wanted_of[rule]
            if len(numbers) == 1:
                found[rule] = places[numbers[0]]
            else:
                found[rule] = [span for number in numbers if number in places for span in places[number]]
        return found

    def by_name(self, record: Record) -> bool:
        """Whether an author or a category of a paper is one of the terms."""
        return bool(self._by_name(record))

    def _read(self, record: Record) -> _Reading:
        has: set[int] = set()
        found: list[tuple[int, int, int]] = []
        cut = 0
        if self._automaton:
            title = row_of(record.title)
            cut = len(title)
            found = self._automaton.find_matches_as_indexes(
                f"{title}\n{row_of(record.abstract)}", overlapping=True
            )
            # Each pattern once: a frequent word stands in an abstract many times.
            for pattern in {pattern for pattern, first, _last in found if first < cut}:
                has.update(self._in_title[pattern])
            for pattern in {pattern for pattern, first, _last in found if first >= cut}:
                has.update(self._in_abstract[pattern])
        named = self._by_name(record)
        has.update(number for number, _span in named)
        return _Reading(record, has, found, cut, named)

    def _by_name(self, record: Record) -> list[tuple[int, Span]]:
        found: list[tuple[int, Span]] = []
        if self._categories:
            for place, code in enumerate(record.categories):
                span = {"field": "categories", "start": place, "end": place + 1}
                for form in (code, f"{code.partition('.')[0]}.*"):
                    if (number := self._categories.get(form)) is not None:
                        found.append((number, span))
        if self._names or self._starts:
            for place, author in enumerate(record.authors):
                name = names.words(author)
                span = {"field": "authors", "start": place, "end": place + 1}
                for word in dict.fromkeys(name):
                    for number, term in (*self._names.get(word, ()), *self._starts.get(word[:3], ())):
                        if names.meant(term.form, name, term.prefix):
                            found.append((number, span))
        return found

    def _places(self, reading: _Reading, asked: set[int]) -> dict[int, list[Span]]:
        """By term, where it stands; of those that are asked for."""
        places: dict[int, list[Span]] = {}
        title, abstract = Places(reading.record.title), Places(reading.record.abstract)
        cut = reading.cut
        for pattern, first, last in reading.found:
            there = (self._in_title if first < cut else self._in_abstract)[pattern]
            if not (numbers := [number for number in there if number in asked]):
                continue
            if first < cut:
                field, (start, end) = "title", title.span(first, last)
            else:
                field, (start, end) = "abstract", abstract.span(first - cut - 1, last - cut - 1)
            span = {"field": field, "start": start, "end": end}
            for number in numbers:
                places.setdefault(number, []).append(span)
        for number, span in reading.named:
            if span not in (known := places.setdefault(number, [])):
                known.append(span)
        return places


class Places:
    """Finds in a text what stands somewhere in its row of words."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._before: list[int] = []

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The stretch of the text that `first`:`last` of its row is; half a word counts as the whole."""
        if not self._before:
            self._words = words_of(self._text)
            position = 0
            for word in self._words:
                self._before.append(position)
                position += len(word.text) + 1
        left = bisect_left(self._before, first)
        right = bisect_left(self._before, last - 1) - 1
        return self._words[left].start, self._words[right].end


def satisfies(node: Node, has: Callable[[Term], bool]) -> bool:
    """Whether a rule is true where `has` says what is there: the plain way, for one rule."""
    if isinstance(node, Term):
        return has(node)
    if isinstance(node, Not):
        return not satisfies(node.of, has)
    told = (satisfies(part, has) for part in node.parts)
    return all(told) if isinstance(node, And) else any(told)
