"""Punctuation and spacing of the target language.

Engines answer with the marks of English: NLLB's SentencePiece normalises ，：；（） to ASCII before it learns, so
that its Chinese has ASCII commas (kizuna-ai-lab/sokuji#382, mozilla/translations#1360). Rules: GB/T 15834 for
Chinese marks, the Lexique de l'Imprimerie nationale for French, Unicode CLDR's quotation marks for the others.
Letters, digits, units and placeholders are never touched, and polishing twice is polishing once.
"""

import re
from bisect import bisect
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial

from digest.languages import Language
from worker.text.protection import ANGLE, Placeholder

THIN, NARROW, NO_BREAK = "\u2009", "\u202f", "\u00a0"
SPACING = {"none": "", "thin": THIN, "space": " "}
"""What may stand between Chinese or Japanese and Latin letters, digits or a formula."""

Rules = Callable[[str, str], str]
"""From a text whose protected spans are markers, and a value of SPACING, to the text as it is printed."""

_GAPS = f" \t{NO_BREAK}{THIN}{NARROW}\u3000"
_GAP = f"[{_GAPS}]"
_EAST = (
    "\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
_ARABIC = (
    "\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06ed\u06fa-\u06ff\u0750-\u077f\u0870-\u08ff"
    "\ufb50-\ufdff\ufe70-\ufefc"
)
_WORD = "A-Za-z0-9\u00c0-\u024f\u0370-\u03ff\ue000\ue001"
"""What a full-width mark does not touch: letters, digits, and what is held."""
_OWN = {"Hans": _EAST, "Hant": _EAST, "Jpan": _EAST, "Latn": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
        "Cyrl": "\u0400-\u052f", "Arab": _ARABIC}  # fmt: skip
_NOT_LATIN = "\u0370-\u1dff\u2c00-\u2dff\u3041-\ud7ff\uf900-\ufdff\ufe70-\ufefc"

# --- what stays as it is ----------------------------------------------------------------------

_SPAN, _ABBREVIATION, _ITEM = "\ue000", "\ue001", "\ue002"
_HELD = "\ue000-\ue002"
_PROTECTED = r"""
      (?P<span>PLACEHOLDER
    | https?://[A-Za-z0-9!\#$%&*+./:=?@\\^_{|}~-]*[A-Za-z0-9/_=&\#%~+-]
    | (?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,}
    | `[^`\n]{1,200}`|&(?:[a-z]{2,8}|\#\d{1,6});|[\ue000-\uf8ff]+)
    | (?P<abbreviation>(?<![A-Za-z0-9])(?:(?:[A-Za-z]\.){2,}|(?:et[ ]al|etc)\.
    | (?:cf|vs|resp|approx|Figs?|Eqs?|Refs?|Sec|Tab|No|Drs?|Prof|Mr|Ms|Inc|Ltd|Corp|Jr|St)\.(?=.)))
    | (?P<item>(?:^|(?<=[;；:：。(（\n])|(?<=[;；:：。(（][ ]))(?:\d{1,2}|[A-Z])\.(?=[ ]))"""
_ROUNDS = 4


def polish(text: str, language: Language, *, spacing: str = "none", placeholder: Placeholder = ANGLE) -> str:
    """The text with the marks and spaces of its language; `spacing` is one of SPACING.

    A text without a letter of the language's script was left in English, and stays as it is; so does
    one that does not come to rest, which only nonsense does.
    """
    if not re.search(f"[{_OWN.get(language.script, _NOT_LATIN)}]", text):
        return text
    rules = _BY_LANGUAGE.get(language.code, _western)
    protected = _protected(placeholder.pattern)
    polished = text
    for _ in range(_ROUNDS):
        before, polished = polished, _once(polished, rules, SPACING[spacing], protected)
        if polished == before:
            return polished
    return text


@cache
def _protected(placeholder: str) -> re.Pattern[str]:
    return re.compile(_PROTECTED.replace("PLACEHOLDER", f"(?-x:{placeholder})"), re.VERBOSE)


def _once(text: str, rules: Rules, gap: str, protected: re.Pattern[str]) -> str:
    """Rules move nothing and lose no marker, so that what is held comes back in its order."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[0])
        if match["abbreviation"] is not None:
            return _ABBREVIATION
        return _SPAN if match["span"] is not None else _ITEM

    marked = protected.sub(hold, text)
    back = iter(held)
    return re.sub(f"[{_HELD}]", lambda _: next(back), rules(marked, gap))


def _quoted(text: str, opening: str, closing: str) -> str:
    """Pairs of " and “” in other marks; a " behind a digit may be inches, an odd one has no partner."""

    def quote(match: re.Match[str]) -> str:
        inches = match[0][0] == '"' and text[match.start() - 1 : match.start()].isdigit()
        return match[0] if inches else opening + match[1].strip(_GAPS) + closing

    if text.count('"') % 2 == 0:
        text = re.sub('"([^"\n]*)"', quote, text)
    return text if opening == "“" else re.sub("“([^“”„«»\n]*)”", quote, text)


# --- Chinese and Japanese ----------------------------------------------------------------------

_EASTERN = re.compile(f"[{_EAST}]")
_ENGLISH = re.compile("[a-z]{2,} [a-z]{2,}")
_PHRASE = re.compile("[A-Za-z]{3,}[ -][A-Za-z]{3,}")
_WORDS = re.compile(f"[{_WORD}]+")
_KIND = dict(zip("(（[{“「『《)）]}”」』》", "(([{“「『《" * 2, strict=True))
_OPENING = "(（[{“「『《"
_BRACKET = re.compile(r"[(（\[{“「『《)）\]}”」』》]")
_FULL = "，。；：？！（）、…「」『』《》〈〉【】"
_SINGLE = re.compile(rf"(?<![{_WORD}'])'([^'\s](?:[^'\n]{{0,80}}[^'\s])?)'(?![{_WORD}'])")
_ELLIPSIS = re.compile(
    rf"(?<=[{_EAST}）」』》]){_GAP}*(?:\.{{3,}}+|…++)|(?<![.…])(?:\.{{3,}}+|…++)(?={_GAP}*(?:[{_EAST}]|\Z))"
)
_DASH = re.compile(rf"(?<=[{_EAST}）”」』])(?:{_GAP}*—{{1,2}}{_GAP}*|{_GAP}+--?{_GAP}+)(?=[{_EAST}（“「『])")
_AROUND_QUOTES = re.compile(
    rf"(?<=[{_EAST}{_FULL}]){_GAP}+(?=[“‘])|(?<=[”’]){_GAP}+(?=[{_EAST}{_FULL}])|(?<=[“‘]){_GAP}+"
    rf"|(?<!{_GAP}){_GAP}+(?=”|“[{_EAST}])|(?<=[{_EAST}]”){_GAP}+"
)
_STAYS = re.compile(
    rf"""(?<=\d),(?=\d)
    | (?<=[{_WORD}])[:?.](?=[{_WORD}])  # 10:30, node.js, GPT-4.1
    | :(?=[:=/\\])|(?<=:):|(?<=\d[ ]):(?=[ ]?\d)|(?<=\d):(?=[ ]\d)
    | [?](?=[=&])|!(?==)|(?<=[{_WORD}])!(?!\s*\Z)  # n!, Yahoo!
    | \.(?=[./\\])|(?<=[/\\])\.|(?<=\.\.)\.
    | (?<=[{_EAST}])\.(?=[a-z0-9])|(?<=[)\]])\.(?=[a-z])|(?<![{_EAST}])\.(?=\d)|(?<=\d)\.(?=[ ]\d)
    | (?<=[{_WORD}])\.(?={_GAP}+[a-z])  # an abbreviation
    | (?:(?<=^[A-Z])|(?<=[^A-Za-z0-9][A-Z]))\.(?=[ ]?[A-Z])  # J. Smith
    """,
    re.VERBOSE,
)
"""Marks of numbers, ratios, names, paths and code."""


def _eastern(text: str, gap: str, *, marks: str, quotes: str, single: str) -> str:
    """`marks` stand for , ; : ? ! and . in this order."""
    text = _quoted(text, *quotes)
    text = _SINGLE.sub(rf"{single[0]}\1{single[1]}", text)
    text = _DASH.sub("——", _ELLIPSIS.sub("……", text))
    return _collapsed(_spaced(_full_width(text, dict(zip(",;:?!.", marks, strict=True))), gap))


def _full_width(text: str, marks: dict[str, str]) -> str:
    """Full-width marks and parentheses, except in numbers, names, English, and brackets without Chinese."""
    east = [found.start() for found in _EASTERN.finditer(text)]
    pairs = sorted((start, end, bisect(east, start) == bisect(east, end)) for start, end in _pairs(text))
    kept = _kept(text, pairs)
    out = list(text)
    for found in re.finditer("[,;:?!.]", text):
        if not kept[found.start()] and not _STAYS.match(text, found.start()):
            out[found.start()] = marks[found[0]]
    for start, end, foreign in pairs:
        if text[start] in "(（" and not (foreign and _latin(text, start, end, kept)):
            out[start], out[end] = "（", "）"
    return "".join(out)


def _latin(text: str, start: int, end: int, kept: bytearray) -> bool:
    """Whether brackets without Chinese are a function's, part of a name, or amid English; FPN(Feature Pyramid
    Network) has only lost its space."""
    if text[start] == "（" or text[end] == "）":
        return False
    if end - start == 1 or (kept[start] and kept[end]) or _WORDS.match(text, end + 1):
        return True
    return bool(_WORDS.match(text[max(start - 1, 0) : start])) and not _PHRASE.search(text, start, end)


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    """Where brackets and quotation marks open and close."""
    opened: dict[str, list[int]] = {}
    for found in _BRACKET.finditer(text):
        waiting = opened.setdefault(_KIND[found[0]], [])
        if found[0] in _OPENING:
            waiting.append(found.start())
        elif waiting:
            yield waiting.pop(), found.start()


def _kept(text: str, pairs: list[tuple[int, int, bool]]) -> bytearray:
    """1 for what stands inside brackets without a Chinese letter, or between the words of an English phrase."""
    kept = bytearray(len(text))
    position = 0
    for start, end, foreign in pairs:
        if foreign and start >= position:
            kept[start + 1 : end] = b"\1" * (end - start - 1)
            position = end
    for stretch in re.finditer(f"[^{_EAST}]+", text):
        if _ENGLISH.search(stretch[0]):
            words = list(_WORDS.finditer(stretch[0]))
            start, end = stretch.start() + words[0].start(), stretch.start() + words[-1].end()
            kept[start:end] = b"\1" * (end - start)
    return kept


def _spaced(text: str, gap: str) -> str:
    text = re.sub(rf"(?<![{_GAPS}{_ITEM}]){_GAP}+(?=[{_FULL}])|(?<=[{_FULL}]){_GAP}+", "", text)
    text = _AROUND_QUOTES.sub("", text)
    text = re.sub(rf"(?<=[{_EAST}]){_GAP}+(?=[{_EAST}])", "", text)
    text = re.sub(rf"(?<=[{_EAST}]){_GAP}*(?=[{_WORD}(\[{{$#@\\])", gap, text)
    text = re.sub(rf"(?<=[{_EAST}]){_GAP}+(?=[+−~±<>≤≥≈-]\d)", gap, text)
    text = re.sub(rf"(?:(?<=[{_WORD})\]}}%‰°℃!])|(?<=[{_WORD}+]['\"+])){_GAP}*(?=[{_EAST}])", gap, text)
    return re.sub("(?<! ) {2,}", " ", text)


def _collapsed(text: str) -> str:
    """One mark where there are two: ，， and 。. and ，。"""
    text = re.sub(r"(?<![.。])[.。]{2,}", lambda match: "。" if "。" in match[0] else match[0], text)
    text = re.sub(r"([，、；：？！])\1+", r"\1", text)
    return re.sub(r"(?<![，、；：])[，、；：]++(?=[。？！])", "", text)


# --- scripts with spaces -----------------------------------------------------------------------

_RATIO = r"(?<=\d)[ ]:[ ](?=\d)"
_BEFORE_MARK = re.compile(rf"""{_RATIO}|(?<=\S){_GAP}+(?=[,;:.!?،؛؟](?:[\s)\]}}"»”“’']|\Z))""")


