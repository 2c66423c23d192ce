"""The engine of a process: which model the installation uses, one engine at a time, released when idle if asked."""

import logging
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

from django.conf import settings

from digest import languages
from digest.languages import Language
from digest.models import GlossaryTerm, Installation, User
from digest.terms import Glossary, Term, compiled, parse_renderings
from worker.engine import NLLB, Engine, Settings
from worker.ladder import Options, Terms
from worker.registry import InstalledModel, Registry

log = logging.getLogger("paperglot")
EngineFor = Callable[[], Engine]

_loaded: dict[str, NLLB] = {}
_last_used = 0.0
_used = False  # since release_if_idle looked last


def chosen_model() -> InstalledModel | None:
    """The installation's model; None where it translates nothing. Raises ModelError."""
    name = Installation.current().model
    return Registry(settings.MODELS).get(name) if name else None


def engine_for(model: InstalledModel) -> EngineFor:
    """Loads the model when it is first called."""
    return partial(load, model.folder, model.identity)


def load(folder: Path, identity: str) -> Engine:
    """The engine of a model, one for each process; another identity replaces it. Raises ModelError."""
    global _used
    _used = True
    if identity not in _loaded:
        _loaded.clear()
        _loaded[identity] = NLLB(
            folder,
            Settings(
                device=settings.DEVICE,
                compute_type=settings.COMPUTE_TYPE,
                threads=settings.THREADS,
                batch_tokens=settings.BATCH_TOKENS,
            ),
        )
    return _loaded[identity]


def release_if_idle(minutes: int) -> bool:
    """Give the model's memory back after so many minutes without work (0: never); True if it was given.

    Asked at the end of each task: what has been asked for since the last time was in use until now, however
    long that took.
    """
    global _last_used, _used
    if _used:
        _last_used, _used = time.monotonic(), False
    if not minutes or not _loaded or time.monotonic() - _last_used < 60 * minutes:
        return False
    for engine in _loaded.values():
        engine.unload()
    _loaded.clear()
    log.info("released the model after %d minutes without work", minutes)
    return True


def targets() -> list[Language]:
    """The languages that readers read in."""
    codes = User.objects.filter(is_active=True).order_by().values_list("content_language", flat=True)
    return [languages.find(code) for code in sorted(set(codes))]


def glossary_of(language: str) -> Glossary:
    """The active terms of a language."""
    rows = GlossaryTerm.objects.filter(language=language, active=True)
    return compiled(tuple(Term(row.term, parse_renderings(row.renderings), row.field) for row in rows))


def options() -> Options:
    """How the installation wants its sentences translated."""
    chosen = Installation.current()
    return Options(
        longest=chosen.longest_sentence,
        beam=chosen.beam,
        terms=cast(Terms, chosen.glossary),
        spacing=chosen.spacing,
    )
