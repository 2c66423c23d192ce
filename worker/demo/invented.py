"""Numbers and names made up for the slots that have no word list."""

from collections.abc import Callable
from random import Random

NAME_PARTS = """
Kite Step Ebb Cache Ring Flow Split Atlas Patch Yard Long Haul Tide Lantern Net Bench Former
Meridian Skylark Credo Harbor Quill Ember Drift Loom Weave Anchor Beacon Cedar Delta Echo
Fable Glade Hazel Iris Juniper Kelp Lark Maple Nova Orchard Pebble Quarry Raven Sage Thistle
Umber Vista Willow Yarrow Zephyr Map Path Mind World Plan Pilot Gym Arena Lab Eval Cast Sim
Forge Prism Scope Trace Bridge Stone Craft
""".split()
LETTERS = "ABCDEFGHIKLMNOPRSTUVXYZ"


def whole(random: Random) -> str:
    """A small whole number."""
    top = random.choice((9, 30, 99, 99, 999))
    number = random.randint(2, top)
    return str(number if top < 999 or random.random() < 0.5 else round(number, -1) or 10)


def large(random: Random) -> str:
    """A large number as abstracts write it: 2,000 or 48,000 or 1.3B."""
    shape = random.random()
    if shape < 0.6:
        return f"{random.randint(1, 999)},{random.choice((0, 0, 0, 200, 250, 400, 500)):03d}"
    number = str(random.randint(1, 999 if shape < 0.7 else 70))
    if shape > 0.85:
        number = f"{random.randint(1, 9)}.{random.randint(1, 9)}"
    return number + random.choice("KMB")


def percentage(random: Random) -> str:
    """A percentage without its sign."""
    if random.random() < 0.75:
        return str(random.randint(1, 99))
    return f"{random.choice((0, 1, 2, 3, 5, 9, 12, 47))}.{random.randint(1, 9)}"


def factor(random: Random) -> str:
    """A factor such as 2.3."""
    return f"{random.randint(0, 9)}.{random.randint(1, 9)}"


def year(random: Random) -> str:
    """A year."""
    return str(random.randint(2015, 2029))


def significance(random: Random) -> str:
    """A significance level."""
    return random.choice(("0.05", "0.01", "0.001", "0.1", "0.02", "0.005"))


def name(random: Random) -> str:
    """The name of a system: KiteStep, CREDO, Ring-12."""
    first, second = random.sample(NAME_PARTS, 2)
    shape = random.random()
    if shape < 0.5:
        return first + second
    if shape < 0.7:
        return first.upper()
    if shape < 0.8:
        return f"{first}-{random.randint(2, 99)}"
    return "".join(random.choices(LETTERS, k=random.randint(3, 6)))


INVENTED: dict[str, Callable[[Random], str]] = {
    "fac": factor,
    "int": whole,
    "num": large,
    "pct": percentage,
    "pval": significance,
    "x": name,
    "year": year,
}
