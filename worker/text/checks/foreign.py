"""Answers in another language than was asked for: English kept, another script, the other Chinese."""

import re

from worker.text.checks.pair import HAN, Pair

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RANGES = {
    "Hans": _HAN,
    "Hant": _HAN,
    "Jpan": _HAN + "\u3041-\u30ff\u31f0-\u31ff",
    "Hang": "\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f",
    "Latn": "A-Za-z\u00c0-\u024f\u1e00-\u1eff\u02bb-\u02bf",
    "Cyrl": "\u0400-\u052f",
    "Arab": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "Hebr": "\u0590-\u05ff",
    "Grek": "\u0370-\u03ff\u1f00-\u1fff",
    "Deva": "\u0900-\u097f",
    "Beng": "\u0980-\u09ff",
    "Taml": "\u0b80-\u0bff",
    "Telu": "\u0c00-\u0c7f",
    "Thai": "\u0e00-\u0e7f",
    "Khmr": "\u1780-\u17ff",
    "Ethi": "\u1200-\u139f",
}
_LETTERS = {code: re.compile(f"[{ranges}]") for code, ranges in _RANGES.items()}
_LEAST_OWN, _MOST_FOREIGN = 0.2, 0.25
_FEW_WORDS, _SHORT_JAPANESE = 4, 20
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_SIMPLIFIED = (
    "这们来为国时会说对过学于发经动种现问长开样头实见关点与机个无数没还进变将习应该"
    "认识过达则际网络统计设计标测试验验证调评价规划结构构训练类仅从则虽难题显较强优势"
)
_TRADITIONAL = (
    "這們來為國時會說對過學於發經動種現問長開樣頭實見關點與機個無數沒還進變將習應該"
    "認識過達則際網絡統計設計標測試驗驗證調評價規劃結構構訓練類僅從則雖難題顯較強優勢"
)
_ONLY = {
    "Hans": frozenset(_TRADITIONAL) - frozenset(_SIMPLIFIED),
    "Hant": frozenset(_SIMPLIFIED) - frozenset(_TRADITIONAL),
}
_OTHER = {"Hans": "Hant", "Hant": "Hans"}
"""Signs that the other Chinese has: NLLB's two are easily mixed up."""
_MOST_MIXED = 3
_FUNCTION = frozenset(
    """a an and are as at be been between both but by can for from has have how in into is it its of on or our
    such than that the their them then there these they this those through to under using via was we were when
    where which while whose with within without""".split()
)
_TELLING = frozenset("and are be been between both by from has have how into is its our such than that the their "
    "these they this those through using we were when where which while whose with within without".split())  # fmt: skip
_THREE_WORDS = re.compile(r"(?<![\w/.-])[a-z]{2,}(?: [a-z]{2,}){2,}(?![\w/-])")
_COPIED = 0.5


def echo(pair: Pair) -> str | None:
    """`echo` where the answer is the source again, or half of it and more."""
    words, answer = pair.prose, pair.answer_prose
    if len(words) <= 3 or not answer:
        return None
    if words == answer:
        return "echo"
    wanted = _grams(words, 3)
    kept = wanted & _grams(answer, 3)
    if len(kept) < _COPIED * len(wanted):
        return None
    return "echo" if any(not _TELLING.isdisjoint(gram) for gram in kept) else None  # not in a list of names


def untranslated(pair: Pair) -> str | None:
    """`untranslated` where a stretch of English was kept. Soft: it may be a title or a quotation."""
    if not pair.answer_prose:
        return None
    if pair.script != "Latn":
        if _TELLING.intersection(pair.answer_prose).intersection(pair.prose):
            return "untranslated"
        known = set(pair.prose)
        runs = _THREE_WORDS.finditer(pair.plain)
        return "untranslated" if any(known.issuperset(run[0].split()) for run in runs) else None
    kept = _grams(pair.prose, 4) & _grams(pair.answer_prose, 4)
    return "untranslated" if any(len(_FUNCTION.intersection(gram)) >= 2 for gram in kept) else None


def script(pair: Pair) -> str | None:
    """`script` where a sentence of several words does not come in the target's own script. Names that
    were copied from the source do not count."""
    if sum(len(word) > 2 for word in pair.prose) < _FEW_WORDS:
        return None
    letters = sum(map(str.isalpha, pair.bare))
    own = _count(pair.script, pair.bare)
    latin = 0 if pair.script == "Latn" else sum(map(len, pair.answer_words))
    if not own or letters - own - latin > _MOST_FOREIGN * letters:
        return "script"
    if latin > own:
        known = set(pair.words)
        latin -= sum(len(word) for word in pair.answer_words if word in known)
    if own < _LEAST_OWN * (own + latin):
        return "script"
    return "script" if pair.script in HAN and _other_eastern(pair, own) else None


def _other_eastern(pair: Pair, own: int) -> bool:
    """Chinese for Japanese or the other way round, and simplified for traditional."""
    kana = len(_KANA.findall(pair.bare))
    if pair.script == "Jpan":
        return own > _SHORT_JAPANESE and not kana
    others = sum(map(_ONLY[pair.script].__contains__, pair.bare))
    if kana <= _MOST_MIXED and others <= _MOST_MIXED:
        return False
    return kana > _MOST_MIXED or others > sum(map(_ONLY[_OTHER[pair.script]].__contains__, pair.bare))


def _count(script: str, text: str) -> int:
    return len(_LETTERS[script].findall(text))


def _grams(words: list[str], size: int) -> set[tuple[str, ...]]:
    return set(zip(*(words[n:] for n in range(size)), strict=False))