def _western(text: str, _: str, *, quotes: str = "", then: Callable[[str], str] | None = None) -> str:
    """What is wrong in every language put right; then quotation marks, then what only one language has."""
    text = _BEFORE_MARK.sub(lambda match: match[0] if ":" in match[0] else "", text)
    text = re.sub(rf"(?<=[(\[]){_GAP}+|(?<!{_GAP}){_GAP}+(?=[)\]])", "", text)
    text = re.sub(r"([,;،؛])\1+", r"\1", text)
    text = re.sub(r"(?<=[^\W\d_])\.\.(?=\s|\Z)", ".", text)
    text = re.sub("(?<! ) {2,}", " ", text)
    if quotes:
        text = _quoted(text, quotes[0], quotes[1])
    return then(text) if then else text


def _french(text: str) -> str:
    """A narrow space that does not break before ; ! ? and inside « », a full one before the colon."""
    text = re.sub(f"«{_GAP}*", f"«{NARROW}", text)
    text = re.sub(f"(?<!{_GAP}){_GAP}*»", f"{NARROW}»", text)
    ends = r"""(?=[\s)\]»"!?.…]|\Z)"""
    text = re.sub(rf"(?<=[^\s(\[«:;?!]){_GAP}*([;?]){ends}", rf"{NARROW}\1", text)
    shout = rf"(?:(?<=[^\W\d_]{{2}})|(?<=[»)\]])){_GAP}*!{ends}|(?<=\w)!\Z"  # not in n!
    text = re.sub(shout, f"{NARROW}!", text)
    colon = re.compile(rf"{_RATIO}|(?<=[^\s(\[«:;?!]){_GAP}*:(?=[\s»]|\Z)")
    return colon.sub(lambda match: match[0] if match[0] == " : " else f"{NO_BREAK}:", text)


