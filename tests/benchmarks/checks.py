"""How much worker.text.checks finds, and how often it is wrong: printed as tables, not a test.

Good pairs are the references of the sample day and sentences of the demonstration's grammar. Real errors are
those of the shipped demonstration model on unseen sentences. Damage is done to good pairs on purpose.

    python -m tests.benchmarks.checks [--sentences 1500] [--seed 7]
"""

import argparse
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from digest.languages import find
from worker.demo.corpus import Grammar, bare
from worker.demo.sample import references, sample_templates
from worker.engine import NLLB
from worker.text.checks import HARD, Pair, findings
from worker.text.protection import ANGLE

CHINESE = find("zh-Hans")
MODEL = Path(__file__).parents[2] / "worker" / "demo" / "model"
EXAMPLES = 8
Damage = Callable[[str, str, random.Random], str | None]
SIMPLIFIED = "这们来为国时会说对过学于发动种现问长开样头实见关点与机个无数"
TRADITIONAL = "這們來為國時會說對過學於發動種現問長開樣頭實見關點與機個無數"


def found(source: str, answer: str, score: float | None = None, least: float | None = None) -> list[str]:
    return findings(Pair(source, answer, CHINESE, ANGLE, score), least_score=least)


# --- damage -----------------------------------------------------------------------------------


def clauses(answer: str) -> list[str]:
    return [part for part in re.split(r"(?<=[，；：])", answer) if part]


def drop_clause(source: str, answer: str, dice: random.Random) -> str | None:
    parts = clauses(answer)
    if len(parts) < 2:
        return None
    gone = dice.randrange(len(parts))
    left = "".join(part for place, part in enumerate(parts) if place != gone)
    return re.sub("[，；：]$", "", left) + ("" if left.endswith("。") or answer[-1] != "。" else "。")


def drop_long_clause(source: str, answer: str, dice: random.Random) -> str | None:
    parts = clauses(answer)
    longest = max(parts, key=len)
    if len(parts) < 2 or len(longest) < 0.4 * len(answer):
        return None
    left = "".join(part for part in parts if part is not longest)
    return re.sub("[，；：]$", "", left) + ("" if left.endswith("。") or answer[-1] != "。" else "。")


