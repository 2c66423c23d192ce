r"""Whether two of arXiv's sources say the same text in their own ways.

RSS and OAI-PMH give what the authors typed (`Schr\"odinger`, `$\alpha$`), wrapped or not; the API puts Greek
letters for their macros, and since 2025 swallows the blank behind (`$α\in X$`); pages put accents, and an
`http://` before addresses that have none. So all of it is brought to one form that nobody reads.
"""

import html
import re
import unicodedata

from digest.tex import accents

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon "
    "phi chi psi omega".split()
)


def _letter(size: str, name: str) -> str:
    return unicodedata.lookup(f"GREEK {size} LETTER {name.replace('lambda', 'lamda').upper()}")


_SIGNS = {name: _letter("SMALL", name) for name in _GREEK}
_SIGNS |= {name.capitalize(): _letter("CAPITAL", name) for name in _GREEK}
_SIGNS |= {f"var{name}": _SIGNS[name] for name in ("epsilon", "theta", "pi", "rho", "phi")}
_SIGNS |= dict.fromkeys(["ldots", "dots", "textellipsis"], "...")
_SIGNS |= {"textquoteright": "'", "textquotedblleft": '"', "textquotedblright": '"'}
_SIGNS |= {
    "textendash": "-",
    "textemdash": "-",
    "textasciitilde": "",
    "textbackslash": "",
    "textunderscore": "_",
}
_SIGNS |= {"textless": "<", "textgreater": ">"}
_FONTS = "emph|text(?:bf|it|tt|sc|rm|sf|sl|up|normal)?|math(?:rm|bf|it|sf|tt|cal|bb|frak)"
_MACRO = re.compile(rf"\\(?P<font>(?:{_FONTS})(?![A-Za-z]))|\\(?P<name>[A-Za-z]+)")
_SCHEME = re.compile(r"(?:https?|ftp)://", re.IGNORECASE)
_QUOTES = [
    (re.compile(r"``|''|[“”„‟«»″]"), '"'),
    (re.compile(r"[`´‘’‚‛′]"), "'"),
    (re.compile(r"-{2,3}|[‐‑‒–—―−]"), "-"),
]
_SILENT = re.compile(r"[\s~{}$\\\u200b\u00ad]+")
_THIS_URL = re.compile(r"this (?:https?|ftp) URL")
_BETWEEN = re.compile(r"[\s{}]+")
_LIKE_ADDRESS = re.compile(r"[^.]+\.[^.].*")
_ADDRESS = "\ue000"
"""Stands for `this https URL`."""


def same_text(one: str, other: str) -> bool:
    """Whether these titles or abstracts differ in nothing but the sources' ways.

    White space counts for nothing, so an edit of it alone (`in to`, `into`) is none; any other is.
    """
    if one == other or _form(one) == _form(other):
        return True
    return _same_but_for_addresses(one, other)


def _form(text: str) -> str:
    text = _MACRO.sub(_sign, _SCHEME.sub("", accents(html.unescape(text))))
    for pattern, plain in _QUOTES:  # before NFKC, which takes ´ for a blank with an accent
        text = pattern.sub(plain, text)
    return _SILENT.sub("", unicodedata.normalize("NFKC", text))


def _sign(found: re.Match[str]) -> str:
    return "" if found["font"] else _SIGNS.get(found["name"], found["name"])


def _same_but_for_addresses(one: str, other: str) -> bool:
    """Word by word, where a text has lost its links: `this https URL` is any one address."""
    words, others = (
        _BETWEEN.split(accents(html.unescape(_THIS_URL.sub(_ADDRESS, text)))) for text in (one, other)
    )
    if not any(_ADDRESS in word for word in (*words, *others)) or len(words) != len(others):
        return False
    return all(_same_word(_form(word), _form(its)) for word, its in zip(words, others, strict=True))


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    if _ADDRESS in other:
        one, other = other, one
    first, *rest = one.split(_ADDRESS)
    if not rest or not other.startswith(first):
        return False
    place = len(first)
    for part in rest[:-1]:
        end = other.find(part, place + 1) if part else -1
        if end < 0 or not _LIKE_ADDRESS.fullmatch(other, place, end):
            return False
        place = end + len(part)
    end = len(other) - len(rest[-1])
    return other.endswith(rest[-1]) and bool(_LIKE_ADDRESS.fullmatch(other, place, max(place, end)))
