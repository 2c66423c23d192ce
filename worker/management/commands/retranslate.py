"""`manage.py retranslate`: have sentences translated once more, in the background."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from digest import audit, languages
from digest.keywords import KeywordError, canonical
from digest.models import Installation, Listing, Match, Segment, Sentence
from worker.claims import CRASH
from worker.database import bring_up_to_date
from worker.text.checks import HARD

VERDICTS = [Sentence.OK, CRASH, "language", "too long", *sorted(HARD)]


class Command(BaseCommand):
    help = (
        "Have sentences translated once more by the model in use; readers keep the old text until "
        "the new one is there, and corrections by people stay. Without a choice of sentences nothing is done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=_day, help="of the papers of an arXiv day, YYYY-MM-DD")
        parser.add_argument("--keyword", metavar="PHRASE", help="of the papers that a keyword brings")
        parser.add_argument("--verdict", help="with this verdict: ok, placeholders, numbers, short, crash …")
        parser.add_argument("--note", help="with this suspicion: terms, …")
        parser.add_argument(
            "--model",
            help="made by this model and not by the one in use "
            "(the part before # will do); they wait until it is in use again",
        )
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
        if options["verdict"] and options["verdict"] not in VERDICTS:
            raise CommandError(
                f"--verdict: there is no {options['verdict']!r}; there is {', '.join(VERDICTS)}."
            )
        try:
            rows = chosen(**{name: options[name] for name in names})
        except KeywordError as error:
            raise CommandError(f"--keyword: {error}") from error
        except languages.UnknownLanguageError as error:
            raise CommandError(f"--language: {error}") from error
        if options["dry_run"]:
            count = rows.count()
        else:
            with transaction.atomic():
                count = rows.again(timezone.now())
                given = {name: str(options[name]) for name in names if options[name] and name != "keyword"}
                audit.note_done(None, Sentence, "", "retranslate", sentences=count, **given)
        what = "would be translated" if options["dry_run"] else "will be translated"
        used = Installation.current().model
        others = options["model"] and options["model"].partition("#")[0] != used
        when = (
            f"as soon as {options['model']} is the model in use" if others else "within seconds, if it runs"
        )
        self.stdout.write(f"{count} sentences {what} once more. The translator begins {when}.")


def chosen(
    day: date | None = None,
    keyword: str | None = None,
    verdict: str | None = None,
    note: str | None = None,
    model: str | None = None,
    language: str | None = None,
) -> Any:
    """The finished sentences that satisfy all that is given, by the model in use unless another is named."""
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
    if made_by := model or Installation.current().model:
        rows = rows.filter(model=made_by) if "#" in made_by else rows.filter(model__startswith=f"{made_by}#")
    if language:
        rows = rows.filter(language=languages.find(language).code)
    return rows


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--day: {text!r} is not a day; write YYYY-MM-DD.") from error
