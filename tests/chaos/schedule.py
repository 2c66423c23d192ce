"""Which fault comes when: a schedule by its seed, the same each time."""

import random
from dataclasses import dataclass

EVERYBODY = ("web", "beat", "io1", "io2", "mt1", "mt2")
TRANSLATORS = ("mt1", "mt2")
MACHINES = ("one", "two", "three")
ALL = ("",)


@dataclass(frozen=True)
class Kind:
    """`weight`: how often among the others; `seconds`: how long it lasts."""

    weight: int
    victims: tuple[str, ...] = ALL
    seconds: tuple[float, float] = (0, 0)


KINDS = {
    "kill": Kind(20, EVERYBODY),
    "kill a pool's process": Kind(6, TRANSLATORS),
    "kill in mid-batch": Kind(10, TRANSLATORS),
    "kill while sending": Kind(6, ("io1", "io2")),
    "stop": Kind(10, EVERYBODY, (1, 4)),
    "stop until its leases are lost": Kind(6, (*TRANSLATORS, "io1", "io2"), (1.5, 3)),
    "Redis killed, empty again": Kind(5, ALL, (0.3, 3)),
    "Redis emptied": Kind(4),
    "Redis out of memory": Kind(5, ALL, (1, 4)),
    "Redis paused": Kind(4, ALL, (1, 4)),
    "Redis stopped": Kind(3, ALL, (1, 4)),
    "PostgreSQL restarted": Kind(4, ("fast", "immediate"), (0.2, 2)),
    "PostgreSQL stopped": Kind(3, ALL, (1, 3)),
    "connections cut": Kind(8),
    "deadlock": Kind(6, ("digest_sentence", "digest_delivery", "digest_translation", "digest_paper"), (3, 3)),
    "serialization errors": Kind(5, ALL, (2, 4)),
    "rows locked": Kind(4, ("digest_sentence", "digest_category", "digest_announcement"), (1, 3)),
    "machine cut off": Kind(6, MACHINES, (1, 4)),
    "database cut off": Kind(5, MACHINES, (1, 4)),
    "broker cut off": Kind(5, MACHINES, (1, 4)),
    "network stalls": Kind(5, MACHINES, (1, 4)),
    "network slow": Kind(4, MACHINES, (2, 4)),
    "bells lost": Kind(5, ALL, (1, 3)),
    "bells thrice": Kind(5, ALL, (1, 3)),
    "bells late and mixed": Kind(5, ALL, (1, 3)),
    "one clock wrong": Kind(8, EVERYBODY, (1, 4)),
    "all clocks leap": Kind(4, ("ahead", "back")),
    "disk full": Kind(5, ALL, (1, 4)),
    "arXiv": Kind(16, ("429", "503", "500", "garbage", "slow", "cut", "empty", "stale"), (2, 6)),
    "mail server": Kind(5, ("451", "421", "hangs up", "drops"), (2, 5)),
    "webhook": Kind(5, ("500", "429", "404"), (2, 5)),
    "second beat": Kind(4, ALL, (4, 8)),
    "another version joins": Kind(4, ALL, (5, 9)),
    "other settings join": Kind(4, ALL, (5, 9)),
}


@dataclass(frozen=True)
class Planned:
    """A fault `at` so many seconds after its day has begun. `dice` decides what else is left to chance."""

    at: float
    kind: str
    victim: str
    seconds: float
    dice: float


def schedule(seed: int, days: int, faults: int, spacing: float = 0.7) -> list[list[Planned]]:
    """So many faults, spread evenly over so many days; every kind comes about as often as its weight says."""
    chance = random.Random(f"faults {seed}")
    names, weights = list(KINDS), [kind.weight for kind in KINDS.values()]
    counts = [faults // days + (n < faults % days) for n in range(days)]
    planned = []
    for count in counts:
        day = [_planned(chance, chance.choices(names, weights)[0], count * spacing) for _ in range(count)]
        planned.append(sorted(day, key=lambda fault: fault.at))
    return planned


def _planned(chance: random.Random, name: str, window: float) -> Planned:
    kind = KINDS[name]
    seconds = round(chance.uniform(*kind.seconds), 2)
    return Planned(
        round(chance.uniform(0.2, window), 2), name, chance.choice(kind.victims), seconds, chance.random()
    )
