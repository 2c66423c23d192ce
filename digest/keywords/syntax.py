"""The language of rules: what is typed becomes a tree, or an error that says where and what to do.

    rule  = any {OR any}
    any   = one {[AND | ANDNOT] one}
    one   = (NOT | -) one | field: one | "(" rule ")" | "phrase" | word

Words side by side are one phrase as long as nothing of this stands among them; else each is to be there.
"""

import re
import unicodedata
from difflib import get_close_matches

from digest import taxonomy
from digest.keywords import names
from digest.keywords.phrases import LONGEST, KeywordError
from digest.keywords.phrases import canonical as phrase
from digest.keywords.tokens import TWINS, Token, plain, tokens_of
from digest.keywords.trees import FIELDS, And, Node, Not, Or, Term, anchors, tidy, written
from digest.wording import gettext_noop

LONGEST_RULE = 1000
"""Characters that a rule may have; a phrase alone has at most `LONGEST`."""
LARGEST = 2000
"""Bytes of a rule's canonical form: PostgreSQL's index takes 2,704."""
MOST_TERMS = 60
DEEPEST = 12
PREFIX = 3
"""Letters before a `*`."""
_ALIASES = {"title": "ti", "abstract": "abs", "author": "au", "category": "cat"}
_BARE = re.compile(r'[A-Z"():*\-\\]')


def parse(text: str) -> Node:
    """The rule that somebody typed, tidy. Raises KeywordError."""
    text = unicodedata.normalize("NFC", text)
    shown = text.translate(TWINS)
    if len(text) > LONGEST_RULE:
        _too_long(text, shown)
    for place, sign in enumerate(text):
        if unicodedata.category(sign) == "Cc" and not sign.isspace():
            raise KeywordError(gettext_noop("A keyword has no control characters.")).at(text, place)
    tokens = tokens_of(shown, text)
    if plain(tokens):
        return Term("", _phrase(text, 0, text))
    node = tidy(_Parser(tokens, text).rule())
    if anchors(node) is None:
        place = next((t.start for t in tokens if t.kind == "minus" or t.text in ("NOT", "ANDNOT")), 0)
        words = gettext_noop(
            "This would bring nearly every paper: say what has to be there, not only what must not: “robot -survey”."
        )
        raise KeywordError(words).at(text, place)
    return node


def canonical(text: str) -> str:
    """The form in which equal rules are equal: `Robot AND "Vision-Language"` is `"vision language" AND robot`.

    Raises KeywordError.
    """
    form = written(parse(text))
    if len(form.encode()) > LARGEST:
        raise KeywordError(gettext_noop("This rule is too long when it is written out; make two of it."))
    return form


def stored(form: str) -> Node:
    """The rule of a canonical form. One that is no rule was a phrase before there were rules, and is one still."""
    if not _BARE.search(form):
        return Term("", form)
    try:
        return parse(form)
    except KeywordError:
        return Term("", form)


def _too_long(text: str, shown: str) -> None:
    values = {"n": f"{len(text):,}", "start": text[:40].strip()}
    if re.search(r'["()*]|\b(?:AND|OR|NOT|ANDNOT)\b|\w:\S', shown[:LONGEST_RULE]):
        words = gettext_noop(
            "A rule has at most %(most)d characters; this one has %(n)s. It begins “%(start)s…”."
        )
        raise KeywordError(words, most=LONGEST_RULE, **values)
    words = gettext_noop(
        "A keyword has at most %(most)d characters; this one has %(n)s. It begins “%(start)s…”."
    )
    raise KeywordError(words, most=LONGEST, **values)


def _phrase(words: str, start: int, text: str) -> str:
    """The folded words of a phrase; quotes are none."""
    try:
        form = phrase(words)
        if '"' in form or words.translate(TWINS) != words:
            kept = " ".join(word for word in form.translate(TWINS).split() if word != '"')
            form = phrase(kept)
    except KeywordError as error:
        if start or words != text:
            raise KeywordError(error.words, **error.values).at(text, start) from error
        raise
    return form


