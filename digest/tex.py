r"""TeX in arXiv's metadata: which spans are formulas, and how the prose around them reads.

arXiv's titles and abstracts are ASCII with raw TeX (`Schr\"odinger`, `\emph{all}`, `50\%`, `$a<b$`).
Formulas are never touched: they are found (`spans`), hidden (`mask`) and brought back (`unmask`).
"""

import re
import unicodedata
from bisect import bisect_left
from typing import Literal, NamedTuple

Kind = Literal["math", "url", "code"]


class Span(NamedTuple):
    """A stretch of text that must stay as it is; `start` and `end` are code point offsets."""

    start: int
    end: int
    kind: Kind


_REACH = 2000
"""The longest formula, in characters. What opens one and does not close it within reach opens nothing, so a
text of openers costs no more than its length; arXiv's longest abstract has 3,247 characters."""
_ENVIRONMENTS = "equation|align|gather|multline|eqnarray|displaymath|math|array|cases|[a-z]{0,9}matrix"
_URL = "[!#-;=?-Z_a-z~]"  # ASCII, since Chinese follows an address without a space; less what ends one in TeX
_OPENER = re.compile(
    rf"""
      (?P<dollar>\$)
    | \\(?P<bracket>[(\[])
    | \\begin\{{(?P<name>(?:{_ENVIRONMENTS})\*?)\}}
    | (?P<url>(?<![A-Za-z0-9_])(?:(?:https?|ftp)://|www\.){_URL}+)
    | \\.
    """,
    re.VERBOSE | re.DOTALL,
)
_TO_DOLLAR = re.compile(r"(?:[^$\\]|\\.)++", re.DOTALL)
_CLOSING = {"(": r"\)", "[": r"\]"}
_LOOKS_LIKE_MATH = re.compile(r"[\\^_=<>{}|+*/]|^\s*[A-Za-z]'?\s*$")
_SPACED = re.compile(r"\s*[A-Za-z](?:[\w(),;'. -]*[\w)'])?\s*")  # `$ SE(3) $`, `$t, n $`
_PRICE = re.compile(r"\d[\d,.]*(?:[kKMB]|\s+(?:million|billion))?(?:/[a-z]{2,})?[,;.]?\s+[a-z]{2,}")


def spans(text: str) -> list[Span]:
    r"""The formulas and addresses of a text, in order, none inside another.

    A `$` that is a price opens nothing: like MathJax on arXiv's own pages we take `$…$`, but only
    where the content hugs both dollars and no digit follows (Pandoc's rule), or looks like TeX.
    """
    found: list[Span] = []
    if not any(sign in text for sign in ("$", "\\", "://", "www.")):  # most have none
        return found
    position = 0
    while opener := _OPENER.search(text, position):
        start = opener.start()
        if opener["url"]:
            found.append(Span(start, start + len(_trim_url(opener["url"])), "url"))
        elif end := _end_of_formula(text, opener):
            found.append(Span(start, end, "math"))
        else:  # the next sign may open; behind a backslash it can't
            position = start + (1 if opener["dollar"] else 2)
            continue
        position = found[-1].end
    return found


def _end_of_formula(text: str, opener: re.Match[str]) -> int:
    """Where the formula ends that begins here; 0 where none does."""
    if opener["dollar"]:
        return _end_of_dollars(text, opener.start())
    if not opener["bracket"] and not opener["name"]:
        return 0
    closing = _CLOSING[opener["bracket"]] if opener["bracket"] else f"\\end{{{opener['name']}}}"
    found = text.find(closing, opener.end() + bool(opener["bracket"]), opener.end() + _REACH)
    return found + len(closing) if found >= 0 else 0


def _end_of_dollars(text: str, start: int) -> int:
    width = 2 if text.startswith("$$", start) else 1
    content = _TO_DOLLAR.match(text, start + width, start + width + _REACH)
    if not content or not text.startswith("$" * width, content.end()):
        return 0
    end = content.end() + width
    return end if width == 2 or _is_math(content[0], text[end : end + 1]) else 0


def _is_math(content: str, after: str) -> bool:
    if _PRICE.match(content) and not re.search(r"[\\^_=]", content):
        return False
    bare = re.sub(r"\\[A-Za-z]+", "", content)
    if len(re.findall(r"\b[a-z]{3,}\b", bare)) > 6:
        return False
    if re.fullmatch(r"[^\w\s]+", content):  # `0.5$-$10`
        return True
    hugged = not content[0].isspace() and not content[-1].isspace() and not after.isdigit()
    spaced = _SPACED.fullmatch(content) and not re.search(r"\b[a-z]{2,}\b", content) and not after.isalnum()
    return hugged or bool(spaced or _LOOKS_LIKE_MATH.search(content))


