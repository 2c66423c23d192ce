"""`manage.py digest`: one digest at once, to standard output or a file."""

import logging
import sys
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import tzlocal
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils import timezone
from tqdm import tqdm

from digest import languages
from digest.formats import as_json, as_markdown
from digest.keywords import KeywordError, canonical
from digest.models import Category, Installation
from digest.paths import CHECKOUT
from digest.picture import DigestPicture
from digest.taxonomy import UnknownCategoryError, find
from worker.database import bring_up_to_date
from worker.documents import arxiv_client
from worker.engine import ModelError
from worker.oneshot import OneShotError, Request, gather, picture, select, translate_all
from worker.registry import InstalledModel, Registry

log = logging.getLogger("paperglot")


class Command(BaseCommand):
    help = (
        "Make one digest now: the new papers of an arXiv day that mention your keywords, translated, as "
        "Markdown, HTML or JSON on standard output. Progress and warnings go to standard error."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        def add(name: str, help: str, **how: Any) -> None:
            parser.add_argument(name, help=help, **how)

        many: dict[str, Any] = {"action": "extend", "nargs": "+", "default": []}
        add(
            "--keyword",
            "a phrase to look for; again for each (their order is the digest's)",
            action="append",
            default=[],
            metavar="PHRASE",
        )
        add(
            "--to",
            "language to translate into, such as zh-Hans, ja, fr (%(default)s)",
            default=settings.CONTENT_LANGUAGE,
            metavar="LANGUAGE",
        )
        add(
            "--category",
            "arXiv categories, such as cs.LG (those the server follows); with --source, only papers in them",
            metavar="CODE",
            **many,
        )
        add("--date", "the arXiv day, in US Eastern (today's)", type=_day, metavar="YYYY-MM-DD")
        add(
            "--source",
            "recorded arXiv feeds instead of today's: files, plain or .gz, or addresses at arXiv",
            metavar="FILE_OR_URL",
            **many,
        )
        add("--format", "(%(default)s)", choices=["markdown", "html", "json"], default="markdown")
        add("--output", "write here instead of to standard output", metavar="FILE")
        add("--model", "a translation model, or none (the installation's)", metavar="NAME")
        add("--replacements", "include replaced papers", action="store_true")
        add("--time-zone", "zone for the times in the header (this machine's)", metavar="ZONE")

    def handle(self, *_: Any, **options: Any) -> None:
        logging.getLogger("paperglot").setLevel(logging.INFO if options["verbosity"] > 1 else logging.ERROR)
        try:
            request = self._request(options)
            zone = _zone(options["time_zone"])
            bring_up_to_date()
            model = self._model(options["model"], request.language)
            result = self._make(self._with_categories(request), model)
        except (OneShotError, ModelError, UnknownCategoryError, KeywordError) as error:
            raise CommandError(str(error)) from error
        except languages.UnknownLanguageError as error:
            raise CommandError(f"--to: {error}") from error
        self._write(self._rendered(result, options["format"], zone), options["output"])

    def _request(self, options: dict[str, Any]) -> Request:
        keywords = tuple(dict.fromkeys(" ".join(k.split()) for k in options["keyword"]))
        if not keywords:
            raise CommandError('Name at least one keyword: --keyword "reinforcement learning"')
        for keyword in keywords:
            canonical(keyword)
        return Request(
            keywords=keywords,
            language=languages.find(options["to"]).code,
            categories=tuple(find(code).code for code in options["category"]),
            sources=tuple(options["source"]),
            day=options["date"],
            replacements=options["replacements"],
        )

    def _with_categories(self, request: Request) -> Request:
        if request.sources or request.categories:
            return request
        followed = tuple(Category.objects.followed().values_list("code", flat=True))
        if not followed:
            raise CommandError("Name the categories to fetch (--category cs.LG) or give --source FILE.")
        return replace(request, categories=followed)

    def _model(self, name: str | None, language: str) -> InstalledModel | None:
        name = Installation.current().model if name is None else name
        if name == "none":
            return None
        if not name:
            self._warn("No translation model is chosen: the digest stays in English. "
                       "See manage.py model list.")  # fmt: skip
            return None
        model = Registry(settings.MODELS).get(name)
        if not model.speaks(languages.find(language)):
            raise OneShotError(f"The model {name} does not know {languages.find(language).name}.")
        if model.demonstration:
            self._warn("The demonstration model knows only the sample's language; what else it says is "
                       "not to be trusted. For anything else: manage.py model list")  # fmt: skip
        return model

    def _make(self, request: Request, model: InstalledModel | None) -> DigestPicture:
        with arxiv_client() as client:
            gathered = gather(request, client, self._warn)
        wanted = select(request, gathered)
        log.info("%d papers, %d of them wanted", len(gathered.papers), len(wanted))
        if model and wanted:
            with tqdm(desc="translating", unit="sentence", file=sys.stderr, leave=False,
                      disable=not sys.stderr.isatty()) as bar:  # fmt: skip
                translate_all(wanted, request.language, model, lambda done, total: _show(bar, done, total))
        return picture(request, gathered, wanted, model, timezone.now())

    def _rendered(self, result: DigestPicture, kind: str, zone: ZoneInfo) -> str:
        if kind == "json":
            return as_json(result)
        if kind == "html":
            with timezone.override(zone):
                style = (CHECKOUT / "digest/static/digest/paperglot.css").read_text(encoding="utf-8")
                return render_to_string(
                    "digests/standalone.html", {"digest": result, "style": style, "mathml": True}
                )
        return as_markdown(result, zone, settings.PUBLIC_URL)

    def _write(self, text: str, output: str | None) -> None:
        if not output:
            self.stdout.write(text, ending="")
            return
        path = Path(output).expanduser()
        half = path.with_name(f".{path.name}.part")
        try:
            half.write_text(text, encoding="utf-8")
            half.replace(path)
        except OSError as error:
            half.unlink(missing_ok=True)
            raise CommandError(f"Can't write {path}: {error.strerror}.") from error
        self._warn(f"Written: {path}")

    def _warn(self, text: str) -> None:
        self.stderr.write(text, self.style.NOTICE)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day: YYYY-MM-DD, please.") from error


def _zone(name: str | None) -> ZoneInfo:
    if name is None:
        return ZoneInfo(tzlocal.get_localzone_name() or "UTC")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise CommandError(f"--time-zone: {name!r} is not a time zone.") from error


def _show(bar: Any, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
