"""Pages for machines that watch: is everything ready, and what Prometheus reads."""

import secrets
import shutil
from collections.abc import Iterator
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import choose_encoder

from digest.metrics import registry
from digest.models import Queue

_COUNTED = timedelta(minutes=3)
"""Queues are counted every minute."""
_LEAST_FREE = 0.02
_LOCAL = ("127.0.0.1", "::1")
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """A line for each thing that has to be there: `database: ok`. 503 where one is not."""
    told = list(_checks())
    text = "".join(f"{name}: {trouble or 'ok'}\n" for name, trouble in told)
    return HttpResponse(text, "text/plain", 503 if any(trouble for _name, trouble in told) else 200)


def _checks() -> Iterator[tuple[str, str]]:
    """What is looked at, and what is wrong with it."""
    yield "disk", _disk()
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        yield "database", "does not answer"
        return
    yield "database", ""
    missing = sorted(f"{app}.{name}" for app, name in _migrations() - applied)
    yield "migrations", f"not applied: {', '.join(missing)}" if missing else ""
    yield "broker", "" if missing else _broker()


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """Those of this code."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _broker() -> str:
    """As the workers report it: the web asks no broker."""
    counted = Queue.objects.order_by("counted_at").values_list("counted_at", flat=True).first()
    if counted is None:
        return "no worker has counted its queues yet" if settings.BROKER_URL else ""
    return (
        ""
        if timezone.now() - counted < _COUNTED
        else f"its queues were counted last at {counted:%Y-%m-%d %H:%M} UTC"
    )


def _disk() -> str:
    try:
        disk = shutil.disk_usage(settings.DATA)
    except OSError as error:
        return f"can't be asked: {error.strerror}"
    return "" if disk.free >= _LEAST_FREE * disk.total else f"only {disk.free / 1e9:.1f} GB are free"


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever has the token, and for this machine; for others it is not there."""
    if not (_has_token(request) or _is_local(request)):
        raise Http404
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(registry()), content_type)


def _has_token(request: HttpRequest) -> bool:
    told = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    token = settings.METRICS_TOKEN
    return bool(token) and secrets.compare_digest(told.encode(), token.encode())


def _is_local(request: HttpRequest) -> bool:
    """A request of this machine's own, not one that a proxy on it passes on."""
    passed_on = settings.BEHIND_PROXY or any(name in request.META for name in _FORWARDED)
    return not passed_on and request.META.get("REMOTE_ADDR") in _LOCAL
