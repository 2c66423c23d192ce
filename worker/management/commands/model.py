"""`manage.py model`: translation models: which there are, getting one, checking it, choosing it."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from digest import audit
from digest.languages import UnknownLanguageError, find
from digest.models import Change, Installation
from worker import evaluating, proving
from worker.database import bring_up_to_date
from worker.engine import EngineError, ModelError
from worker.engines import glossary_of
from worker.evaluation import EvaluationError
from worker.examples import ExampleError, read_examples, read_glossary
from worker.hub import HubError, download
from worker.registry import DEMO, KNOWN, Registry, describe
from worker.text.protection import FORMS

_EVALUATE = """\
Measure how well models translate, on lines that have a translation by a person.

Every line goes the way of an abstract: formulas are protected, sentences are checked, tried again, and left in
English if need be, which the scores include. The installation's settings hold, but for what is said here.

  manage.py model evaluate --source pairs.tsv
  manage.py model evaluate demo --source en.txt --reference zh.txt --compare nllb-200-distilled-600M
  manage.py model evaluate --source pairs.tsv --beam 1 --compare beam=4 --compare beam=4:terms=off
"""
_FAILURES = (ModelError, HubError, EngineError, EvaluationError, ExampleError, UnknownLanguageError)


class Command(BaseCommand):
    help = (
        "Translation models: list them, download one, check one, evaluate some, choose the one that is used."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        actions.add_parser("list", help="the models that are known, and those that are here")
        for action, text in (
            ("download", "get a model from the hub (or PAPERGLOT_HUB_URL); goes on where it broke off"),
            ("check", "read every file again and translate a sentence"),
            ("use", "translate with this model from now on; `none` for no translation"),
        ):
            parser_of = actions.add_parser(action, help=text)
            parser_of.add_argument("name")
        parser_of.add_argument(
            "--placeholder",
            choices=list(FORMS),
            help="what this model is shown for a formula: <v0>, XZ0 or {v0} (`evaluate --compare` tells which "
            "it copies best); kept in the model's profile",
        )
        self._add_evaluate(
            actions.add_parser(
                "evaluate",
                help="measure how well models translate your own lines, and how fast",
                description=_EVALUATE,
                formatter_class=RawDescriptionHelpFormatter,
            )
        )

    @staticmethod
    def _add_evaluate(parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="the model; without a name the one in use")
        parser.add_argument(
            "--source",
            type=Path,
            required=True,
            metavar="FILE",
            help="English, a sentence or an abstract a line, with its TeX (UTF-8); without --reference "
            "each line is source, tab, reference",
        )
        parser.add_argument("--reference", type=Path, metavar="FILE", help="the translation, line for line")
        parser.add_argument(
            "--to", metavar="LANGUAGE", help=f"the target language; {settings.CONTENT_LANGUAGE} if not given"
        )
        parser.add_argument(
            "--glossary", type=Path, metavar="FILE", help="term, tab, renderings; not the installation's own"
        )
        for name, text in evaluating.ABOUT.items():
            parser.add_argument(f"--{name}", metavar=name[0].upper(), help=text)
        parser.add_argument(
            "--compare",
            action="append",
            default=[],
            metavar="WAY",
            help="another model, other settings or both, laid beside it: nllb-200-distilled-1.3B, beam=4, "
            f"demo:beam=4:terms=off (settings: {', '.join(evaluating.ABOUT)}); may be given several times",
        )
        parser.add_argument("--json", action="store_true", help="as JSON, with every line's translation")

    def handle(self, *, action: str, name: str = "", **options: Any) -> None:
        self.registry, self.options = Registry(settings.MODELS), options
        try:
            getattr(self, f"_{action}")(name)
        except _FAILURES as error:
            raise CommandError(str(error)) from error

    def _list(self, _name: str) -> None:
        bring_up_to_date()
        used, here = Installation.current().model, self.registry.installed()
        names = [*here, *(name for name in KNOWN if name not in here)]
        for name in names:
            state = "in use" if name == used else "here" if name in here else "not here"
            known = KNOWN.get(name)
            about = known.about if known else "knows only the sample's language" if name == DEMO else ""
            size = f"{known.size / 1e6:,.0f} MB" if known else ""
            self.stdout.write(f"{name:<26} {state:<9} {size:>9}  {about}")
        if not used:
            self.stdout.write("\nNone is in use. Next: manage.py model download NAME, then model use NAME")

    def _download(self, name: str) -> None:
        model = KNOWN.get(name)
        if model is None:
            raise ModelError(f"There is no model {name!r} to download. There are: {', '.join(KNOWN)}.")
        self.stderr.write(
            f"{name} is licensed {model.license}: not for commercial use. {model.size / 1e6:,.0f} MB "
            f"from {settings.HUB_URL} to {settings.MODELS}"
        )
        with tqdm(desc=name, unit="B", unit_scale=True, total=model.size, file=sys.stderr) as bar:
            folder = download(model, settings.MODELS, settings.HUB_URL, lambda done, _: _to(bar, done))
        self.stdout.write(f"{name} is in {folder}. Next: manage.py model use {name}")

    def _check(self, name: str) -> None:
        model = self.registry.get(name)
        engine, text = proving.check(model)
        self.stdout.write(f"{model.identity}: {len(engine.languages)} languages; every file is whole")
        self.stdout.write(f"  {proving.SENTENCE}\n  {text}")

    def _use(self, name: str) -> None:
        bring_up_to_date()
        if name != "none":
            model = self.registry.get(name)
            if form := self.options["placeholder"]:
                describe(model.folder, {"placeholder": form})
        installation = Installation.current()
        installation.model = "" if name == "none" else name
        with transaction.atomic():
            installation.save(update_fields=["model"])
            audit.note(None, Change.Action.CHANGED, installation, model=installation.model or "none")
        self.stdout.write(f"From now on: {name}. Running workers take it up with their next batch.")

    def _evaluate(self, name: str) -> None:
        bring_up_to_date()
        given = self.options
        language = find(given["to"] or settings.CONTENT_LANGUAGE)
        examples = read_examples(given["source"], given["reference"])
        glossary = read_glossary(given["glossary"]) if given["glossary"] else glossary_of(language.code)
        way = evaluating.first_way(name or Installation.current().model, given)
        ways = [way, *(way.changed(told) for told in given["compare"])]
        done = evaluating.run(ways, self.registry, language, examples, glossary)
        if given["json"]:
            self.stdout.write(evaluating.as_json(done, language, examples))
            return
        self.stdout.write(f"{len(examples):,} lines into {language.name}\n")
        for line in evaluating.table(done):
            self.stdout.write(line)


def _to(bar: Any, done: int) -> None:
    bar.update(done - bar.n)
