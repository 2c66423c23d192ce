"""`manage.py backfill`: past days, from arXiv's catch-up pages."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from digest import audit
from digest.arxiv_days import arxiv_day
from digest.models import Announcement, Category, Holiday
from digest.taxonomy import UnknownCategoryError, find
from worker.database import bring_up_to_date
from worker.documents import arxiv_client
from worker.heal import heal_next
from worker.ledger import expect
from worker.schedule import GIVEN_UP


class Command(BaseCommand):
    help = (
        "Fetch past days of categories from arXiv's catch-up pages (90 days back at most), the newest first. "
        "May be stopped at any time: what is left goes on with the next run, or with the running workers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--category", nargs="+", default=[], metavar="CODE", help="(those that are followed)"
        )
        parser.add_argument(
            "--from", dest="first", type=_day, metavar="YYYY-MM-DD", help="(a week before --to)"
        )
        parser.add_argument("--to", dest="last", type=_day, metavar="YYYY-MM-DD", help="(the newest day)")
        parser.add_argument("--background", action="store_true", help="leave the work to the running workers")

    def handle(self, *, category: list[str], first: date | None, last: date | None, **options: Any) -> None:
        bring_up_to_date()
        now = timezone.now()
        calendar = Holiday.calendar()
        last = min(last or calendar.newest(now), calendar.newest(now))
        first = first or last - timedelta(days=7)
        if first > last:
            raise CommandError(f"--from {first} is after --to {last}.")
        if first < (oldest := arxiv_day(now) - GIVEN_UP):
            self.stderr.write(f"arXiv's catch-up pages begin at {oldest}: earlier days are left out.")
        categories = self._categories(category)
        days = list(calendar.days(first, last))
        made = sum(expect(each, days, now) for each in categories)
        rows = Announcement.objects.filter(category__in=categories, day__in=days, complete_at=None)
        todo = rows.exclude(state=Announcement.State.MISSING).update(next_try_at=now, tries=0)
        codes = " ".join(each.code for each in categories)
        audit.note_done(None, Announcement, f"{first} to {last}", "backfill", categories=codes[:200])
        self.stdout.write(
            f"{len(days)} days of {len(categories)} categories: {made} new, {todo} to be fetched."
        )
        if options["background"]:
            self.stdout.write("The running workers fetch them, one request in three seconds. See /board/.")
        elif todo:
            self._heal(todo)

    def _categories(self, codes: list[str]) -> list[Category]:
        try:
            wanted = [find(code).code for code in codes]
        except UnknownCategoryError as error:
            raise CommandError(str(error)) from error
        for code in wanted:
            if not Category.objects.filter(code=code, followed=True).exists():
                raise CommandError(f"{code} is not followed: follow it first (in the admin, or at /start/).")
        rows = Category.objects.followed()
        found = list(rows.filter(code__in=wanted) if wanted else rows.exclude(next_fetch_at=None))
        if not found:
            raise CommandError("No category is followed yet. Choose some at /start/ or in the admin.")
        return found

    def _heal(self, todo: int) -> None:
        """Until nothing is due: rows that failed are due again later, and left to the workers."""
        began = timezone.now()
        with arxiv_client() as client, tqdm(total=todo, unit="day", file=sys.stderr, disable=None) as bar:
            while row := heal_next(client, began):
                bar.set_postfix_str(str(row))
                bar.update(1)
        left = Announcement.objects.due(timezone.now() + timedelta(days=1)).count()
        self.stdout.write(
            f"Done; {left} days could not be had yet and are tried again."
            if left
            else "Done: every day is here."
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day: YYYY-MM-DD, please.") from error
