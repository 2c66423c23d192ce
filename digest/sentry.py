"""Errors to a Sentry of one's own, where `PAPERGLOT_SENTRY_DSN` names one; nothing of people goes there.

What is sent: the error, where in the code it rose, the versions, the run or the request that it belongs to. What is
not: bodies, cookies, headers, query strings, local variables, people, addresses of feeds, e-mail addresses.
"""

import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from digest import log

_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_LOGIN = re.compile(r"(\w+://)[^/\s@]+@")
_BEARER = re.compile(r"(?i)\b(bearer|token|password|secret|api[_-]?key)([=: ]+)[^\s&,;'\"]+")
_DEEPEST = 12


def start(dsn: str) -> None:
    """Raises ImproperlyConfigured where sentry-sdk is not installed, or the address is none."""
    try:
        import sentry_sdk
        from sentry_sdk.integrations.django import DjangoIntegration
        from sentry_sdk.utils import BadDsn
    except ImportError as error:
        raise ImproperlyConfigured(
            "PAPERGLOT_SENTRY_DSN is set and sentry-sdk is not installed: pip install 'paperglot[sentry]'."
        ) from error
    try:
        sentry_sdk.init(
            dsn,
            auto_enabling_integrations=False,
            integrations=[DjangoIntegration(middleware_spans=False, signals_spans=False)],
            before_send=scrubbed,
            before_breadcrumb=lambda crumb, _hint: None,
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
            traces_sample_rate=None,
            auto_session_tracking=False,
        )
    except BadDsn as error:  # it is not repeated: it holds a key
        raise ImproperlyConfigured("PAPERGLOT_SENTRY_DSN: https://KEY@HOST/PROJECT, please.") from error


def scrubbed(event: Any, _hint: Any) -> Any:
    """An event without what is people's; with the run or the request as tags."""
    for name in ("user", "breadcrumbs", "extra"):
        event.pop(name, None)
    if request := event.get("request"):
        event["request"] = {
            "method": request.get("method", ""), "url": str(request.get("url", "")).partition("?")[0]
        }  # fmt: skip
    told = {name: str(value) for name, value in log.current().items() if name in ("run", "verb", "request")}
    event["tags"] = {**(event.get("tags") or {}), **told}
    return _clean(event)


def _clean(value: Any, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {name: _clean(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner, depth + 1) for inner in value]
    return value


def masked(text: str) -> str:
    """A text without secret addresses, passwords, tokens and e-mail addresses."""
    text = _BEARER.sub(r"\1\2…", _LOGIN.sub(r"\1…@", log.masked(text)))
    return _MAIL.sub("…@…", text)
