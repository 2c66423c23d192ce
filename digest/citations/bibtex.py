r"""BibTeX, in UTF-8 (as biber, and every BibTeX of today with `\usepackage[utf8]{inputenc}`, reads it).

What comes from arXiv is text: signs that TeX would act on are escaped, formulas stay TeX. No value has a brace that is
not closed, an escaped one neither (BibTeX counts `\{`), and no bare `@`, at which some readers begin a new entry.
"""

import re
from collections.abc import Sequence

from digest import tex
from digest.citations.cited import Cited, keys
from digest.citations.names import CONTROLS, Name

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_SIGNS = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_", "$": r"\$", "@": "{@}",
    "\u00a0": "~",
}  # fmt: skip
_SPECIAL = re.compile(f"[{re.escape(''.join(_SIGNS))}]")
_TOKENS = re.compile(r"\\.|[^\\]", re.DOTALL)
_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_DELIMITERS = [("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]")]
_IN_MATH = {r"\{": r"\lbrace ", r"\}": r"\rbrace ", "%": r"\%", "#": r"\#", "@": "{@}"}


def as_bibtex(cited: Sequence[Cited]) -> str:
    """One `@misc` for each paper, the way arXiv cites itself."""
    return "\n".join(_entry(one, key) for one, key in zip(cited, keys(cited), strict=True))


def _entry(cited: Cited, key: str) -> str:
    issued, paper = cited.issued, cited.paper
    fields = {
        "title": _braced(title(tex.readable(paper.title)) or text(cited.number)),
        "author": _braced(" and ".join(_author(name) for name in cited.names)),
        "year": _braced(str(issued.year)),
        "month": _MONTHS[issued.month - 1] if 1 <= issued.month <= 12 else "",
        "eprint": _braced(paper.arxiv_id),
        "archivePrefix": _braced("arXiv"),
        "primaryClass": _braced(text(paper.categories[0]) if paper.categories else ""),
        "version": _braced(str(paper.version)),
        "doi": _braced(cited.published_doi),  # verbatim for biblatex: nothing is escaped in it
        "url": _braced(paper.abs_url),
        "note": _braced(text(". ".join(cited.remarks))),
        "keywords": _braced(", ".join(_keyword(keyword) for keyword in paper.keywords)),
        "abstract": _braced(text(tex.readable(paper.abstract))),
    }
    lines = [f"  {name} = {value}," for name, value in fields.items() if value not in ("", "{}")]
    return "\n".join([f"@misc{{{key},", *lines, "}", ""])


def _braced(value: str) -> str:
    return f"{{{value}}}"


def _author(name: Name) -> str:
    if name.literal:
        return _braced(text(name.literal))
    parts = (name.family, name.suffix, name.given) if name.suffix else (name.family, name.given)
    return ", ".join(text(part) for part in parts)


def _keyword(label: str) -> str:
    return _braced(text(label)) if "," in label else text(label)


def text(value: str) -> str:
    """A readable text (`tex.readable`) as TeX: signs escaped, formulas as they are."""
    masked, held = _apart(value)
    return tex.unmask(_escaped(masked), [_math(span) or _escaped(span) for span in held])


def title(value: str) -> str:
    """The same, with braces around what a style must not make lower case: formulas, acronyms, and the names in a
    title whose other words have no capitals."""
    masked, held = _apart(value)
    words = list(_WORD.finditer(masked))
    sentence = _is_sentence([word[0] for word in words[1:]])
    pieces, position = [], 0
    for word in words:
        begins = word is words[0]
        keep = _is_acronym(word[0], begins) or (sentence and not begins and word[0][0].isupper())
        pieces += [_escaped(masked[position : word.start()]), _braced(word[0]) if keep else word[0]]
        position = word.end()
    formulas = [_braced(math) if (math := _math(span)) else _escaped(span) for span in held]
    return tex.unmask("".join([*pieces, _escaped(masked[position:])]), formulas)


def _apart(value: str) -> tuple[str, list[str]]:
    value = CONTROLS.sub("", value)
    return tex.mask(value, [span for span in tex.spans(value) if span.kind == "math"])


def _is_sentence(words: list[str]) -> bool:
    """Whether a title has capitals where prose has them, and not at every word."""
    long = [word for word in words if len(word) > 3 and word[0].isalpha()]
    small = sum(word[0].islower() for word in long)
    return 0 < small >= len(long) / 2


def _is_acronym(word: str, begins: bool) -> bool:
    """GPT, LoRA, pH, and single letters (Q-learning), less the articles A and I."""
    if len(word) == 1:
        return word.isupper() and word not in ("A", "I") and not begins
    return any(sign.isupper() for sign in word[1:])


def _escaped(prose: str) -> str:
    return _SPECIAL.sub(lambda found: _SIGNS[found[0]], prose)


def _math(span: str) -> str:
    r"""A formula between dollars; empty where it is none, or would not stay one: an unclosed brace, a dollar in it.
    `\{` is written as `\lbrace`, which is the same to TeX and not to BibTeX."""
    for opening, closing in _DELIMITERS:
        if span.startswith(opening) and span.endswith(closing) and len(span) > len(opening) + len(closing):
            span = span[len(opening) : -len(closing)]
            break
    else:
        if not span.startswith("\\begin{"):
            return ""
    tokens = _TOKENS.findall(span)
    if "".join(tokens) != span or "$" in tokens or not _is_balanced(tokens):
        return ""
    return f"${''.join(_IN_MATH.get(token, token) for token in tokens)}$"


def _is_balanced(tokens: list[str]) -> bool:
    depth = 0
    for token in tokens:
        depth += (token == "{") - (token == "}")
        if depth < 0:
            return False
    return depth == 0
