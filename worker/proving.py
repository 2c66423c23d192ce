"""A translator proves itself before it takes work: the model is here, every file as it came, a sentence translated.

`manage.py run translator` does so before it becomes a worker, and hands on what it has proved. The worker takes work
of that model only; when the installation uses another one it ends, is started again and proves that.
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from celery.worker import state
from django.conf import settings
from django.db import DatabaseError, connection

from digest.languages import find
from digest.models import Installation
from worker import hub
from worker.engine import NLLB, EngineError, ModelError, Settings
from worker.registry import KNOWN, InstalledModel, Registry, damage
from worker.runs import recorded

log = logging.getLogger("paperglot")
SENTENCE = "Existing methods for credit assignment rely on a centralized critic."
_HANDED_ON = "_PAPERGLOT_PROVED"
"""In the environment of a worker: the identity of the model that it has proved, empty where none was in use."""
_REST, _LONGEST_REST = 15.0, 600.0


def check(model: InstalledModel) -> tuple[NLLB, str]:
    """Read every file again and translate a sentence; the engine, and what it answered. Raises ModelError."""
    if changed := damage(model.folder):
        raise ModelError(
            f"{model.name} is damaged: {', '.join(changed)} changed since it came. "
            f"Get it again: remove {model.folder} and manage.py model download {model.name}"
        )
    engine = NLLB(model.folder, Settings(settings.DEVICE, settings.COMPUTE_TYPE, settings.THREADS))
    return engine, engine.translate([SENTENCE], find(settings.CONTENT_LANGUAGE))[0].text


def prove() -> str:
    """Get the model in use where it is not here, and check it: its identity; empty where none is in use.

    A failure is a run with an error, which the board shows. Raises ModelError, HubError, EngineError.
    """
    name = Installation.current().model
    if not name:
        return ""
    with recorded("prove", socket.gethostname()) as run:
        registry = Registry(settings.MODELS)
        if name in KNOWN and not registry.path(name).is_dir():
            log.info("getting %s from %s", name, settings.HUB_URL)
            hub.download(KNOWN[name], settings.MODELS, settings.HUB_URL, unless_here=True)
        model = registry.get(name)
        _engine, text = check(model)
        if not text.strip():
            raise ModelError(f"{name} answers nothing to a plain sentence.")
        run.counts = {"model": model.identity}
    log.info("%s is proved: %s", model.identity, text)
    return model.identity


def prove_at_last(sleep: Callable[[float], None] = time.sleep) -> dict[str, str]:
    """Prove until it succeeds, with longer and longer rests; the environment for the worker."""
    rest = _REST
    while True:
        try:
            return {_HANDED_ON: prove()}
        except (ModelError, EngineError, hub.HubError, DatabaseError, OSError) as error:
            log.error("this translator takes no work: %s; again in %.0f s", error, rest)
        finally:
            _close()
        sleep(rest)
        rest = min(2 * rest, _LONGEST_REST)


def may_use(identity: str) -> bool:
    """Whether this process may take work of a model: of the one it has proved, or of any where it was not asked to."""
    return os.environ.get(_HANDED_ON, identity) == identity


def asked() -> bool:
    return _HANDED_ON in os.environ


def end_if_another_is_in_use() -> None:
    """In a worker that has proved a model: end, to be started again, once the installation uses another."""
    with _quietly():
        name = Installation.current().model
        identity = Registry(settings.MODELS).get(name).identity if name else ""
        if not may_use(identity):
            log.info(
                "%s is in use now, which this translator has not proved: it starts again", name or "no model"
            )
            state.should_stop = os.EX_OK


@contextmanager
def _quietly() -> Iterator[None]:
    """A database that is away changes nothing; a model that is not here does. No connection stays: the pool forks."""
    try:
        yield
    except ModelError as error:
        log.info("%s It starts again to get it.", error)
        state.should_stop = os.EX_OK
    except DatabaseError as error:
        log.warning("this translator can't see which model is in use: %s", error)
    finally:
        _close()


def _close() -> None:
    if not connection.in_atomic_block:
        connection.close()
