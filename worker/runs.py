"""Runs: a row for each time a verb had something to do, for the day board and for whoever asks why."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, transaction
from django.utils import timezone

from digest.log import about
from digest.models import Run, Tally

log = logging.getLogger("paperglot")


@contextmanager
def recorded(verb: str, subject: str = "") -> Iterator[Run]:
    """Record a run; `run.counts` is what it did, an exception is noted in `run.error` and rises."""
    run = Run.objects.create(verb=verb, subject=subject, began_at=timezone.now())
    try:
        with about(run=run.pk, verb=verb, subject=subject):
            yield run
    except BaseException as error:  # a worker that is stopped is noted too; it rises on
        run.error = run.error or f"{type(error).__name__}: {error}"
        raise
    finally:
        run.ended_at = timezone.now()
        try:
            with transaction.atomic():
                run.save()
                Tally.add("runs", {f"{verb} {'failed' if run.error else 'ok'}": 1})
        except DatabaseError as error:  # a full disk must not hide what it broke
            log.error("the run of %s could not be recorded: %s", verb, error)
