"""A translator as a process of its own, to be killed: `python -m tests.translator SEED`.

Its engine signs every answer with the hash of its source, takes a while that is another every time, and is
asked by two threads at once, as if every bell came twice.
"""

import hashlib
import os
import random
import sys
import threading
import time
from collections.abc import Sequence
from datetime import timedelta

from tests.engines import FakeEngine

LEASE = timedelta(seconds=3)


def signature(source: str) -> str:
    """The first 64 bits of a source's SHA-256 in Han signs, other ones in each place: none comes twice."""
    digits = hashlib.sha256(source.encode()).hexdigest()[:16]
    return "".join(chr(0x5F00 + 16 * place + int(digit, 16)) for place, digit in enumerate(digits))


class SigningEngine(FakeEngine):
    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance

    def translate(self, sources: Sequence[str], *how: object) -> list:  # type: ignore[override]
        time.sleep(self.chance.uniform(0, 0.3))
        return super().translate(sources, *how)  # type: ignore[arg-type]

    def _answer(self, source: str) -> str:
        return super()._answer(source).rstrip("。") + signature(source) + "。"


def work(seed: int) -> None:
    """Translate until nothing is pending."""
    from django.db import OperationalError, connection

    from digest.models import Sentence
    from worker import translate

    engine = SigningEngine(random.Random(seed))
    while Sentence.objects.pending().exists():
        try:
            translate.translate_pending(lambda: engine, Sentence.objects.pending(), 2)
        except OperationalError as error:  # SQLite's one writer was busy for too long: as a task, rung again
            print(error, file=sys.stderr)
        time.sleep(0.05)
    connection.close()


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")
    django.setup()
    from worker import claims, translate

    claims.HOLD = translate.HOLD = LEASE
    threads = [threading.Thread(target=work, args=[int(sys.argv[1]) + n]) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
