"""Logging in with an account elsewhere: what PAPERGLOT_SOCIAL says, as django-allauth wants it."""

import json
from typing import Any
from urllib.parse import urlsplit

KINDS = {
    "github": ("https://github.com",),
    "google": ("https://accounts.google.com",),
    "orcid": ("https://orcid.org", "https://sandbox.orcid.org"),
    "openid_connect": (),
}
"""The providers, and where each sends whoever logs in: forms may lead there."""
_WANTED = {"client_id", "secret"}


class SocialError(ValueError):
    """The setting can't be read; the message says what is wrong. It never repeats a secret."""


def providers(text: str) -> tuple[list[str], dict[str, Any], list[str]]:
    """The Django apps, SOCIALACCOUNT_PROVIDERS, and the origins for `form-action`. Raises SocialError."""
    apps: list[str] = []
    configured: dict[str, Any] = {}
    origins: list[str] = []
    for place, row in enumerate(_rows(text), 1):
        kind = row.get("provider")
        if kind not in KINDS:
            raise SocialError(f"entry {place}: provider must be one of {', '.join(KINDS)}")
        missing = sorted(name for name in _WANTED if not isinstance(row.get(name), str) or not row[name])
        if missing:
            raise SocialError(f"entry {place} ({kind}): {' and '.join(missing)} must be given")
        app: dict[str, Any] = {name: row[name] for name in ("client_id", "secret", "name") if name in row}
        if kind == "openid_connect":
            server = urlsplit(str(row.get("server_url", "")))
            if server.scheme not in ("http", "https") or not server.hostname:
                raise SocialError(f"entry {place} ({kind}): server_url must be given, https://…")
            app |= {
                "provider_id": str(row.get("id", "openid")),
                "name": str(row.get("name", server.hostname)),
                "settings": {"server_url": row["server_url"]},
            }
            origins.append(f"{server.scheme}://{server.netloc}")
        origins += [*KINDS[kind], *row.get("form_action", [])]
        configured.setdefault(kind, {"APPS": []})["APPS"].append(app)
        apps.append(f"allauth.socialaccount.providers.{kind}")
    return list(dict.fromkeys(apps)), configured, list(dict.fromkeys(origins))


def _rows(text: str) -> list[dict[str, Any]]:
    if not text.strip():
        return []
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise SocialError(f"this is no JSON (line {getattr(error, 'lineno', '?')})") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SocialError(
            'a list of objects, please: [{"provider": "github", "client_id": "…", "secret": "…"}]'
        )
    return rows
