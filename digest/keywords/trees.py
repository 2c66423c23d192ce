"""A rule as a tree, and the one way in which equal rules are written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FIELDS = ("ti", "abs", "au", "cat", "all")
_ALONE = re.compile(r"[\w.\-]+")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand in a field; without a field, in the title or the abstract.

    `form` is folded: words (`diffusion policy`), of an author what digest.keywords.names makes of it, of a category
    its code or all codes of its archive (`cs.*`). `prefix`: the last word may go on.
    """

    field: str
    form: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    of: "Node"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Node", ...]


Node = Term | Not | And | Or


def tidy(node: Node) -> Node:
    """The same rule without needless parentheses and doubles, its parts in one order."""
    if isinstance(node, Term):
        return node
    if isinstance(node, Not):
        inner = tidy(node.of)
        return inner.of if isinstance(inner, Not) else Not(inner)
    kind = type(node)
    flat: list[Node] = []
    for part in map(tidy, node.parts):
        flat += part.parts if isinstance(part, kind) else (part,)
    parts = sorted(set(flat), key=lambda part: (isinstance(part, Not), _part(part, kind)))
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


def written(node: Node) -> str:
    """A tidy rule as text; read again it is the same rule. A phrase alone is its words without quotes."""
    if isinstance(node, Term):
        return _term(node)
    if isinstance(node, Not):
        return f"NOT {_part(node.of, Not)}"
    word = " AND " if isinstance(node, And) else " OR "
    return word.join(_part(part, type(node)) for part in node.parts)


def _part(node: Node, within: type) -> str:
    if isinstance(node, Term):
        return _quoted(node)
    inner = written(node)
    return inner if isinstance(node, Not) and within is not Not else f"({inner})"


def _term(term: Term) -> str:
    from digest.keywords.tokens import is_plain

    if term.field or term.prefix or not is_plain(term.form):
        return _quoted(term)
    return term.form


def _quoted(term: Term) -> str:
    words = term.form + "*" * term.prefix
    if not _ALONE.fullmatch(term.form) and term.field != "cat":
        # A backslash before the closing quote would be read as TeX's accent.
        words = f'"{words} "' if words.endswith("\\") else f'"{words}"'
    return f"{term.field}:{words}" if term.field else words


def terms(node: Node) -> Iterator[Term]:
    """Every term, those that must not be there too."""
    if isinstance(node, Term):
        yield node
    elif isinstance(node, Not):
        yield from terms(node.of)
    else:
        for part in node.parts:
            yield from terms(part)


def wanted(node: Node, there: bool = True) -> Iterator[Term]:
    """The terms that speak for a paper: what is to be highlighted."""
    if isinstance(node, Term):
        if there:
            yield node
    elif isinstance(node, Not):
        yield from wanted(node.of, not there)
    else:
        for part in node.parts:
            yield from wanted(part, there)


def anchors(node: Node) -> tuple[Term, ...] | None:
    """Terms of which a paper that satisfies the rule has at least one, the rarest such set by a guess;
    None where it may have none of them, as with NOT alone."""
    if isinstance(node, Term):
        return (node,)
    if isinstance(node, Not):
        return _absent(node.of)
    found = [anchors(part) for part in node.parts]
    if isinstance(node, And):
        return min((f for f in found if f is not None), key=_commonness, default=None)
    if any(f is None for f in found):
        return None
    return tuple(dict.fromkeys(term for f in found if f for term in f))


def _absent(node: Node) -> tuple[Term, ...] | None:
    """The anchors of a rule's opposite."""
    if isinstance(node, Term):
        return None
    if isinstance(node, Not):
        return anchors(node.of)
    opposite = tuple(Not(part) for part in node.parts)
    return anchors(Or(opposite) if isinstance(node, And) else And(opposite))


def _commonness(of: tuple[Term, ...]) -> float:
    return sum(map(commonness, of))


def commonness(term: Term) -> float:
    """Papers of a thousand that a term brings, guessed: long and many words are rare, categories common."""
    if term.field == "cat":
        return 250 if term.form.endswith("*") else 30
    if term.field == "au":
        return 0.2 if "," in term.form else 2
    words = term.form.split()
    rarest = max(len(word) for word in words)
    guess: float = max(200 / 1.6**rarest, 0.5) / 6 ** (len(words) - 1)
    if term.prefix and len(words) == 1:
        guess *= 4
    return guess * {"ti": 0.3}.get(term.field, 1.0)
