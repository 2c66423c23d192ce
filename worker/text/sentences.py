"""Sentences of scientific English.

Every stop before white space may end a sentence; what stands on either side of it decides. The rules are
those of arXiv's abstracts: `Eq. (4)`, `et al. (2020)`, `E. coli`, `1.4 m/s. Compared with`, `(i) … (ii) …`.
Text comes with its formulas, addresses and commands masked, one character each (`digest.tex`). When in
doubt two sentences stay together. Measured on `tests/data/gold/sentences.txt`: ``python -m tests.gold``.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from digest import tex

_NEVER_LAST = frozenset(
    "e.g eg et i.e ie cf viz vs v.s w.r.t wrt w.p s.t a.k.a aka approx ca circa esp".split()
)
_TITLES = frozenset("Dr Prof Mr Mrs Ms St Ste Mt Ft Lt Col Gen Capt Gov Sen Messrs".split())
_BEFORE_A_NUMBER = frozenset(
    """ch chap chaps cor eq eqn eqns eqs fig figs lem max min no nos nr p pp prop props ref refs sec secs
    sect sects tabs thm thms v ver vol vols""".split()
)
_BEFORE_A_NUMBER_IN_CAPITALS = frozenset(
    "Alg App Appx Art Cond Conj Def Defs Ex Exp Obs Par Pt Rem Sup Suppl Tab".split()
)
_MAYBE_LAST = frozenset("al avg bros co corp dept est etc inc jr ltd resp sr univ".split())
_JOURNALS = frozenset(
    """Acad Am Amer Anal Ann Appl Astron Astrophys Bull Chem Commun Comp Comput Conf Eng Geom Inst Int J Lett
    Mag Math Mech Med Mod Nat Natl Nucl Opt Philos Phys Proc Rep Res Rev Ser Sci Soc Stat Symp Theor
    Trans""".split()
)
_MONTHS = frozenset("Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec".split())
_OPENERS = frozenset(
    """a according across additionally after all also although among an and another applications as at based because
    before besides beyond both building but by codes comparative compared comprehensive consequently
    conversely crucially denoting despite does due during each empirical empirically evaluated evaluations
    even every existing experimental experiments extensive finally first firstly following for from
    further furthermore given hence here how however if importantly in inspired instead is it its
    leveraging like many more moreover most motivated much no none nor not notably nothing now
    numerical of on once one only our over overall prior recent recently remarkably results second
    secondly several she similarly simulations since so some specifically still subsequently such
    surprisingly than that the their then theoretically there thereby therefore these they third
    this those though three through thus to together towards traditional two ultimately under
    unfortunately unlike using via was we what when where whereas whether which while who why with
    within without yet you your""".split()
)
"""What begins with a capital letter because a sentence begins, not because it is a name."""
_OPENERS_AND_NAMES = frozenset("building first second third".split())
"""Openers before a small word only: `Building on it`, but `the U.S. Building Stock`."""
_GLUED_OPENERS = _OPENERS | frozenset("audio central code corresponding existing rather source".split())
_SMALL_OPENERS = frozenset("we our this these however moreover furthermore".split())
_VERBS = frozenset(
    """achieved achieves addresses allows are builds can captures combines comprises consists contains delivers
    does enables had has have implements improves introduces is learns leverages makes matched may
    offers outperformed outperforms overcomes provides relies remains requires runs showed shows
    supports takes targets uses was were will works""".split()
)
_LETTERED = frozenset(
    """agent appendix arm arms case class condition drug experiment galaxy goal grade group hepatitis
    level method model option panel part phase plan player population protocol stage step study
    subtask system task team type variant vitamin""".split()
)
"""What has a letter for a name: a sentence may end in `Condition A.`, but not in `work by A.`"""
_BEFORE_A_NAME = frozenset(
    "a and as by cite de due follow following for from in of on see thank the to von van with".split()
)

_CLOSERS = ")]}\"'”’»*_"
_OPENING = "([{\"'“‘`«*_"
_MASK = tex.MASKED.pattern
_SHUT = f"[{re.escape(_CLOSERS)}]*+"
_STOP = rf"(?:(?<![.!?…])[.!?…]++{_SHUT}(?:\[\d[\d, –-]*\])?(?= )|[。！？]{_SHUT})"
_GLUED = rf"(?:(?<=[a-z][a-z])|(?<=[)\]%])|(?<={_MASK}))[.!?](?=(?P<glued>[A-Z][a-z]*),? [a-z])"
_AFTER_MASK = rf"(?<={_MASK})(?= (?P<next>[A-Z][a-z]+),? )"
_CANDIDATE = re.compile(f"{_STOP}|{_GLUED}|{_AFTER_MASK}")
_ENUMERATOR = re.compile(r"\(*(?:[ivx]{1,4}|[IVX]{1,4}|[a-h]|[A-H]|\d{1,2})\)")
_ONLY_ENUMERATOR = re.compile(r"\W*(?:[ivxIVX]{1,4}|[A-Za-z]|\d{1,2})\W*")
_NUMBER_LIKE = re.compile(rf"[(\[~#<>≤≥'’+-]*(?:[A-Z]{{0,2}}\.?\d|{_MASK}|[IVX]+\b)|\(?[a-h]\)")
_DOTTED = re.compile(r"(?:[A-Za-z]{1,2}\.)+[A-Za-z]{1,2}")
_NAME_IN_SMALL = re.compile(r"[a-z]{1,9}[A-Z]|[a-z]+-?\d|[a-z\d]+-[A-Za-z]")
_FIRST_WORD = re.compile(r"[A-Za-z]+(?![\w.])")
_REACH = 500
"""Brackets farther apart are no pair, and no rule looks farther: time stays linear whatever the text."""


class _Last(NamedTuple):
    """What stands before a stop: a word and the word before it, the sign, brackets and quotes behind it."""

    before: str
    word: str
    sign: str
    closers: str
    bracketed: bool
    """Whether the brackets hold this word alone: `0.013(syst.) GeV`."""


def split(text: str) -> list[str]:
    """The sentences of one paragraph, in order, white space folded and none between them."""
    text = " ".join(text.split())
    held = held_together(text)
    sentences: list[str] = []
    start = 0
    for end, certain in _candidates(text):
        if held[end] == 0 and (
            certain or _is_end(text[max(start, end - _REACH) : end], text[end : end + _REACH])
        ):
            sentences.append(text[start:end].strip())
            start = end
    sentences.append(text[start:].strip())
    return [sentence for sentence in sentences if sentence]


def _candidates(text: str) -> Iterator[tuple[int, bool]]:
    """Where a sentence may end, and whether it certainly does: `steps.We use`, or `$O(n).$ We use`."""
    for found in _CANDIDATE.finditer(text):
        glued, after = (found["glued"] or "").lower(), (found["next"] or "").lower()
        if not (glued or after) or glued in _GLUED_OPENERS or after in _OPENERS:
            yield found.end(), bool(glued or after)


def held_together(text: str) -> list[int]:
    """For each offset the number of brackets and quotations around it: above 0, nothing is cut there.

    Brackets of any kind pair with any other (`[0, 1)`); what finds no partner within reach is no bracket.
    """
    depth = [0] * (len(text) + 2)
    opened: list[int] = []
    quote = -1
    for found in re.finditer(r'[(\[)\]“”"]', text):
        here, sign = found.start(), found[0]
        if sign in "([":
            opened.append(here)
            continue
        if sign in ")]":
            partner, reach = (opened.pop() if opened else -1), _REACH
        elif sign == "“" or (sign == '"' and _opens(text, here)):
            quote = here
            continue
        else:
            partner, reach, quote = quote, _REACH // 2, -1
        if partner >= 0 and here - partner <= reach:
            depth[partner + 1] += 1
            depth[here + 1] -= 1
    return list(accumulate(depth))


def _opens(text: str, quote: int) -> bool:
    return (quote == 0 or text[quote - 1] in " (") and text[quote + 1 : quote + 2] not in ("", " ")


def _is_end(left: str, right: str) -> bool:
    right = right.lstrip()
    last = _last(left)
    if _ONLY_ENUMERATOR.fullmatch(left) or _is_enumerator(last) or not _begins(right, last):
        return False
    if last.bracketed:
        return _opens_a_sentence(right)
    if last.sign == "." and last.word and not last.closers:
        return not _is_abbreviation(last, right)
    return not _is_exclamatory_name(last, right)


def _last(left: str) -> _Last:
    *_, before, token = ["", "", *left[-_REACH // 4 :].split()]
    bare = token.rstrip(_CLOSERS)
    word = bare.rstrip(".!?…。！？")
    sign = bare[len(word) : len(word) + 2]
    word = re.split(r"[(\[{“\"'‘`*_–—/]+", word)[-1]
    first, _, second = word.rpartition("-")
    if first.endswith(".") or "." in second:  # `J.-P. Renaud`, `non-i.i.d. data`, but `ImageNet-C`
        before, word = first, second
    closers = token[len(bare) :].strip("*_")
    return _Last(
        before.lstrip(_OPENING), word, "…" if len(sign) > 1 else sign, closers, ")" in closers and "(" in bare
    )


def _begins(right: str, last: _Last) -> bool:
    """Whether a sentence can begin so."""
    if _ENUMERATOR.match(right):
        return True
    head = right.lstrip(_OPENING)
    sign = head[:1]
    if sign.isdigit():  # `by 12. 4%` is a number that was broken
        return not (re.fullmatch(r"\d{1,2}", last.word) and re.match(r"\d{1,3}%?(?: |$)", head))
    if sign.islower():
        return last.sign == "." and len(last.word) > 1 and not last.closers and _begins_small(head)
    if sign in ("-", "–", "—", "•"):
        return bool(re.match(r".\s?[\"“*]*[A-Z]", head))
    if sign in ("<", "%", "$", "€", "£", "\\"):
        return bool(re.match(r"<[A-Za-z/]|%\s?[A-Za-z]|[$€£]\d|\\", head))
    return sign.isalpha() or bool(tex.MASKED.match(sign))


def _begins_small(head: str) -> bool:
    """`iPhone users`, `scikit-learn pipelines`, `xarray is`, and `we` where a capital was forgotten."""
    first, second = [*head.split(maxsplit=2), "", ""][:2]
    return first.rstrip(",") in _SMALL_OPENERS or bool(_NAME_IN_SMALL.match(first)) or second in _VERBS


def _opens_a_sentence(right: str) -> bool:
    head = right.lstrip(_OPENING)
    first = _FIRST_WORD.match(head)
    if not first or not first[0][0].isupper() or first[0].lower() not in _OPENERS:
        return False
    return first[0].lower() not in _OPENERS_AND_NAMES or not head[first.end() + 1 :][:1].isupper()


def _is_enumerator(last: _Last) -> bool:
    """`The protocol is simple: 1. Draw a card.`, `The benefits are: 1). It is fast.`, `(1.) It is fast.`"""
    enumerates = last.before[-1:] in (":", ";") or last.bracketed
    return enumerates and bool(re.fullmatch(r"(?:[A-Za-z]|[ivxIVX]{1,4}|\d{1,2})\)?", last.word))


def _is_exclamatory_name(last: _Last, right: str) -> bool:
    """`Yahoo! Answers`, `CheckThat! 2025`."""
    named = last.word[:1].isupper() and (last.before or last.word == "Yahoo")
    return last.sign == "!" and bool(named) and not last.closers and not _opens_a_sentence(right)


def _is_abbreviation(last: _Last, right: str) -> bool:
    """Whether the stop belongs to the word before it, and the sentence goes on."""
    word, small = last.word, last.word.lower()
    opener = _opens_a_sentence(right)
    if len(word) > 1 and word.isupper() and "." not in word:  # an acronym: `evaluated on MR. Losses`
        return small in _BEFORE_A_NUMBER and right[:1].isdigit()
    if small in _NEVER_LAST:
        return True
    if (small in _BEFORE_A_NUMBER and word not in ("P", "V")) or word in _BEFORE_A_NUMBER_IN_CAPITALS:
        return _numbers(last, right) or (small == "v" and _is_initial(last._replace(word="V"), right))
    if word in _TITLES:
        return not opener
    if small in _MAYBE_LAST or _DOTTED.fullmatch(word):
        return not (opener or _ENUMERATOR.match(right) or small == "etc")
    if word in _JOURNALS and len(word) > 1:
        return not opener
    if word in _MONTHS:
        return right[:1].isdigit() or right[:1] in ("'", "’")
    return _is_initial(last, right)


def _numbers(last: _Last, right: str) -> bool:
    """`Sec. 4`, `App. B`, `max. 31%`; but `lasts for 95 min. 3 cells`."""
    lettered = last.word[0].isupper() and re.match(r"[A-Z]\b", right)
    return not last.before[-1:].isdigit() and bool(lettered or _NUMBER_LIKE.match(right))


def _is_initial(last: _Last, right: str) -> bool:
    """`by A. Smith`; but `drug A. Mortality`, `77 K. The field`, `Condition B. They`."""
    if not (len(last.word) == 1 and last.word.isupper()) or _opens_a_sentence(right):
        return False
    if last.before[-1:].isdigit() or last.before.lower() in _LETTERED:
        return False
    if not right.lstrip(_OPENING)[:1].isupper():
        return last.before.endswith(".")
    named = not last.before or last.before[0].isupper() or last.before[-1] in ".,&"
    return named or last.before.lower() in _BEFORE_A_NAME