def cut_in_half(source: str, answer: str, dice: random.Random) -> str | None:
    return answer[: len(answer) // 2] if "<v" not in answer[len(answer) // 2 :] else None


def cut_in_half_and_end(source: str, answer: str, dice: random.Random) -> str | None:
    half = cut_in_half(source, answer, dice)
    return half + "。" if half and answer.endswith("。") else None


def drop_end(source: str, answer: str, dice: random.Random) -> str | None:
    return answer[:-1] if answer.endswith("。") else None


def digits(answer: str) -> list[int]:
    """Places of digits that are no placeholder's and no name's."""
    free = re.sub(r"<v\d>|[A-Za-z][A-Za-z]*-?\d+", lambda match: "x" * len(match[0]), answer)
    return [place for place, sign in enumerate(free) if sign.isdigit()]


def change_digit(source: str, answer: str, dice: random.Random) -> str | None:
    if not (places := digits(answer)):
        return None
    place = dice.choice(places)
    other = dice.choice([d for d in "123456789" if d != answer[place]])
    return answer[:place] + other + answer[place + 1 :]


def drop_number(source: str, answer: str, dice: random.Random) -> str | None:
    if not (places := digits(answer)):
        return None
    place = dice.choice(places)
    numbers = [m for m in re.finditer(r"\d[\d,.]*%?", answer) if m.start() <= place < m.end()]
    return answer[: numbers[0].start()] + answer[numbers[0].end() :]


def drop_percent(source: str, answer: str, dice: random.Random) -> str | None:
    return answer.replace("%", "", 1) if "%" in answer else None


UNITS = (("Hz", "kHz"), ("m/s", "km/s"), ("km", "m"), ("kB", "MB"), ("分钟", "小时"), ("小时", "分钟"), ("秒", "毫秒"),
         ("周", "个月"), ("个月", "年"))  # fmt: skip


def change_unit(source: str, answer: str, dice: random.Random) -> str | None:
    for unit, other in UNITS:
        if re.search(rf"\d{unit}", answer):
            return re.sub(rf"(?<=\d){unit}", other, answer, count=1)
    return None


def drop_bracket(source: str, answer: str, dice: random.Random) -> str | None:
    places = [place for place, sign in enumerate(answer) if sign in "()（）[]"]
    if not places:
        return None
    place = dice.choice(places)
    return answer[:place] + answer[place + 1 :]


NAME = re.compile(r"[A-Z][A-Za-z]*[A-Z][A-Za-z]*(?:-\d+)?|[A-Z]+-\d+")


def drop_name(source: str, answer: str, dice: random.Random) -> str | None:
    names = NAME.findall(answer)
    return answer.replace(dice.choice(names), "它") if names else None


def misspell_name(source: str, answer: str, dice: random.Random) -> str | None:
    names = [name for name in NAME.findall(answer) if len(name) > 3]
    if not names:
        return None
    name = dice.choice(names)
    place = dice.randrange(1, len(name) - 1)
    wrong = dice.choice([name[:place] + name[place + 1 :], name[:place] + "q" + name[place:]])
    return answer.replace(name, wrong)


def repeat_clause(source: str, answer: str, dice: random.Random) -> str | None:
    part = dice.choice(clauses(answer))
    return answer.replace(part, part.rstrip("。") + part, 1) if len(part) > 10 and "<v" not in part else None


def repeat_phrase(source: str, answer: str, dice: random.Random) -> str | None:
    """Three to six signs, four times running."""
    start, size = dice.randrange(max(1, len(answer) - 8)), dice.randint(3, 6)
    part = answer[start : start + size]
    han = all("一" <= sign <= "鿿" for sign in part) and len(part) == size
    return answer[:start] + part * 4 + answer[start + size :] if han else None


def keep_english(source: str, answer: str, dice: random.Random) -> str | None:
    return source


def keep_half_english(source: str, answer: str, dice: random.Random) -> str | None:
    words = source.split()
    if len(words) < 8 or "<v" in source:
        return None
    return answer[: len(answer) // 2] + " ".join(words[len(words) // 2 :])


def traditional(source: str, answer: str, dice: random.Random) -> str | None:
    changed = answer.translate(str.maketrans(SIMPLIFIED, TRADITIONAL))
    return changed if sum(a != b for a, b in zip(changed, answer, strict=True)) > 3 else None


def hangul(source: str, answer: str, dice: random.Random) -> str | None:
    return re.sub("[一-鿿]", lambda match: chr(0xAC00 + ord(match[0]) % 11000), answer)


def drop_placeholder(source: str, answer: str, dice: random.Random) -> str | None:
    return re.sub(r"<v\d>", "", answer, count=1) if "<v" in answer else None


def tear_placeholder(source: str, answer: str, dice: random.Random) -> str | None:
    return answer.replace(">", "", 1) if "<v" in answer else None


def exchange_number(source: str, answer: str, dice: random.Random) -> str | None:
    return answer.replace("<v0>", "<v1>") if "<v0>" in answer else None


def unknown_sign(source: str, answer: str, dice: random.Random) -> str | None:
    place = dice.randrange(len(answer))
    return re.sub("[一-鿿]", "⁇", answer[:place] + "好", count=1) + answer[place:]


def drop_negation(source: str, answer: str, dice: random.Random) -> str | None:
    denied = re.search(r"\b(?:not|no|cannot|without|never|neither|nobody)\b", source)
    changed = re.sub("不|没有|无需|无法|无|并非|没|未", "", answer)
    return changed if denied and changed != answer else None


def another_answer(source: str, answer: str, dice: random.Random) -> str | None:
    return dice.choice([other for other in references().values() if other != answer])


DAMAGE: tuple[Damage, ...] = (
    drop_placeholder, tear_placeholder, exchange_number, unknown_sign, repeat_phrase, repeat_clause, keep_english,
    keep_half_english, traditional, hangul, change_digit, drop_number, drop_percent, change_unit, misspell_name,
    drop_name, drop_clause, drop_long_clause, cut_in_half, cut_in_half_and_end, drop_end, drop_bracket,
    drop_negation, another_answer,
)  # fmt: skip


# --- tables -----------------------------------------------------------------------------------


def false_alarms(name: str, pairs: Iterable[tuple[str, str]]) -> None:
    reasons: Counter[str] = Counter()
    count = flagged = 0
    for source, answer in pairs:
        count += 1
        alarms = found(source, answer)
        reasons.update(alarms)
        flagged += bool(alarms)
    print(f"{name}: {flagged} of {count} good pairs flagged {dict(reasons) or ''}")


def damaged(pairs: list[tuple[str, str]], dice: random.Random) -> None:
    print("\n| damage | done | caught | hard | by |\n|---|---|---|---|---|")
    for damage in DAMAGE:
        reasons: Counter[str] = Counter()
        done = caught = hard = 0
        for source, answer in pairs:
            bad = damage(source, answer, dice)
            if bad is None or bad == answer:
                continue
            done += 1
            alarms = found(source, bad)
            reasons.update(alarms[:1])
            caught, hard = caught + bool(alarms), hard + bool(HARD.intersection(alarms))
        by = ", ".join(f"{reason} {n}" for reason, n in reasons.most_common(4))
        share = f"{100 * caught / done:.0f} % | {100 * hard / done:.0f} %" if done else "- | -"
        print(f"| {damage.__name__.replace('_', ' ')} | {done} | {share} | {by} |")


def real_errors(sentences: int, least: float) -> None:
    """What the checks say of the demonstration model's own answers to sentences that it has never seen."""
    grammar = Grammar(1001, sample_templates(), set(map(bare, references())))
    third = sentences // 3
    pairs = grammar.pairs(sentences - third) + grammar.pairs(third, held_out=True)
    outputs = NLLB(MODEL).translate([pair.english for pair in pairs], CHINESE)
    by_reason: dict[str, Counter[str]] = defaultdict(Counter)
    total: Counter[str] = Counter()
    missed = []
    for pair, output in zip(pairs, outputs, strict=True):
        kind = "right" if output.text == pair.chinese else "wrong"
        if kind == "wrong" and _unplaced(output.text) == _unplaced(pair.chinese):
            kind = "moved"  # only a formula stands elsewhere
        alarms = found(pair.english, output.text, output.score, least)
        total[kind] += 1
        total[f"{kind} flagged"] += bool(alarms)
        total[f"{kind} hard"] += bool(HARD.intersection(alarms))
        total[f"{kind} without score"] += bool(set(alarms) - {"unsure"})
        for reason in alarms:
            by_reason[reason][kind] += 1
        if kind == "wrong" and not alarms:
            missed.append((pair.english, pair.chinese, output.text))
    print(f"\n{len(pairs)} unseen sentences, least score {least}: {dict(total)}\n")
    print("| check | wrong answers caught | formula moved | right answers flagged |\n|---|---|---|---|")
    for reason, kinds in sorted(by_reason.items(), key=lambda item: -item[1]["wrong"]):
        print(f"| {reason} | {kinds['wrong']} | {kinds['moved']} | {kinds['right']} |")
    for english, chinese, answer in missed[:EXAMPLES]:
        print(f"missed: {english}\n  reference {chinese}\n  answer    {answer}")


def _unplaced(text: str) -> str:
    return re.sub(r"\s*<v\d>\s*", "", text)


def speed(pairs: list[tuple[str, str]]) -> None:
    best = 9.0
    for _ in range(5):
        began = time.perf_counter()
        for source, answer in pairs:
            found(source, answer)
        best = min(best, time.perf_counter() - began)
    print(f"\n{1000 * best / len(pairs):.3f} ms a sentence (best of 5)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, default=1500)
    parser.add_argument(
        "--least", type=float, default=-0.1, help="the model's score below which it is unsure"
    )
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    dice = random.Random(arguments.seed)
    good = list(references().items())
    grammar = [
        (pair.english, pair.chinese) for pair in Grammar(arguments.seed, sample_templates()).pairs(2000)
    ]
    false_alarms("references", good)
    false_alarms("grammar", grammar)
    real_errors(arguments.sentences, arguments.least)
    damaged(good + grammar, dice)
    speed(good)


if __name__ == "__main__":
    main()