def _dashes(text: str) -> str:
    """A dash where a hyphen stands alone beside a Cyrillic word, but not for minus."""
    cyrillic = "\u0400-\u052f"
    return re.sub(
        rf"(?<=[{cyrillic}»)]) - (?=[\w«„(\[{_HELD}])|(?<=[\w)\]{_HELD}]) - (?=[{cyrillic}«])", " — ", text
    )


def _arabic(text: str) -> str:
    """Arabic marks beside Arabic letters; a question mark at the end, too."""
    return re.sub(
        rf"""(?:(?<=[{_ARABIC}])|(?<=[{_ARABIC}][)\]»”"]))[,;?](?![=&])|[,;?](?={_GAP}*[{_ARABIC}])|\?\Z""",
        lambda match: "،؛؟"[",;?".index(match[0])],
        text,
    )


_QUOTES = {
    "«»": "es it el nb ca eu am",
    "“”": "pt tr hi bn ta te mr vi id ms fil km sw lv kk uz mn da nl th",
    "„“": "de cs sk bg sr hr et lt",
    "„”": "pl hu ro",
    "””": "sv fi",
}
_CHINESE = "，；：？！。"
_BY_LANGUAGE: Mapping[str, Rules] = {
    code: partial(_western, quotes=pair) for pair, codes in _QUOTES.items() for code in codes.split()
} | {
    "zh-Hans": partial(_eastern, marks=_CHINESE, quotes="“”", single="‘’"),
    "zh-Hant": partial(_eastern, marks=_CHINESE, quotes="「」", single="『』"),
    "ja": partial(_eastern, marks="、；：？！。", quotes="「」", single="『』"),
    "fr": partial(_western, quotes="«»", then=_french),
    "ru": partial(_western, quotes="«»", then=_dashes),
    "uk": partial(_western, quotes="«»", then=_dashes),
    "ar": partial(_western, quotes="«»", then=_arabic),
    "fa": partial(_western, quotes="«»", then=_arabic),
    "ur": partial(_western, quotes="“”", then=_arabic),
}
"""Korean and Hebrew keep their straight quotation marks: in Hebrew " also marks an acronym."""
