"""`manage.py prune`: make room, by what is old and in nobody's digest. Nothing is ever pruned by itself."""

import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from digest import audit, retention
from digest.arxiv_days import arxiv_day
from digest.models import Paper
from digest.retention import LEAST_DAYS, Choice, Counts
from worker.database import bring_up_to_date

_LONGEST_PAUSE = 1.0


class Command(BaseCommand):
    help = (
        "Delete old papers that are in nobody's digest, with their versions, matches and translations, and "
        "the sentences that nothing uses any more. Says what, and asks, before it does. Announcements, "
        "corrections and the glossary stay. It may be stopped at any time, and goes on when called again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--older-than",
            required=True,
            type=_days,
            metavar="DAYS",
            help=f"papers last announced longer ago than this ({LEAST_DAYS} or more)",
        )
        parser.add_argument(
            "--keep-matched", action="store_true", help="keep every paper that a keyword has brought"
        )
        parser.add_argument(
            "--with-digests",
            action="store_true",
            help="delete digests of those days too, except those in which a paper was saved",
        )
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, **options: Any) -> None:
        bring_up_to_date()
        choice = Choice(
            arxiv_day(timezone.now()) - timedelta(days=options["older_than"]),
            digests=options["with_digests"],
            keep_matched=options["keep_matched"],
        )
        counts = retention.count(choice)
        if not counts:
            self.stdout.write(f"Nothing is older than {choice.before} that may go.")
            return
        self.stdout.write(_told(choice, counts))
        if not options["yes"] and not self._agreed():
            self.stdout.write("Nothing was deleted.")
            return
        try:
            gone = _prune(choice, counts)
        except KeyboardInterrupt as error:
            raise CommandError("Stopped. What was deleted is deleted; call it again to go on.") from error
        audit.note_done(None, Paper, f"before {choice.before}", "prune", **gone)
        self.stdout.write(
            f"Deleted: {', '.join(f'{n:,} {what}' for what, n in gone.items() if n) or 'nothing'}."
        )
        if connection.vendor == "sqlite":
            self.stdout.write("The database's file keeps its size; what comes next takes the room.")

    def _agreed(self) -> bool:
        try:
            return input("Delete all this? [y/N] ").strip().lower() in ("y", "yes")
        except EOFError as error:
            raise CommandError("Nobody is there to ask. To delete without a question: --yes") from error


def _days(text: str) -> int:
    try:
        days = int(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a number of days.") from error
    if not LEAST_DAYS <= days <= 36_500:
        raise ArgumentTypeError(f"{LEAST_DAYS} days or more, please: what is younger is still worked with.")
    return days


def _told(choice: Choice, counts: Counts) -> str:
    lines = [
        f"Last announced before {choice.before}, and in no digest that stays:",
        f"  {counts.papers:>12,} papers",
        f"  {counts.versions:>12,} versions of them",
        f"  {counts.translations:>12,} translations of those",
        f"  {counts.sentences:>12,} sentences of the memory that nothing else uses",
    ]
    if choice.digests:
        lines.append(f"  {counts.digests:>12,} digests of days before {choice.before}")
    return "\n".join([*lines, "Announcements, corrections and the glossary stay."])


def _prune(choice: Choice, counts: Counts) -> dict[str, int]:
    """Batch by batch, resting as long as each took: fetching and publishing want to write too."""
    gone = {"digests": 0, "papers": 0, "sentences": 0}
    total = counts.digests + counts.papers + counts.sentences
    with tqdm(desc="deleting", unit=" rows", total=total, file=sys.stderr, disable=None) as bar:
        began = time.monotonic()
        for what, number in retention.prune(choice):
            gone[what] += number
            bar.update(number)
            time.sleep(min(time.monotonic() - began, _LONGEST_PAUSE))
            began = time.monotonic()
    return gone