def _trim_url(url: str) -> str:
    """Leave the sentence its full stop, and the brackets that opened before the address."""
    while True:
        shorter = url.rstrip(".,;:!?'*")
        unopened = shorter.count(")") - shorter.count("(")
        closers = len(shorter) - len(shorter.rstrip(")"))
        if unopened <= 0 or not closers:
            return shorter
        url = shorter[: -min(unopened, closers)]


# Masks are single characters of the private use plane 15: no arXiv text has them, and one that
# does is masked itself, so that unmask(mask(text)) is the text whatever the text is.
_MASK_BASE = 0xF0000
MASKED = re.compile("[\U000f0000-\U000ffffd]")


def mask(text: str, held: list[Span]) -> tuple[str, list[str]]:
    """Replace each span by one private-use character; returns the text and what was held."""
    own = [Span(m.start(), m.end(), "code") for m in MASKED.finditer(text)]
    covered = apart(held, own)
    pieces: list[str] = []
    kept: list[str] = []
    position = 0
    for span in covered:
        pieces += [text[position : span.start], chr(_MASK_BASE + len(kept))]
        kept.append(text[span.start : span.end])
        position = span.end
    return "".join([*pieces, text[position:]]), kept


def apart(firm: list[Span], others: list[Span]) -> list[Span]:
    """Spans in order, none touching another: the firm ones, and of the others the first that fit."""
    firm, kept, position = sorted(firm), [], 0
    starts = [span.start for span in firm]
    for span in sorted(others):
        after = bisect_left(starts, span.end)
        if span.start >= max(position, firm[after - 1].end if after else 0):
            kept.append(span)
            position = span.end
    return sorted([*firm, *kept])


def unmask(text: str, held: list[str]) -> str:
    """Bring back what `mask` held."""
    return MASKED.sub(lambda m: held[ord(m[0]) - _MASK_BASE], text)


_COMBINING = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328",
    "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø",
    "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "th": "þ", "TH": "Þ", "dh": "ð", "DH": "Ð",
    "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
}  # fmt: skip
_LETTER = r"(?:ss|ae|AE|oe|OE|aa|AA|th|TH|dh|DH|dj|DJ|ng|NG|o|O|l|L|i|j)"
ACCENT = re.compile(
    rf"""\{{?\\(?:
        (?P<mark>['`^"~=.])\s*(?:\{{\s*(?P<m1>\\?[^\W\d_])\s*\}}|(?P<m2>\\[ij](?![A-Za-z])|[^\W\d_]))
      | (?P<word>[uvHckrdb])(?:\s*\{{\s*(?P<w1>\\?[A-Za-z])\s*\}}|\s+(?P<w2>\\[ij](?![A-Za-z])|[A-Za-z]))
      | (?P<letter>{_LETTER})(?![A-Za-z])(?:\{{\}}|\s+(?=[a-z]))?
    )""",
    re.VERBOSE,
)


def accent(match: re.Match[str]) -> str:
    """The character that a match of ACCENT stands for, without the brace that may open it."""
    if match["letter"]:
        return _LETTERS[match["letter"]]
    base = match["m1"] or match["m2"] or match["w1"] or match["w2"]
    base = {"\\i": "i", "\\j": "j"}.get(base, base.lstrip("\\"))
    return unicodedata.normalize("NFC", base + _COMBINING[match["mark"] or match["word"]])


def accents(text: str) -> str:
    r"""TeX accents and letters as Unicode: `Mih\u{a}i\c{t}\u{a}` is Mihăiţă, `{\O}rsted` Ørsted."""
    once = _accents(text)
    return once if once == text else _accents(once)  # Tu\\'\\^an: one accent on another


def _accents(text: str) -> str:
    out, position = [], 0
    while match := ACCENT.search(text, position):
        out.append(text[position : match.start()])
        position = match.end()
        if match[0].startswith("{") and text[position : position + 1] == "}":
            position += 1  # {\'e}: both braces go
        elif match[0].startswith("{"):
            out.append("{")
        out.append(accent(match))
    return unicodedata.normalize("NFC", "".join([*out, text[position:]]))


_SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "deg": "°", "degree": "°", "pm": "±", "times": "×",
    "to": "→", "rightarrow": "→", "infty": "∞", "approx": "≈", "sim": "∼", "le": "≤", "leq": "≤", "ge": "≥",
    "geq": "≥", "in": "∈", "cdot": "·", "propto": "∝", "odot": "⊙", "S": "§", "ldots": "…", "dots": "…",
    "textellipsis": "…", "textless": "<", "textgreater": ">", "textendash": "–", "textemdash": "—",
    "eg": "e.g.", "ie": "i.e.", "etal": "et al.",
}  # fmt: skip
r"""What authors write outside of dollars, mostly as `{\Delta}` or `13.5\to63.4`, and mean as a sign."""
_SIGN = re.compile(rf"\{{\\({'|'.join(_SIGNS)})\}}|\\({'|'.join(_SIGNS)})(?![A-Za-z])(?:\{{\}})?")
_TORN = re.compile(r"\\(?:b\{eta\}|t\{heta\}|t\{au\}|d\{elta\}|c\{hi\}|r\{ho\}|k\{appa\}|u\{psilon\})")
r"""Greek that arXiv's form took for an accent: `\b{eta}-cells`."""
_FONTS = "it|bf|em|tt|sc|rm|sf|sl|itshape|bfseries|ttfamily|small|footnotesize|normalsize|large|color"
_MACROS = [
    re.compile(r"\\href\s*\{[^{}]*\}\s*\{([^{}]*)\}"),
    re.compile(r"\\(?:text)?color\s*\{[^{}]*\}\s*\{([^{}]*)\}"),
    re.compile(
        r"\\(?:emph|text(?:bf|it|tt|sc|rm|sf|sl|up|md|normal)?|u?underline|uline|mbox|mathrm|bold|url|ac[sflp]?"
        r"|[gG]ls(?:pl)?)\s*\{([^{}]*)\}"
    ),
    re.compile(rf"\{{\s*\\(?:{_FONTS})\b(?:\{{[^{{}}]*\}})?\s*+([^{{}}]*)\}}"),
    re.compile(
        r"\\(?!footnote|cite|ref|begin|end)[A-Za-z]+\{((?:[^\s{}]+\s+){4}[^{}]*)\}"
    ),  # \new{four words …}
]
_NESTED = 4  # `{\color{blue}\textbf{\emph{here}}}`
_WORDS_AS_MATH = re.compile(r"\A\$\s*\\text(?:bf|it|tt|sc|rm|sf|normal)?\s*\{([^{}$\\]*)\}\s*\$\Z")
_PLAIN = [
    (re.compile(r" ?\\footnote\{([^{}]*)\}"), r" (\1)"),
    (re.compile(r"(?<=\d)\{,\}(?=\d)"), ","),
    (re.compile(r"\\([%&#_${}])"), r"\1"),
    (re.compile(r"\\(?:,|;|:|!| |quad\b|qquad\b|newline\b|noindent\b|/|\\)"), " "),
    (re.compile(r"(?<=\S)~(?=\S)"), "\u00a0"),
    (re.compile(r"(?<![-!<])---(?![->])"), "—"),
    (re.compile(r"(?<![-!<])--(?![->])"), "–"),
    (re.compile(r"``"), "“"),
    (re.compile(r"(?<=\S)''"), "”"),
]
_TEX = re.compile(r"[\\$~`{]|''|--")
"""Without any of these nothing is to be resolved."""


def readable(text: str) -> str:
    r"""A title or abstract as a person reads it: accents, text macros and escapes resolved.

    Formulas and addresses stay as they are, but on one line, and words that stand in dollars only to
    be bold (`$\textbf{First}$`) are words. Other line breaks stay: they part paragraphs.
    """
    if not _TEX.search(text):  # as most titles are
        return re.sub(r"[ \t]{2,}", " ", unicodedata.normalize("NFC", text)).strip()
    masked, held = mask(text, spans(text))
    masked = accents(_TORN.sub(lambda found: _SIGNS[re.sub(r"\W", "", found[0])], masked))
    masked = _SIGN.sub(_sign, masked)
    for _ in range(_NESTED):
        before = masked
        for macro in _MACROS:
            masked = macro.sub(r"\1", masked)
        if masked == before:
            break
    for pattern, plain in _PLAIN:
        masked = pattern.sub(plain, masked)
    masked = re.sub(r"[ \t]{2,}", " ", masked).strip()
    return unmask(masked, [_WORDS_AS_MATH.sub(r"\1", re.sub(r"\s*\n\s*", " ", span)) for span in held])


def _sign(found: re.Match[str]) -> str:
    sign = _SIGNS[found[1] or found[2]]
    return sign[:-1] if sign.endswith(".") and found.string[found.end() : found.end() + 1] == "." else sign
