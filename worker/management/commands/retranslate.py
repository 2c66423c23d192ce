"""`manage.py retranslate`: have sentences translated once more, in the background."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Exists, OuterRef
from django.utils import timezone

from digest.keywords import KeywordError, canonical
from digest.models import Listing, Match, Segment, Sentence
from worker.database import bring_up_to_date


class Command(BaseCommand):
    help = (
        "Have sentences translated once more by the model that made them; readers keep the old text until "
        "the new one is there, and corrections by people stay. Without a choice of sentences nothing is done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=_day, help="of the papers of an arXiv day, YYYY-MM-DD")
        parser.add_argument("--keyword", metavar="PHRASE", help="of the papers that a keyword brings")
        parser.add_argument("--verdict", help="with this verdict: ok, placeholders, numbers, short …")
        parser.add_argument("--note", help="with this suspicion: terms, …")
        parser.add_argument("--model", help="made by this model (the part before # will do)")
        parser.add_argument("--language", help="into this language")
        parser.add_argument("--all", action="store_true", help="all sentences of the memory")
        parser.add_argument("--dry-run", action="store_true", help="say how many, and do nothing")

    def handle(self, **options: Any) -> None:
        bring_up_to_date()
        names = ("day", "keyword", "verdict", "note", "model", "language")
        if not options["all"] and not any(options[name] for name in names):
            raise CommandError(
                "Say which sentences: --day, --keyword, --verdict, --note, --model, --language, --all."
            )
        try:
            rows = chosen(**{name: options[name] for name in names})
        except KeywordError as error:
            raise CommandError(f"--keyword: {error}") from error
        count = rows.count() if options["dry_run"] else rows.again(timezone.now())
        what = "would be translated" if options["dry_run"] else "will be translated"
        self.stdout.write(
            f"{count} sentences {what} once more. The translator begins within seconds, if it runs."
        )


def chosen(
    day: date | None = None,
    keyword: str | None = None,
    verdict: str | None = None,
    note: str | None = None,
    model: str | None = None,
    language: str | None = None,
) -> Any:
    """The finished sentences that satisfy all that is given."""
    rows = Sentence.objects.exclude(finished_at=None)
    places = Segment.objects.filter(sentence=OuterRef("pk"))
    if day:
        listed = Listing.objects.filter(version=OuterRef("translation__version"), announcement__day=day)
        rows = rows.filter(Exists(places.filter(Exists(listed))))
    if keyword:
        brought = Match.objects.filter(
            version=OuterRef("translation__version"), keyword__canonical=canonical(keyword)
        )
        rows = rows.filter(Exists(places.filter(Exists(brought))))
    if verdict:
        rows = rows.filter(verdict=verdict)
    if note:
        rows = rows.filter(notes__icontains=f'"{note}"')
    if model:
        rows = rows.filter(model=model) if "#" in model else rows.filter(model__startswith=f"{model}#")
    if language:
        rows = rows.filter(language=language)
    return rows


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--day: {text!r} is not a day; write YYYY-MM-DD.") from error