class _Parser:
    """Goes through the tokens once, from left to right."""

    def __init__(self, tokens: list[Token], text: str) -> None:
        self._tokens, self._text = tokens, text
        self._at = self._terms = self._depth = 0

    def rule(self) -> Node:
        node = self._any("")
        if token := self._next():
            raise self._error(
                gettext_noop("This parenthesis closes nothing: take it away, or open one."), token
            )
        return node

    def _next(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _error(self, words: str, token: Token | None, **values: object) -> KeywordError:
        place = len(self._text.rstrip()) if token is None else token.start
        return KeywordError(words, **values).at(self._text, place)

    def _any(self, field: str) -> Node:
        parts = [self._all(field)]
        while (token := self._next()) and token.text == "OR" and token.kind == "operator":
            self._at += 1
            parts.append(self._all(field, token))
        return Or(tuple(parts)) if len(parts) > 1 else parts[0]

    def _all(self, field: str, after: Token | None = None) -> Node:
        parts = [self._one(field, after)]
        while (token := self._next()) and token.kind != "close" and token.text != "OR":
            if token.kind == "operator" and token.text in ("AND", "ANDNOT"):
                self._at += 1
                one = self._one(field, token)
                parts.append(Not(one) if token.text == "ANDNOT" else one)
            else:
                parts.append(self._one(field, None))
        return And(tuple(parts)) if len(parts) > 1 else parts[0]

    def _one(self, field: str, after: Token | None) -> Node:
        """One thing that is to be there; `after` is the sign or word that wants it."""
        token = self._next()
        negates = token and (token.kind == "minus" or (token.kind == "operator" and token.text == "NOT"))
        if token is None or token.kind == "close" or (token.kind == "operator" and not negates):
            raise self._nothing(token, after)
        self._at += 1
        self._deeper(token)
        try:
            if negates:
                return Not(self._one(field, token))
            if token.kind == "open":
                return self._group(field, token)
            if token.kind == "field":
                return self._one(self._field(field, token), token)
            return self._term(field, token)
        finally:
            self._depth -= 1

    def _deeper(self, token: Token) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            words = gettext_noop("Here are more than %(most)d things one in another: make the rule simpler.")
            raise self._error(words, token, most=DEEPEST)

    def _nothing(self, token: Token | None, after: Token | None) -> KeywordError:
        if after and after.kind == "field":
            words = gettext_noop("Nothing stands after “%(sign)s”: write what to look for right behind it.")
            return self._error(words, after, sign=after.text)
        if after and after.kind != "open":
            words = gettext_noop(
                "Something is missing after “%(sign)s”. To look for the word itself, put it in quotes."
            )
            return self._error(words, after, sign=after.text)
        if token and token.kind == "operator":
            words = gettext_noop(
                "Something is missing before “%(sign)s”. To look for the word itself, put it in quotes."
            )
            return self._error(words, token, sign=token.text)
        if after:
            return self._error(gettext_noop("There is nothing in these parentheses."), after)
        return self._error(gettext_noop("This parenthesis closes nothing: take it away, or open one."), token)

    def _group(self, field: str, opening: Token) -> Node:
        token = self._next()
        if token and token.kind == "close":
            raise self._nothing(token, opening)
        if token is None:
            raise self._unclosed(opening)
        node = self._any(field)
        if not self._next():
            raise self._unclosed(opening)
        self._at += 1
        return node

    def _unclosed(self, opening: Token) -> KeywordError:
        return self._error(gettext_noop("This parenthesis is not closed: put a ) where it ends."), opening)

    def _field(self, outer: str, token: Token) -> str:
        name = token.text[:-1].lower()
        name = _ALIASES.get(name, name)
        if name not in FIELDS:
            near = get_close_matches(name, [*FIELDS, *_ALIASES], 1, 0.5)
            words = (
                gettext_noop("There is no field “%(name)s”. Did you mean “%(near)s:”? (ti, abs, au, cat, all)")
                if near
                else gettext_noop("There is no field “%(name)s” (ti, abs, au, cat, all). As words: in quotes.")
            )  # fmt: skip
            raise self._error(words, token, name=token.text[:-1], near=near[0] if near else "")
        if outer:
            words = gettext_noop(
                "A field can't stand inside another: write “%(name)s:” outside of “%(outer)s:(…)”."
            )
            raise self._error(words, token, name=name, outer=outer)
        return name

    def _term(self, field: str, token: Token) -> Term:
        self._terms += 1
        if self._terms > MOST_TERMS:
            words = gettext_noop("A rule has at most %(most)d words and phrases; make two of it.")
            raise self._error(words, token, most=MOST_TERMS)
        if not token.text.strip():
            raise self._error(gettext_noop("There is nothing between these quotes."), token)
        if field == "cat":
            return Term("cat", self._category(token))
        words, prefix = self._starred(token)
        if field == "au":
            try:
                return Term("au", names.form(words), prefix)
            except names.UnnamedError as error:
                raise self._error(error.words, token, **error.values) from error
        return Term(field, _phrase(words, token.start, self._text), prefix)

    def _starred(self, token: Token) -> tuple[str, bool]:
        """A word or phrase without the * behind it, and whether its last word may go on."""
        words = token.text.rstrip() if token.kind == "phrase" else token.text
        if not words.translate(TWINS).endswith("*"):
            return token.text, False
        last = re.search(r"\w*$", words[:-1])
        letters = len(last[0]) if last else 0
        if letters >= PREFIX:
            return words[:-1], True
        if token.kind == "phrase" and words.translate(TWINS).strip("* "):
            return words, False  # "C*", "A*": a sign as any other
        told = gettext_noop(
            "A * needs at least %(least)d letters before it: “transform*”. As a sign it needs quotes."
        )
        raise self._error(told, token, least=PREFIX)

    def _category(self, token: Token) -> str:
        code = token.text.strip().translate(TWINS)
        archive = code.removesuffix(".*").removesuffix("*").removesuffix(".").lower()
        if found := _archives().get(archive):
            return found
        try:
            return taxonomy.find(code).code
        except taxonomy.UnknownCategoryError as error:
            raise self._error(error.words, token, **error.values) from error


def _archives() -> dict[str, str]:
    """By archive: the form of all its categories, where it has more than the one that is called as it is."""
    inside = {c.archive for c in taxonomy.categories().values() if c.code != c.archive}
    return {archive.lower(): f"{archive}.*" for archive in inside}
