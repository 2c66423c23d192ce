"""How often somebody may ask: counted in the cache, in windows of fixed length.

Of two that count at the same moment the database's cache may keep one: a limit may let a few more through, never
fewer.
"""

from collections.abc import Callable
from functools import wraps
from math import ceil
from time import time
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def spend(action: str, who: str, now: float | None = None) -> int:
    """Count one; 0 where it is allowed, else the seconds to wait. `settings.LIMITS` has how many each action may have
    in how many seconds; `who` is `user:7` or `ip:192.0.2.1`."""
    most, seconds = settings.LIMITS[action]
    now = time() if now is None else now
    window = int(now // seconds)
    if _count(f"limit:{action}:{who}:{window}", seconds) <= most:
        return 0
    return max(ceil((window + 1) * seconds - now), 1)


def _count(key: str, seconds: int) -> int:
    try:
        return int(cache.incr(key))
    except ValueError:
        return 1 if cache.add(key, 1, timeout=2 * seconds) else int(cache.incr(key))


def reader(request: HttpRequest) -> str:
    """Who asks: a reader, or nobody at an address."""
    return f"user:{request.user.pk}" if request.user.is_authenticated else f"ip:{address(request)}"


def address(request: HttpRequest) -> str:
    """Where a request comes from; behind a proxy, what the proxy tells."""
    return str(get_adapter().get_client_ip(request))


def limited(action: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page that may be asked for so often, and then answers 429 with Retry-After."""

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if wait := spend(action, reader(request)):
                answer = render(request, "429.html", {"wait": told(wait)}, status=429)
                answer["Retry-After"] = str(wait)
                return answer
            return view(request, *args, **kwargs)

        return guarded

    return guard


def told(wait: int) -> str:
    return _("Too many requests: please wait %(n)d seconds.") % {"n": wait}
