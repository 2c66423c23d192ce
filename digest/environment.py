"""The environment, read and checked: whatever is wrong with a `PAPERGLOT_*` variable is told in a sentence.

Every reader raises ImproperlyConfigured.
"""

import os
import re
import ssl
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

from digest import languages
from digest.social import SocialError, providers

env = environ.FileAwareEnv()  # PAPERGLOT_X_FILE names a file that holds PAPERGLOT_X


def text(name: str, default: str = "") -> str:
    try:
        return str(env.str(name, default=default)).rstrip("\n")  # a file ends with a line
    except (OSError, UnicodeDecodeError) as error:
        path = os.environ.get(f"{name}_FILE", "")
        raise ImproperlyConfigured(f"{name}_FILE={path!r} can't be read.") from error


def words(name: str) -> list[str]:
    """Several values, separated by commas."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def path(name: str, default: str) -> str:
    """A path under the site's root, as Django's URLs write it: without the first slash, with the last."""
    asked = text(name, default).strip("/")
    if not re.fullmatch(r"[A-Za-z0-9_~-]+(/[A-Za-z0-9_~-]+)*", asked):
        raise ImproperlyConfigured(f"{name}={asked!r}: a path such as back-office/, please.")
    return f"{asked}/"


def number(name: str, default: float, least: float, most: float) -> float:
    raw = text(name, str(default))
    try:
        value = float(raw)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name}={raw!r}: a number from {least:g} to {most:g}, please.")
    return value


def switch(name: str, default: bool) -> bool:
    raw = text(name, "yes" if default else "no").strip().lower()
    if raw not in {"yes", "no", "true", "false", "1", "0", "on", "off"}:
        raise ImproperlyConfigured(f"{name}={raw!r}: yes or no, please.")
    return raw in {"yes", "true", "1", "on"}


def choice(name: str, default: str, choices: str) -> str:
    """One of several words, whatever its case; `choices` are separated by spaces."""
    raw = text(name, default)
    for known in choices.split():
        if raw.strip().lower() == known.lower():
            return known
    raise ImproperlyConfigured(f"{name}={raw!r}: one of {choices.replace(' ', ', ')}, please.")


def address(name: str, default: str = "") -> str:
    """A web address without a slash at its end; empty only where that is the default."""
    raw = text(name, default).rstrip("/")
    if raw != default and not _parts(raw).hostname:
        raise ImproperlyConfigured(f"{name}={raw!r}: an address with http:// or https://, please.")
    return raw


def origin(name: str) -> str:
    """A web address that has no path, or nothing."""
    raw = address(name)
    if raw and (_parts(raw).path or _parts(raw).query):
        raise ImproperlyConfigured(f"{name}={raw!r}: Paperglot has a host name of its own, without a path.")
    return raw


def host_of(url: str) -> str:
    """The host of an address as the Host header has it, less the port."""
    host = _parts(url).hostname or ""
    return f"[{host}]" if ":" in host else host


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts if parts.scheme in ("http", "https") else urlsplit("")


def zone(name: str, default: str) -> str:
    raw = text(name, default)
    try:
        return ZoneInfo(raw).key
    except (KeyError, ValueError, OSError) as error:
        raise ImproperlyConfigured(f"{name}={raw!r}: a time zone such as Asia/Shanghai, please.") from error


def language(name: str, default: str) -> str:
    try:
        return languages.find(text(name, default)).code
    except languages.UnknownLanguageError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error


def database(name: str, default: str) -> dict[str, Any]:
    """A database of Django's. The message does not repeat the address: it may hold a password."""
    url = text(name) or default
    try:
        if url.partition("://")[0] in ("sqlite", "postgres", "postgresql"):
            config: dict[str, Any] = env.db_url_config(url)
            return config
    except ValueError:
        pass  # a port that is no number
    raise ImproperlyConfigured(f"{name}: sqlite:///FILE or postgres://USER:PASSWORD@HOST/NAME, please.")


def database_tls(name: str) -> dict[str, str]:
    """PostgreSQL's options for `<name>_CA`, and `_CERT` and `_KEY` where the server asks who comes."""
    files = certificates(name)
    if not files:
        return {}
    return {"sslmode": "verify-full", **{_LIBPQ[kind]: path for kind, path in files.items()}}


def broker_tls(name: str, url: str) -> dict[str, Any] | None:
    """Redis' options for a `rediss://` address: the server's name and certificate are checked, whatever it says."""
    files = certificates(name)
    if not url.startswith("rediss://"):
        if files:
            raise ImproperlyConfigured(f"{name}_CA and the like are for rediss:// in {name}_URL.")
        return None
    checked = {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True}
    return checked | {_REDIS[kind]: path for kind, path in files.items()}


_LIBPQ = {"CA": "sslrootcert", "CERT": "sslcert", "KEY": "sslkey"}
_REDIS = {"CA": "ssl_ca_certs", "CERT": "ssl_certfile", "KEY": "ssl_keyfile"}


def certificates(name: str) -> dict[str, str]:
    """The certificate files that are set, by CA, CERT and KEY; each can be read."""
    files = {kind: path for kind in ("CA", "CERT", "KEY") if (path := text(f"{name}_{kind}"))}
    for kind, path in files.items():
        if not os.access(path, os.R_OK):
            raise ImproperlyConfigured(f"{name}_{kind}={path!r}: a file that this user can read, please.")
    if ("CERT" in files) != ("KEY" in files):
        raise ImproperlyConfigured(f"{name}_CERT and {name}_KEY belong together.")
    return files


def mail(name: str) -> dict[str, Any]:
    """Django's mail settings of an address; without one EMAIL_HOST is empty, which means that nothing is sent."""
    raw = text(name)
    if not raw:
        return {"EMAIL_HOST": ""}
    parts = urlsplit(raw)
    if parts.scheme not in ("smtp", "smtps", "smtp+tls", "smtp+ssl") or not parts.hostname:
        raise ImproperlyConfigured(f"{name}={raw!r}: smtp://user:password@host:587 or the like, please.")
    return dict(environ.Env.email_url_config(raw))


def social(name: str) -> tuple[list[str], dict[str, Any], list[str]]:
    """Accounts elsewhere that people may log in with (`digest.social`)."""
    try:
        return providers(text(name))
    except SocialError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error
